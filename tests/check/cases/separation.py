from dataclasses import replace

from allocator.nights import Stay
from tests.builders import (
    a_booking,
    a_point,
    a_problem,
    a_referral,
    a_separation,
    a_stay,
    an_estate,
    day,
)
from tests.check.case import allowed, breached

ONE, OTHER = "CRN-ref-1", "CRN-ref-2"
THIRTY_MILES_OFF = a_point(30)


def estate(there):
    return an_estate({"P1": (1, 1), "P2": (1,)}, premises={"P2": {"location": there}})


def two(radius=None, there=THIRTY_MILES_OFF, pair=(ONE, OTHER)):
    referrals = [a_referral("ref-1"), a_referral("ref-2", release_date=1, latest_arrival=3)]
    separations = (a_separation(*pair, radius),)
    return a_problem(referrals=referrals, separations=separations, **estate(there))


def at(bed, arrival=1):
    return {"placements": [("ref-1", "P1-R1-B1", 1), ("ref-2", bed, arrival)]}


SAME, AWAY = "P1-R2-B1", "P2-R1-B1"


def booked(premises_id, stay, radius=None):
    return a_problem(
        referrals=[a_referral()],
        bookings=[a_booking(premises_id=premises_id, stay=stay)],
        separations=(a_separation("CRN-bkg-1", ONE, radius),),
        **estate(a_point(30)),
    )


def and_from_oneself(separated):
    """The same, with a record before it that keeps a person apart from themselves."""
    record = a_separation(ONE, ONE)
    return replace(separated, separations=(record, *separated.separations))


CASES = [
    allowed("a person apart from themselves", and_from_oneself(two()), **at(SAME, 3)),
    breached("the record after one that says nothing", and_from_oneself(two()), **at(SAME, 2)),
    allowed("handed over on the day", two(), **at(SAME, 3)),
    breached("one night at one premises", two(), **at(SAME, 2)),
    breached("written the other way round", two(pair=(OTHER, ONE)), **at(SAME)),
    allowed("other people are kept apart", two(pair=("CRN-8", "CRN-9")), **at(SAME)),
    allowed("two premises", two(), **at(AWAY)),
    allowed("two premises far enough apart", two(29.9), **at(AWAY)),
    breached("two premises too near", two(30.1), **at(AWAY)),
    breached("two premises in one place, exactly as far as named", two(0.0, a_point()), **at(AWAY)),
    breached("nobody can say how far apart", two(5.0, None), **at(AWAY)),
    allowed("nobody can say, and no radius is set", two(None, None), **at(AWAY)),
    breached("a radius, and one premises", two(5.0), **at(SAME)),
    allowed("near, with no night in common", two(50.0), **at(AWAY, 3)),
    breached("a booking, seated", booked("P1", a_stay(2, 4)), seats={"bkg-1": SAME}),
    breached("a booking, surplus, at its premises", booked("P1", a_stay(2, 4))),
    allowed("a booking elsewhere", booked("P2", a_stay(2, 4)), seats={"bkg-1": AWAY}),
    breached(
        "a booking elsewhere, too near", booked("P2", a_stay(2, 4), 31), seats={"bkg-1": AWAY}
    ),
    allowed(
        "two bookings are how things are",
        a_problem(
            bookings=[a_booking("bkg-1"), a_booking("bkg-2")],
            separations=(a_separation("CRN-bkg-1", "CRN-bkg-2"),),
            **estate(None),
        ),
        placements=(),
        seats={"bkg-1": "P1-R1-B1", "bkg-2": SAME},
    ),
    breached(
        "a booking is moved to where the other is",
        a_problem(
            bookings=[
                a_booking(
                    "bkg-1",
                    premises_id="P2",
                    stay=Stay.of(day(8), 2),
                    referral=a_referral("of-bkg-1", crn="CRN-bkg-1"),
                ),
                a_booking("bkg-2", stay=Stay.of(day(8), 2)),
            ],
            separations=(a_separation("CRN-bkg-1", "CRN-bkg-2"),),
            **estate(None),
        ),
        placements=(),
        seats={"bkg-1": SAME, "bkg-2": "P1-R1-B1"},
        displacement=True,
    ),
]
