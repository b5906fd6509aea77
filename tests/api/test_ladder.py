"""Another policy than bids were written under: read all the same, and caught up with."""

from dataclasses import replace

import pytest

from allocator.booking import Booking
from allocator.nights import Stay
from api.access.actor import Role
from api.service.escalation import waiting
from api.service.ladder import reassess
from api.service.review import review
from api.store.verify import verify
from tests.api.registers import COORDINATOR, row, rows, tiny, until, working
from tests.api.service import a_service

READS = (
    "/v1/referrals",
    "/v1/escalations",
    "/v1/unowned",
    "/v1/referrals/R3",
    "/v1/referrals/R3/brief",
)


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def with_policy(service, **changes):
    """The same service with another policy, as if it had been started anew."""
    policy = replace(service.register.policy, **changes)
    service.app.state.register = replace(service.register, policy=policy)
    return service


def shorter(service):
    policy = service.register.policy
    assert row(service.register, "referral", "R3")["rung"] == 3
    return with_policy(service, escalation=policy.escalation[:2], bands=policy.bands[:1])


def test_bids_on_a_longer_ladder_or_in_more_bands_can_be_read(service):
    someone = shorter(service).client(Role.COORDINATOR)
    assert [someone.get(url).status_code for url in READS] == [200] * len(READS)
    role = service.register.policy.escalation[1].role
    told = someone.get(f"/v1/escalations?role={role}").json()["records"]
    assert {each["escalation"]["role"] for each in told} == {role}
    assert "R3" in {each["id"] for each in told}


def test_a_review_brings_open_bids_to_the_policy_there_is(service):
    reviewed = shorter(service).client(Role.MANAGER).post("/v1/escalations/review")
    assert reviewed.status_code == 200, reviewed.text
    found = rows(service.register, "referral")
    assert {(each["band"], each["rung"] <= 1) for each in found} == {(1, True)}
    with service.register.reading() as connection:
        assert verify(connection).sound


def test_an_open_bid_that_is_off_the_ladder_is_brought_to_the_policy_too(tmp_path):
    asked = tiny().referrals_by_id["R3"]
    stay = Stay.of(asked.release_date, asked.nights)
    booked = Booking("K7", asked.crn, "A", stay, bed_id="A-1")
    service = a_service(tmp_path, tiny().with_bookings((booked,)))
    with service.register.changing(COORDINATOR) as change:
        review(change)
        assert not waiting(change, ["R3"])
    assert row(service.register, "referral", "R3")["band"] > 1
    shorter(service)
    with service.app.state.register.changing(COORDINATOR) as change:
        assert "R3" in {each["id"] for each in reassess(change)}
    assert row(service.register, "referral", "R3")["band"] == 1


def test_a_bid_that_opens_again_is_at_the_top_of_a_ladder_that_has_become_shorter(service):
    someone = service.client(Role.COORDINATOR)
    stay = {"arrival": "2026-11-09", "departure": "2027-02-01"}
    wanted = {"referral_id": "R3", "bed_id": "A-2", **stay, "reason": "by hand"}
    booked = someone.post("/v1/bookings", wanted)
    assert booked.status_code == 201, booked.text
    someone = shorter(service).client(Role.COORDINATOR)
    url = f"/v1/bookings/{booked.json()['id']}/cancellation"
    cancelled = someone.post(url, {"reason": "another plan"})
    assert cancelled.status_code == 200, cancelled.text
    bid = row(service.register, "referral", "R3")
    assert (bid["status"], bid["rung"]) == ("open", 1)


def test_a_worker_that_starts_under_another_policy_does_so_too(service, tmp_path):
    register = shorter(service).register
    with working(register, tmp_path):
        until(lambda: {each["rung"] for each in rows(register, "referral")}, {0, 1}.issuperset)


def test_under_the_same_policy_nothing_is_written(service):
    with service.register.changing(COORDINATOR) as change:
        assert reassess(change) == []
        assert change.events == []
