"""Wanted: which open bids are flagged when a bed is freed."""

import pytest

from allocator.vocabulary import Gender
from api.service.bookings import book, cancel
from api.service.referrals import the_bid
from tests.api.filled import Proposed, a_person, an_empty_register, fill, propose
from tests.api.registers import rows
from tests.builders import a_booking, a_problem, a_referral, a_stay, an_estate

FREED, OTHER, THIRD = "P1-R1-B1", "P1-R2-B1", "P1-R3-B1"
MONTH = a_stay(1, 30)


@pytest.fixture
def register(database_url):
    """One is booked for a month in a bed that another has after it; four ask for beds."""
    stays = [
        a_booking("leaves", bed_id=FREED, stay=MONTH),
        a_booking("next", bed_id=FREED, stay=a_stay(31, 60)),
    ]
    bids = [
        a_referral("month", nights=30),
        a_referral("longer", nights=31),
        a_referral("later", nights=30, release_date=2),
        a_referral("may-wait", nights=20, latest_arrival=12),
        a_referral("woman", nights=30, gender=Gender.WOMAN),
    ]
    problem = a_problem(**an_estate({"P1": (1, 1, 1)}), bookings=stays, referrals=bids)
    made = an_empty_register(database_url)
    fill(made, problem)
    return made


def flagged(register):
    with register.changing(a_person()) as change:
        cancel(change, "leaves", "Recalled.")
    found = [row for row in rows(register, "flag") if row["why"] == "bed_freed"]
    assert {row["about"] for row in found} <= {FREED}
    return {row["referral_id"] for row in found}


def test_those_for_whom_it_is_lawful_and_free_for_a_stay_that_they_ask_for(register):
    assert flagged(register) == {"month", "may-wait"}


def test_whose_proposal_waits_is_not_while_that_bed_can_be_had(register):
    propose(register, [Proposed("month", OTHER, MONTH), Proposed("may-wait", THIRD, MONTH)])
    with register.changing(a_person()) as change:
        book(change, the_bid(change, "longer"), OTHER, a_stay(1, 31))
    assert flagged(register) == {"month"}, "somebody else has the bed that was proposed"
