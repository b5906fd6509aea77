from dataclasses import replace
from datetime import timedelta

from allocator.nights import Stay
from allocator.vocabulary import Rosh
from tests.builders import a_booking, a_problem, a_referral, an_estate, day
from tests.check.case import allowed, breached


def asked(**changes):
    values = {"release_date": 1, "latest_arrival": 3}
    return a_problem(referrals=[a_referral(**(values | changes))])


def on(arrival):
    return {"placements": [("ref-1", "P1-R1-B1", arrival)]}


def placement(**changes):
    def change(plan):
        return replace(plan, placements=(replace(plan.placements[0], **changes),))

    return change


def moving():
    """bkg-1, booked at P1 from the eighth day, which may be moved to the one bed of P2."""
    facts = a_referral("of-bkg-1", crn="CRN-bkg-1", release_date=30, nights=9)
    booking = a_booking(stay=Stay.of(day(8), 2), referral=facts)
    return a_problem(bookings=[booking], **an_estate({"P1": (1,), "P2": (1,)}))


MOVED = {"placements": (), "seats": {"bkg-1": "P2-R1-B1"}, "displacement": True}

CASES = [
    allowed("the first day of the window", asked(), **on(1)),
    allowed("the last day of the window", asked(), **on(3)),
    allowed("released in the past, arriving today", asked(release_date=-9), **on(0)),
    allowed(
        "the window is past and the person arrives today",
        asked(release_date=-9, latest_arrival=-5),
        **on(0),
    ),
    allowed(
        "a far arrival is decided four weeks before",
        asked(release_date=60, latest_arrival=60, rosh=Rosh.VERY_HIGH),
        **on(60),
    ),
    allowed("a booking is moved, whatever its referral says of days and nights", moving(), **MOVED),
    breached("the day before the window", asked(), **on(0)),
    breached("the day after the window", asked(), **on(4)),
    breached(
        "the window is past and the person arrives tomorrow",
        asked(release_date=-9, latest_arrival=-5),
        **on(1),
    ),
    breached("a night too few", asked(), change=placement(stay=Stay.of(day(1), 1))),
    breached("a night too many", asked(), change=placement(stay=Stay.of(day(1), 3))),
    breached("another band than the policy's", asked(), change=placement(band=1)),
    breached("a later decision day", asked(), change=placement(decide_by=day(1))),
    breached(
        "a decision day in the past",
        asked(),
        change=placement(decide_by=day(1) - timedelta(days=8)),
    ),
    breached(
        "a bed that is not there",
        asked(),
        change=placement(bed_id="P9-R1-B1"),
        also=["aim:placed/4", "aim:urgent_first"],
    ),
    breached(
        "a referral that is not there",
        asked(),
        change=placement(referral_id="ref-9"),
        also=["aim:placed/4", "aim:urgent_first", "one_placement_a_referral"],
    ),
    breached(
        "a move to a bed that is booked",
        replace(
            moving(),
            bookings=(
                *moving().bookings,
                a_booking("bkg-2", premises_id="P2", bed_id="P2-R1-B1", stay=Stay.of(day(9), 1)),
            ),
        ),
        **MOVED,
        also=["one_person_a_bed_night", "premises_count"],
    ),
]
