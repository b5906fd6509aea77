"""Moves: of bookings that were transferred, the one in the place of the other, and why.

All that transfers made of one booking is one stay. Somebody may be moved again before a move that
is booked already: which bed comes after which follows from the days, not from who was cut when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from api.service.change import Change
from api.store.by_many import by_many
from api.store.tables import BOOKINGS, EVENT_PAYLOADS, EVENTS
from api.store.values import Row

_TO_NOTHING = "cancelled", "notArrived"


@dataclass(frozen=True, slots=True)
class Move:
    """`booking`: at the other end of a transfer. `reason` empty: it has been erased."""

    booking: Row
    reason: str


def moved_to(change: Change, row: Row) -> Move | None:
    """The booking that took its place, or is to; None: it was not transferred."""
    after = _after(row, stay_of(change, row))
    return None if after is None else Move(after, _why(change, after))


def moved_from(change: Change, row: Row) -> Move | None:
    """The booking whose place it took, or is to; None: none."""
    stay = stay_of(change, row)
    before = next((each for each in stay if each["id"] == row["transferred_from"]), None)
    if before is not None and not _came_to_nothing(before):
        earlier = _there(stay[: _index(row, stay)])
        before = earlier[-1] if earlier else before
    return None if before is None else Move(before, _why(change, row))


def next_of(change: Change, bookings: Collection[Row]) -> dict[str, Row]:
    """By booking, the one that took its place, or is to.

    A second half that came to nothing gave its nights back to the first, and took no place.
    """
    stays = _stays_of(change, bookings)
    after = {row["id"]: _after(row, stays[row["id"]]) for row in bookings}
    return {identifier: row for identifier, row in after.items() if row is not None}


def last_of(change: Change, bookings: Collection[Row]) -> dict[str, Row]:
    """By booking, that of its stay in which the person is, or is to be next, or was last."""
    stays = _stays_of(change, bookings)
    return {row["id"]: _last(row, stays[row["id"]]) for row in bookings}


def stay_of(change: Change, row: Row) -> list[Row]:
    """The booking and all that transfers lead to it or from it, in order of time."""
    return _stays_of(change, [row])[row["id"]]


def stays(bookings: Iterable[Row]) -> list[list[Row]]:
    """These bookings by stay, each in order of time."""
    ordered = sorted(bookings, key=_in_time)
    before = {row["id"]: row["transferred_from"] for row in ordered}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in ordered:
        first = row["id"]
        while before[first] in before:
            first = before[first]
        found[first].append(row)
    return list(found.values())


def _stays_of(change: Change, bookings: Iterable[Row]) -> dict[str, list[Row]]:
    """By booking of the same people, its stay. Found by person: a move keeps them."""
    return {
        row["id"]: stay
        for some in by_many(sorted({row["crn"] for row in bookings}))
        for stay in stays(change.rows("booking", BOOKINGS.c.crn.in_(some)))
        for row in stay
    }


def _after(row: Row, stay: Sequence[Row]) -> Row | None:
    if not _came_to_nothing(row):
        return next(iter(_there(stay[_index(row, stay) + 1 :])), None)
    # It moved as a whole, or nothing took its place: not what came to nothing of its days to come.
    made_of_it = (each for each in stay if each["transferred_from"] == row["id"])
    whole = (
        each
        for each in made_of_it
        if not _came_to_nothing(each) or each["arrival"] <= row["arrival"]
    )
    return next(whole, None)


def _last(row: Row, stay: Sequence[Row]) -> Row:
    by_status: dict[str, list[Row]] = defaultdict(list)
    for each in _there(stay):
        by_status[each["status"]].append(each)
    if by_status:
        there = by_status["arrived"] or by_status["upcoming"][:1] or by_status["departed"]
        return there[-1]
    after = _after(row, stay)
    return row if after is None else _last(after, stay)


def _there(stay: Iterable[Row]) -> list[Row]:
    """Those that somebody has, had or is to have."""
    return [row for row in stay if not _came_to_nothing(row)]


def _came_to_nothing(row: Row) -> bool:
    return row["status"] in _TO_NOTHING


def _index(row: Row, stay: Sequence[Row]) -> int:
    return [each["id"] for each in stay].index(row["id"])


def _in_time(row: Row) -> tuple[object, ...]:
    # Who moved on the day they came had no night of the first bed.
    return row["arrival"], row["departure"], row["made_at"], row["id"]


def _why(change: Change, made: Row) -> str:
    """The reason of the transfer that made the booking."""
    mine = EVENTS.c.kind == "booking", EVENTS.c.subject == made["id"]
    payload = change.connection.execute(
        select(EVENT_PAYLOADS.c.payload)
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(*mine, EVENTS.c.action == "booking.transferred")
    ).scalar_one_or_none()
    return "" if payload is None else str(payload["reason"])
