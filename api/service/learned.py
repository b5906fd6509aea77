"""Learned: what was recorded since a plan was made that may stand against what it proposes.

A plan is lawful on the facts that it knew, and so is any part of it: a proposal about which nothing
was recorded since, of its person, its premises or the people there, need not be judged again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from api.service.change import Change
from api.service.decisions import CHANGING_FACTS
from api.store.by_many import by_many
from api.store.tables import BOOKINGS, EVENTS, OF_KIND, PROPOSALS, SEPARATIONS

_OF_PREMISES = ("premises", "room", "bed", "out_of_service")
_OF_PEOPLE = ("zone", "separation")
_MOVED = "booking.reseated"
_KINDS = (*_OF_PREMISES, *_OF_PEOPLE, "booking")


@dataclass(frozen=True)
class Recorded:
    """Events, by their hashes: by CRN and by premises."""

    of_person: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_premises: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def about(self, crn: str, premises_id: str) -> set[str]:
        """Those of the person or the premises."""
        return {*self.of_person.get(crn, ()), *self.of_premises.get(premises_id, ())}


@dataclass(frozen=True)
class Learned:
    """What was recorded: what no plan knew, what went as the plan has it, and what of records that
    are gone."""

    news: Recorded
    as_planned: Recorded
    gone: Collection[str]

    def about(self, crn: str, premises_id: str) -> str:
        """All that was recorded about a proposal, as one hash; empty: nothing that no plan knew.

        What went as planned, and a record that is gone, stand against nobody by themselves: they
        count beside others alone.
        """
        found = self.news.about(crn, premises_id)
        if not found:
            return ""
        beside = self.as_planned.about(crn, premises_id)
        return hashlib.sha256("".join(sorted(found | beside | {*self.gone})).encode()).hexdigest()


def learned_since(change: Change, seq: int, seats: Mapping[str, Mapping[str, str]]) -> Learned:
    """What was recorded after this event, the last that runs knew.

    `seats`: by run, where its plan put bookings whose bed nobody has named.
    """
    events = _events(change, seq)
    news, as_planned = Recorded(), Recorded()
    there: dict[str, set[str]] = defaultdict(set)

    def rows(kind: str, *names: str) -> Iterable[tuple[Mapping[str, str], set[str]]]:
        """Records of a kind that something was recorded of, and that."""
        mine = events[kind]
        for some in by_many(sorted(mine)):
            for row in change.outlines(kind, names, OF_KIND[kind].c.id.in_(some)):
                there[kind].add(row["id"])
                yield row, mine[row["id"]]

    for kind in _OF_PREMISES:
        for row, found in rows(kind, *(() if kind == "premises" else ("premises_id",))):
            news.of_premises[row.get("premises_id", row["id"])] |= found
    for row, found in rows("zone", "crn"):
        news.of_person[row["crn"]] |= found
    for row, found in rows("separation", "crn", "other_crn"):
        news.of_person[row["crn"]] |= found
        news.of_person[row["other_crn"]] |= found
    for row, found in rows("referral", "crn"):
        news.of_person[row["crn"]] |= found
    for row in _booked_for(change, events["referral"]):
        events["booking"][row["id"]] |= events["referral"][row["referral_id"]]
    booked = list(rows("booking", "premises_id", "crn", "bed_id"))
    as_proposed, apart = _as_proposed(change, seats), _apart(change, {r["crn"] for r, _ in booked})
    planned = {booking: bed for beds in seats.values() for booking, bed in beds.items()}
    for row, found in booked:
        # Part of the plan that is judged, unless more was recorded of it or of its bid.
        accepted = row["id"] in as_proposed and len(found) == 1
        moved = found <= events[_MOVED][row["id"]] and planned.get(row["id"]) == row["bed_id"]
        recorded = as_planned if accepted or moved else news
        recorded.of_premises[row["premises_id"]] |= found
        for crn in (row["crn"], *apart.get(row["crn"], ())):
            recorded.of_person[crn] |= found
    gone = {
        each
        for kind in _KINDS
        for subject, found in events[kind].items()
        if subject not in there[kind]
        for each in found
    }
    return Learned(news, as_planned, gone)


def _events(change: Change, seq: int) -> dict[str, dict[str, set[str]]]:
    """By kind and record, hashes of what was recorded of it. Of bids: what changed their facts; of
    bookings, once more, how they were moved to make room.
    """
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    facts = EVENTS.c.kind.in_(_KINDS) | EVENTS.c.action.in_(CHANGING_FACTS["referral"])
    wanted = select(EVENTS.c.kind, EVENTS.c.action, EVENTS.c.subject, EVENTS.c.hash)
    for row in change.connection.execute(wanted.where(EVENTS.c.seq > seq, facts)):
        found[row.kind][row.subject].add(row.hash)
        if row.action == _MOVED:
            found[_MOVED][row.subject].add(row.hash)
    return found


def _booked_for(change: Change, bids: Collection[str]) -> list[dict[str, str]]:
    """Bookings for bids whose facts were changed: of whoever has the bed other things are known."""
    return [
        row
        for some in by_many(sorted(bids))
        for row in change.outlines("booking", ["referral_id"], BOOKINGS.c.referral_id.in_(some))
    ]


def _as_proposed(change: Change, runs: Collection[str]) -> set[str]:
    """Bookings that accepting a proposal of these runs made."""
    accepted = PROPOSALS.c.run_id.in_(sorted(runs)), PROPOSALS.c.status == "accepted"
    return {row["booking_id"] for row in change.outlines("proposal", ["booking_id"], *accepted)}


def _apart(change: Change, crns: Collection[str]) -> dict[str, set[str]]:
    """By these CRNs, people who must not be where they are, nor near there."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in by_many(sorted(crns)):
        theirs = SEPARATIONS.c.crn.in_(some) | SEPARATIONS.c.other_crn.in_(some)
        for row in change.outlines("separation", ("crn", "other_crn"), theirs):
            found[row["crn"]].add(row["other_crn"])
            found[row["other_crn"]].add(row["crn"])
    return found
