"""Premises that are not to be proposed to somebody again: recorded, kept to, lifted, erased."""

import pytest
from sqlalchemy import select

from api.access.actor import Role
from api.service.brief import brief
from api.service.decisions import Action, Decision, decide
from api.service.referrals import restrict
from api.service.refused_before import refused_before
from api.store.tables import EVENT_PAYLOADS
from api.store.verify import verify
from tests.api.filled import Proposed, a_person, propose
from tests.api.registers import row, rows
from tests.api.service import a_service
from tests.builders import a_problem, a_referral, a_stay, an_estate

C, M, P = Role.COORDINATOR, Role.MANAGER, Role.PLANNER
WHY = "A victim works next door."


@pytest.fixture
def service(planned):
    return planned[0]


@pytest.fixture
def run(planned):
    return planned[1]


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def refuse(ann, run, referral, **more):
    body = {"action": "refuse", "reason": WHY, "keep_out": True, **more}
    return ann.post(f"/v1/runs/{run}/proposals/{referral}/decision", body)


def zone_of(service, referral):
    crn = row(service.register, "referral", referral)["crn"]
    return [each for each in rows(service.register, "zone") if each["crn"] == crn]


def proposed(service, run):
    found = rows(service.register, "proposal")
    return {each["referral_id"]: each for each in found if each["run_id"] == run}


def test_the_next_plan_proposes_nothing_there_and_booking_by_hand_is_refused(service, run, ann):
    where = proposed(service, run)["R5"]["premises_id"]
    assert refuse(ann, run, "R5").status_code == 200
    (zone,) = zone_of(service, "R5")
    assert zone["details"]["premises_ids"] == [where] and zone["details"]["circle"] is None
    again = proposed(service, service.run()["id"]).get("R5")
    assert again is None or again["premises_id"] != where
    stay = proposed(service, run)["R5"]
    body = {
        "referral_id": "R5",
        "bed_id": stay["bed_id"],
        "arrival": stay["arrival"].isoformat(),
        "departure": stay["departure"].isoformat(),
        "reason": "by hand",
    }
    by_hand = ann.post("/v1/bookings", body)
    assert [each["code"] for each in by_hand.json()["breaches"]] == ["exclusion_zone"]


def test_without_the_choice_a_refusal_rules_nothing_out(service, run, ann):
    refuse(ann, run, "R5", keep_out=False)
    assert zone_of(service, "R5") == []


def test_it_is_kept_once_and_only_with_a_refusal(service, run, ann):
    url = f"/v1/runs/{run}/proposals/R5/decision"
    accepted = ann.post(url, {"action": "accept", "reason": "x", "keep_out": True})
    assert (
        accepted.status_code == 422 and row(service.register, "referral", "R5")["status"] == "open"
    )
    where = proposed(service, run)["R5"]["premises_id"]
    crn = row(service.register, "referral", "R5")["crn"]
    assert ann.post("/v1/zones", {"crn": crn, "premises_ids": [where]}).status_code == 201
    assert refuse(ann, run, "R5").status_code == 200
    assert len(zone_of(service, "R5")) == 1


def test_who_said_so_and_why_stand_in_brief_timeline_and_export(service, run, ann):
    refuse(ann, run, "R5")
    (told,) = ann.get("/v1/referrals/R5/brief").json()["ruled_out"]
    assert (told["recorded_by"], told["reason"]) == ("Ann", WHY)
    events = ann.get("/v1/referrals/R5/timeline").json()
    (event,) = [each for each in events if each["action"] == "zone.recorded"]
    assert event["facts"]["reason"] == WHY and event["actor_name"] == "Ann"
    crn = row(service.register, "referral", "R5")["crn"]
    export = ann.post("/v1/people/export", {"crn": crn}).json()
    assert [each["id"] for each in export["zones"]] == [event["subject"]]
    assert WHY in str([each for each in export["timeline"] if each["kind"] == "zone"])


def test_it_is_lifted_and_that_stands_in_the_timeline_too(service, run, ann):
    refuse(ann, run, "R5")
    (zone,) = zone_of(service, "R5")
    assert ann.delete(f"/v1/zones/{zone['id']}", zone["version"] + 1).status_code == 412
    assert service.client(P).delete(f"/v1/zones/{zone['id']}", zone["version"]).status_code == 403
    assert ann.delete(f"/v1/zones/{zone['id']}", zone["version"]).status_code == 204
    assert zone_of(service, "R5") == []
    assert ann.get("/v1/referrals/R5/brief").json()["ruled_out"] == []
    told = [each["action"] for each in ann.get("/v1/referrals/R5/timeline").json()]
    assert told[-1] == "zone.removed"
    assert "R5" in proposed(service, service.run()["id"])


def test_it_goes_with_the_person_whether_or_not_it_was_lifted(service, run, ann):
    for referral in ("R4", "R5"):
        refuse(ann, run, referral)
    (zone,) = zone_of(service, "R5")
    ann.delete(f"/v1/zones/{zone['id']}", zone["version"])
    for referral in ("R4", "R5"):
        crn = row(service.register, "referral", referral)["crn"]
        ann.post(f"/v1/referrals/{referral}/withdrawal", {"reason": "gone home"})
        erased = ann.post("/v1/erasures", {"crn": crn, "reason": "asked for"})
        assert erased.status_code == 201, erased.text
    with service.register.reading() as connection:
        kept = connection.execute(select(EVENT_PAYLOADS.c.payload)).scalars()
        assert not [payload for payload in kept if WHY in str(payload)]
        assert verify(connection).sound


def test_of_a_restricted_person_nothing_is_told(service, run, ann):
    refuse(ann, run, "R5")
    mine = ann.get("/v1/me").json()["id"]
    ann.post("/v1/referrals/R5/restriction", {"visible_to": [mine]})
    bob = service.client(C, name="Bob")
    (zone,) = zone_of(service, "R5")
    assert bob.get(f"/v1/zones/{zone['id']}").status_code == 404
    assert bob.delete(f"/v1/zones/{zone['id']}", zone["version"]).status_code == 404
    assert bob.get("/v1/referrals/R5/brief").status_code == 404
    assert zone["id"] not in bob.get("/v1/zones").text


def test_what_was_refused_for_a_restricted_bid_is_not_told_on_another_of_the_same_person(tmp_path):
    estate = an_estate({"P1": (1, 1)})
    bids = [a_referral("ref-1", crn="CRN-x"), a_referral("ref-2", crn="CRN-x")]
    service = a_service(tmp_path, a_problem(**estate, referrals=bids))
    propose(service.register, [Proposed("ref-1", "P1-R1-B1", a_stay(1, 2))])
    boss, bob = a_person("Boss"), a_person("Bob")
    with service.register.changing(boss) as change:
        decide(change, "run-1", "ref-1", Decision(Action.REFUSE, WHY, keep_out=True))
    propose(service.register, [Proposed("ref-2", "P1-R2-B1", a_stay(1, 2))], run_id="run-2")

    def told(who):
        with service.register.reading() as connection:
            change = service.register.change(connection, who)
            again = change.row("proposal", "run-2/ref-2")
            out = brief(change, change.row("referral", "ref-2"))["ruled_out"]
            return len(refused_before(change, [again])), len(out)

    assert told(bob) == (1, 1)
    with service.register.changing(boss) as change:
        restrict(change, "ref-1", [boss.id])
    assert told(bob) == (0, 0)
    assert told(boss) == (1, 1)


def test_what_a_person_ruled_out_no_client_system_lets_in(service, run, ann):
    refuse(ann, run, "R5")
    (zone,) = zone_of(service, "R5")
    system = service.client(Role.SERVICE, name="synchroniser")
    assert system.delete(f"/v1/zones/{zone['id']}", zone["version"]).status_code == 403
    assert zone_of(service, "R5")


def test_a_zone_keeps_its_person_and_a_changed_one_is_whose_change_it_was(service, run, ann):
    refuse(ann, run, "R5")
    (zone,) = zone_of(service, "R5")
    here = zone["details"]["premises_ids"]
    others = sorted({each["id"] for each in rows(service.register, "premises")} - set(here))
    bob, url = service.client(C, name="Bob"), f"/v1/zones/{zone['id']}"
    other = {"crn": "X000001", "premises_ids": here}
    assert bob.put(url, other, zone["version"]).status_code == 422
    wider = {"crn": zone["crn"], "premises_ids": [*here, others[0]]}
    assert bob.put(url, wider, zone["version"]).status_code == 200
    (told,) = ann.get("/v1/referrals/R5/brief").json()["ruled_out"]
    assert (told["recorded_by"], told["reason"]) == ("Bob", None)


def test_a_restricted_bid_is_handed_to_nobody_who_may_not_see_it(service, ann):
    bob = service.client(C, M, name="Bob")
    their_id = bob.get("/v1/me").json()["id"]
    assert bob.post("/v1/referrals/R1/owner/acknowledgement").status_code in (200, 409)
    mine = ann.get("/v1/me").json()["id"]
    ann.post("/v1/referrals/R5/restriction", {"visible_to": [mine]})
    handed = ann.post("/v1/referrals/R5/owner", {"owner_id": their_id})
    assert (handed.status_code, handed.json()["code"]) == (422, "owner-may-not-see")
