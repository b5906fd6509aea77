"""What comes of stays: arrivals, non-arrivals, departures, extensions, transfers, cancellations."""

from dataclasses import replace

import pytest

from allocator.estate import MixCap
from allocator.vocabulary import MixAttribute
from api.access.actor import Role
from api.service.importing import import_problem
from tests.api.registers import COORDINATOR, row, tiny
from tests.api.service import a_service

C, M = Role.COORDINATOR, Role.MANAGER


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def book(client, referral, bed, arrival="2026-11-09", departure="2027-02-01"):
    return client.post(
        "/v1/bookings",
        {
            "referral_id": referral,
            "bed_id": bed,
            "arrival": arrival,
            "departure": departure,
            "reason": "by hand",
        },
    )


def go_to(service, day):
    service.moving.put_forward(days=(day - service.register.clock.today().day) if day > 2 else 0)


def test_a_stay_from_arrival_to_departure(service, ann):
    booking = book(ann, "R1", "A-1").json()
    url = f"/v1/bookings/{booking['id']}"
    early = ann.post(f"{url}/arrival", {"day": "2026-11-09"})
    assert early.status_code == 422, "nobody has arrived on a day to come"
    go_to(service, 9)
    arrived = ann.post(f"{url}/arrival", {"day": "2026-11-09"})
    assert arrived.status_code == 200 and arrived.json()["status"] == "arrived"
    assert row(service.register, "referral", "R1")["status"] == "arrived"
    go_to(service, 20)
    left = ann.post(f"{url}/departure", {"day": "2026-11-20", "reason": "Planned move-on"})
    assert left.status_code == 200 and left.json()["departure"] == "2026-11-20"
    held = service.register.database
    with held.reading() as connection:
        nights = connection.exec_driver_sql("SELECT count(*) FROM bed_nights").scalar()
    assert nights == 0, "someone who has left holds no nights"


def test_who_did_not_arrive_is_open_again_with_an_attempt_and_the_bed_is_free(service, ann):
    booking = book(ann, "R2", "A-2").json()
    url = f"/v1/bookings/{booking['id']}"
    assert ann.post(f"{url}/non-arrival", {"reason": "Failed to arrive"}).status_code == 422
    go_to(service, 9)
    answer = ann.post(f"{url}/non-arrival", {"reason": "Failed to arrive"})
    assert answer.status_code == 200 and answer.json()["status"] == "notArrived"
    bid = row(service.register, "referral", "R2")
    assert (bid["status"], bid["booking_id"], bid["failed_attempts"]) == ("open", None, 1)
    flagged = ann.get("/v1/flagged").json()["records"]
    assert {each["id"] for each in flagged} >= {"R2", "R3"}, "both could have that bed"
    assert book(ann, "R3", "A-2").status_code == 201


def test_a_cancelled_booking_needs_a_reason_and_frees_the_bed(service, ann):
    booking = book(ann, "R2", "A-2").json()
    url = f"/v1/bookings/{booking['id']}/cancellation"
    assert ann.post(url, {"reason": " "}).status_code == 422
    assert ann.post(url, {"reason": "the AP appealed"}).status_code == 200
    assert row(service.register, "referral", "R2")["status"] == "open"
    assert book(ann, "R3", "A-2").status_code == 201


def test_an_extension_is_refused_when_the_bed_is_taken_after(service, ann):
    first = book(ann, "R1", "A-1", "2026-11-09", "2027-01-31").json()
    assert book(ann, "R5", "A-1", "2027-01-31", "2027-04-25").status_code == 201
    url = f"/v1/bookings/{first['id']}/extension"
    headers = {"If-Match": f'"{first["version"]}"'}
    body = {"departure": "2027-02-01", "reason": "move-on plan late"}
    taken = ann.post(url, body, headers=dict(headers))
    assert taken.status_code == 409 and taken.json()["code"] == "bed-taken"
    assert ann.post(url, body).status_code == 428, "a change says which version it is made against"
    shorter = {"departure": "2027-01-20", "reason": "leaves sooner"}
    assert ann.post(url, shorter, headers=dict(headers)).status_code == 200
    stale = ann.post(url, shorter, headers=dict(headers))
    assert stale.status_code == 412 and stale.json()["current"] == first["version"] + 1


def test_a_transfer_is_a_linked_pair_without_a_night_between_or_in_common(service, ann):
    first = book(ann, "R4", "B-1", "2026-11-16", "2027-02-08").json()
    url = f"/v1/bookings/{first['id']}"
    body = {"bed_id": "B-2", "day": "2026-12-01", "reason": "repairs"}
    cut = ann.post(f"{url}/transfer", body)
    assert cut.status_code == 422, "a stay that has not begun moves as a whole"
    go_to(service, 16)
    assert ann.post(f"{url}/arrival", {"day": "2026-11-16"}).status_code == 200
    answer = ann.post(f"{url}/transfer", body)
    assert answer.status_code == 201, answer.text
    second = answer.json()
    before = row(service.register, "booking", first["id"])
    assert second["transferred_from"] == first["id"]
    assert before["departure"].isoformat() == second["arrival"] == "2026-12-01"
    assert second["departure"] == "2027-02-08"
    assert row(service.register, "referral", "R4")["booking_id"] == second["id"]


def test_a_transfer_to_a_bed_that_is_not_there_is_said_to_be(ann):
    first = book(ann, "R4", "B-1", "2026-11-16", "2027-02-08").json()
    body = {"bed_id": "B-9", "day": "2026-12-01", "reason": "repairs"}
    refused = ann.post(f"/v1/bookings/{first['id']}/transfer", body)
    assert (refused.status_code, refused.json()["detail"]) == (404, "there is no bed B-9")


def test_no_stay_is_longer_than_a_bid_may_ask_for(service, ann):
    too_long = book(ann, "R1", "A-1", "2026-11-09", "2029-08-06")
    assert (too_long.status_code, too_long.json()["code"]) == (422, "too-long")
    booked = book(ann, "R1", "A-1", "2026-11-09", "2029-08-05")
    assert booked.status_code == 201, "a thousand nights"
    url = f"/v1/bookings/{booked.json()['id']}/extension"
    headers = {"If-Match": f'"{booked.json()["version"]}"'}
    longer = ann.post(url, {"departure": "2099-12-31", "reason": "x"}, headers=headers)
    assert (longer.status_code, longer.json()["code"]) == (422, "too-long")


def test_nobody_came_longer_ago_than_can_have_been_forgotten(service, ann):
    booking = book(ann, "R1", "A-1").json()
    url = f"/v1/bookings/{booking['id']}/arrival"
    go_to(service, 9)
    for day in ("1990-01-01", "2026-10-08"):
        answer = ann.post(url, {"day": day})
        assert (answer.status_code, answer.json()["code"]) == (422, "too-long-ago")
    within = ann.post(url, {"day": "2026-10-09"})
    assert within.json()["code"] == "before-release", "it is refused for that alone"


def test_a_rule_that_is_breached_every_night_is_told_once(service, ann):
    caps = (MixCap(MixAttribute.SEXUAL_ADULT, 0),)
    first, *others = tiny().premises
    problem = replace(tiny(), premises=(replace(first, mix_caps=caps), *others))
    with service.register.changing(COORDINATOR) as change:
        import_problem(change, problem, {})
    answer = book(ann, "R1", "A-1")
    assert answer.status_code == 422, answer.text
    assert [each["code"] for each in answer.json()["breaches"]] == ["mix_cap"]


def test_a_bed_with_somebody_in_it_cannot_go_out_of_service(service, ann):
    book(ann, "R1", "A-1")
    system = service.client(C, name="Bob")
    entry = {
        "bed_id": "A-1",
        "first_night": "2027-01-31",
        "last_night": "2027-01-31",
        "reason": "Damage by resident requiring FM Repair",
    }
    taken = system.post("/v1/out-of-service", entry)
    assert taken.status_code == 409 and taken.json()["taken_by"] == "Ann"
    entry |= {"first_night": "2027-02-01", "last_night": "2027-02-01"}
    made = system.post("/v1/out-of-service", entry)
    assert made.status_code == 201, "the day somebody leaves is the next one's"
    blocked = book(ann, "R5", "A-1", "2027-02-01", "2027-04-26")
    assert blocked.status_code == 409 and blocked.json()["code"] == "bed-out-of-service"
    url = f"/v1/out-of-service/{made.json()['id']}"
    assert system.post(f"{url}/cancellation", {"reason": "mended"}).status_code == 200
    assert book(ann, "R5", "A-1", "2027-02-01", "2027-04-26").status_code == 201


def test_nobody_sleeps_in_two_places(service, ann):
    bid = ann.get("/v1/referrals/R4").json()["details"]
    again = ann.post("/v1/referrals", {**bid, "id": "R4b"})
    assert again.status_code == 201, again.text
    assert book(ann, "R4", "B-1", "2026-11-16", "2027-02-08").status_code == 201
    twice = book(ann, "R4b", "B-2", "2026-11-16", "2027-02-08")
    assert twice.status_code == 409 and twice.json()["code"] == "person-booked"


def test_withdrawing_a_placed_bid_cancels_its_booking_in_the_same_breath(service, ann):
    booking = book(ann, "R2", "A-2").json()
    answer = ann.post("/v1/referrals/R2/withdrawal", {"reason": "ChangeInCircumstances"})
    assert answer.status_code == 200 and answer.json()["status"] == "withdrawn"
    assert row(service.register, "booking", booking["id"])["status"] == "cancelled"
    assert book(ann, "R3", "A-2").status_code == 201
    closed = ann.post("/v1/referrals/R2/withdrawal", {"reason": "again"})
    assert closed.status_code == 409 and closed.json()["code"] == "not-lawful-now"


def test_only_a_manager_signs_a_release_without_a_bed_which_is_no_placement(service, ann):
    body = {"reason": "no bed by the day", "fallback": "hostel of the local authority"}
    alone = service.client(C)
    assert alone.post("/v1/referrals/R3/release-without-bed", body).status_code == 403
    answer = ann.post("/v1/referrals/R3/release-without-bed", body)
    assert answer.status_code == 200 and answer.json()["status"] == "released_without_bed"
    assert answer.json()["booking_id"] is None
    told = ann.get("/v1/referrals/R3/timeline").json()[-1]
    assert told["actor_name"] == "Ann" and told["facts"]["fallback"].startswith("hostel")


def test_an_open_bid_rises_when_nobody_acknowledges_it(service, ann):
    before = row(service.register, "referral", "R4")
    service.moving.put_forward(seconds=(before["rung_due"] - service.moving.now()).total_seconds())
    service.moving.put_forward(seconds=1)
    risen = ann.post("/v1/escalations/review").json()["risen"]
    assert "R4" in risen
    after = row(service.register, "referral", "R4")
    assert after["rung"] > before["rung"] and after["rung_due"] > service.moving.now()
    known = ann.post("/v1/escalations/R4/acknowledgement")
    assert known.json()["escalation"]["acknowledged_by"] == "Ann"


def test_the_list_of_those_without_a_bed_is_complete_and_in_order_of_urgency(service, ann):
    found = ann.get("/v1/referrals?without_bed=true&limit=2").json()
    rest = ann.get(f"/v1/referrals?without_bed=true&after={found['after']}").json()
    bids = found["records"] + rest["records"]
    assert found["total"] == len(bids) == 5 and rest["after"] is None
    assert [each["band"] for each in bids] == sorted(each["band"] for each in bids)
    book(ann, "R1", "A-1")
    assert ann.get("/v1/referrals?without_bed=true").json()["total"] == 4
    unowned = {each["id"] for each in ann.get("/v1/unowned").json()["records"]}
    assert unowned == {"R2", "R3", "R4", "R5"}, "whoever has a booking is not among them"


def test_a_bid_is_handed_over_only_when_the_new_owner_says_so(service, ann):
    bob = service.client(C, name="Bob")
    bob_id = bob.get("/v1/me").json()["id"]
    unknown = ann.post("/v1/referrals/R1/owner", {"owner_id": bob_id})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-owner")
    assert bob.get("/v1/escalations").status_code == 200, "and so Bob is known"
    assert ann.post("/v1/referrals/R1/owner", {"owner_id": bob_id}).status_code == 200
    assert "R1" in {each["id"] for each in ann.get("/v1/unowned").json()["records"]}
    assert ann.post("/v1/referrals/R1/owner/acknowledgement").status_code == 409
    assert bob.post("/v1/referrals/R1/owner/acknowledgement").status_code == 200
    assert "R1" not in {each["id"] for each in ann.get("/v1/unowned").json()["records"]}
    brief = ann.get("/v1/referrals/R1/brief").json()
    assert brief["owner"] == "Bob" and brief["owner_acknowledged"]


def test_a_bid_that_somebody_took_since_it_was_read_is_not_taken_from_them_unseen(service, ann):
    bob = service.client(C, name="Bob")
    bob_id, ann_id = (each.get("/v1/me").json()["id"] for each in (bob, ann))
    read = {"If-Match": bob.get("/v1/referrals/R1").headers["ETag"]}
    assert ann.post("/v1/referrals/R1/owner", {"owner_id": ann_id}).status_code == 200
    late = bob.post("/v1/referrals/R1/owner", {"owner_id": bob_id}, headers=read)
    assert late.status_code == 412
    assert row(service.register, "referral", "R1")["owner_id"] == ann_id
    again = {"If-Match": bob.get("/v1/referrals/R1").headers["ETag"]}
    assert bob.post("/v1/referrals/R1/owner", {"owner_id": bob_id}, headers=again).is_success


def test_a_restricted_bid_shows_others_only_that_it_is_there(service, ann):
    mine = ann.get("/v1/me").json()["id"]
    ann.post("/v1/referrals/R1/restriction", {"visible_to": [mine]})
    bob = service.client(C, name="Bob")
    assert bob.get("/v1/referrals/R1").status_code == 404
    listed = {each["id"]: each for each in bob.get("/v1/referrals").json()["records"]}
    assert listed["R1"]["restricted"] and listed["R1"]["details"] is None
    assert "X000001" not in bob.get("/v1/referrals").text
    assert bob.post("/v1/referrals/search", {"crn": "X000001"}).json()["total"] == 0
    booking = book(ann, "R1", "A-1").json()
    assert bob.get(f"/v1/bookings/{booking['id']}").status_code == 404
    assert "X000001" not in bob.get("/v1/bookings").text
    taken = book(bob, "R5", "A-1", "2027-01-31", "2027-04-25")
    assert taken.status_code == 409, "a restricted person's bed is as taken as any"


def test_every_look_at_people_is_in_the_access_log(service, ann):
    ann.get("/v1/referrals/R1")
    ann.get("/v1/no-bed-record.csv")
    seen = service.client(Role.AUDITOR).get("/v1/audit/accesses").json()
    assert [(each["verb"], each["what"]) for each in seen][-2:] == [
        ("consultation", "get_referrals"),
        ("disclosure", "no_bed_record"),
    ]
    assert seen[-2]["subjects"] == ["R1"] and seen[-2]["actor_name"] == "Ann"


def test_days_of_the_clock_are_days_in_london(service):
    assert service.register.clock.today().isoformat() == "2026-11-02"
    service.moving.put_forward(hours=14, minutes=59)
    assert service.register.clock.today().isoformat() == "2026-11-02"
    service.moving.put_forward(minutes=2)
    assert service.register.clock.today().isoformat() == "2026-11-03"
