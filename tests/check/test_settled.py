"""Which of the bookings that name one bed keeps it: docs/model.md, settled and open bookings."""

import pytest

from allocator.check import check
from tests.builders import a_booking, a_problem, a_resident, a_stay, an_estate, default_policy
from tests.plans import a_plan

BED = "P1-R1-B1"


def resident(id, until, since=-9):
    return a_resident(id, stay=a_stay(since, until - since))


def future(id, arrival, until):
    return a_booking(id, bed_id=BED, stay=a_stay(arrival, until - arrival))


@pytest.mark.parametrize(
    ("bookings", "kept"),
    [
        ([resident("a", 9), future("b", 1, 2)], {"a"}),  # residents before future bookings
        ([future("a", 1, 3), resident("b", 9)], {"b"}),
        ([resident("a", 9), resident("b", 5)], {"b"}),  # the first to leave
        ([resident("a", 5, -2), resident("b", 5, -3)], {"b"}),  # then the first to have come
        ([resident("b", 5), resident("a", 5)], {"a"}),  # then by id
        ([resident("a", 3), future("b", 3, 5)], {"a", "b"}),  # handed over on the day
        ([resident("a", 3), future("b", 2, 5)], {"a"}),
        ([resident("a", 3), future("b", 2, 5), future("c", 3, 6)], {"a", "c"}),
        ([future("a", 1, 9), future("b", 1, 3), future("c", 4, 8)], {"b", "c"}),
        # Only nights to come count: these two met in the past.
        ([resident("a", 0), resident("b", 4)], {"b"}),
    ],
)
def test_the_first_in_order_keeps_the_bed_and_the_others_are_surplus(bookings, kept):
    problem = a_problem(bookings=bookings, **an_estate())
    plan = a_plan(problem)
    to_come = {booking.id for booking in bookings if booking.stay.departure > problem.as_of}
    assert {seat.booking_id for seat in plan.seats} == kept
    assert {surplus.booking_id for surplus in plan.surplus} == to_come - kept
    assert check(plan, problem, default_policy()) == []


def test_a_breach_names_the_bed_that_a_settled_booking_has_or_may_not_have():
    kept, surplus = resident("a", 5), resident("b", 9)
    problem = a_problem(bookings=[kept, surplus], **an_estate({"P1": (1, 1)}))
    plan = a_plan(problem, seats={"a": "P1-R2-B1", "b": BED})
    found = [breach.subject for breach in check(plan, problem, default_policy())]
    assert ("a", BED) in found
    assert ("b", BED) in found
