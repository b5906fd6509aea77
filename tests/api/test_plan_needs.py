"""Plan needs: whose proposal rests on which bed, who moves for it, and what is said after."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from allocator.estate import Premises
from allocator.referral import Referral
from allocator.safeguards import ExclusionZone, Separation
from allocator.vocabulary import Offence
from api.service import estate, learned, refused_by_now
from api.service.bed_offers import beds_offered, premises_offered
from api.service.bed_use import Use, planned_use
from api.service.bookings import book
from api.service.decisions import Action, Decision, decide
from api.service.holds import Wanted, make
from api.service.out_of_service import enter
from api.service.plan_needs import plan_needs
from api.service.referrals import restrict, the_bid, update
from api.service.refusals import ConflictError, UnlawfulError
from api.store.by_many import by_many
from api.store.records import read
from tests.api.filled import (
    NOW,
    Proposed,
    a_filled_register,
    a_person,
    an_empty_register,
    fill,
    propose,
    register_at,
)
from tests.api.registers import row
from tests.builders import AS_OF, a_booking, a_problem, a_referral, a_stay, an_estate

DAY = timedelta(days=1)
STAY = a_stay(1, 60)
ONE, TWO, THREE, FOUR = (f"P1-R{n}-B1" for n in range(1, 5))
PLAN = {"kept-1": THREE, "kept-2": FOUR}
"""Where the plan seats them: the first makes room for the proposal, the second for nobody."""


def a_register(url, sizes=(1, 1, 1, 1), seats=None):
    """Two who are booked, in beds that nobody named, and one proposal of the first one's bed."""
    bookings = [
        a_booking(name, bed_id=None, premises_id="P1", stay=STAY) for name in ("kept-1", "kept-2")
    ]
    bids = [a_referral(name) for name in ("ref-1", "ref-2")]
    problem = a_problem(**an_estate({"P1": sizes}), bookings=bookings, referrals=bids)
    register = an_empty_register(url)
    fill(register, problem, seats or {"kept-1": ONE, "kept-2": TWO})
    return register


@pytest.fixture
def register(database_url):
    register = a_register(database_url)
    propose(register, [Proposed("ref-1", ONE, STAY)], seats=PLAN)
    return register


def seen(register, look, actor=None):
    with register.reading() as connection:
        return look(register.change(connection, actor or a_person()))


def booked(register, bid, bed_id, name="B. Colleague"):
    with register.changing(a_person(name)) as change:
        return book(change, the_bid(change, bid), bed_id, STAY)


def accepted(register, bid="ref-1"):
    with register.changing(a_person()) as change:
        return decide(change, "run-1", bid, Decision(Action.ACCEPT, "Agreed."))[1]


def test_only_those_move_whose_bed_is_needed(register):
    assert accepted(register)["bed_id"] == ONE
    assert row(register, "booking", "kept-1")["bed_id"] == THREE
    assert row(register, "booking", "kept-2")["bed_id"] == TWO, "nobody needs their bed"


def test_whoever_is_in_the_way_of_those_who_move_moves_on(database_url):
    register = a_register(database_url)
    seats = {"kept-1": TWO, "kept-2": FOUR}
    propose(register, [Proposed("ref-1", ONE, STAY)], seats=seats)
    accepted(register)
    assert {name: row(register, "booking", name)["bed_id"] for name in seats} == seats


def test_a_bed_that_looks_empty_and_is_needed_to_make_room_is_told_with_whom_for(register):
    needs = seen(register, plan_needs)
    told = [each["referral_id"] for each in needs.losing(THREE, STAY)]
    assert told == ["ref-1"] == [each["referral_id"] for each in needs.losing(ONE, STAY)]
    assert needs.losing(FOUR, STAY) == [], "the plan moves somebody there, and for nobody"
    assert needs.losing(THREE, STAY, but="ref-1") == [], "a change of the same proposal"
    later = type(STAY).of(STAY.departure, 9)
    assert needs.losing(THREE, later) == [], "not on those nights"


def test_beds_that_others_rest_on_come_after_those_that_nobody_needs(register):
    def offered(change):
        bid = the_bid(change, "ref-2")
        (site,) = premises_offered(change, bid, STAY, lambda: PLAN)
        return site, beds_offered(change, bid, "P1", STAY, lambda: PLAN)

    site, beds = seen(register, offered)
    free = [each for each in beds if each.is_free]
    needed = [each for each in free if each.loses]
    assert (site.free, site.needed) == (len(free) - len(needed), len(needed)) == (2, 2)
    losers = {each.id: [one["referral_id"] for one in each.loses] for each in free}
    assert losers[THREE] == ["ref-1"] and losers[FOUR] == []
    assert free[-1].loses and not free[0].loses


def test_premises_are_offered_by_as_many_queries_however_many_beds_are_booked(database_url):
    asked = []
    bookings = [
        a_booking(f"kept-{n}", bed_id=None, premises_id="P1", stay=STAY) for n in range(1, 9)
    ]
    problem = a_problem(
        **an_estate({"P1": (1,) * 12}), bookings=bookings, referrals=[a_referral("ref-1")]
    )
    register = an_empty_register(database_url)
    fill(register, problem, {each.id: f"P1-R{n}-B1" for n, each in enumerate(bookings, 1)})
    event.listen(register.database.engine, "before_cursor_execute", lambda *all: asked.append(all))

    def offered(stay, seats):
        def look(change):
            asked.clear()
            (site,) = premises_offered(change, the_bid(change, "ref-1"), stay, lambda: seats)
            return site.free, len(asked)

        return seen(register, look)

    move = {f"kept-{n}": f"P1-R{n + 8}-B1" for n in range(1, 5)}
    offered(STAY, {})  # from now on what stands is known
    told = [offered(type(STAY).of(STAY.departure, 9), move), offered(STAY, {}), offered(STAY, move)]
    assert [free for free, _ in told] == [12, 4, 8]
    assert len({queries for _, queries in told}) == 1


def test_a_refusal_names_who_took_the_bed_that_was_to_make_room(register):
    booked(register, "ref-2", THREE)
    with pytest.raises(ConflictError) as refused:
        accepted(register)
    told = refused.value
    assert told.code == "bed-taken" and told.extra["taken_by"] == "B. Colleague"
    assert (told.extra["bed_id"], told.extra["moving_to"]) == (ONE, THREE)
    assert "B. Colleague booked it" in told.detail and "The import" not in told.detail
    needs = seen(register, plan_needs)
    assert [each["referral_id"] for each in needs.lost] == ["ref-1"]


def test_so_does_one_for_a_hold_that_was_made_there_since(register):
    with register.changing(a_person("H. Older")) as change:
        until = AS_OF + timedelta(days=9)
        make(change, Wanted(THREE, STAY, 1, until, "For band 1."))
    with pytest.raises(ConflictError) as refused:
        accepted(register)
    assert refused.value.extra["taken_by"] == "H. Older" and refused.value.extra["hold_id"]
    assert seen(register, plan_needs).lost


def test_a_bed_that_nobody_needs_costs_nobody_theirs(register):
    booked(register, "ref-2", FOUR)
    assert accepted(register)["bed_id"] == ONE


def test_a_room_that_somebody_comes_into_is_as_the_plan_has_it_as_a_whole(database_url):
    # Two beds in the first room: whom the plan moves out of it goes when another comes in.
    register = a_register(database_url, (2, 1, 1), {"kept-1": "P1-R1-B1", "kept-2": "P1-R1-B2"})
    seats = {"kept-1": "P1-R2-B1", "kept-2": "P1-R3-B1"}
    propose(register, [Proposed("ref-1", "P1-R1-B1", STAY)], seats=seats)
    accepted(register)
    assert {name: row(register, "booking", name)["bed_id"] for name in seats} == seats


def test_whom_the_plan_moves_out_of_a_room_moves_though_the_bed_itself_is_free(database_url):
    register = a_register(database_url, (2, 1, 1), {"kept-1": "P1-R1-B1", "kept-2": "P1-R2-B1"})
    seats = {"kept-1": "P1-R3-B1", "kept-2": "P1-R2-B1"}
    propose(register, [Proposed("ref-1", "P1-R1-B2", STAY)], seats=seats)
    assert accepted(register)["bed_id"] == "P1-R1-B2"
    assert row(register, "booking", "kept-1")["bed_id"] == "P1-R3-B1", "neither may share"


# ---- learned since ---------------------------------------------------------------------------


def an_arsonist(change):
    value = read(Referral, change.row("referral", "ref-1"))
    update(change, "ref-1", replace(value, offences=frozenset({Offence.ARSON})), None)


def a_zone(change):
    value = ExclusionZone(crn_of(change, "ref-1"), premises_ids=frozenset({"P1"}))
    return estate.keep_out(change, value)


def a_separation(change):
    there = change.row("booking", "kept-2")["crn"]
    return estate.keep_apart(change, Separation(there, crn_of(change, "ref-1")))


def crn_of(change, bid):
    return change.row("referral", bid)["crn"]


@pytest.mark.parametrize("learn", [an_arsonist, a_zone, a_separation])
def test_what_was_learned_since_makes_a_proposal_lost_as_accepting_it_would_be_refused(
    register, learn
):
    assert not seen(register, plan_needs).lost
    with register.changing(a_person()) as change:
        learn(change)
        through = change.register_seq
    assert [each["referral_id"] for each in seen(register, plan_needs).lost] == ["ref-1"]
    with pytest.raises(UnlawfulError), register.changing(a_person()) as change:
        decide(change, "run-1", "ref-1", Decision(Action.ACCEPT, "x", seen_through=through))


def test_once_what_was_learned_is_taken_back_the_proposal_can_be_accepted(register):
    with register.changing(a_person()) as change:
        zone = a_zone(change)
    assert seen(register, plan_needs).lost
    with register.changing(a_person()) as change:
        change.remove("zone.removed", "zone", zone["id"])
    assert not seen(register, plan_needs).lost and accepted(register)


def test_only_what_something_was_learned_about_is_judged_again(register, monkeypatch):
    judged, asked = refused_by_now.judged, []

    def noting(change, bid, *others, **more):
        asked.append(bid["id"])
        return judged(change, bid, *others, **more)

    monkeypatch.setattr(refused_by_now, "judged", noting)
    seen(register, plan_needs)
    assert asked == []
    with register.changing(a_person()) as change:
        a_separation(change)
    for _ in range(2):
        seen(register, plan_needs)
    assert asked == ["ref-1"], "what came of it is kept until something else is recorded"


def apart_at_the_premises(change):
    estate.keep_apart(change, Separation(crn_of(change, "ref-1"), crn_of(change, "ref-2")))


def apart_by_miles(change):
    value = Separation(crn_of(change, "ref-1"), crn_of(change, "ref-2"), radius_miles=5)
    estate.keep_apart(change, value)


def one_arrival_a_day(change):
    value = read(Premises, change.row("premises", "P1"))
    estate.update(change, replace(value, arrivals_per_day=1), None)


@pytest.mark.parametrize(
    ("learn", "other_bed"),
    [(apart_at_the_premises, TWO), (apart_by_miles, "P2-R1-B1"), (one_arrival_a_day, TWO)],
)
def test_a_proposal_that_could_be_accepted_is_lost_once_another_is_accepted_as_proposed(
    database_url, learn, other_bed
):
    bids = [a_referral(name) for name in ("ref-1", "ref-2")]
    problem = a_problem(**an_estate({"P1": (1, 1), "P2": (1,)}), referrals=bids)
    register = a_filled_register(database_url, problem)
    propose(register, [Proposed("ref-1", ONE, STAY), Proposed("ref-2", other_bed, STAY)])
    with register.changing(a_person()) as change:
        learn(change)
        through = change.register_seq
    assert not seen(register, plan_needs).lost, "each could be accepted, though not both"
    with register.changing(a_person()) as change:
        decide(change, "run-1", "ref-2", Decision(Action.ACCEPT, "x", seen_through=through))
    assert [each["referral_id"] for each in seen(register, plan_needs).lost] == ["ref-1"]
    with pytest.raises(UnlawfulError), register.changing(a_person()) as change:
        decide(change, "run-1", "ref-1", Decision(Action.ACCEPT, "x", seen_through=through))


def test_what_went_as_planned_makes_nobody_judged_again_by_itself(database_url, monkeypatch):
    bids = [a_referral(name) for name in ("ref-1", "ref-2")]
    register = a_filled_register(
        database_url, a_problem(**an_estate({"P1": (1, 1)}), referrals=bids)
    )
    propose(register, [Proposed("ref-1", ONE, STAY), Proposed("ref-2", TWO, STAY)])
    accepted(register, "ref-2")
    monkeypatch.setattr(refused_by_now, "lawful_together", None)
    assert not seen(register, plan_needs).lost


def test_separations_are_read_of_those_alone_whose_booking_was_recorded_since(register):
    asked = []
    event.listen(register.database.engine, "before_cursor_execute", lambda *all: asked.append(all))

    def told_of():
        asked.clear()
        seen(register, lambda change: learned.learned_since(change, before, {}))
        told = [each[3] for each in asked if "FROM separations" in each[2]]
        return [{*(each.values() if isinstance(each, dict) else each)} for each in told]

    before = seen(register, lambda change: change.register_seq)
    assert told_of() == []
    booked(register, "ref-2", FOUR)
    assert told_of() == [{"CRN-ref-2"}]


def test_however_many_events_there_are_a_statement_takes_so_many_of_their_ids(
    register, monkeypatch
):
    monkeypatch.setattr(learned, "by_many", partial(by_many, many=1))
    booked(register, "ref-2", FOUR)
    with register.changing(a_person()) as change:
        value = read(Referral, change.row("referral", "ref-2"))
        update(change, "ref-2", replace(value, offences=frozenset({Offence.ARSON})), None)
        apart_at_the_premises(change)
        a_separation(change)
    assert [each["referral_id"] for each in seen(register, plan_needs).lost] == ["ref-1"]
    since = seen(register, lambda change: learned.learned_since(change, 0, {}))
    assert {"CRN-ref-1", "CRN-ref-2", "CRN-kept-2"} <= since.news.of_person.keys()


# ---- pictures and counts ---------------------------------------------------------------------


def nights_of(register, actor=None):
    use = seen(register, lambda change: planned_use(change, a_stay(1, 7)), actor)
    return {bed: {each.value for each in uses} for bed, uses in use.by_bed().items()}, use


def test_a_proposal_stands_in_its_bed_and_whoever_makes_room_in_theirs(register):
    told, use = nights_of(register)
    assert told == {ONE: {"proposed"}, TWO: {"booked"}, THREE: {"booked"}, FOUR: {"free"}}
    assert use.by_premises()["P1"][0][Use.FREE] == 1
    assert {span.about for span in use.spans if span.inferred} == {"kept-1", "kept-2"}


def test_once_no_room_can_be_made_the_proposal_is_told_apart(register):
    booked(register, "ref-2", THREE)
    told, use = nights_of(register)
    assert told == {ONE: {"booked"}, TWO: {"booked"}, THREE: {"booked"}, FOUR: {"free"}}
    assert [span.about for span in use.lost] == ["ref-1"]


def test_nobody_is_drawn_elsewhere_for_somebody_whom_the_reader_may_not_know_of(register):
    with register.changing(a_person("Boss")) as change:
        restrict(change, "ref-1", [a_person("Boss").id])
    told, use = nights_of(register)
    assert told[ONE] == {"booked"} and told[THREE] == {"free"} and not use.lost
    assert seen(register, lambda change: plan_needs(change).losing(THREE, STAY)) == []
    assert nights_of(register, a_person("Boss"))[0][ONE] == {"proposed"}


def test_nobody_stands_in_two_beds_on_one_night(register):
    look = register_on_the_second_day(register)
    for first in (0, 1, 2):
        use = seen(look, lambda change, n=first: planned_use(change, a_stay(n, 1)))
        told = [span.about for span in use.spans]
        assert len(told) == len(set(told)), told
    before = seen(look, lambda change: planned_use(change, a_stay(1, 1))).by_bed()
    assert before[ONE] == [Use.BOOKED], "what is past is as the register has it"
    whole = seen(look, lambda change: planned_use(change, a_stay(1, 3))).by_bed()
    assert whole[ONE] == [Use.BOOKED, Use.PROPOSED, Use.PROPOSED]
    assert whole[THREE] == [Use.FREE, Use.BOOKED, Use.BOOKED]


def register_on_the_second_day(register):
    """The same register, once a night of the stays has gone by; its proposal begins today."""
    later = register_at(register.database.url, NOW + 2 * DAY)
    with later.changing(a_person()) as change:
        row = change.row("proposal", "run-1/ref-1")
        change.record("proposal.made", "proposal", {**row, "arrival": change.today})
    return later


def test_a_proposal_whose_own_bed_goes_out_of_service_is_lost(database_url):
    register = a_register(database_url)
    propose(register, [Proposed("ref-2", THREE, STAY)])
    assert seen(register, plan_needs).lost == []
    with register.changing(a_person()) as change:
        enter(change, THREE, STAY.arrival + 3 * DAY, STAY.arrival + 4 * DAY, "repairs")
    told = seen(register, plan_needs)
    assert [each["referral_id"] for each in told.lost] == ["ref-2"] and not told.needs


def test_a_proposal_whose_day_has_gone_by_is_lost(register, database_url):
    assert not seen(register, plan_needs).lost
    later = register_at(database_url, NOW + (STAY.arrival - AS_OF) + DAY)
    assert [each["referral_id"] for each in seen(later, plan_needs).lost] == ["ref-1"]
