"""Wanted: which open bids are flagged when a bed is freed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from allocator.vocabulary import Gender
from api.service.bookings import book, cancel
from api.service.referrals import restrict, the_bid, update
from api.store.records import referral
from tests.api.filled import Proposed, a_person, an_empty_register, fill, propose
from tests.api.registers import rows
from tests.builders import a_booking, a_problem, a_referral, a_stay, an_estate

FREED, OTHER, THIRD = "P1-R1-B1", "P1-R2-B1", "P1-R3-B1"
MONTH = a_stay(1, 30)
DAY = timedelta(days=1)


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


@pytest.mark.parametrize("hidden", [False, True])
def test_whose_proposal_would_begin_before_the_release_is_whoever_frees_the_bed(register, hidden):
    propose(register, [Proposed("month", OTHER, MONTH), Proposed("may-wait", THIRD, MONTH)])
    with register.changing(a_person()) as change:
        known = referral(the_bid(change, "may-wait"))
        update(change, "may-wait", replace(known, release_date=MONTH.arrival + 4 * DAY), None)
        restrict(change, "may-wait", ["somebody-else"] if hidden else None)
    assert flagged(register) == {"may-wait"}, (
        "that proposal cannot be accepted, and its bed is free"
    )


def test_a_bed_that_is_freed_and_taken_in_one_change_flags_nobody(register):
    with register.changing(a_person()) as change:
        cancel(change, "leaves", "Recalled.")
        book(change, the_bid(change, "month"), FREED, MONTH)
    assert [row for row in rows(register, "flag") if row["why"] == "bed_freed"] == []
