from allocator.nights import Stay
from tests.builders import (
    a_booking,
    a_problem,
    a_referral,
    a_stay,
    an_estate,
    day,
    out_of_service,
)
from tests.check.case import allowed, breached

TWO = an_estate({"P1": (1, 1), "P2": (1,)})


def beside(*stays, **parts):
    bookings = [a_booking(f"bkg-{n}", stay=stay) for n, stay in enumerate(stays, 1)]
    return a_problem(referrals=[a_referral()], bookings=bookings, **(TWO | parts))


def moving(beds_there):
    """bkg-1 is moved to P2, where a surplus booking wants a bed on the same nights."""
    facts = a_referral("of-bkg-1", crn="CRN-bkg-1")
    stay = Stay.of(day(8), 2)
    bookings = [
        a_booking("bkg-1", stay=stay, referral=facts),
        a_booking("bkg-2", stay=stay, premises_id="P2"),
    ]
    return a_problem(bookings=bookings, **an_estate({"P1": (1,), "P2": (1,) * beds_there}))


MOVED = {"placements": (), "seats": {"bkg-1": "P2-R1-B1"}, "displacement": True}

CASES = [
    allowed("a bed is left for the surplus booking", beside(a_stay(1, 2))),
    breached("every bed is spoken for", beside(a_stay(1, 2), a_stay(1, 2))),
    breached("on one night only", beside(a_stay(0, 2), a_stay(1, 9))),
    allowed("two bookings that follow each other", beside(a_stay(0, 2), a_stay(2, 9))),
    breached(
        "a bed out of service does not count",
        beside(a_stay(1, 2), out_of_service=[out_of_service("P1-R2-B1", 2, 1)]),
    ),
    allowed(
        "out of service on another night",
        beside(a_stay(1, 2), out_of_service=[out_of_service("P1-R2-B1", 3, 1)]),
    ),
    allowed(
        "booked beyond the beds, with nobody new",
        a_problem(bookings=[a_booking(f"bkg-{n}") for n in range(4)], **TWO),
        placements=(),
        seats={"bkg-0": "P1-R1-B1", "bkg-1": "P1-R2-B1"},
    ),
    allowed("a booking is moved to where there is room", moving(2), **MOVED),
    breached("a booking is moved to where the beds are spoken for", moving(1), **MOVED),
]
