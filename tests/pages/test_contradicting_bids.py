"""Bids of one person that say otherwise of risk: told on each until one is corrected."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from allocator.referral import Assumption
from allocator.vocabulary import Offence
from api.pages import files, risk_form
from api.store.tables import ACCESS_LOG
from tests.api.registers import row, rows, tiny
from tests.api.service import a_planned_service, a_service
from tests.pages.browsing import Browser, text_of

FACT = "offences: arson (there: "
SAID = {
    "tier": "A3",
    "rosh": "Very High",
    "mappa": "CAT 1/LEVEL 1",
    **{kind.value: "not" for kind in Offence},
    "restriction_codes": "",
    "reason": "The assessment of 1 November says so.",
}


def of_one_person():
    """fixtures/tiny, in which R1 and R2 are of one person, and only R1 tells of arson."""
    problem = tiny()
    one = problem.referrals_by_id["R1"]
    first = replace(one, offences=frozenset({Offence.ARSON}), offences_unknown=frozenset())
    second = replace(first, id="R2", offences=frozenset())
    instead = {"R1": first, "R2": second}
    people = tuple(instead.get(each.id, each) for each in problem.referrals)
    return replace(problem, referrals=people)


def _checked(answer):
    """The ids of the boxes that are ticked on the page."""
    return set(re.findall(r'id="([^"]+)" checked>', answer.text))


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path, of_one_person())


def sent(service, identifier="R2", **changes):
    known = row(service.register, "referral", identifier)
    return {**SAID, "version": str(known["version"]), **changes}


def test_the_handover_brief_says_what_another_bid_says_otherwise(service):
    browser = Browser(service, "coordinator")
    assert f"Another bid says otherwise Bid R1 : {FACT}applies, here: does not apply)" in text_of(
        browser.get("/bids/R2/brief")
    )
    browser.post("/bids/R2/risk", sent(service, arson="applies"))
    assert "says otherwise" not in text_of(browser.get("/bids/R2/brief"))


def test_both_bids_say_of_what_the_other_says_otherwise_until_one_is_corrected(service):
    browser = Browser(service, "coordinator")
    said = {"R1": "does not apply, here: applies", "R2": "applies, here: does not apply"}
    for mine, other in (("R1", "R2"), ("R2", "R1")):
        page = browser.get(f"/bids/{mine}")
        assert f"Bid {other} : {FACT}{said[mine]})" in text_of(page)
        assert (
            f'href="/bids/{other}/risk"' in page.text and f'href="/bids/{mine}/risk"' in page.text
        )
    known = browser.get("/bids/R2/risk")
    assert f"Bid R1 : {FACT}" in text_of(known)
    names = re.findall(r'<label class="([^"]*)"', known.text)
    assert names and all("govuk-label--s" in each for each in names), "each as bold as the others"
    done = browser.post("/bids/R2/risk", sent(service, arson="applies"))
    assert done.status_code == 303 and done.headers["location"] == "/bids/R2"
    read = text_of(browser.get("/bids/R2"))
    assert "Plans go by it from now on" in read and "say otherwise" not in read
    assert "Reason: The assessment of 1 November says so." in read
    assert "Offences, added: Arson" in read and "Offences, removed" not in read
    assert "say otherwise" not in text_of(browser.get("/bids/R1"))
    assert row(service.register, "referral", "R2")["details"]["offences"] == ["arson"]


def test_an_offence_taken_from_another_request_is_settled_by_confirming_it(tmp_path):
    problem = of_one_person()
    taken = Assumption("arson", "applies", "referral R1 of the register says so of the same person")
    second = replace(
        problem.referrals_by_id["R2"], offences=frozenset({Offence.ARSON}), assumptions=(taken,)
    )
    people = tuple(second if each.id == "R2" else each for each in problem.referrals)
    service = a_service(tmp_path, replace(problem, referrals=people))
    browser = Browser(service, "coordinator")
    assert FACT in text_of(browser.get("/bids/R2"))
    assert "Applies, as another request says" in text_of(browser.get("/bids/R2/risk"))
    assert browser.post("/bids/R2/risk", sent(service, arson="as-it-is")).status_code == 422
    assert "say otherwise" in text_of(browser.get("/bids/R2")), "left as it is: assumed still"
    assert browser.post("/bids/R2/risk", sent(service, arson="applies")).status_code == 303
    read = text_of(browser.get("/bids/R2"))
    assert "say otherwise" not in read
    assert "What was assumed was confirmed, and is as it was" in read


def test_a_correction_that_changes_nothing_is_refused(service):
    browser = Browser(service, "coordinator")
    assert browser.post("/bids/R2/risk", sent(service, arson="applies")).status_code == 303
    before = row(service.register, "referral", "R2")
    again = browser.post("/bids/R2/risk", sent(service, arson="applies"))
    assert again.status_code == 422 and "Nothing is changed" in text_of(again)
    assert row(service.register, "referral", "R2") == before


def test_a_correction_does_not_tell_of_an_attempt_that_a_plan_counted(tmp_path):
    service, _ = a_planned_service(tmp_path)
    left = next(each for each in rows(service.register, "referral") if each["failed_attempts"])
    browser = Browser(service, "coordinator")
    done = browser.post(f"/bids/{left['id']}/risk", sent(service, left["id"], hate="applies"))
    assert done.status_code == 303
    read = text_of(browser.get(f"/bids/{left['id']}"))
    assert "Offences, added: Hate crime" in read and "Attempts: 0 before" not in read


def test_a_correction_needs_a_reason_and_the_version_that_was_seen(service):
    browser = Browser(service, "coordinator")
    without = browser.post("/bids/R2/risk", sent(service, reason="", mappa="LEVEL 9"))
    read = text_of(without)
    assert without.status_code == 422 and "Say how it is known" in read and "NOT MAPPA" in read
    seen = sent(service, arson="applies")
    assert browser.post("/bids/R2/risk", seen).status_code == 303
    stale = browser.post("/bids/R2/risk", {**seen, "hate": "applies"})
    assert stale.status_code == 409 and "Somebody has changed this bid" in text_of(stale)
    assert "The assessment of 1 November" in stale.text, "what was written is kept"
    assert row(service.register, "referral", "R2")["details"]["offences"] == ["arson"]


def test_a_restriction_code_that_no_premises_has_is_said_at_its_field(service):
    browser = Browser(service, "coordinator")
    answer = browser.post("/bids/R2/risk", sent(service, restriction_codes="no-such-code"))
    assert answer.status_code == 422 and 'href="#restriction_codes"' in answer.text
    assert "code of no premises" in text_of(answer)


def test_each_restriction_code_that_no_premises_has_is_named(service):
    answer = Browser(service, "coordinator").post(
        "/bids/R2/risk", sent(service, restriction_codes="no-such-code; nor-this")
    )
    at_field = answer.text.split('id="restriction_codes-error"', 1)[1].split("</p>", 1)[0]
    for code in ("no-such-code", "nor-this"):
        assert f"“{code}” is the code of no premises" in text_of(answer)
        assert f"“{code}”" in at_field


def test_what_recording_a_correction_refuses_is_said_at_its_field(service, monkeypatch):
    # As where the premises lost the restriction after the form had been looked at.
    monkeypatch.setattr(risk_form, "unknown_codes", lambda *_: {})
    browser = Browser(service, "coordinator")
    answer = browser.post("/bids/R2/risk", sent(service, restriction_codes="no-such-code"))
    assert answer.status_code == 422 and "complaints says where" not in text_of(answer)
    assert 'href="#restriction_codes"' in answer.text and "This is the code of no" in text_of(
        answer
    )


def test_all_that_is_wrong_with_a_correction_is_said_at_once(service):
    wrong = {"restriction_codes": "no-such-code", "mappa": "LEVEL 9", "reason": ""}
    answer = Browser(service, "coordinator").post("/bids/R2/risk", sent(service, **wrong))
    for field in ("restriction_codes", "mappa", "reason"):
        assert f'href="#{field}"' in answer.text
    read = text_of(answer)
    assert "code of no premises" in read and "null" not in read


def test_nobody_is_told_of_a_bid_that_they_may_not_see(service):
    manager = service.client("manager", name="Ann")
    named = {"visible_to": ["local:Ann"]}
    assert manager.post("/v1/referrals/R1/restriction", named).status_code == 200
    browser = Browser(service, "coordinator")
    assert "say otherwise" not in text_of(browser.get("/bids/R2"))
    assert browser.get("/bids/R1/risk").status_code == 404
    assert Browser(service, "planner").get("/bids/R2/risk").status_code == 403


def test_a_proposal_tells_of_the_other_bid_before_it_is_decided(service):
    run = service.run()["id"]
    browser = Browser(service, "coordinator")
    client = service.client("coordinator")
    found = client.get(f"/v1/runs/{run}/proposals").json()["records"]
    mine = next(each["referral_id"] for each in found if each["referral_id"] in ("R1", "R2"))
    assert FACT in text_of(browser.get(f"/runs/{run}/proposals/{mine}"))


def test_a_bed_is_accepted_only_with_a_tick_that_the_other_bid_was_seen(service):
    run = service.run()["id"]
    found = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    mine = next(each["referral_id"] for each in found if each["referral_id"] in ("R1", "R2"))
    browser = Browser(service, "coordinator")
    here = f"/runs/{run}/proposals/{mine}"
    accepting = {"action": "accept", "accept_reason": "Agreed with the premises."}
    without = browser.post(here, accepting)
    assert without.status_code == 422 and 'href="#accept_otherwise"' in without.text
    assert 'id="accept_otherwise"' in without.text
    changing = {"action": "change", "change_reason": "Later.", "arrival-day": "1"}
    changing |= {"arrival-month": "2", "arrival-year": "2027"}
    assert 'href="#change_otherwise"' in browser.post(here, changing).text
    several = {"referral": mine, "reason": "Agreed with the premises.", "unopened": mine}
    confirm = browser.post(f"/runs/{run}/proposals/accepted", several)
    assert _checked(confirm) == {f"unopened-{mine}"}
    other = {"referral": mine, "reason": "Agreed with the premises.", "otherwise": mine}
    again = browser.post(f"/runs/{run}/proposals/accepted", other)
    assert again.status_code == 422 and _checked(again) == {f"otherwise-{mine}"}
    assert confirm.status_code == 422 and f'id="otherwise-{mine}"' in confirm.text
    assert row(service.register, "proposal", f"{run}/{mine}")["status"] == "proposed"
    ticked = browser.post(f"/runs/{run}/proposals/accepted", {**several, "otherwise": mine})
    assert ticked.status_code == 303
    assert row(service.register, "proposal", f"{run}/{mine}")["status"] == "accepted"


def test_one_bed_is_accepted_with_the_tick(service):
    run = service.run()["id"]
    found = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    mine = next(each["referral_id"] for each in found if each["referral_id"] in ("R1", "R2"))
    said = {"action": "accept", "accept_reason": "Agreed.", "accept_otherwise": "1"}
    browser = Browser(service, "coordinator")
    assert browser.post(f"/runs/{run}/proposals/{mine}", said).status_code == 303
    assert row(service.register, "proposal", f"{run}/{mine}")["status"] == "accepted"


def test_the_api_asks_the_same_and_names_the_facts_alone(service, capsys):
    run = service.run()["id"]
    client = service.client("coordinator")
    found = client.get(f"/v1/runs/{run}/proposals").json()["records"]
    mine = next(each for each in found if each["referral_id"] in ("R1", "R2"))
    name, other = mine["referral_id"], {"R1": "R2", "R2": "R1"}[mine["referral_id"]]
    here = f"/v1/runs/{run}/proposals/{name}/decision"
    by_hand = {each: mine[each] for each in ("referral_id", "bed_id", "arrival", "departure")}
    asked = {here: {"action": "accept"}, "/v1/bookings": {**by_hand, "reason": "By hand."}}
    for url, said in asked.items():
        refused = client.post(url, said)
        told = refused.json()
        assert (refused.status_code, told["code"]) == (422, "risk-contradicted"), refused.text
        assert told["contradictions"] == [{"referral_id": other, "facts": ["offences"]}]
        assert "seen_otherwise" in told["detail"] and "arson" not in refused.text
        with service.register.reading() as connection:
            looks = connection.execute(select(ACCESS_LOG).order_by(ACCESS_LOG.c.seq.desc()))
            last = looks.mappings().first()
        assert (last["verb"], last["subjects"]) == ("consultation", [other])
    assert "arson" not in capsys.readouterr().out
    assert client.post(here, {**asked[here], "seen_otherwise": True}).status_code == 200
    assert client.post(here, {"action": "refuse", "reason": "Late."}).json()["code"] == "decided"


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_was_seen_of_the_other_bid_stands_in_the_timeline_without_what_it_says(
    service, by_hand
):
    run = service.run()["id"]
    client = service.client("coordinator", "manager", name="Ann")
    found = client.get(f"/v1/runs/{run}/proposals").json()["records"]
    mine = next(each for each in found if each["referral_id"] in ("R1", "R2"))
    name, other = mine["referral_id"], {"R1": "R2", "R2": "R1"}[mine["referral_id"]]
    seen = {"seen_otherwise": True}
    if by_hand:
        wanted = {each: mine[each] for each in ("referral_id", "bed_id", "arrival", "departure")}
        done = client.post("/v1/bookings", {**wanted, "reason": "By hand.", **seen})
    else:
        url = f"/v1/runs/{run}/proposals/{name}/decision"
        done = client.post(url, {"action": "accept", **seen})
    assert done.is_success, done.text
    kept = {"seen_otherwise": [{"referral_id": other, "facts": ["offences"]}]}

    def told():
        events = client.get(f"/v1/referrals/{name}/timeline").json()
        (booked,) = (each["facts"] for each in events if each["action"] == "booking.made")
        return {each: booked[each] for each in kept.keys() & booked.keys()}

    assert told() == kept
    browser = Browser(service, "coordinator", name="Ann")
    words = f"Seen that bid {other} says otherwise of risk: offences"
    assert words in text_of(browser.get(f"/bids/{name}"))
    named = {"visible_to": ["local:Bea"]}
    assert client.post(f"/v1/referrals/{other}/restriction", named).is_success
    assert told() == {}, "of a bid that one may not see nothing is told"
    assert words not in text_of(browser.get(f"/bids/{name}"))


def test_a_refusal_needs_no_word_of_the_other_bid(service):
    run = service.run()["id"]
    client = service.client("coordinator")
    found = client.get(f"/v1/runs/{run}/proposals").json()["records"]
    mine = next(each["referral_id"] for each in found if each["referral_id"] in ("R1", "R2"))
    said = {"action": "refuse", "reason": "A victim lives near."}
    assert client.post(f"/v1/runs/{run}/proposals/{mine}/decision", said).status_code == 200


def test_each_says_who_brought_what_it_says_and_in_what_way(service):
    browser = Browser(service, "coordinator", name="Ann")
    read = text_of(browser.get("/bids/R2"))
    assert read.count("from a file that A Tester brought in on 2 November 2026") == 2
    said = sent(service, arson="as-it-is", hate="applies")
    assert browser.post("/bids/R2/risk", said).status_code == 303
    read = text_of(browser.get("/bids/R2"))
    assert "That bid was last recorded or changed from a file that A Tester brought in" in read
    assert "; this one last by Ann on 2 November 2026" in read


def test_the_page_of_the_files_lists_bids_that_contradict_each_other(service):
    rows = {"referral_id": "R9", "crn": "X000001", "gender": "man", "release_date": "2026-11-20"}
    rows |= {"tier": "A1", "rosh": "Medium", "mappa": "NOT MAPPA"}
    text = f"{','.join(rows)}\n{','.join(rows.values())}\n"
    browser = Browser(service, "coordinator", name="Ann")
    sent_file = {"referrals": ("list.csv", text.encode())}
    read = text_of(browser.post("/files", {}, files=sent_file))
    assert "Bids that contradict each other" in read, read
    assert "Bid R1 :" in read and ", here: Medium)" in read
    assert "this one last from a file that Ann brought in on 2 November 2026" in read
    assert "Not known: which local restrictions" not in read
    assert "People for whom no length of stay is written" in read
    assert "more bid" not in read


def test_the_page_of_the_files_says_how_many_more_bids_contradict_another(service, monkeypatch):
    monkeypatch.setattr(files, "CHANGED_SHOWN", 1)
    heads = "referral_id,crn,gender,release_date,tier,rosh,mappa"
    lines = [f"R{n},X000001,man,2026-11-20,A1,Medium,NOT MAPPA" for n in (8, 9)]
    text = "\n".join([heads, *lines, ""])
    browser = Browser(service, "coordinator", name="Ann")
    page = browser.post("/files", {}, files={"referrals": ("list.csv", text.encode())})
    assert "And 1 more bid of which the files said otherwise" in text_of(page)
