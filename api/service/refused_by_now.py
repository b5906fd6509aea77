"""Refused by now: which proposals booking would refuse, by what was learned since their plan.

Each is judged as booking judges it; what came of it is kept until something else is recorded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from allocator.nights import Stay
from api.service.change import Change
from api.service.judging import judged
from api.service.lawful import ground_of
from api.store.tables import REFERRALS
from api.store.values import Row

MOST = 10_000
"""Proposals of which it is kept: more than a national plan has."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A proposal, whose it is, and all that was recorded about it since its plan, as one hash."""

    proposal: Row
    crn: str
    learned: str


class _Kept:
    """By proposal, whether it would be refused, on which day and after what was learned."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[object, bool]] = OrderedDict()

    def get(self, identifier: str, key: object) -> bool | None:
        with self._lock:
            known, refused = self._kept.get(identifier, (None, False))
            return refused if known == key else None

    def put(self, identifier: str, key: object, refused: bool) -> None:
        with self._lock:
            self._kept[identifier] = key, refused
            self._kept.move_to_end(identifier)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)


_KEPT = _Kept()


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
    for premises_id, there in new.items():
        ground = ground_of(change, premises_id, {each.crn for each in there})
        wanted = REFERRALS.c.id.in_([each.proposal["referral_id"] for each in there])
        bids = {row["id"]: row for row in change.rows("referral", wanted)}
        for each in there:
            row = each.proposal
            about = judged(
                change,
                bids[row["referral_id"]],
                row["bed_id"],
                Stay(row["arrival"], row["departure"]),
                partial(seats.__getitem__, row["run_id"]),
                ground=ground,
            )
            lost = any(objection.code != "held" for objection in about.objections)
            _KEPT.put(row["id"], (change.today, each.learned), lost)
            refused |= {row["id"]} if lost else set()
    return frozenset(refused)
