"""Runs over the wire: asked for once, watched, explained, compared, and seen by whom they may."""

import json
import threading

import pytest
from sqlalchemy import select

from allocator.problem_file import problem_to_json
from api.service import documents, referrals, runs
from api.store.tables import ACCESS_LOG
from tests.api.registers import (
    COORDINATOR,
    Moving,
    application,
    ask,
    client,
    ended,
    finished_run,
    make_register,
    row,
    rows,
    tiny,
    until,
    working,
)
from tests.api.worker import liars

KEY = {"Idempotency-Key": "a-key-of-mine"}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A register with a finished run, which no test changes but by looking."""
    folder = tmp_path_factory.mktemp("done")
    register = make_register(folder, tiny())
    run = finished_run(register, folder)
    return application(folder, register), f"/v1/runs/{run['id']}", register


@pytest.fixture
def fresh(tmp_path):
    register = make_register(tmp_path, tiny())
    return application(tmp_path, register), register


def good(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def looked_at(register):
    with register.reading() as connection:
        wanted = select(ACCESS_LOG).order_by(ACCESS_LOG.c.seq.desc()).limit(1)
        entry = connection.execute(wanted).mappings().one()
    return entry["actor_name"], entry["verb"], entry["what"], entry["subjects"]


# ---- asking ----------------------------------------------------------------------------------


def test_a_run_that_is_asked_for_waits_and_says_where_it_is(fresh):
    app, register = fresh
    answer = client(app).post("/v1/runs", json={"seed": 3}, headers=KEY)
    told = good(answer, 202)
    assert (told["status"], told["seed"], told["time_limit_s"]) == ("queued", 3, 120)
    assert answer.headers["Location"] == f"/v1/runs/{told['id']}"
    assert good(client(app).get(answer.headers["Location"]))["id"] == told["id"]
    assert [run["requested_by"] for run in rows(register, "run")] == ["local:A Tester"]


def test_the_same_key_asks_once_however_often_and_at_once(fresh):
    app, register = fresh
    answers = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(client(app).post("/v1/runs", json={}, headers=KEY))
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({good(answer, 202)["id"] for answer in answers}) == 1
    assert len(rows(register, "run")) == 1
    refused(client(app).post("/v1/runs", json={"seed": 1}, headers=KEY), 422, "key-reused")


@pytest.mark.parametrize(
    "body",
    [
        {"seed": "1"},
        {"seed": -1},
        {"displacement": 1},
        {"time_limit_s": 0},
        {"efort": "quick"},
        {"over": "problem"},
        {"problem": {}},
        {"over": "problem", "problem": {"as_of": "2026-11-02", "bed": []}},
        {"over": "problem", "problem": {"as_of": "2026-11-02", "referrals": [{"id": "secret"}]}},
    ],
    ids=str,
)
def test_a_request_that_is_not_right_is_refused_and_nothing_is_repeated(fresh, body):
    app, register = fresh
    answer = client(app).post("/v1/runs", json=body, headers=KEY)
    refused(answer, 422, "invalid")
    assert answer.json()["complaints"]
    assert "secret" not in answer.text
    assert rows(register, "run") == []


def test_a_run_without_a_key_is_refused(fresh):
    assert client(fresh[0]).post("/v1/runs", json={}).status_code == 422


def test_no_more_runs_wait_than_may(tmp_path):
    register = make_register(tmp_path, tiny())
    app = application(tmp_path, register, queued_runs_per_person=2, queued_runs=2)
    for number in range(2):
        key = {"Idempotency-Key": f"number-{number}"}
        good(client(app).post("/v1/runs", json={}, headers=key), 202)
    answer = client(app).post("/v1/runs", json={}, headers=KEY)
    refused(answer, 429, "too-many-runs")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_problem_that_is_sent_is_solved_and_is_its_senders(tmp_path):
    register = make_register(tmp_path)
    app = application(tmp_path, register)
    body = {"over": "problem", "problem": json.loads(problem_to_json(tiny()))}
    told = good(client(app).post("/v1/runs", json=body, headers=KEY), 202)
    with working(register, tmp_path):
        assert ended(register, told["id"])["status"] == "finished"
    plan = good(client(app).get(f"/v1/runs/{told['id']}/plan"))
    assert plan["unplaced"] == ["R3"]
    assert rows(register, "proposal") == []
    other = client(app)
    token = app.state.tokens.mint("Another", ["coordinator"])
    other.headers["Authorization"] = f"Bearer {token}"
    refused(other.get(f"/v1/runs/{told['id']}"), 404, "not-found")
    assert good(other.get("/v1/runs"))["records"] == []
    assert good(client(app, "manager").get(f"/v1/runs/{told['id']}"))["id"] == told["id"]


# ---- under way -------------------------------------------------------------------------------


def test_a_run_that_waits_is_cancelled_at_once_and_stays_so(fresh, tmp_path):
    app, register = fresh
    run = ask(register)
    where = f"/v1/runs/{run['id']}/cancellation"
    assert good(client(app).post(where))["status"] == "cancelled"
    assert good(client(app).post(where))["status"] == "cancelled"
    with working(register, tmp_path):
        other = ended(register, ask(register)["id"])
    assert row(register, "run", run["id"])["status"] == "cancelled"
    refused(client(app).post(f"/v1/runs/{other['id']}/cancellation"), 409, "ended")


def test_a_run_that_is_under_way_is_watched_and_called_off(fresh, tmp_path):
    app, register = fresh
    run = ask(register)
    seen = []

    def watch():
        seen.append(client(app).get(f"/v1/runs/{run['id']}/events"))

    watcher = threading.Thread(target=watch)
    with working(register, tmp_path, solver=liars.named(liars.sleeps)):
        until(lambda: progress(register, run), bool)
        watcher.start()
        good(client(app).post(f"/v1/runs/{run['id']}/cancellation"))
        ended(register, run["id"])
    watcher.join()
    assert seen[0].headers["content-type"].startswith("text/event-stream")
    told = events(seen[0].text)
    level = {"level": "placed/1", "value": 1, "bound": 2, "elapsed_s": 0.1, "note": ""}
    assert ("progress", level) in told
    assert told[-1] == ("end", {"status": "cancelled"})


def progress(register, run):
    with register.reading() as connection:
        return runs.state_of(connection, run["id"])["progress"]


def events(text):
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_runs_are_listed_the_newest_first_page_by_page(fresh):
    app, register = fresh
    asked = [ask(register)["id"] for _ in range(5)]
    first = good(client(app).get("/v1/runs?limit=3"))
    second = good(client(app).get("/v1/runs", params={"limit": 3, "after": first["after"]}))
    told = [run["id"] for run in first["records"] + second["records"]]
    assert told == asked[::-1]
    assert (first["total"], second["after"]) == (5, None)
    assert good(client(app).get("/v1/runs?status=finished"))["records"] == []


# ---- results ---------------------------------------------------------------------------------


def test_the_plan_is_the_one_worked_out_by_hand(done):
    app, where, register = done
    plan = good(client(app).get(f"{where}/plan"))
    assert {p["referral_id"]: p["bed_id"] for p in plan["placements"]} == {
        "R1": "A-1",
        "R2": "A-2",
        "R4": "B-2",
        "R5": "B-1",
    }
    assert (plan["unplaced"], plan["status"]) == (["R3"], "optimal")
    assert all(level["proven"] for level in plan["levels"])
    assert looked_at(register) == (
        "A Tester",
        "consultation",
        "run_plan",
        ["R1", "R2", "R3", "R4", "R5"],
    )


def test_what_proves_the_plan_is_shown_and_is_nobodys_data(done):
    app, where, _ = done
    answer = client(app).get(f"{where}/certificates")
    assert {each["level"] for each in good(answer)["certificates"]} >= {"placed/1", "placed/4"}
    assert not any(r.id in answer.text or r.crn in answer.text for r in tiny().referrals)


@pytest.mark.parametrize("part", ["plan", "certificates", "explanations", "level-up", "disparity"])
def test_there_is_nothing_to_see_of_a_run_that_has_not_finished(fresh, part):
    app, register = fresh
    run = ask(register)
    refused(client(app, "manager").get(f"/v1/runs/{run['id']}/{part}"), 409, "not-finished")


@pytest.mark.parametrize("part", ["", "/plan", "/events", "/proposals", "/explanations/R1"])
def test_a_run_that_is_not_there_is_not_found(done, part):
    refused(client(done[0]).get(f"/v1/runs/no-such-run{part}"), 404, "not-found")


def test_everyone_without_a_bed_has_a_main_reason(done):
    app, where, register = done
    (told,) = good(client(app).get(f"{where}/explanations"))["records"]
    assert (told["referral_id"], told["code"]) == ("R3", "all_taken")
    assert told["main_reason"]["text"].startswith("1 bed would be lawful")
    assert looked_at(register)[1:] == ("consultation", "run_explanations", ["R3"])


def test_a_coordinator_is_told_in_full_why_someone_has_no_bed(done):
    app, where, register = done
    told = good(client(app).get(f"{where}/explanations/R3"))
    assert told["crn"] == {r.id: r.crn for r in tiny().referrals}["R3"]
    assert told["beds_lawful"] == 1
    assert [change["kind"] for change in told["changes"]] == ["later"]
    assert told["one_level_up"]["referral_id"] == "R3"
    assert looked_at(register)[2:] == ("run_explanation", ["R3"])
    placed = good(client(app).get(f"{where}/explanations/R1"))
    assert (placed["outcome"], placed["bed_id"]) == ("placed", "A-1")
    refused(client(app).get(f"{where}/explanations/R9"), 404, "not-found")


def test_a_level_up_is_told_of_everyone_without_a_bed(done):
    app, where, _ = done
    (told,) = good(client(app).get(f"{where}/level-up"))["records"]
    assert (told["referral_id"], told["band"]) == ("R3", 3)
    assert told["crn"]


@pytest.mark.parametrize(
    "part",
    ["plan", "explanations", "explanations/R3", "explanations/R1", "level-up", "proposals"],
)
def test_a_planner_sees_no_crn_anywhere(done, part):
    app, where, _ = done
    answer = client(app, "planner").get(f"{where}/{part}")
    good(answer)
    assert "crn" not in answer.text
    assert not any(r.crn in answer.text for r in tiny().referrals)


# ---- what if ---------------------------------------------------------------------------------


def what_if(app, where, body, *roles):
    return client(app, *roles).post(f"{where}/what-if", json=body)


def test_someone_who_needed_less_would_have_a_bed_and_nothing_is_changed(done):
    app, where, register = done
    before = rows(register, "proposal"), rows(register, "referral")
    told = good(what_if(app, where, {"referral_id": "R3", "changes": {"essential": []}}))
    assert told["insertion"]["bed_id"].startswith(("A", "B"))
    same = good(what_if(app, where, {"referral_id": "R3"}))
    assert same["insertion"] is None or same["insertion"]["kind"] != "nothing"
    assert same["explanation"]["beds_lawful"] == 1
    assert (rows(register, "proposal"), rows(register, "referral")) == before
    assert looked_at(register)[2:] == ("run_what_if", ["R3"])


def test_someone_who_has_a_bed_is_asked_about_without_it(done):
    app, where, _ = done
    told = good(what_if(app, where, {"referral_id": "R1"}))
    assert (told["insertion"]["kind"], told["insertion"]["bed_id"]) == ("nothing", "A-1")
    assert told["explanation"] is None


def test_someone_new_is_fitted_in(done):
    app, where, _ = done
    new = {"gender": "man", "release_date": "2027-06-01", "latest_arrival": "2027-06-01"}
    told = good(what_if(app, where, {"referral": {**new, "nights": 10, "restriction_codes": []}}))
    assert told["insertion"]["kind"] == "nothing"
    far = {**new, "release_date": "2031-06-01", "latest_arrival": "2031-06-01", "nights": 10}
    refused(what_if(app, where, {"referral": far}), 422, "too-far-ahead")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"referral_id": "R3", "referral": {}}, 422),
        ({"referral_id": "R3", "changes": {"crn": "X1"}}, 422),
        ({"referral_id": "R3", "changes": {"night": 3}}, 422),
        ({"referral_id": "R3", "changes": {"nights": "3"}}, 422),
        ({"referral": {"id": "R3"}}, 422),
        ({"referral_id": "R9"}, 404),
    ],
    ids=str,
)
def test_a_question_that_is_not_right_is_refused(done, body, status):
    app, where, _ = done
    assert what_if(app, where, body).status_code == status


def test_a_planner_cannot_ask_about_a_person_by_crn(done):
    app, where, _ = done
    new = {"gender": "man", "release_date": "2027-06-01", "latest_arrival": "2027-06-01"}
    new |= {"nights": 10, "crn": tiny().referrals[0].crn}
    refused(what_if(app, where, {"referral": new}, "planner"), 403, "no-crn")


# ---- proposals -------------------------------------------------------------------------------


def test_proposals_are_listed_sorted_and_filtered(done):
    app, where, _ = done

    def names(**asked):
        told = good(client(app).get(f"{where}/proposals", params=asked))
        return [each["referral_id"] for each in told["records"]]

    assert names(sort="band") == ["R1", "R2", "R4", "R5"]
    assert names(sort="-band") == ["R5", "R4", "R2", "R1"]
    assert names(band=3) == ["R4"]
    assert names(premises="B", sort="referral_id") == ["R4", "R5"]
    assert names(status="refused") == []
    first = good(client(app).get(f"{where}/proposals?limit=3&sort=band"))
    asked = {"limit": 3, "sort": "band", "after": first["after"]}
    assert names(**asked) == ["R5"]


def test_one_proposal_is_told_with_what_was_decided_of_it(done):
    app, where, register = done
    told = good(client(app).get(f"{where}/proposals/R1"))
    assert (told["status"], told["bed_id"], told["firm"]) == ("proposed", "A-1", True)
    assert looked_at(register)[2:] == ("get_proposal", ["R1"])
    refused(client(app).get(f"{where}/proposals/R3"), 404, "not-found")


# ---- restricted people -----------------------------------------------------------------------


def test_nothing_but_the_id_is_told_of_people_whom_one_may_not_see(fresh, tmp_path):
    app, register = fresh
    run = finished_run(register, tmp_path)
    with register.changing(COORDINATOR) as change:
        for name in ("R1", "R3"):
            referrals.restrict(change, name, ["somebody-else"])
    where, people = f"/v1/runs/{run['id']}", client(app, "coordinator", "manager")
    hidden_one = {"referral_id": "R3", "restricted": True}
    assert good(people.get(f"{where}/explanations"))["records"] == []
    assert good(people.get(f"{where}/explanations/R3")) == hidden_one
    assert good(people.get(f"{where}/level-up"))["records"] == []
    assert good(people.get(f"{where}/proposals/R1")) == {"referral_id": "R1", "restricted": True}
    plan = good(people.get(f"{where}/plan"))
    assert [each["referral_id"] for each in plan["restricted"]] == ["R1", "R3"]
    assert "R1" not in {p["referral_id"] for p in plan["placements"]}
    assert plan["unplaced"] == []
    assert looked_at(register)[3] == ["R2", "R4", "R5"]
    refused(people.post(f"{where}/what-if", json={"referral_id": "R3"}), 404, "not-found")


def test_a_what_if_of_a_restricted_persons_crn_is_answered_as_one_that_nobody_has(fresh, tmp_path):
    app, register = fresh
    run = finished_run(register, tmp_path)
    someone = {
        "gender": "man",
        "release_date": "2026-11-09",
        "latest_arrival": "2026-11-16",
        "nights": 84,
        "offences_unknown": ["arson"],
    }
    people = client(app, "coordinator", "manager")

    def answer(crn):
        asked = {"referral": {**someone, "crn": crn}}
        told = people.post(f"/v1/runs/{run['id']}/what-if", json=asked)
        return told.status_code, told.text.replace(crn, "CRN")

    # A zone keeps X000004 from premises A.
    assert answer("X000004") != answer("X999999"), "else the answers would be alike anyway"
    with register.changing(COORDINATOR) as change:
        referrals.restrict(change, "R4", ["somebody-else"])
    assert answer("X000004") == answer("X999999")
    assert answer("X000004")[0] == 200


# ---- beside another --------------------------------------------------------------------------


def test_two_runs_are_compared_person_by_person_and_level_by_level(fresh, tmp_path):
    app, register = fresh
    before = finished_run(register, tmp_path)
    with register.changing(COORDINATOR) as change:
        bid = referrals.the_bid(change, "R2")
        referrals.close(change, bid, referrals.WITHDRAWN, "referral.withdrawn", "gone home")
    after = finished_run(register, tmp_path)
    where = f"/v1/runs/{after['id']}/comparison"
    told = good(client(app).get(where, params={"with": before["id"]}))
    assert [(each["referral_id"], each["there"]) for each in told["gained"]] == [("R3", None)]
    assert (told["lost"], told["only_there"], told["only_here"]) == ([], ["R2"], [])
    levels = {each["code"]: (each["here"], each["there"]) for each in told["levels"]}
    assert (levels["placed/2"], levels["placed/3"]) == ((0, 1), (2, 1))
    assert looked_at(register)[1:3] == ("combination", "compare_runs")
    assert client(app).get(where).status_code == 422


def test_a_replay_comes_to_the_same(fresh, tmp_path):
    app, register = fresh
    run = finished_run(register, tmp_path)
    manager = client(app, "manager")
    answer = manager.post(f"/v1/runs/{run['id']}/replay", headers=KEY)
    told = good(answer, 202)
    assert told["replay"]["same"] is None
    with working(register, tmp_path):
        ended(register, told["id"])
    again = good(manager.get(f"/v1/runs/{told['id']}"))
    assert (again["replay"]["of"], again["replay"]["same"]) == (run["id"], True)
    assert {each["run_id"] for each in rows(register, "proposal")} == {run["id"]}
    same = manager.post(f"/v1/runs/{run['id']}/replay", headers=KEY)
    assert good(same, 202)["id"] == told["id"]


# ---- protected groups ------------------------------------------------------------------------


def test_a_group_too_small_is_not_told_of(done):
    app, where, register = done
    told = good(client(app, "auditor").get(f"{where}/disparity"))
    assert told["everyone"]["suppressed"]
    assert all(group["people"] is None for group in told["groups"]["gender"])
    assert looked_at(register)[1:3] == ("combination", "run_disparity")


# ---- who may, and what is kept ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "part"),
    [
        ("auditor", "/plan"),
        ("administrator", "/plan"),
        ("service", "/proposals"),
        ("planner", "/replay"),
    ],
)
def test_roles_that_runs_are_not_for_are_refused(done, role, part):
    app, where, _ = done
    someone = client(app, role)
    answer = (
        someone.post(where + part, headers=KEY) if "replay" in part else someone.get(where + part)
    )
    refused(answer, 403, "role-not-allowed")


def test_a_document_is_kept_once_and_an_altered_one_is_not_believed(tmp_path):
    register = make_register(tmp_path)
    with register.changing(COORDINATOR) as change:
        name = documents.put(change.connection, b"content")
        assert documents.put(change.connection, b"content") == name
        assert documents.document(change.connection, name) == b"content"
        table = documents.RUN_DOCUMENTS
        change.connection.execute(table.update().values(content=b"something else"))
        with pytest.raises(documents.SpoiledError):
            documents.document(change.connection, name)


def test_a_run_is_planned_for_the_day_it_is_in_london(tmp_path):
    moving = Moving()
    register = make_register(tmp_path, tiny(), moving=moving)
    moving.put_forward(hours=14, minutes=59)
    run = ask(register)
    with register.reading() as connection:
        problem = json.loads(documents.document(connection, run["snapshot"]))
    assert problem["as_of"] == "2026-11-02"
