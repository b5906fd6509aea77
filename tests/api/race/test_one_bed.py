"""One bed, many colleagues: fifty processes want it at once, by every way there is."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select

from api.store.tables import BED_NIGHTS, REFERRALS
from tests.api.filled import a_filled_register, fill
from tests.api.race import rounds
from tests.api.race.clients import MANY, clients
from tests.api.race.soundness import faults, faults_of_race
from tests.builders import a_booking, a_problem, a_referral, a_stay, an_estate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def racers():
    with clients(MANY) as found:
        yield found


def ran(racers, url, about):
    """The outcomes of a round whose register was then found whole."""
    outcomes = racers.race(url, about.orders)
    assert faults_of_race(about.register, outcomes) == []
    about.register.database.close()
    return outcomes


def test_of_fifty_who_want_a_bed_one_gets_it_and_the_others_hear_who(racers, database_url):
    outcomes = ran(racers, database_url, rounds.one_bed(database_url, MANY, Random(1)))
    (won,) = [each for each in outcomes if each.holder is not None]
    lost = [each for each in outcomes if each.holder is None]
    assert len(lost) == MANY - 1
    assert {each.code for each in lost} == {"bed-taken"}
    assert {each.extra["taken_by"] for each in lost} == {won.actor.name}


def test_of_fifty_who_decide_on_one_proposal_one_does_and_the_others_hear_who(racers, database_url):
    outcomes = ran(racers, database_url, rounds.one_bid(database_url, MANY, Random(2)))
    (won,) = [each for each in outcomes if each.holder is not None]
    assert {each.code for each in outcomes if each is not won} == {"decided"}
    assert {each.extra["decided_by"] for each in outcomes if each is not won} == {won.actor.name}


def test_plans_that_overlap_by_a_night_or_all_nights_share_no_night(racers, database_url):
    outcomes = ran(racers, database_url, rounds.plans(database_url, 12, Random(3)))
    assert len(outcomes) == 12 * 20
    counted = Counter(each.code for each in outcomes)
    assert set(counted) == {"", "bed-taken"}
    assert counted[""] >= 20


def test_no_way_of_taking_a_bed_gets_past_another(racers, database_url):
    outcomes = ran(racers, database_url, rounds.every_path(database_url, MANY, Random(4)))
    won = [each for each in outcomes if each.holder is not None]
    # All want the same nights, so each bed goes to one.
    assert len(won) == len({each.order.bed_id for each in won}) == 3
    assert {each.order.how for each in outcomes} == {
        "decide",
        "book",
        "extend",
        "transfer",
        "close",
        "import",
    }


# An import is one of those ways, and must not stand in its own.


@pytest.fixture
def two_beds():
    return an_estate({"P1": (1, 1)})


def holders(register):
    with register.reading() as connection:
        rows = connection.execute(select(BED_NIGHTS.c.bed_id, BED_NIGHTS.c.holder).distinct())
        return {row.bed_id: row.holder for row in rows}


def test_an_import_gives_a_new_booking_the_bed_that_another_leaves_in_it(database_url, two_beds):
    known = a_booking("z-known", bed_id="P1-R1-B1")
    register = a_filled_register(database_url, a_problem(bookings=[known], **two_beds))
    new = a_booking("new", bed_id="P1-R1-B1")
    elsewhere = replace(known, bed_id="P1-R2-B1")
    done = fill(register, a_problem(bookings=[new, elsewhere], **two_beds))
    assert done.surplus == []
    assert holders(register) == {"P1-R1-B1": "new", "P1-R2-B1": "z-known"}
    assert faults(register) == []
    register.database.close()


def test_an_import_lets_two_bookings_change_beds_with_each_other(database_url, two_beds):
    first, second = a_booking("b-1", bed_id="P1-R1-B1"), a_booking("b-2", bed_id="P1-R2-B1")
    register = a_filled_register(database_url, a_problem(bookings=[first, second], **two_beds))
    swapped = [replace(first, bed_id=second.bed_id), replace(second, bed_id=first.bed_id)]
    done = fill(register, a_problem(bookings=swapped, **two_beds))
    assert done.surplus == []
    assert holders(register) == {"P1-R1-B1": "b-2", "P1-R2-B1": "b-1"}
    assert faults(register) == []
    register.database.close()


def test_an_import_that_says_that_somebody_has_come_ends_their_bid(database_url, two_beds):
    bid = a_referral(release_date=0)
    expected = a_booking(bed_id="P1-R1-B1", stay=a_stay(0, 3), crn=bid.crn, referral=bid)
    register = a_filled_register(database_url, a_problem(bookings=[expected], **two_beds))
    fill(register, a_problem(bookings=[replace(expected, resident=True)], **two_beds))
    with register.reading() as connection:
        assert connection.execute(select(REFERRALS.c.status)).scalars().all() == ["arrived"]
    assert faults(register) == []
    register.database.close()
