"""Bed offers: where a person could lawfully be for a stay, nearest first, and what is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.nights import Stay
from allocator.problem import Problem
from api.service.bed_names import bed_names
from api.service.bed_use import Use, bed_use
from api.service.change import Change
from api.service.held_nights import in_force
from api.service.holds import met
from api.service.judging import judged
from api.service.next_best import lawful_beds
from api.service.refusals import Refusal
from api.service.seeing import restricted
from api.store.records import referral
from api.store.snapshot import snapshot
from api.store.tables import PREMISES, PROPOSALS
from api.store.values import Row

TAKEN = (Use.RESIDENT, Use.BOOKED, Use.OUT, Use.ABSENT)
"""What a bed can be for on a night, so that nobody else can have it."""


@dataclass(frozen=True, slots=True)
class PremisesOffered:
    """Premises with beds that no rule about the place bars. `miles` None: not known.

    `free`: on every night, for this person; `proposed`: of those, proposed to somebody else;
    `held`: free but for a hold for higher bands.
    """

    id: str
    name: str
    area: str
    miles: float | None
    lawful: int
    free: int
    proposed: int
    held: int


@dataclass(frozen=True, slots=True)
class BedOffered:
    """A lawful bed of premises. `use`: what is in the way on one of the nights; free: nothing.

    `proposed`: somebody else's proposal would have to go; `against`: why booking would refuse it.
    """

    id: str
    name: str
    use: Use
    proposed: bool
    holds: tuple[Row, ...]
    against: tuple[Refusal, ...]

    @property
    def is_free(self) -> bool:
        """Whether booking it would be refused for nothing."""
        return self.use is Use.FREE and not self.against


def premises_offered(change: Change, bid: Row, stay: Stay) -> list[PremisesOffered]:
    """Premises that are lawful for the person, the nearest first."""
    problem = snapshot(change.connection, change.today, change.policy)
    lawful = _lawful(change, bid, problem)
    uses = _uses(change, stay, sorted({problem.premises_of_bed(bed).id for bed in lawful}))
    held, proposed = _held_from(change, bid, stay, lawful), _proposed(change, bid, stay)
    of_site: dict[str, list[str]] = {}
    for bed in lawful:
        of_site.setdefault(problem.premises_of_bed(bed).id, []).append(bed)
    found = []
    for site, beds in of_site.items():
        premises = problem.premises_by_id[site]
        kept = [bed for bed in beds if uses[bed] is Use.FREE and bed in held]
        open_beds = [bed for bed in beds if uses[bed] is Use.FREE and bed not in held]
        found.append(
            PremisesOffered(
                site,
                premises.name,
                premises.area or premises.region,
                lawful[beds[0]],
                len(beds),
                len(open_beds),
                sum(bed in proposed for bed in open_beds),
                len(kept),
            )
        )
    return sorted(found, key=lambda each: (each.miles is None, each.miles or 0.0, each.name))


def beds_offered(change: Change, bid: Row, premises_id: str, stay: Stay) -> list[BedOffered]:
    """Lawful beds of these premises in order of name, each that is free judged as booking would."""
    crns = frozenset({bid["crn"]})
    only = frozenset({premises_id})
    problem = snapshot(change.connection, change.today, change.policy, premises=only, crns=crns)
    lawful = [
        bed
        for bed in _lawful(change, bid, problem)
        if problem.premises_of_bed(bed).id == premises_id
    ]
    uses, names = _uses(change, stay, [premises_id]), bed_names(change, lawful)
    held, proposed = _held_from(change, bid, stay, lawful), _proposed(change, bid, stay)
    found = []
    for bed in lawful:
        against = judged(change, bid, bed, stay).objections if uses[bed] is Use.FREE else []
        others = [each for each in against if each.code != "held"]
        holds = tuple(held.get(bed, ()))
        found.append(
            BedOffered(bed, names[bed].place, uses[bed], bed in proposed, holds, tuple(others))
        )
    return sorted(found, key=lambda each: (not each.is_free, bool(each.holds), each.name))


def _lawful(change: Change, bid: Row, problem: Problem) -> dict[str, float | None]:
    """By bed that no rule about the place bars, miles to it."""
    return {bed: miles for miles, bed in lawful_beds(referral(bid), problem, change)}


def _uses(change: Change, stay: Stay, premises: list[str]) -> Mapping[str, Use]:
    """By bed, what is in the way on the first night on which something is."""
    use = bed_use(change, stay, PREMISES.c.id.in_(premises)).by_bed()
    return {
        bed: next((each for each in nights if each in TAKEN), Use.FREE)
        for bed, nights in use.items()
    }


def _held_from(
    change: Change, bid: Row, stay: Stay, beds: Mapping[str, object] | list[str]
) -> dict[str, list[Row]]:
    """By bed, the holds that keep the person from it."""
    band = change.policy.known_band(referral(bid))
    held = {hold["bed_id"] for hold in in_force(change.connection, change.today)}
    found = {bed: met(change, bed, stay, band)[1] for bed in sorted(held & set(beds))}
    return {bed: holds for bed, holds in found.items() if holds}


def _proposed(change: Change, bid: Row, stay: Stay) -> set[str]:
    """Beds proposed to others on some of the nights; without those whom the actor may not see."""
    hidden = restricted(change.connection, change.actor)
    rows = change.outlines(
        "proposal",
        ("bed_id", "referral_id"),
        PROPOSALS.c.status == "proposed",
        PROPOSALS.c.arrival < stay.departure,
        PROPOSALS.c.departure > stay.arrival,
        PROPOSALS.c.referral_id != bid["id"],
    )
    return {row["bed_id"] for row in rows if row["referral_id"] not in hidden}
