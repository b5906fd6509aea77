from tests.builders import (
    a_booking,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    day,
    held,
    out_of_service,
)
from tests.check.case import allowed, breached

THREE_BEDS = an_estate({"P1": (1, 1, 1)})


def two(arrival):
    referrals = [a_referral(), a_referral("ref-2", release_date=arrival)]
    problem = a_problem(referrals=referrals, **THREE_BEDS)
    return problem, {"placements": [("ref-1", "P1-R1-B1", 1), ("ref-2", "P1-R1-B1", arrival)]}


def beside(*bookings, **parts):
    return a_problem(referrals=[a_referral()], bookings=bookings, **(THREE_BEDS | parts))


def bookings(*stays):
    return a_problem(
        bookings=[a_booking(f"bkg-{n}", stay=stay) for n, stay in enumerate(stays, 1)],
        **THREE_BEDS,
    )


BOTH = {"bkg-1": "P1-R1-B1", "bkg-2": "P1-R1-B1"}
SHORT = an_estate({"P1": (1, 1, 1)}, beds={"P1-R1-B1": {"ends": day(2)}})

HELD = [held("P1-R1-B1", 2, 1)]


def seat(**parts):
    open_one = a_booking("bkg-1", stay=a_stay(1, 3), bed_id=None)
    return a_problem(bookings=[open_one], **(THREE_BEDS | parts))


CASES = [
    breached(
        "an open booking on a held night",
        seat(held=HELD),
        placements=(),
        seats={"bkg-1": "P1-R1-B1"},
    ),
    allowed(
        "an open booking in another bed",
        seat(held=HELD),
        placements=(),
        seats={"bkg-1": "P1-R2-B1"},
    ),
    allowed(
        "held after the booking has gone",
        seat(held=[held("P1-R1-B1", 4, 2)]),
        placements=(),
        seats={"bkg-1": "P1-R1-B1"},
    ),
    allowed(
        "a booking that names its bed keeps it",
        a_problem(
            bookings=[a_booking("bkg-1", stay=a_stay(1, 3), bed_id="P1-R1-B1")],
            held=HELD,
            **THREE_BEDS,
        ),
        placements=(),
        seats={"bkg-1": "P1-R1-B1"},
    ),
    allowed("handed over on the day", two(3)[0], **two(3)[1]),
    breached("one night of two people", two(2)[0], **two(2)[1]),
    allowed("a resident leaves on the day", beside(a_resident(stay=a_stay(-5, 6)))),
    breached("a resident leaves the day after", beside(a_resident(stay=a_stay(-5, 7)))),
    breached(
        "a surplus booking names the bed: its nights are taken too",
        beside(
            a_resident("res-1", stay=a_stay(-5, 6)),
            a_booking("bkg-1", bed_id="P1-R1-B1", stay=a_stay(0, 2)),
        ),
    ),
    allowed(
        "two bookings follow each other in a bed",
        bookings(a_stay(1, 2), a_stay(3, 2)),
        placements=(),
        seats=BOTH,
    ),
    breached(
        "the plan seats two bookings in one bed",
        bookings(a_stay(1, 2), a_stay(2, 2)),
        placements=(),
        seats=BOTH,
    ),
    breached(
        "the plan seats a booking in a bed that is out of service",
        a_problem(
            bookings=[a_booking()], out_of_service=[out_of_service("P1-R1-B1", 2, 1)], **THREE_BEDS
        ),
        placements=(),
        seats={"bkg-1": "P1-R1-B1"},
    ),
    breached(
        "the plan seats a booking in a bed that will be gone",
        a_problem(bookings=[a_booking()], **SHORT),
        placements=(),
        seats={"bkg-1": "P1-R1-B1"},
    ),
    allowed(
        "a settled booking keeps its bed, even out of service",
        a_problem(
            bookings=[a_booking(bed_id="P1-R1-B1")],
            out_of_service=[out_of_service("P1-R1-B1", 2, 1)],
            **THREE_BEDS,
        ),
        placements=(),
    ),
    breached(
        "the plan seats a booking where another is settled",
        a_problem(
            bookings=[a_booking(bed_id="P1-R1-B1"), a_booking("bkg-2", stay=a_stay(2, 3))],
            **THREE_BEDS,
        ),
        placements=(),
        seats={"bkg-2": "P1-R1-B1"},
    ),
    breached(
        "a referral with the id of a settled booking is not that booking",
        a_problem(
            referrals=[a_referral("res-1", crn="CRN-1")],
            bookings=[
                a_resident("res-1", stay=a_stay(-5, 6)),
                a_booking("bkg-1", bed_id="P1-R1-B1", stay=a_stay(0, 2)),
            ],
            **THREE_BEDS,
        ),
        placements=[("res-1", "P1-R1-B1", 1)],
    ),
]
