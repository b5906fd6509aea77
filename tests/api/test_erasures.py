"""Erasure: all of one person goes, nothing of anybody else, and the timeline still adds up."""

import pytest
from sqlalchemy import delete, insert, select

from api.access.actor import Role
from api.service import erasing
from api.service.answers import forget_answers
from api.service.change import Change
from api.service.importing import import_problem
from api.store.tables import ANSWERS, EVENT_PAYLOADS, ZONES
from api.store.verify import verify
from tests.api.lives import (
    CRN,
    ERASE,
    A,
    C,
    M,
    P,
    a_service_at,
    book,
    erase,
    everything_kept,
    keep_apart,
    refused,
    sound,
    stay,
)
from tests.api.registers import COORDINATOR, ask, row, rows, until, working
from tests.builders import a_booking, a_problem, an_estate


@pytest.fixture
def service(database_url, tmp_path):
    made = a_service_at(database_url, tmp_path)
    yield made
    made.register.database.close()


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def test_after_a_whole_life_nothing_names_the_person_and_the_timeline_is_sound(service, ann):
    kept_apart = keep_apart(ann, "X000004", CRN)
    lifted = keep_apart(ann, CRN, "X000005")
    assert ann.delete(f"/v1/separations/{lifted}", 1).status_code == 204
    others = keep_apart(ann, CRN, "X000001")
    others_now = {"crn": "X000002", "other_crn": "X000001", "radius_miles": 3.0}
    assert ann.put(f"/v1/separations/{others}", others_now, 1).status_code == 200
    zone = ann.post("/v1/zones", {"crn": CRN, "premises_ids": ["B"]}).json()["id"]
    ann.post("/v1/referrals/R3/owner", {"owner_id": "local:Ann"})
    run = service.run()
    made = [each for each in rows(service.register, "proposal") if each["run_id"] == run["id"]]
    assert len(made) + len(rows(service.register, "attempt")) == 5
    booking = stay(service, ann)
    assert any(CRN in each for each in everything_kept(service.register))
    before = {each["id"] for each in rows(service.register, "referral")}

    erased = erase(ann)

    gone = {(each["kind"], each["id"]) for each in erased["records"]}
    assert gone >= {("referral", "R3"), ("booking", booking), ("zone", zone)}
    assert ("separation", kept_apart) in gone and ("separation", others) not in gone
    assert erased["documents"] and erased["erased_by"] == "Ann"
    assert [each for each in everything_kept(service.register) if CRN in each] == []
    still = [each for each in everything_kept(service.register) if booking in each]
    # Of the record of the erasure, its answer, and what can never be altered: ids alone.
    tables = {each.split()[0] for each in still} - {"events", "access_log"}
    assert tables == {"answers", "erasures", "event_payloads"}
    found = sound(service.register)
    assert found.erased == len(erased["events"]) > 8
    # Nothing of anybody else has gone.
    assert {each["id"] for each in rows(service.register, "referral")} == before - {"R3"}
    assert row(service.register, "separation", others)["crn"] == "X000002"
    assert ann.get("/v1/referrals/R3").status_code == 404
    assert ann.post("/v1/referrals/search", {"crn": CRN}).json()["total"] == 0
    # The service goes on: another run, and the same person comes again.
    service.run()
    again = {**tiny_bid(), "id": "R3"}
    assert ann.post("/v1/referrals", again).status_code == 201
    sound(service.register)


def tiny_bid():
    return {
        "id": "R9",
        "crn": CRN,
        "gender": "man",
        "release_date": "2026-12-20",
        "latest_arrival": "2026-12-20",
        "nights": 10,
    }


def test_somebody_who_is_erased_twice_is_gone_twice_and_the_timeline_is_sound(service, ann):
    for key in ("one", "two"):
        made = ann.post("/v1/referrals", {**tiny_bid(), "crn": "X000009"})
        assert made.status_code == 201, made.text
        ann.post("/v1/referrals/R9/withdrawal", {"reason": "not wanted"})
        assert erase(ann, crn="X000009", reason=key)["records"]
    assert sound(service.register).erased == 2 * 2
    assert ann.get("/v1/erasures").json()["total"] == 2


def test_whose_record_became_anothers_is_erased_from_it_and_the_timeline_is_sound(service, ann):
    # A file named the wrong person for a while, and in that while another had the first bed.
    estate = an_estate({"Q": (1, 1, 1)})

    def files_say(*bookings):
        with service.register.changing(COORDINATOR) as change:
            import_problem(change, a_problem(bookings=bookings, **estate), {})

    def stays(identifier, crn, bed):
        return a_booking(identifier, crn=crn, premises_id="Q", bed_id=f"Q-R{bed}-B1")

    files_say(stays("b-1", "X000011", 1))
    files_say(stays("b-1", "X000012", 2))
    files_say(stays("b-2", "X000013", 1))
    files_say(stays("b-1", "X000011", 3))
    erased = erase(ann, crn="X000012")
    assert erased["records"] == [] and len(erased["events"]) == 2
    assert not [each for each in everything_kept(service.register) if "X000012" in each]
    assert row(service.register, "booking", "b-1")["crn"] == "X000011"
    sound(service.register)


@pytest.mark.parametrize("by", ["crn", "referral_id", "booking_id"])
def test_a_person_is_erased_by_any_of_three_and_by_exactly_one(service, ann, by):
    booking = stay(service, ann)
    names = {"crn": CRN, "referral_id": "R3", "booking_id": booking}
    both = {**names, by: None, "reason": "x"}
    refused(ann.post("/v1/erasures", both), 422, "invalid")
    refused(ann.post("/v1/erasures", {"reason": "x"}), 422, "invalid")
    body = {by: names[by], "reason": "asked for"}
    assert ann.post("/v1/erasures", body).status_code == 201
    assert not [each for each in everything_kept(service.register) if CRN in each]
    sound(service.register)


def test_whoever_is_still_needed_is_not_erased_and_every_reason_is_told(service, ann):
    run = ask(service.register)
    told = refused(ann.post("/v1/erasures", ERASE), 409, "still-needed")
    assert {(each["kind"], each["id"], each["status"]) for each in told["records"]} == {
        ("referral", "R3", "open"),
        ("run", run["id"], "queued"),
    }
    assert run["id"] in told["detail"] and CRN not in str(told)
    booking = book(ann)
    told = refused(ann.post("/v1/erasures", ERASE), 409, "still-needed")
    assert [each["id"] for each in told["records"]] == ["R3", booking, run["id"]]
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    told = refused(ann.post("/v1/erasures", ERASE), 409, "still-needed")
    assert [each["kind"] for each in told["records"]] == ["run"]
    ann.post(f"/v1/runs/{run['id']}/cancellation")
    erase(ann)
    sound(service.register)


def test_somebody_who_has_arrived_is_not_erased(service, ann):
    booking = book(ann)
    service.moving.put_forward(days=7)
    ann.post(f"/v1/bookings/{booking}/arrival", {"day": "2026-11-09"})
    told = refused(ann.post("/v1/erasures", ERASE), 409, "still-needed")
    assert [(each["id"], each["status"]) for each in told["records"]] == [(booking, "arrived")]


def test_what_came_between_the_look_and_the_lock_is_erased_too(service, ann, monkeypatch):
    stay(service, ann)
    look_before = erasing.traces_before

    def then_something_happens(*asked):
        found = look_before(*asked)
        keep_apart(ann, CRN, "X000005")
        lifted = keep_apart(ann, "X000001", CRN)
        ann.delete(f"/v1/separations/{lifted}", 1)
        return found

    monkeypatch.setattr(erasing, "traces_before", then_something_happens)
    erase(ann)
    assert not [each for each in everything_kept(service.register) if CRN in each]
    sound(service.register)


def test_an_erasure_that_fails_at_its_end_has_not_begun(service, ann, monkeypatch):
    stay(service, ann)
    before = everything_kept(service.register)

    def fail(*_):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(Change, "tell_of_access", fail)
        assert ann.post("/v1/erasures", ERASE).status_code == 500
    assert everything_kept(service.register) == before
    erase(ann)


def test_sent_again_it_gets_the_same_answer_and_erases_once(service, ann):
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    first = ann.post("/v1/erasures", ERASE, key="once-and-no-more")
    second = ann.post("/v1/erasures", ERASE, key="once-and-no-more")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json() and second.headers["Idempotent-Replayed"] == "true"
    refused(ann.post("/v1/erasures", ERASE), 404, "not-found")


def test_only_a_person_who_is_a_manager_erases_and_auditors_see_that_it_was_done(service, ann):
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    for roles in ((C,), (A,), (P,), (Role.ADMINISTRATOR,), (Role.SERVICE,)):
        answer = service.client(*roles, name="Other").post("/v1/erasures", ERASE)
        refused(answer, 403, "role-not-allowed")
    erased = erase(ann)
    auditor = service.client(A, name="Audrey")
    assert auditor.get("/v1/erasures").json()["records"] == [erased]
    one = auditor.get(f"/v1/erasures/{erased['id']}")
    assert one.json() == erased and one.headers["ETag"] == '"1"'
    assert service.client(C, name="Bob").get("/v1/erasures").status_code == 403
    entry = [e for e in auditor.get("/v1/audit/accesses").json() if e["verb"] == "erasure"]
    assert [(e["what"], e["actor_name"]) for e in entry] == [("erase_person", "Ann")]
    assert {"R3", erased["id"]} <= set(entry[0]["subjects"])
    last = auditor.get("/v1/events?limit=1000").json()[-1]
    assert (last["action"], last["kind"]) == ("person.erased", "erasure")


def test_a_restricted_person_is_nobody_to_others_and_whoever_is_named_can_erase_them(service, ann):
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    mine = ann.get("/v1/me").json()["id"]
    ann.post("/v1/referrals/R3/restriction", {"visible_to": [mine]})
    other = service.client(M, name="Meg")
    absent = refused(other.post("/v1/erasures", {**ERASE, "crn": "X999999"}), 404, "not-found")
    hidden = refused(other.post("/v1/erasures", ERASE), 404, "not-found")
    assert hidden["detail"] == absent["detail"]
    by_id = {"referral_id": "R3", "reason": "x"}
    refused(other.post("/v1/erasures", by_id), 404, "not-found")
    erase(ann)


def test_a_reason_that_names_the_person_is_refused_and_not_repeated(service, ann):
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    body = {"referral_id": "R3", "reason": f"{CRN.lower()} asked"}
    answer = ann.post("/v1/erasures", body)
    refused(answer, 422, "invalid")
    assert CRN.lower() not in answer.text


def test_answers_that_hold_the_person_go_and_others_stay(service, ann):
    ann.post("/v1/referrals/R1/owner", {"owner_id": "local:Ann"}, key="of-another")
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"}, key="of-this-person")
    ann.post("/v1/escalations/review", key="of-neither-of-them")
    ann.post("/v1/erasures", ERASE, key="the-erasure-itself")
    with service.register.reading() as connection:
        keys = set(connection.execute(select(ANSWERS.c.key)).scalars())
    assert {"of-another", "of-neither-of-them", "the-erasure-itself"} <= keys
    assert "of-this-person" not in keys


def test_answers_are_forgotten_after_so_many_days(service, ann):
    ann.post("/v1/escalations/review", key="an-old-request")
    service.moving.put_forward(days=6)
    ann.post("/v1/escalations/review", key="a-new-request")
    for days, left in ((2, {"an-old-request", "a-new-request"}), (7, {"a-new-request"})):
        service.moving.put_forward(days=0 if days == 2 else 2)
        with service.register.changing(COORDINATOR) as change:
            forget_answers(change, 7)
        with service.register.reading() as connection:
            assert set(connection.execute(select(ANSWERS.c.key)).scalars()) == left


def test_a_worker_forgets_old_answers_as_it_goes(service, ann):
    ann.post("/v1/escalations/review", key="an-old-request")
    service.moving.put_forward(days=8)

    def kept():
        with service.register.reading() as connection:
            return list(connection.execute(select(ANSWERS.c.key)).scalars())

    assert kept() == ["an-old-request"]
    with working(service.register, service.folder):
        until(kept, lambda keys: not keys)


# ---- verify ----------------------------------------------------------------------------------


def faults(register):
    with register.reading() as connection:
        return verify(connection).faults


def test_a_payload_that_somebody_took_away_is_a_fault_and_an_erased_one_is_not(service, ann):
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    erase(ann)
    assert faults(service.register) == []
    recorded = min(
        event["seq"]
        for event in service.client(A).get("/v1/events?limit=1000").json()
        if event["subject"] == "R1"
    )
    with service.register.database.changing() as connection:
        connection.execute(delete(EVENT_PAYLOADS).where(EVENT_PAYLOADS.c.seq == recorded))
    told = faults(service.register)
    assert f"the payload of event {recorded} is gone and no erasure names it" in told


def test_a_person_taken_out_with_payloads_and_row_is_found(service, ann):
    # Rows and payloads agree then: only that no erasure names it tells.
    made = ann.post("/v1/zones", {"crn": CRN, "premises_ids": ["B"]}).json()["id"]
    number = service.client(A).get("/v1/events?limit=1000").json()[-1]["seq"]
    with service.register.database.changing() as connection:
        connection.execute(delete(EVENT_PAYLOADS).where(EVENT_PAYLOADS.c.seq == number))
        connection.exec_driver_sql(f"DELETE FROM zones WHERE id = '{made}'")
    assert faults(service.register) == [
        f"the payload of event {number} is gone and no erasure names it"
    ]


def test_a_payload_that_is_there_though_it_was_erased_is_a_fault(service, ann):
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    with service.register.reading() as connection:
        kept = connection.execute(select(EVENT_PAYLOADS)).mappings().all()
    erased = erase(ann)["events"]
    back = [dict(each) for each in kept if each["seq"] == erased[0]]
    with service.register.database.changing() as connection:
        connection.execute(insert(EVENT_PAYLOADS), back)
    assert faults(service.register) == [
        f"the payload of event {erased[0]} is there though an erasure names it"
    ]


def test_a_row_put_back_after_an_erasure_is_a_fault(service, ann):
    zone = ann.post("/v1/zones", {"crn": "X000009", "premises_ids": ["B"]}).json()["id"]
    kept = row(service.register, "zone", zone)
    erase(ann, crn="X000009")
    with service.register.database.changing() as connection:
        connection.execute(insert(ZONES), [kept])
    assert faults(service.register) == [
        f"a row of zones is in the register and not in the timeline: {zone}"
    ]


# ---- runs whose documents are gone ----------------------------------------------------------


def test_every_route_of_a_run_says_that_its_documents_are_erased(service, ann):
    ann.post("/v1/runs", {})
    before = service.run()
    after = service.run()
    url, other = f"/v1/runs/{before['id']}", f"/v1/runs/{after['id']}"
    body = {"referral_id": "R1", "changes": {}}
    # Asked before, so that this process remembers the plan.
    assert ann.get(f"{url}/explanations/R1").status_code == 200
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    erase(ann)
    for part in (
        "plan",
        "certificates",
        "explanations",
        "explanations/R1",
        "level-up",
        "disparity",
        f"comparison?with={after['id']}",
    ):
        refused(ann.get(f"{url}/{part}"), 404, "erased")
    refused(ann.post(f"{url}/what-if", body), 404, "erased")
    refused(ann.post(f"{other}/replay"), 404, "erased")
    refused(ann.post("/v1/runs", {"keep_run": after["id"]}), 404, "erased")
    # What is not in a document is still told.
    assert ann.get(url).json()["status"] == "finished"
    assert {each["referral_id"] for each in ann.get(f"{other}/proposals").json()["records"]}
    assert ann.get(f"{other}/proposals/R3").status_code == 404
    assert "finished" in ann.get(f"{url}/events").text


def test_what_was_proposed_for_others_can_still_be_decided_after_an_erasure(service, ann):
    run = service.run()
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    erase(ann)
    listed = ann.get(f"/v1/runs/{run['id']}/proposals?status=proposed").json()["records"]
    one = listed[0]["referral_id"]
    decided = ann.post(
        f"/v1/runs/{run['id']}/proposals/{one}/decision",
        {"action": "accept", "reason": "agreed"},
    )
    assert decided.status_code == 200, decided.text
    sound(service.register)
