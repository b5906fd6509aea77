from dataclasses import replace

from allocator.plan import Seat, Surplus
from tests.builders import a_booking, a_problem, a_referral, a_resident, a_stay, an_estate
from tests.check.case import allowed, breached

TWO = an_estate({"P1": (1, 1), "P2": (1,)})
OPEN = a_problem(bookings=[a_booking(stay=a_stay(8, 2))], **TWO)
SETTLED = a_problem(bookings=[a_resident()], **TWO)
LEVELS = ["aim:residents_kept", "aim:bookings_suited"]
OF_BOOKINGS = ["aim:bookings_kept", "aim:bookings_suited"]


def seat(**changes):
    return lambda plan: replace(plan, seats=(replace(plan.seats[0], **changes),))


def answers(seats=(), surplus=()):
    return lambda plan: replace(
        plan, seats=tuple(plan.seats[n] for n in seats), surplus=tuple(surplus)
    )


def movable(**changes):
    facts = a_referral("of-bkg-1", crn="CRN-bkg-1")
    booking = a_booking(**({"stay": a_stay(8, 2), "referral": facts} | changes))
    return a_problem(bookings=[booking], **TWO)


def named_twice(*bookings):
    return a_problem(bookings=bookings, **TWO)


def plan(**values):
    return {"placements": ()} | values


HERE, THERE = {"bkg-1": "P1-R2-B1"}, {"bkg-1": "P2-R1-B1"}
LONG = a_resident("res-1", stay=a_stay(-9, 20))
SHORT = a_resident("res-2", stay=a_stay(-3, 5))
FUTURE = a_booking("bkg-1", bed_id="P1-R1-B1", stay=a_stay(0, 3))
LATER = a_booking("bkg-2", bed_id="P1-R1-B1", stay=a_stay(6, 3))

CASES = [
    allowed("a resident in their own bed", SETTLED, **plan()),
    allowed("an open booking in a bed of its premises", OPEN, **plan(seats=HERE)),
    allowed("an open booking that no bed can hold", OPEN, **plan()),
    allowed(
        "a stay that is over is left out",
        a_problem(bookings=[a_resident(stay=a_stay(-5, 5))], **TWO),
        **plan(),
    ),
    breached(
        "a resident in another bed",
        SETTLED,
        **plan(seats={"res-1": "P1-R2-B1"}),
    ),
    breached("a resident without an answer", SETTLED, **plan(change=answers()), also=LEVELS),
    breached(
        "a resident made surplus",
        SETTLED,
        **plan(change=answers(surplus=[Surplus("res-1", "P1")])),
        also=LEVELS,
    ),
    breached(
        "both seated and surplus",
        OPEN,
        **plan(seats=HERE, change=answers([0], [Surplus("bkg-1", "P1")])),
    ),
    breached(
        "seated twice",
        OPEN,
        **plan(seats=HERE, change=answers([0, 0])),
        also=[*OF_BOOKINGS, "one_person_a_bed_night"],
    ),
    breached("surplus elsewhere", OPEN, **plan(change=answers(surplus=[Surplus("bkg-1", "P2")]))),
    breached(
        "an answer for a stay that is over",
        a_problem(bookings=[a_resident(stay=a_stay(-5, 5))], **TWO),
        **plan(change=answers(surplus=[Surplus("res-1", "P1")])),
    ),
    breached(
        "a seat in a bed that is not there",
        OPEN,
        **plan(seats=HERE, change=seat(bed_id="P9-R1-B1")),
        also=OF_BOOKINGS,
    ),
    breached("not marked as inferred", OPEN, **plan(seats=HERE, change=seat(inferred=False))),
    breached("marked as inferred", SETTLED, **plan(change=seat(inferred=True))),
    breached(
        "at another premises, and not called moved",
        OPEN,
        **plan(seats=THERE, change=seat(moved=False, inferred=True)),
    ),
    # Which of several settled bookings keeps the bed.
    allowed("residents come before bookings", named_twice(FUTURE, LONG), **plan()),
    allowed("the first to leave comes first", named_twice(LONG, SHORT), **plan()),
    breached(
        "the last to leave keeps the bed",
        named_twice(LONG, SHORT),
        **plan(
            seats={"res-1": "P1-R1-B1"},
            change=lambda p: replace(p, seats=p.seats[:1], surplus=(Surplus("res-2", "P1"),)),
        ),
        also=["aim:residents_kept", "aim:bookings_suited"],
    ),
    breached(
        "a booking that must give way is seated",
        named_twice(LONG, FUTURE),
        **plan(seats={"bkg-1": "P1-R1-B1"}),
        also=["one_person_a_bed_night"],
    ),
    allowed(
        "one that gives way takes the bed from nobody",
        named_twice(FUTURE, SHORT, LATER),
        **plan(),
    ),
    # Moves.
    allowed("a booking is moved with notice", movable(), **plan(seats=THERE, displacement=True)),
    allowed(
        "a movable booking that names a bed gets another at its premises",
        movable(bed_id="P1-R1-B1"),
        **plan(seats=HERE, displacement=True),
    ),
    breached("moved outside displacement mode", movable(), **plan(seats=THERE)),
    breached(
        "moved at six days' notice",
        movable(stay=a_stay(6, 2)),
        **plan(seats=THERE, displacement=True),
    ),
    allowed(
        "moved at seven days' notice",
        movable(stay=a_stay(7, 2)),
        **plan(seats=THERE, displacement=True),
    ),
    breached(
        "moved though nothing is known of the person",
        movable(referral=None),
        **plan(seats=THERE, displacement=True),
    ),
    breached(
        "a resident is moved",
        movable(resident=True),
        **plan(seats=THERE, displacement=True),
    ),
    breached(
        "moved without a reason",
        movable(),
        **plan(seats=THERE, displacement=True, change=seat(reason=" ")),
    ),
    breached(
        "called moved, and at its own premises",
        movable(),
        **plan(seats=HERE, displacement=True, change=seat(moved=True, inferred=False, reason="x")),
        also=["aim:bookings_disturbed"],
    ),
    breached(
        "a seat for a booking that is not there",
        OPEN,
        **plan(
            seats=HERE,
            change=lambda plan: replace(
                plan, seats=(*plan.seats, Seat("bkg-9", "P1-R1-B1", inferred=True))
            ),
        ),
    ),
]
