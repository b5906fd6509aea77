"""Disparity: how people of each protected group fare in a plan, and nobody to be found in it.

Monitoring only: no rule or aim reads what is grouped by here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from allocator.geography.distance import miles_between
from allocator.plain_words import rounded_share
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.referral import Referral
from api.service.age_groups import age_groups

FEWEST = 10
"""Fewer people than this are never told of apart."""
NOT_STATED = "not stated"
TOGETHER = "small groups together"
"""Values are free text, and one that few people gave may tell who they are: it is not shown."""
AGE = "age"


@dataclass(frozen=True, slots=True)
class Group:
    """A group's figures. `bids` None: suppressed, with all else, for they are of too few people.

    The means are over those with a bed; None: over too few, or taking from the total would tell.
    """

    name: str
    bids: int | None
    placed: int | None = None
    wait_nights: float | None = None
    miles: float | None = None

    @property
    def rate(self) -> float | None:
        """The share with a bed."""
        if self.bids is None or self.placed is None:
            return None
        return rounded_share(self.placed, self.bids)


@dataclass(frozen=True, slots=True)
class _Bid:
    crn: str
    placed: bool
    wait_nights: int | None
    miles: float | None


def disparity(plan: Plan, problem: Problem) -> tuple[Group, dict[str, list[Group]]]:
    """Everyone, and the groups of each characteristic."""
    bids = {r.id: _bid(r, plan, problem) for r in problem.referrals}
    names = sorted({name for r in problem.referrals for name, _ in r.protected} - {"gender"})
    found = {"gender": _groups({r.id: r.gender.value for r in problem.referrals}, bids)}
    for name in names:
        given = {r.id: dict(r.protected).get(name) or NOT_STATED for r in problem.referrals}
        found[name] = _groups(_alike(name, given), bids)
    everyone = _groups(dict.fromkeys(bids, "everyone"), bids)
    return (everyone[0] if everyone else Group("everyone", None)), found


def hidden(sizes: Mapping[str, int]) -> set[str]:
    """Groups not to be told of: the small, and more until the total gives none of them away."""
    smallest_first = sorted((name for name in sizes if sizes[name]), key=lambda n: (sizes[n], n))
    small = [name for name in smallest_first if sizes[name] < FEWEST]
    others = smallest_first[len(small) :]
    while small and others and (len(small) < 2 or sum(sizes[n] for n in small) < FEWEST):
        small.append(others.pop(0))
    return set(small)


def _alike(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Values that differ in capitals and blanks alone are one, in its commonest spelling; ages are
    in groups that do not overlap.
    """
    if name == AGE:
        groups = age_groups(given.values())
        return {person: groups[value] for person, value in given.items()}
    key = {person: " ".join(value.split()).casefold() for person, value in given.items()}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for person, value in given.items():
        spellings[key[person]][" ".join(value.split())] += 1
    said = {each: min(some, key=lambda s: (-some[s], s)) for each, some in spellings.items()}
    return {person: said[key[person]] for person in given}


def _groups(value_of: Mapping[str, str], bid_of: Mapping[str, _Bid]) -> list[Group]:
    """The groups by name, and last those that may not be told of apart, taken together.

    Together they are what is left of the total: that tells nothing that the others do not. A large
    group among them, by which a small one could be found out, is named.
    """
    members: dict[str, list[_Bid]] = defaultdict(list)
    for identifier, value in value_of.items():
        members[value].append(bid_of[identifier])
    together = TOGETHER
    if len(members) > 1:
        sizes = {name: _people(bids) for name, bids in members.items()}
        apart = hidden(sizes)
        large = sorted(name for name in apart if sizes[name] >= FEWEST)
        if large:
            together = f"{', '.join(large)} and groups of fewer than {FEWEST} people"
        rest = [bid for name in sorted(apart) for bid in members.pop(name)]
        if rest:
            members[together] = [*members.pop(together, []), *rest]
    few = hidden({name: _people(bids) for name, bids in members.items()})
    mean_wait = _means(members, few, lambda bid: bid.wait_nights)
    mean_miles = _means(members, few, lambda bid: bid.miles)
    return [
        Group(name, None)
        if name in few
        else Group(
            name,
            len(members[name]),
            sum(bid.placed for bid in members[name]),
            mean_wait.get(name),
            mean_miles.get(name),
        )
        for name in sorted(members, key=lambda each: (each == together, each))
    ]


def _people(bids: Iterable[_Bid]) -> int:
    """How many people: two bids of one person tell of no more than that one."""
    return len({bid.crn for bid in bids})


def _means(
    members: Mapping[str, Sequence[_Bid]],
    left_out: set[str],
    figure: Callable[[_Bid], float | None],
) -> dict[str, float]:
    """The mean of each group of which it can be told."""
    known = {
        name: [(bid, value) for bid in bids if (value := figure(bid)) is not None]
        for name, bids in members.items()
    }
    few = hidden({name: _people(bid for bid, _ in found) for name, found in known.items()})
    secret = few | left_out
    return {
        name: round(sum(value for _, value in found) / len(found), 1)
        for name, found in known.items()
        if found and name not in secret
    }


def _bid(referral: Referral, plan: Plan, problem: Problem) -> _Bid:
    placement = plan.placement_of.get(referral.id)
    if placement is None:
        return _Bid(referral.crn, False, None, None)
    home, there = referral.location, problem.premises_of_bed(placement.bed_id).location
    return _Bid(
        referral.crn,
        True,
        (placement.stay.arrival - referral.release_date).days,
        None if home is None or there is None else miles_between(home, there),
    )
