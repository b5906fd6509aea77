"""Lawful: the referee's own rules, asked about one stay on the facts as they are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from allocator.booking import Booking
from allocator.check import premises_closed
from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.plan_rules import PLAN_RULES
from allocator.code_words import OFFENCES
from allocator.estate import Premises, Room
from allocator.explain.reason import OBJECTIONS
from allocator.explain.said import criterion_words
from allocator.nights import Stay
from allocator.plain_words import counted
from allocator.plan import EndedBy, Placement, Plan, PlanStatus, Seat
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import SENTENCES, essential_criteria, offences
from allocator.rules.place import Place
from allocator.vocabulary import Criterion, Offence
from api.service.change import Change
from api.service.refusals import UnlawfulError
from api.store.records import read
from api.store.snapshot import snapshot
from api.store.tables import BOOKINGS, SEPARATIONS

_OF_THE_WHOLE = {"one_placement_a_referral", "plan_complete"}
"""Rules about a plan as a document; one stay is none."""
_OF_THE_STAY = {
    "one_person_a_bed_night": "the bed is taken on some of the nights",
    "placement_lawful": "the stay begins on a day that the referral does not allow",
    "residents_stay_put": "somebody who lives there would have to move",
}
"""What else one stay can breach, in words; every rule of PLAN_RULES has some."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A stay in a bed for someone: a bid, or a booking whose person is known by it alone.

    `without`: a booking that the stay takes the place of.
    """

    crn: str
    bed_id: str
    stay: Stay
    referral: Referral | None = None
    booking: Booking | None = None
    without: str | None = None


def require_lawful(
    change: Change,
    asked: Asked,
    seats: Mapping[str, str] | None = None,
    told: Collection[str] = (),
    ground: Ground | None = None,
) -> None:
    """Raise UnlawfulError with every rule that the stay would breach.

    `seats`: beds to which inferred bookings would be moved. `told`: rules that are judged apart.
    """
    # A rule that is breached on many nights is told once.
    breaches = new_breaches(change, asked, seats or {}, ground)
    found = {b.code: _in_words(b) for b in breaches if b.code not in told}
    if essential_criteria.CODE in found and asked.referral is not None:
        found[essential_criteria.CODE] += f": {_lacking(change, asked.referral, asked.bed_id)}"
    if found:
        raise UnlawfulError(
            f"{counted(len(found), 'rule')} would be breached",
            breaches=[{"code": code, "text": text} for code, text in found.items()],
        )


def _in_words(breach: Breach) -> str:
    """What the rule says. The referee's own words name other people's bookings."""
    words = {**SENTENCES, **OBJECTIONS, **_OF_THE_STAY}
    return words.get(breach.code, f"the rule {breach.code} of docs/model.md is breached")


def offences_not_taken(change: Change, referral: Referral, bed_id: str) -> str:
    """Which offences the premises does not accept, and which the room does not suit, in words.

    For pages and answers to whoever may know the person: a refusal, which may be logged, never
    names an offence.
    """
    premises, room = offences.not_taken(referral, _place(change, bed_id))
    said = (("the premises does not accept", premises), ("the room does not suit", room))
    return "; ".join(
        f"{words}: {', '.join(_offence(each, referral) for each in kinds)}"
        for words, kinds in said
        if kinds
    )


def _offence(kind: Offence, referral: Referral) -> str:
    known = kind in referral.offences
    return OFFENCES[kind] if known else f"{OFFENCES[kind]} (nobody has answered)"


def _place(change: Change, bed_id: str) -> Place:
    """Where the bed is, whoever else is in the room."""
    bed = change.row("bed", bed_id)
    room = read(Room, change.row("room", bed["room_id"]))
    premises = read(Premises, change.row("premises", bed["premises_id"]))
    return Place(premises, room.characteristics, only_bed=True)


def _lacking(change: Change, referral: Referral, bed_id: str) -> str:
    """Essential criteria that the bed has not, in words."""
    has = _place(change, bed_id).features
    missing = referral.essential - has - {Criterion.IS_SINGLE}  # single is for the sharing rule
    return ", ".join(criterion_words(each) for each in sorted(missing))


@dataclass(frozen=True, slots=True)
class Ground:
    """Premises as they are, for a stay of certain people in any bed there: read once for many.

    `known`: what the referee has against them as they are. `is_there`: the booking that the stay
    takes the place of is there.
    """

    problem: Problem
    known: frozenset[tuple[str, tuple[str, ...]]]
    is_there: bool


def ground_of(
    change: Change, premises_id: str, crns: Collection[str], booking_id: str | None = None
) -> Ground:
    """What a stay of one of these people there would be judged on. `booking_id`: one that it takes
    the place of."""
    problem = snapshot(
        change.connection,
        change.today,
        change.policy,
        premises=frozenset({premises_id}),
        crns=frozenset({*crns, *_kept_apart(change, crns)}),
    )
    booked = problem.bookings_by_id.get(booking_id or "")
    there = booked is not None and booked.premises_id == premises_id
    if booking_id is not None:
        problem = problem.with_bookings(b for b in problem.bookings if b.id != booking_id)
    problem = problem.with_referrals(())
    # As they lie now: what those who move would breach where they come is new too.
    before = _breaches(problem, _seated(change, problem, {}), change)
    return Ground(problem, frozenset((each.code, each.subject) for each in before), there)


def new_breaches(
    change: Change, asked: Asked, seats: Mapping[str, str], ground: Ground | None = None
) -> list[Breach]:
    """What the referee has against the register with the stay that it has not without it.

    `ground`: of the bed's premises and the person, where it was read already.
    """
    if ground is None:
        premises = change.row("bed", asked.bed_id)["premises_id"]
        ground = ground_of(change, premises, {asked.crn}, asked.without)
    plan, problem = _with(asked, ground.problem, _seated(change, ground.problem, seats), change)
    found = [
        breach
        for breach in _breaches(problem, plan, change)
        if (breach.code, breach.subject) not in ground.known
    ]
    # Closed premises take nobody new; who is booked there already may stay on.
    return [b for b in found if not (ground.is_there and b.code == premises_closed.CODE)]


def lawful_together(
    change: Change, asked: Sequence[Asked], seats: Mapping[str, str], ground: Ground
) -> bool:
    """Whether stays of several bids at the same premises would breach nothing, all at once.

    Then none would by itself either: every rule allows part of what it allows. Those who would
    breach something together may each be lawful.
    """
    placed = [
        _placed(each, each.referral, ground.problem, change)
        for each in asked
        if each.referral is not None
    ]
    problem = ground.problem.with_referrals(referral for referral, _ in placed)
    plan = replace(
        _seated(change, problem, seats), placements=tuple(placement for _, placement in placed)
    )
    found = _breaches(problem, plan, change)
    return all((breach.code, breach.subject) in ground.known for breach in found)


def _with(asked: Asked, problem: Problem, plan: Plan, change: Change) -> tuple[Plan, Problem]:
    """The plan and the problem with the stay that is asked for."""
    if asked.referral is None:
        assert asked.booking is not None
        booking = replace(asked.booking, stay=asked.stay, bed_id=asked.bed_id)
        seat = Seat(booking.id, asked.bed_id, inferred=False)
        return (
            replace(plan, seats=(*plan.seats, seat)),
            problem.with_bookings((*problem.bookings, booking)),
        )
    referral, placement = _placed(asked, asked.referral, problem, change)
    return replace(plan, placements=(placement,)), problem.with_referrals((referral,))


def _placed(
    asked: Asked, wanted: Referral, problem: Problem, change: Change
) -> tuple[Referral, Placement]:
    """A bid as its placement in the bed that is asked for needs it to be, and that."""
    # Someone who comes later than hoped, or for another while, is judged by all other rules.
    referral = replace(
        wanted,
        nights=asked.stay.nights,
        latest_arrival=max(wanted.latest_arrival, asked.stay.arrival),
    )
    band = change.policy.band_of(referral)
    notice = timedelta(days=change.policy.commit_by_days[band - 1])
    decide_by = max(problem.as_of, asked.stay.arrival - notice)
    return referral, Placement(referral.id, asked.bed_id, asked.stay, band, decide_by)


def _seated(change: Change, problem: Problem, seats: Mapping[str, str]) -> Plan:
    """Bookings in the beds they have, or would have."""
    rows = change.connection.execute(
        select(BOOKINGS.c.id, BOOKINGS.c.bed_id, BOOKINGS.c.bed_inferred).where(
            BOOKINGS.c.id.in_([booking.id for booking in problem.bookings]), ~BOOKINGS.c.surplus
        )
    )
    return Plan(
        as_of=problem.as_of,
        problem_hash="",
        policy_name=change.policy.name,
        policy_hash=change.policy.digest,
        status=PlanStatus.FEASIBLE,
        ended_by=EndedBy.EFFORT,
        placements=(),
        unplaced=(),
        seats=tuple(
            Seat(row.id, seats.get(row.id, row.bed_id), inferred=row.bed_inferred)
            for row in rows
            if row.bed_id is not None
        ),
    )


def _breaches(problem: Problem, plan: Plan, change: Change) -> list[Breach]:
    facts = Facts(plan, problem, change.policy)
    rules = [rule for rule in PLAN_RULES if rule.CODE not in _OF_THE_WHOLE]
    return [breach for rule in rules for breach in rule.breaches(facts)]


def _kept_apart(change: Change, crns: Collection[str]) -> set[str]:
    """People who must not be where one of these is, and of these whoever must not be with them."""
    among = sorted(crns)
    theirs = SEPARATIONS.c.crn.in_(among) | SEPARATIONS.c.other_crn.in_(among)
    pairs = change.outlines("separation", ("crn", "other_crn"), theirs)
    return {crn for row in pairs for crn in (row["crn"], row["other_crn"])}
