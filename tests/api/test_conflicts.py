"""Facts that change under residents: refused, or kept on a list until somebody has mended it."""

import pytest

from tests.api.registers import COORDINATOR, row
from tests.api.service import a_service
from tests.api.test_bookings import book

PAIR = {"crn": "X000001", "other_crn": "X000002"}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client("coordinator", "manager", "administrator", name="Ann")


def two_at_a(ann):
    """R1 and R2 at premises A from 9 November on; the ids of their bookings."""
    made = [book(ann, "R1", "A-1"), book(ann, "R2", "A-2")]
    assert [each.status_code for each in made] == [201, 201]
    return sorted(each.json()["id"] for each in made)


def change(client, url, **fields):
    there = client.get(url).json()
    return client.put(url, {**there["details"], **fields}, there["version"])


def listed(client):
    return client.get("/v1/conflicts").json()["records"]


def test_a_bed_cannot_end_under_someone_who_is_booked_in_it(ann):
    booking = book(ann, "R1", "A-1").json()["id"]
    refused = change(ann, "/v1/beds/A-1", ends="2027-01-31")
    assert refused.status_code == 409 and refused.json()["code"] == "bed-taken"
    assert refused.json()["bookings"] == [booking]
    assert change(ann, "/v1/beds/A-1", starts="2026-11-10").status_code == 409
    assert change(ann, "/v1/beds/A-1", ends="2027-02-01").status_code == 200, "the day they leave"


def test_who_is_still_there_after_their_last_day_keeps_the_bed(service, ann):
    booking = book(ann, "R1", "A-1", departure="2026-11-12").json()["id"]
    service.moving.put_forward(days=7)
    ann.post(f"/v1/bookings/{booking}/arrival", {"day": "2026-11-09"})
    service.moving.put_forward(days=7)
    assert change(ann, "/v1/beds/A-1", ends="2026-11-16").json()["bookings"] == [booking]


def test_a_separation_that_bookings_breach_is_kept_and_listed_until_it_is_mended(ann):
    both = two_at_a(ann)
    made = ann.post("/v1/separations", PAIR)
    assert made.status_code == 201 and made.json()["conflicts"] == both
    (found,) = listed(ann)
    assert (found["kind"], found["about"]) == ("separation", made.json()["id"])
    assert (found["bookings"], found["first_night"]) == (both, "2026-11-09")
    for name in both:
        if row_is_of(ann, name, "R2"):
            assert ann.post(f"/v1/bookings/{name}/cancellation", {"reason": "moved"}).is_success
    assert listed(ann) == []


def row_is_of(client, booking, referral):
    return client.get(f"/v1/bookings/{booking}").json()["referral_id"] == referral


def test_a_zone_around_where_someone_is_booked_is_kept_and_listed(ann):
    booking = book(ann, "R1", "A-1").json()["id"]
    made = ann.post("/v1/zones", {"crn": "X000001", "premises_ids": ["B"]})
    assert made.json()["conflicts"] == [] and listed(ann) == []
    wider = ann.put(made.headers["Location"], {"crn": "X000001", "premises_ids": ["A", "B"]}, 1)
    assert wider.json()["conflicts"] == [booking]
    assert [(each["kind"], each["bookings"]) for each in listed(ann)] == [
        ("exclusion_zone", [booking])
    ]


def test_a_radius_counts_between_premises(ann):
    one, other = book(ann, "R1", "A-1"), book(ann, "R4", "B-2", "2026-11-16", "2027-02-08")
    both = sorted(each.json()["id"] for each in (one, other))
    pair = {"crn": "X000001", "other_crn": "X000004", "radius_miles": 10.0}
    made = ann.post("/v1/separations", pair).json()
    assert made["conflicts"] == [], "Leeds and York are further apart"
    wider = change(ann, f"/v1/separations/{made['id']}", radius_miles=40.0)
    assert wider.json()["conflicts"] == both


def test_of_a_conflict_of_a_restricted_person_only_that_it_is_there(service, ann):
    two_at_a(ann)
    ann.post("/v1/separations", PAIR)
    ann.post("/v1/referrals/R2/restriction", {"visible_to": ["local:Ann"]})
    bob = service.client("coordinator", name="Bob")
    (found,) = listed(bob)
    assert found["restricted"] and (found["about"], found["bookings"]) == (None, [])
    assert listed(ann)[0]["restricted"] is False


def test_who_may_not_see_a_person_is_not_told_what_is_kept_of_them_or_where_they_are(service, ann):
    two_at_a(ann)
    ann.post("/v1/separations", PAIR)
    ann.post("/v1/referrals/R2/restriction", {"visible_to": ["local:Ann"]})
    bob = service.client("coordinator", name="Bob")
    for url, body in (("separations", PAIR), ("zones", {"crn": "X000002", "premises_ids": ["A"]})):
        made = bob.post(f"/v1/{url}", body)
        assert (made.status_code, made.json()["conflicts"]) == (201, []), made.text
        assert bob.get(made.headers["Location"]).status_code == 404
    assert len(listed(ann)) == 3, "whoever may see them has all of them"


def test_a_bed_that_a_file_lets_end_under_someone_is_listed(tmp_path):
    service = a_service(tmp_path)
    ann = service.client("coordinator", "manager", name="Ann")
    booking = book(ann, "R1", "A-1").json()["id"]
    there = row(service.register, "bed", "A-1")
    ended = {**there["details"], "ends": "2026-12-01"}
    with service.register.changing(COORDINATOR) as change:
        change.record("bed.changed", "bed", {**there, "details": ended, "version": 2}, by="import")
    (found,) = listed(ann)
    assert (found["kind"], found["first_night"]) == ("bed", "2026-12-01")
    assert found["bookings"] == [booking]


def test_the_same_separation_is_recorded_once_whichever_way_round(ann):
    first = ann.post("/v1/separations", PAIR).json()["id"]
    again = ann.post("/v1/separations", {"crn": "X000002", "other_crn": "X000001"})
    assert again.status_code == 409 and first in again.json()["detail"]
    other = ann.post("/v1/separations", {"crn": "X000001", "other_crn": "X000003"}).json()
    assert ann.put(f"/v1/separations/{other['id']}", PAIR, 1).status_code == 409
    zone = {"crn": "X000001", "premises_ids": ["B"]}
    assert [ann.post("/v1/zones", zone).status_code for _ in range(2)] == [201, 409]


def test_who_is_booked_at_premises_that_close_may_stay_on_and_nobody_new_may_come(ann):
    there = book(ann, "R1", "A-1", departure="2027-01-04").json()
    assert change(ann, "/v1/premises/A", open=False).status_code == 200
    refused = book(ann, "R2", "A-2")
    assert [each["code"] for each in refused.json()["breaches"]] == ["premises_closed"]
    longer = ann.post(
        f"/v1/bookings/{there['id']}/extension",
        {"departure": "2027-02-01", "reason": "no move-on yet"},
        headers={"If-Match": '"1"'},
    )
    assert longer.status_code == 200, longer.text
