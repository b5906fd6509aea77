"""Refused by now: which proposals booking would refuse, by what was learned since their plan.

Each is judged as booking judges it; what came of it is kept until something else is recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from allocator.nights import Stay
from api.service.change import Change
from api.service.judging import judged
from api.service.kept_verdicts import KeptVerdicts
from api.service.lawful import Asked, ground_of, lawful_together
from api.store.records import referral
from api.store.tables import REFERRALS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Suspect:
    """A proposal, whose it is, who would move for it, and all that was recorded about it since its
    plan, as one hash."""

    proposal: Row
    crn: str
    moves: Sequence[Row]
    learned: str


_KEPT: KeptVerdicts[bool] = KeptVerdicts()
"""By proposal, whether it would be refused, on which day and after what was learned."""


def refused_by_now(
    change: Change, suspects: Iterable[Suspect], seats: Mapping[str, Mapping[str, str]]
) -> frozenset[str]:
    """Ids of those that would be refused, whoever asked. A hold refuses nothing: it may be passed
    over. `seats`: by run, where its plan put bookings whose bed nobody has named.
    """
    refused, new = set(), defaultdict(list)
    for each in suspects:
        before = _KEPT.get(each.proposal["id"], (change.today, each.learned))
        if before is None:
            new[each.proposal["premises_id"]].append(each)
        elif before:
            refused.add(each.proposal["id"])
    for there in new.values():
        found = _refused_there(change, there, seats)
        for each in there:
            identifier = each.proposal["id"]
            _KEPT.put(identifier, (change.today, each.learned), identifier in found)
        refused |= found
    return frozenset(refused)


def _refused_there(
    change: Change, there: Sequence[Suspect], seats: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """Of those at the same premises. One by one only where all together would breach something."""
    wanted = REFERRALS.c.id.in_([each.proposal["referral_id"] for each in there])
    bids = {row["id"]: row for row in change.rows("referral", wanted)}
    ground = ground_of(change, there[0].proposal["premises_id"], {each.crn for each in there})
    asked = [
        Asked(each.crn, each.proposal["bed_id"], _stay(each), referral(bids[_bid_id(each)]))
        for each in there
    ]
    moved = {row["id"]: row["bed_id"] for each in there for row in each.moves}
    if lawful_together(change, asked, moved, ground):
        return set()
    refused = set()
    for each in there:
        run_id, bed_id = each.proposal["run_id"], each.proposal["bed_id"]
        where = partial(seats.__getitem__, run_id)
        about = judged(change, bids[_bid_id(each)], bed_id, _stay(each), where, ground=ground)
        if any(objection.code != "held" for objection in about.objections):
            refused.add(each.proposal["id"])
    return refused


def _bid_id(suspect: Suspect) -> str:
    return str(suspect.proposal["referral_id"])


def _stay(suspect: Suspect) -> Stay:
    return Stay(suspect.proposal["arrival"], suspect.proposal["departure"])
