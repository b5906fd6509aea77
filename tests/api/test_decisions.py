"""A named person decides on proposals, over HTTP, with a plan of the real solver behind them."""

import pytest

from api.access.actor import Role
from tests.api.registers import row, rows

C, M, S = Role.COORDINATOR, Role.MANAGER, Role.SERVICE


@pytest.fixture
def service(planned):
    return planned[0]


@pytest.fixture
def run(planned):
    return planned[1]


def decision(run, referral):
    return f"/v1/runs/{run}/proposals/{referral}/decision"


def proposals(service):
    return {each["referral_id"]: each for each in rows(service.register, "proposal")}


def test_the_run_proposes_the_plan_counted_by_hand_and_records_who_has_no_bed(service, run):
    found = proposals(service)
    assert set(found) == {"R1", "R2", "R4", "R5"}
    assert found["R1"]["bed_id"] == "A-1" and found["R2"]["bed_id"] == "A-2"
    attempts = rows(service.register, "attempt")
    assert [each["referral_id"] for each in attempts] == ["R3"]
    assert "1 bed would be lawful" in attempts[0]["text"]
    assert row(service.register, "referral", "R3")["failed_attempts"] == 1


def test_accepting_books_the_bed_for_the_stay_and_nobody_else(service, run):
    answer = service.client(C).post(decision(run, "R1"), {"action": "accept"})
    assert answer.status_code == 200, answer.text
    booking = answer.json()["booking"]
    assert (booking["bed_id"], booking["arrival"], booking["departure"]) == (
        "A-1",
        "2026-11-09",
        "2027-02-01",
    )
    assert booking["made_by"] == "A Tester" and not booking["bed_inferred"]
    bid = row(service.register, "referral", "R1")
    assert bid["status"] == "placed" and bid["booking_id"] == booking["id"]
    assert row(service.register, "proposal", f"{run}/R1")["status"] == "accepted"


def test_the_same_request_again_gets_the_same_answer_and_books_once(service, run):
    ann = service.client(C)
    first = ann.post(decision(run, "R1"), {"action": "accept"}, key="the-same-key")
    again = ann.post(decision(run, "R1"), {"action": "accept"}, key="the-same-key")
    assert first.json() == again.json() and again.headers["Idempotent-Replayed"] == "true"
    assert len(rows(service.register, "booking")) == 1
    other = ann.post(decision(run, "R2"), {"action": "accept"}, key="the-same-key")
    assert other.status_code == 422 and other.json()["code"] == "key-reused"


def test_somebody_elses_key_is_not_mine(service, run):
    service.client(C, name="Ann").post(decision(run, "R1"), {"action": "accept"}, key="our-key-1")
    bob = service.client(C, name="Bob")
    answer = bob.post(decision(run, "R1"), {"action": "accept"}, key="our-key-1")
    assert answer.status_code == 409 and answer.json()["decided_by"] == "Ann"


def test_the_second_of_two_colleagues_is_told_who_has_the_bed_and_what_is_next_best(service, run):
    taken = service.client(C, name="Ann").post(
        "/v1/bookings",
        {
            "referral_id": "R3",
            "bed_id": "A-2",
            "arrival": "2026-11-09",
            "departure": "2027-02-01",
            "reason": "asked for by the governor",
        },
    )
    assert taken.status_code == 201, taken.text
    answer = service.client(C, name="Bob").post(decision(run, "R2"), {"action": "accept"})
    told = answer.json()
    assert answer.status_code == 409 and told["code"] == "bed-taken"
    assert told["taken_by"] == "Ann" and told["bed_id"] == "A-2" and told["taken_at"]
    assert told["next_best"] is None  # A-2 alone is arson-suitable
    assert "X00000" not in answer.text
    assert row(service.register, "referral", "R2")["status"] == "open"
    assert row(service.register, "proposal", f"{run}/R2")["status"] == "proposed"


def test_a_change_is_checked_by_the_rules_and_told_what_it_costs(service, run):
    ann = service.client(C)
    barred = ann.post(
        decision(run, "R4"), {"action": "change", "bed_id": "A-2", "reason": "nearer"}
    )
    assert barred.status_code == 422 and barred.json()["code"] == "unlawful"
    assert [each["code"] for each in barred.json()["breaches"]] == ["exclusion_zone"]
    proposed = proposals(service)["R4"]["bed_id"]
    other = {"B-1": "B-2", "B-2": "B-1"}[proposed]
    changed = ann.post(
        decision(run, "R4"),
        {"action": "change", "bed_id": other, "arrival": "2026-11-17", "reason": "stairs"},
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["costs"][0] == "1 day later than proposed"
    assert changed.json()["booking"]["bed_id"] == other
    assert row(service.register, "proposal", f"{run}/R4")["status"] == "changed"


def test_a_proposal_whose_bed_has_been_removed_can_be_changed_to_another(service, run):
    proposed = proposals(service)["R4"]["bed_id"]
    other = {"B-1": "B-2", "B-2": "B-1"}[proposed]
    version = row(service.register, "bed", proposed)["version"]
    gone = service.client(Role.ADMINISTRATOR).delete(f"/v1/beds/{proposed}", version)
    assert gone.status_code == 204, gone.text
    body = {"action": "change", "bed_id": other, "reason": "the other was taken out"}
    answer = service.client(C).post(decision(run, "R4"), body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["costs"] == [
        "not compared with the bed that was proposed, which is no more"
    ]


def test_a_change_or_a_refusal_needs_a_reason(service, run):
    ann = service.client(C)
    for body in ({"action": "refuse"}, {"action": "change", "bed_id": "B-1"}):
        answer = ann.post(decision(run, "R1"), body)
        assert answer.status_code == 422 and "reason" in answer.json()["detail"]
    assert row(service.register, "proposal", f"{run}/R1")["status"] == "proposed"


def test_a_refused_proposal_leaves_the_bid_open_with_the_reason_kept(service, run):
    ann = service.client(C)
    answer = ann.post(decision(run, "R1"), {"action": "refuse", "reason": "victim lives close by"})
    assert answer.status_code == 200 and answer.json()["booking"] is None
    bid = row(service.register, "referral", "R1")
    assert (bid["status"], bid["failed_attempts"]) == ("open", 1)
    kept = ann.get("/v1/referrals/R1/attempts").json()
    assert [(each["code"], each["text"]) for each in kept] == [
        ("proposal_refused", "victim lives close by")
    ]


def test_a_proposal_is_provisional_until_its_day_unless_there_is_a_reason(service, run):
    found = proposals(service)["R5"]
    assert found["decide_by"] > service.register.clock.today()
    ann = service.client(C)
    early = ann.post(decision(run, "R5"), {"action": "accept"})
    assert early.status_code == 422 and early.json()["code"] == "provisional"
    answer = ann.post(decision(run, "R5"), {"action": "accept", "reason": "parole hearing"})
    assert answer.status_code == 200, answer.text


def test_facts_that_changed_since_the_run_refuse_the_decision_until_they_are_seen(service, run):
    ann = service.client(C)
    bid = ann.get("/v1/referrals/R1").json()
    told = {**bid["details"], "nights": 70}
    assert ann.put("/v1/referrals/R1", told, bid["version"]).status_code == 200
    stale = ann.post(decision(run, "R1"), {"action": "accept"})
    assert stale.status_code == 409 and stale.json()["code"] == "changed-since"
    assert [each["what"] for each in stale.json()["changes"]] == ["referral.changed"]
    seen = {"action": "accept", "seen_through": stale.json()["seen_through"]}
    assert ann.post(decision(run, "R1"), seen).status_code == 200


def test_a_decision_books_no_stay_without_end(service, run):
    body = {"action": "change", "departure": "2099-12-31", "reason": "x"}
    answer = service.client(C).post(decision(run, "R1"), body)
    assert (answer.status_code, answer.json()["code"]) == (422, "too-long")


def test_nobody_has_seen_events_that_are_yet_to_come(service, run):
    ann = service.client(C)
    bid = ann.get("/v1/referrals/R1").json()
    riskier = {**bid["details"], "rosh": "Very High"}
    assert ann.put("/v1/referrals/R1", riskier, bid["version"]).status_code == 200
    body = {"action": "accept", "reason": "x"}
    last = ann.post(decision(run, "R1"), body).json()["seen_through"]
    for ahead in (last + 1, 2**31 - 1):
        answer = ann.post(decision(run, "R1"), {**body, "seen_through": ahead})
        assert (answer.status_code, answer.json()["code"]) == (422, "not-yet")
    assert ann.post(decision(run, "R1"), {**body, "seen_through": last}).status_code == 200


def test_facts_of_others_that_changed_refuse_nothing(service, run):
    ann = service.client(C)
    bid = ann.get("/v1/referrals/R2").json()
    ann.put("/v1/referrals/R2", {**bid["details"], "nights": 70}, bid["version"])
    assert ann.post(decision(run, "R1"), {"action": "accept"}).status_code == 200


def test_a_client_system_cannot_decide_nor_book(service, run):
    system = service.client(S)
    assert system.post(decision(run, "R1"), {"action": "accept"}).status_code == 403
    assert rows(service.register, "booking") == []


def test_a_decision_on_what_was_never_proposed_is_not_found(service, run):
    ann = service.client(C)
    assert ann.post(decision(run, "R3"), {"action": "accept"}).status_code == 404
    assert ann.post(decision("no-such-run", "R1"), {"action": "accept"}).status_code == 404


def test_a_later_run_takes_the_place_of_what_was_not_decided(service, run):
    later = service.run()["id"]
    old = service.client(C).post(decision(run, "R1"), {"action": "accept"})
    assert old.status_code == 409 and old.json()["status_now"] == "superseded"
    assert service.client(C).post(decision(later, "R1"), {"action": "accept"}).status_code == 200


def test_the_whole_register_is_what_its_timeline_says_after_all_of_this(service, run):
    ann = service.client(C, M, Role.AUDITOR)
    ann.post(decision(run, "R1"), {"action": "accept"})
    ann.post(decision(run, "R2"), {"action": "refuse", "reason": "not there"})
    found = ann.get("/v1/audit/verification").json()
    assert found["sound"], found["faults"]
    assert found["events"] > 20
