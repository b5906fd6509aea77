"""Bed offers: where a person could lawfully be for a stay, nearest first, and what is free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from allocator.nights import Stay
from allocator.problem import Problem
from api.service.bed_names import bed_names
from api.service.bed_use import Use, bed_use
from api.service.change import Change
from api.service.claims import Seats, nowhere
from api.service.held_nights import in_force
from api.service.holds import keeps_out
from api.service.judging import judged
from api.service.lawful import ground_of
from api.service.making_room import making_room
from api.service.next_best import lawful_beds
from api.service.plan_needs import PlanNeeds, plan_needs
from api.service.refusals import Refusal
from api.service.staying import stay_judged
from api.store.records import referral
from api.store.snapshot import empty_estate, snapshot
from api.store.tables import PREMISES
from api.store.values import Row

TAKEN = (Use.RESIDENT, Use.BOOKED, Use.OUT, Use.ABSENT)
"""What a bed can be for on a night, so that nobody else can have it."""


@dataclass(frozen=True, slots=True)
class PremisesOffered:
    """Premises with beds that no rule about the place bars. `miles` None: not known.

    `free`: on every night, for this person, or once a booking moves whose bed nobody has named, and
    nobody else's proposal rests on them; `needed`: as free, but for such a proposal; `held`: but
    for a hold for higher bands. Who else is there may bar some of them still: see `beds_offered`.
    """

    id: str
    name: str
    area: str
    miles: float | None
    lawful: int
    free: int
    needed: int
    held: int


@dataclass(frozen=True, slots=True)
class BedOffered:
    """A lawful bed of premises. `use`: what is in the way on one of the nights; free: nothing.

    `loses`: proposals to others that could not be accepted after; `against`: why booking would
    refuse it.
    """

    id: str
    name: str
    use: Use
    loses: tuple[Row, ...]
    holds: tuple[Row, ...]
    against: tuple[Refusal, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether booking it would be refused for nothing."""
        return self.use is Use.FREE and not self.against


def premises_offered(
    change: Change, bid: Row, stay: Stay, seats: Seats = nowhere, *, moving: Row | None = None
) -> list[PremisesOffered]:
    """Premises that are lawful for the person, the nearest first, with the beds of `beds_offered`.

    None is judged, which takes hundredths of a second a bed: all is read once, however many.
    `moving`: a booking of theirs that is to be transferred.
    """
    problem = empty_estate(change.connection, change.today, change.policy, frozenset({bid["crn"]}))
    lawful = _lawful(change, bid, problem, moving)
    of_site: dict[str, list[BedOffered]] = {}
    for bed in _offered(change, bid, list(lawful), stay, seats, plan_needs(change)):
        of_site.setdefault(problem.premises_of_bed(bed.id).id, []).append(bed)
    found = []
    for site, beds in of_site.items():
        premises = problem.premises_by_id[site]
        free = [bed for bed in beds if bed.use is Use.FREE]
        held = [bed for bed in free if bed.holds]
        needed = [bed for bed in free if bed.loses and not bed.holds]
        found.append(
            PremisesOffered(
                site,
                premises.name,
                premises.area or premises.region,
                lawful[beds[0].id],
                len(beds),
                len(free) - len(needed) - len(held),
                len(needed),
                len(held),
            )
        )
    return sorted(found, key=lambda each: (each.miles is None, each.miles or 0.0, each.name))


def beds_offered(
    change: Change,
    bid: Row,
    premises_id: str,
    stay: Stay,
    seats: Seats = nowhere,
    *,
    moving: Row | None = None,
) -> list[BedOffered]:
    """Lawful beds of these premises in order of name, each that is free judged as booking would, or
    a transfer of the booking that is `moving`.
    """
    crns = frozenset({bid["crn"]})
    only = frozenset({premises_id})
    problem = snapshot(change.connection, change.today, change.policy, premises=only, crns=crns)
    lawful = [
        bed
        for bed in _lawful(change, bid, problem, moving)
        if problem.premises_of_bed(bed).id == premises_id
    ]
    needs = plan_needs(change, PREMISES.c.id == premises_id)
    ground = ground_of(change, premises_id, crns, moving["id"] if moving else None)
    found = []
    for bed in _offered(change, bid, lawful, stay, seats, needs):
        if bed.use is Use.FREE:
            if moving is None:
                objections = judged(change, bid, bed.id, stay, seats, ground=ground).objections
            else:
                objections = stay_judged(change, moving, bed.id, stay, ground)
            bed = replace(bed, against=tuple(each for each in objections if each.code != "held"))
        found.append(bed)
    return sorted(found, key=_first_to_look_at)


def _offered(
    change: Change, bid: Row, lawful: Sequence[str], stay: Stay, seats: Seats, needs: PlanNeeds
) -> Iterator[BedOffered]:
    """These beds, none of them judged.

    `seats`: where a plan seats bookings whose bed nobody named. One that is to come and would move
    is not in the way.
    """
    names = bed_names(change, lawful)
    sites = sorted({each.premises_id for each in names.values()})
    uses = _uses(change, stay, sites)
    held = _held_from(change, bid, stay, lawful)
    # The bed that is proposed to them, with somebody in it who makes room: for other days.
    mine = (each.proposal for each in needs.needs if each.proposal["referral_id"] == bid["id"])
    own = {proposal["bed_id"] for proposal in mine}
    has_room = _has_room(
        change,
        {bed: names[bed].premises_id for bed in lawful if uses[bed] is Use.BOOKED or bed in own},
        stay,
        seats,
    )
    for bed in lawful:
        use = Use.FREE if bed in has_room else uses[bed]
        holds = tuple(held.get(bed, ()))
        yield BedOffered(
            bed, names[bed].place, use, tuple(needs.losing(bed, stay, bid["id"])), holds
        )


def _has_room(change: Change, beds: Mapping[str, str], stay: Stay, seats: Seats) -> set[str]:
    """Those of which all who have them would move to where the plan seats them. `beds`: by bed,
    its premises.
    """
    room = making_room(change, set(beds.values()))
    might = {bed: site for bed, site in beds.items() if room.might(site, bed, stay)}
    seated = seats() if might else {}
    return {bed for bed, site in might.items() if room.moves(site, bed, stay, seated)}


def _first_to_look_at(bed: BedOffered) -> tuple[bool, bool, bool, str]:
    return not bed.is_free, bool(bed.holds), bool(bed.loses), bed.name


def _lawful(
    change: Change, bid: Row, problem: Problem, moving: Row | None
) -> dict[str, float | None]:
    """By bed that no rule about the place bars, miles to it."""
    booked_at = None if moving is None else moving["premises_id"]
    return {bed: miles for miles, bed in lawful_beds(referral(bid), problem, change, booked_at)}


def _uses(change: Change, stay: Stay, premises: list[str]) -> Mapping[str, Use]:
    """By bed, what is in the way on the first night on which something is."""
    use = bed_use(change, stay, PREMISES.c.id.in_(premises)).by_bed()
    return {
        bed: next((each for each in nights if each in TAKEN), Use.FREE)
        for bed, nights in use.items()
    }


def _held_from(change: Change, bid: Row, stay: Stay, beds: Sequence[str]) -> dict[str, list[Row]]:
    """By bed, the holds that keep the person from it."""
    band = change.policy.known_band(referral(bid))
    found: dict[str, list[Row]] = {}
    for hold in in_force(change.connection, change.today):
        keeps = keeps_out(hold, stay, band)
        if hold["bed_id"] in beds and keeps:
            found.setdefault(hold["bed_id"], []).append(hold)
    return found
