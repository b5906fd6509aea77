"""Signing in at a browser: one cookie, a code or a token once, and the issuer's flow."""

import re
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import event, select

from api.access.actor import Actor, Role
from api.access.local import token_command
from api.access.oidc_flow import OidcFlow
from api.pages.mending import Sheet
from api.pages.sign_in import safe_path
from api.pages.visit import COOKIE
from api.service.kept_forms import MOST_FORMS, kept_forms
from api.store.tables import SESSIONS, SIGN_INS
from tests.api.front import knock
from tests.api.live import live
from tests.api.lives import erase
from tests.api.service import a_service
from tests.fixtures.folders import FIXTURES
from tests.pages.browsing import Browser, text_of
from tests.pages.chromium import signed_in
from tests.pages.flow import a_flow

PEOPLE = ("Ann", "Ben", "Cem")


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def test_who_is_not_signed_in_is_sent_to_where_they_can_be_and_back(service):
    answer = Browser(service).get("/without-a-bed?band=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?to=%2Fwithout-a-bed%3Fband%3D1"


def test_a_program_is_told_so_in_its_own_way(service):
    answer = knock(service.app).get("/without-a-bed")
    assert (answer.status_code, answer.json()["code"]) == (401, "no-session")


def test_the_code_signs_in_once_with_a_cookie_that_scripts_cannot_read(service):
    code = service.app.state.tokens.new_code("<b>Sam</b>", [Role.COORDINATOR])
    browser = Browser(service)
    answer = browser.get(f"/sign-in?code={code}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=") and "HttpOnly" in cookie and "SameSite=lax" in cookie
    page = browser.get("/without-a-bed")
    assert page.status_code == 200 and "&lt;b&gt;Sam&lt;/b&gt;" in page.text
    assert len(browser.client.cookies) == 1
    assert Browser(service).get(f"/sign-in?code={code}").status_code == 401


def test_a_token_that_was_printed_signs_in_too_and_a_wrong_one_is_asked_for_again(service):
    browser = Browser(service)
    wrong = browser.client.post("/sign-in", data={"token": "x"}, follow_redirects=False)
    assert wrong.status_code == 422 and "There is a problem" in text_of(wrong)
    token = service.app.state.tokens.mint("Ann", [Role.MANAGER])
    sent = {"token": token, "to": "/runs"}
    right = browser.client.post("/sign-in", data=sent, follow_redirects=False)
    assert (right.status_code, right.headers["location"]) == (303, "/runs")
    system = service.app.state.tokens.mint("A system", [Role.SERVICE])
    assert browser.client.post("/sign-in", data={"token": system}).status_code == 422


def test_a_session_ends_with_the_token_that_began_it(service):
    browser = Browser(service)
    token = service.app.state.tokens.mint("Ann", [Role.MANAGER], minutes=5)
    assert browser.client.post("/sign-in", data={"token": token}).status_code == 200
    service.moving.put_forward(minutes=4)
    assert browser.get("/without-a-bed").status_code == 200
    service.moving.put_forward(minutes=2)
    assert browser.get("/without-a-bed").status_code == 303


def test_the_cookie_is_no_sign_in_to_the_api(service):
    browser = Browser(service, "coordinator")
    assert browser.get("/without-a-bed").status_code == 200
    assert browser.get("/v1/referrals").status_code == 401


def test_with_tls_the_cookie_goes_over_tls_alone(tmp_path):
    with a_flow(tmp_path, behind_tls_proxy=True) as (app, _):
        cookie = knock(app).get("/sign-in", follow_redirects=False).headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=") and "Secure" in cookie and "Path=/;" in cookie


def test_signing_out_ends_the_session_at_once(service):
    browser = Browser(service, "coordinator")
    held = browser.client.cookies[COOKIE]
    refused = browser.post("/sign-out", token="not ours")
    assert refused.status_code == 403 and "location" not in refused.headers
    assert "not one that you were shown" in text_of(refused)
    assert browser.get("/without-a-bed").status_code == 200, "another site's form ends nothing"
    answer = browser.post("/sign-out")
    assert answer.headers["location"] == "/signed-out"
    browser.client.cookies.set(COOKIE, held)
    assert browser.get("/without-a-bed").status_code == 303


def test_a_session_ends_and_what_came_too_late_is_offered_again(service):
    browser = Browser(service, "coordinator", minutes=5)
    service.moving.put_forward(minutes=6)
    late = browser.post("/bids/R3/withdrawal", {"reason": "Lives with family."})
    assert late.status_code == 401
    assert "What you wrote was kept" in text_of(late)
    assert browser.get("/without-a-bed").status_code == 303
    other = Browser(service, "coordinator", name="Somebody else")
    assert "There is none" in text_of(other.get("/kept-forms"))
    again = Browser(service, "coordinator")
    assert "You were signed out" in again.get("/without-a-bed").text
    kept = again.get("/kept-forms")
    assert "Lives with family." in text_of(kept)
    hidden = re.findall(r'<textarea hidden name="(\w+)">\n([^<]*)</textarea>', kept.text)
    (held,) = kept_ids(kept)
    sent = again.post("/bids/R3/withdrawal", {**dict(hidden), "was_kept": held})
    assert sent.status_code == 303
    assert "Withdrawn" in text_of(again.get("/bids/R3"))
    assert "There is none" in text_of(again.get("/kept-forms"))


def test_a_kept_form_can_be_deleted_and_goes_by_itself(service):
    browser = Browser(service, "coordinator", minutes=5)
    service.moving.put_forward(minutes=6)
    browser.post("/bids/R3/withdrawal", {"reason": "One."})
    again = Browser(service, "coordinator", minutes=24 * 60)
    (held,) = kept_ids(again.get("/kept-forms"))
    assert again.post("/kept-forms", {"kept": held}).status_code == 303
    assert "There is none" in text_of(again.get("/kept-forms"))
    late = Browser(service, "coordinator", minutes=1)
    service.moving.put_forward(minutes=2)
    late.post("/bids/R3/withdrawal", {"reason": "Two."})
    service.moving.put_forward(hours=13)
    assert "There is none" in text_of(again.get("/kept-forms"))


def kept_ids(page):
    """Of the forms on the page of kept forms, in its order."""
    return re.findall(r'name="kept" value="([^"]+)"', page.text)


def send_late(service, browser, *reasons):
    """Withdraw R3 for each of these reasons, a moment apart, when the session has ended."""
    service.moving.put_forward(minutes=6)
    for reason in reasons:
        service.moving.put_forward(seconds=1)
        answer = browser.post("/bids/R3/withdrawal", {"reason": reason})
    return answer


def test_every_form_that_came_too_late_is_kept_and_goes_by_itself(service):
    late = Browser(service, "coordinator", minutes=5)
    send_late(service, late, "One.", "Two.", "Three.", "Two.")
    again = Browser(service, "coordinator")
    assert "3 forms were kept" in text_of(again.get("/without-a-bed"))
    page = again.get("/kept-forms")
    read = text_of(page)
    assert read.index("Two.") < read.index("Three.") < read.index("One."), "the newest first, once"
    newest, middle, oldest = kept_ids(page)
    deleted = again.post("/kept-forms", {"kept": middle})
    assert deleted.headers["location"] == "/kept-forms"
    assert kept_ids(again.get("/kept-forms")) == [newest, oldest]
    sent = again.post("/bids/R3/withdrawal", {"reason": "Two.", "was_kept": newest})
    assert sent.status_code == 303
    assert kept_ids(again.get("/kept-forms")) == [oldest]


def test_what_is_in_kept_forms_is_read_where_it_is_shown_alone(service):
    send_late(service, Browser(service, "coordinator", minutes=5), "One.", "Two.")
    again, asked = Browser(service, "coordinator"), []
    engine = service.register.database.engine
    event.listen(engine, "before_cursor_execute", lambda *all: asked.append(all[2]))
    assert "2 forms were kept" in text_of(again.get("/without-a-bed"))
    assert not [each for each in asked if "kept_forms.fields" in each]
    again.get("/kept-forms")
    assert len([each for each in asked if "kept_forms.fields" in each]) == 1


def test_nobody_deletes_a_form_of_somebody_else(service):
    send_late(service, Browser(service, "coordinator", name="Ann", minutes=5), "One.")
    (kept,) = kept_of(service)["Ann"]
    Browser(service, "coordinator", name="Ben").post("/kept-forms", {"kept": kept.id})
    assert kept_of(service) == {"Ann": (kept,)}


def test_the_oldest_form_goes_when_there_are_too_many_and_that_is_said(service):
    late = Browser(service, "coordinator", name="Ann", minutes=5)
    reasons = [f"Reason {n}." for n in range(MOST_FORMS + 1)]
    kept_all = send_late(service, late, *reasons[:-1])
    assert "oldest form" not in text_of(kept_all)
    one_more = send_late(service, late, reasons[-1])
    assert "The oldest form that was kept for you is gone for it" in text_of(one_more)
    said = [dict(kept.fields)["reason"] for kept in kept_of(service)["Ann"]]
    assert said == reasons[:0:-1]


def test_an_erased_person_is_in_none_of_somebodys_kept_forms(service):
    late = Browser(service, "coordinator", name="Ann", minutes=5)
    service.moving.put_forward(minutes=6)
    for crn in ("X000003", "X000004", "x000003"):
        service.moving.put_forward(seconds=1)
        late.post("/people", {"crn": crn})
    manager = service.client(Role.MANAGER, Role.COORDINATOR)
    manager.post("/v1/referrals/R3/withdrawal", {"reason": "Lives with family."})
    erase(manager, crn="X000003")
    (left,) = kept_of(service)["Ann"]
    assert dict(left.fields)["crn"] == "X000004"


def test_an_erased_person_is_in_no_kept_form(service):
    late = {name: Browser(service, "coordinator", name=name, minutes=5) for name in PEOPLE}
    service.moving.put_forward(minutes=6)
    late["Ann"].post("/people", {"crn": "x000003"})
    late["Ben"].post("/people", {"crn": "X000004"})
    late["Cem"].post("/bids/R3/withdrawal", {"reason": "Lives with family."})
    manager = service.client(Role.MANAGER, Role.COORDINATOR)
    manager.post("/v1/referrals/R3/withdrawal", {"reason": "Lives with family."})
    assert set(kept_of(service)) == set(PEOPLE)
    erase(manager, crn="X000003")
    assert set(kept_of(service)) == {"Ben"}


def test_a_file_that_came_too_late_is_not_kept_with_its_form(service):
    browser = Browser(service, "coordinator", name="Ann", minutes=5)
    service.moving.put_forward(minutes=6)
    packed = Sheet.of("list.csv", b"crn,gender\nX000003,?\n").packed()
    sent = {"packed": packed, "kind": "referrals", "cell-2-1": "man"}
    assert "What you wrote was kept" in text_of(browser.post("/files", sent))
    (kept,) = kept_of(service)["Ann"]
    assert dict(kept.fields) == {"kind": "referrals", "cell-2-1": "man"}


def test_the_command_that_is_told_at_the_start_prints_a_token_that_signs_in(service, tmp_path):
    client = knock(service.app)
    client.headers["Accept"] = "text/html"
    command = token_command(service.app.state.settings.data_folder)
    ran = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    answer = client.post("/sign-in", data={"token": ran.stdout.strip()}, follow_redirects=False)
    assert answer.status_code == 303


def test_forms_whose_file_was_not_kept_go_once_a_file_has_been_sent(service):
    late = Browser(service, "coordinator", name="Ann", minutes=5)
    service.moving.put_forward(minutes=6)
    late.post("/files", {"skip_bad_rows": "1"})
    late.post("/files", {"skip_bad_rows": ""})
    again = Browser(service, "coordinator", name="Ann")
    page = again.get("/kept-forms")
    assert "Choose the file again" in text_of(page) and "Send it now" not in text_of(page)
    assert "so does every other that was sent there" in text_of(page)
    assert again.post("/files").status_code == 422
    assert set(kept_of(service)) == {"Ann"}, "nothing was sent yet"
    content = (FIXTURES / "tiny" / "release-list.csv").read_bytes()
    done = again.post("/files", files={"referrals": ("list.csv", content)})
    assert done.status_code == 200 and "/kept-forms" not in done.text
    assert kept_of(service) == {}
    assert "/kept-forms" not in again.get("/files").text


def kept_of(service):
    """What is kept of each of these people."""
    found = {}
    with service.register.reading() as connection:
        for name in PEOPLE:
            actor = Actor(f"local:{name}", name, frozenset())
            if kept := kept_forms(connection, actor, service.register.clock.now()):
                found[name] = kept
    return found


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/people", {"crn": "X000003"}, 303),
        ("/capacity/studies/new", {"do": "start", "yaml": ""}, 422),
    ],
)
def test_a_kept_form_goes_when_it_is_sent_and_stays_when_that_is_refused(
    service, path, fields, status
):
    role = "coordinator" if path == "/people" else "planner"
    late = Browser(service, role, name="Ann", minutes=5)
    service.moving.put_forward(minutes=6)
    late.post(path, fields)
    again = Browser(service, role, name="Ann")
    assert again.post(path, fields).status_code == status
    assert set(kept_of(service)) == {"Ann"}, "another form was sent"
    (kept,) = kept_of(service)["Ann"]
    assert again.post(path, {**fields, "was_kept": kept.id}).status_code == status
    assert set(kept_of(service)) == (set() if status == 303 else {"Ann"})


def test_a_kept_form_that_comes_to_nothing_there_stays(service):
    late = Browser(service, "coordinator", name="Ann", minutes=5)
    service.moving.put_forward(minutes=6)
    late.post("/bids/R99/withdrawal", {"reason": "No."})
    again = Browser(service, "coordinator", name="Ann")
    (kept,) = kept_of(service)["Ann"]
    sent = {"reason": "No.", "was_kept": kept.id}
    assert again.post("/bids/R99/withdrawal", sent).status_code == 404
    assert set(kept_of(service)) == {"Ann"}


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_form_that_was_not_shown_here_is_refused(service, token):
    browser = Browser(service, "coordinator")
    answer = browser.post("/bids/R3/withdrawal", {"reason": "No."}, token=token)
    assert answer.status_code == 403
    assert "not one that you were shown" in text_of(answer)
    assert "Withdrawn" not in text_of(browser.get("/bids/R3"))


def test_what_somebody_without_a_session_sends_is_not_read(service):
    def never():
        raise AssertionError("it was read")
        yield b""

    client = knock(service.app)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post("/files", content=never(), headers=kind)
    assert (answer.status_code, answer.json()["code"]) == (401, "no-session")


def test_a_form_sent_without_a_session_is_said_to_be_lost_here_and_how_to_have_it_again(service):
    page = Browser(service).post("/bids/R3/withdrawal", {"reason": "Recalled."})
    read = text_of(page)
    assert page.status_code == 401 and "You are not signed in" in read
    assert "what you wrote was not kept" in read and "choose “Back”" in read
    assert 'target="_blank"' in page.text, "the page is still there to go back from"


def test_back_brings_the_form_again_once_one_has_signed_in_beside_it(started, service):
    with live(service.app) as url, signed_in(started, url, service.register, "coordinator") as page:
        page.goto("/bids/R3")
        page.click("summary:has-text('Withdraw')")
        page.fill("textarea[name=reason]", "Recalled.")
        cookies = page.context.cookies()
        page.context.clear_cookies()
        page.click("button:has-text('Withdraw')")
        page.wait_for_selector("h1:has-text('You are not signed in')")
        page.context.add_cookies(cookies)
        page.go_back()
        page.wait_for_selector("h1:has-text('X000003')")
        assert page.input_value("textarea[name=reason]") == "Recalled."


def test_a_form_of_another_session_is_refused(service):
    browser, other = (Browser(service, "coordinator", name=name) for name in ("Ann", "Ben"))
    answer = browser.post("/bids/R3/withdrawal", {"reason": "No."}, token=other.token)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["//elsewhere.invalid", "https://elsewhere.invalid", "/\\elsewhere", "x", "", "/a\nb"],
)
def test_signing_in_leads_to_no_other_site(path):
    assert safe_path(path) == "/"
    assert safe_path("/runs?page=2") == "/runs?page=2"


def test_the_register_holds_no_secret_of_a_session(service):
    browser = Browser(service, "coordinator")
    with service.register.reading() as connection:
        held = [str(value) for row in connection.execute(select(SESSIONS)) for value in row]
    assert browser.client.cookies[COOKIE] not in held
    assert browser.token not in held


# ---- the issuer's flow -----------------------------------------------------------------------


def test_the_issuer_signs_people_in_with_a_code_and_a_proof(tmp_path):
    with a_flow(tmp_path) as (app, issuer):
        client = knock(app)
        client.headers["Accept"] = "text/html"
        begun = client.get("/sign-in?to=/runs", follow_redirects=False)
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        assert begun.status_code == 303
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["redirect_uri"] == [f"{issuer.public}/sign-in/return"]
        back = f"/sign-in/return?state={asked['state'][0]}&code=good"
        issuer.challenge = asked["code_challenge"][0]
        done = client.get(back, follow_redirects=False)
        assert (done.status_code, done.headers["location"]) == (303, "/runs"), done.text
        assert client.get("/runs").status_code == 200
        assert client.get(back, follow_redirects=False).status_code == 401, "a state counts once"


def test_a_sign_in_that_another_browser_began_is_refused(tmp_path):
    with a_flow(tmp_path) as (app, issuer):
        begun = knock(app).get("/sign-in", follow_redirects=False)
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        issuer.challenge = asked["code_challenge"][0]
        back = f"/sign-in/return?state={asked['state'][0]}&code=good"
        assert knock(app).get(back, follow_redirects=False).status_code == 401


def test_a_proof_that_does_not_fit_signs_nobody_in(tmp_path):
    with a_flow(tmp_path) as (app, issuer):
        client = knock(app)
        begun = client.get("/sign-in", follow_redirects=False)
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        issuer.challenge = "another"
        back = f"/sign-in/return?state={asked['state'][0]}&code=good"
        assert client.get(back, follow_redirects=False).status_code == 401


def begun_in(app):
    with app.state.register.reading() as connection:
        return connection.execute(select(SIGN_INS)).all()


def test_an_issuer_that_is_down_is_asked_now_and_then_and_nothing_is_written(tmp_path):
    with a_flow(tmp_path) as (app, issuer):
        now, client = [100.0], knock(app)
        settings, tokens = app.state.settings, app.state.tokens
        app.state.oidc_flow = OidcFlow(settings, tokens, clock=lambda: now[0])
        issuer.is_down, before = True, issuer.asked
        for _ in range(3):
            answer = client.get("/sign-in", follow_redirects=False)
            assert (answer.status_code, answer.json()["code"]) == (503, "sign-in-unreachable")
            assert "set-cookie" not in answer.headers
        assert issuer.asked == before + 1 and begun_in(app) == []
        issuer.is_down = False
        assert client.get("/sign-in", follow_redirects=False).status_code == 503
        now[0] += 11
        for _ in range(2):
            assert client.get("/sign-in", follow_redirects=False).status_code == 303
        assert issuer.asked == before + 2 and len(begun_in(app)) == 2


def test_who_is_signed_in_stays_so_when_they_sign_in_again(tmp_path):
    with a_flow(tmp_path) as (app, issuer):
        client = knock(app)
        client.headers["Accept"] = "text/html"
        begun = client.get("/sign-in", follow_redirects=False)
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        issuer.challenge = asked["code_challenge"][0]
        back = f"/sign-in/return?state={asked['state'][0]}&code=good"
        assert client.get(back, follow_redirects=False).status_code == 303
        again = client.get("/sign-in?to=/runs", follow_redirects=False)
        assert (again.headers["location"], "set-cookie" in again.headers) == ("/runs", False)
        assert client.get("/runs").status_code == 200
        assert begun_in(app) == []
