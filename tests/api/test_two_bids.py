"""One person with two bids that ask for the same nights, of which a plan can place one alone."""

from dataclasses import replace

import pytest

from allocator.explain import Main
from api.service.other_stays import other_stays
from api.service.referrals import the_bid
from tests.api.registers import COORDINATOR, finished_run, make_register, row, rows, tiny


def with_two_bids():
    """The tiny problem, in which R1 asks twice over."""
    problem = tiny()
    first = problem.referrals_by_id["R1"]
    return problem.with_referrals((*problem.referrals, replace(first, id="R1-again")))


@pytest.fixture
def register(database_url):
    return make_register(database_url, with_two_bids())


def test_the_bid_without_the_bed_has_not_failed_and_stays_at_its_rung(register, tmp_path):
    before = {each["id"]: each["rung"] for each in rows(register, "referral")}
    finished_run(register, tmp_path)
    (placed,) = [
        each["referral_id"] for each in rows(register, "proposal") if "R1" in each["referral_id"]
    ]
    left = next(name for name in ("R1", "R1-again") if name != placed)
    assert left not in {each["referral_id"] for each in rows(register, "attempt")}
    bid = row(register, "referral", left)
    assert (bid["failed_attempts"], bid["rung"]) == (0, before[left])
    with register.changing(COORDINATOR) as change:
        (other,) = other_stays(change, the_bid(change, left))
    assert (other.referral_id, other.booked) == (placed, False)
    assert Main.SAME_PERSON.code == "same_person"
