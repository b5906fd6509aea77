"""Bed picture: a premises' beds as rows and its nights as columns, in shapes and letters.

Colours come from classes of the style sheet, for the page allows no style of its own; each shape
has a letter or a word besides, and the page has the same in a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.service.bed_names import place_in
from api.service.bed_use import BedThere, BedUse, Use
from api.store.values import Row

LEFT, TOP = 132, 44
NIGHT, ROW, BAR = 14, 24, 20
LONGEST_NAME = 17
LETTER = 8
"""Pixels that a letter takes."""
USE_WORDS = {
    Use.RESIDENT: "In",
    Use.BOOKED: "Booked",
    Use.PROPOSED: "Proposed",
    Use.HELD: "Held back",
    Use.OUT: "Out of service",
    Use.FREE: "Empty",
    Use.ABSENT: "Not there",
}
LETTERS = {
    Use.RESIDENT: "I",
    Use.BOOKED: "B",
    Use.PROPOSED: "P",
    Use.HELD: "H",
    Use.OUT: "X",
    Use.ABSENT: "–",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A run of nights of one bed."""

    x: int
    y: int
    width: int
    use: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws."""

    width: int
    height: int
    bottom: int
    names: tuple[Words, ...]
    weeks: tuple[Words, ...]
    empty: tuple[Words, ...]
    shapes: tuple[Shape, ...]
    closed: tuple[Shape, ...]
    """Nights out of service on which somebody is in the bed: drawn over theirs."""


def bed_picture(use: BedUse, rooms: Mapping[str, Row]) -> Picture | None:
    """The picture; None where there are no beds."""
    if not use.beds:
        return None
    uses = use.by_bed()
    names, shapes = [], []
    for n, bed in enumerate(use.beds):
        y = TOP + n * ROW
        name = bed_name(bed, rooms[bed.room_id])
        names.append(Words(LEFT - 8, y + BAR - 5, _short(name)))
        night = 0
        for each, run in groupby(uses[bed.id]):
            nights = len(list(run))
            if each is not Use.FREE:
                text = _text(each, nights)
                shapes.append(Shape(LEFT + night * NIGHT, y, nights * NIGHT - 1, each.value, text))
            night += nights
    days = use.days
    weeks = tuple(
        Words(LEFT + n * NIGHT, TOP - 26, f"{days[n].day} {days[n]:%b}")
        for n in range(0, len(days), 7)
    )
    bottom = TOP + len(use.beds) * ROW
    return Picture(
        LEFT + len(days) * NIGHT + 4,
        bottom + 4,
        bottom,
        tuple(names),
        weeks,
        _empty(uses, len(days)),
        tuple(shapes),
        _closed(use),
    )


def _closed(use: BedUse) -> tuple[Shape, ...]:
    row = {bed.id: n for n, bed in enumerate(use.beds)}
    spans = [(row[s.bed_id], s.nights.common(use.nights)) for s in use.closed_under() if s.bed_id]
    return tuple(
        Shape(
            LEFT + (nights.arrival - use.nights.arrival).days * NIGHT,
            TOP + n * ROW,
            nights.nights * NIGHT - 1,
            Use.OUT.value,
            "",
        )
        for n, nights in spans
        if nights is not None
    )


def bed_name(bed: BedThere, room: Row) -> str:
    """The room and the bed, as every page names them."""
    return place_in(str(room["details"]["name"]), bed.name)


def _empty(uses: Mapping[str, list[Use]], nights: int) -> tuple[Words, ...]:
    """For each week, fewest and most beds that are empty on one of its nights."""
    free = [sum(of[n] is Use.FREE for of in uses.values()) for n in range(nights)]
    return tuple(
        Words(LEFT + n * NIGHT, TOP - 10, f"{_span(free[n : n + 7])} empty")
        for n in range(0, nights, 7)
    )


def _span(counts: Sequence[int]) -> str:
    fewest, most = min(counts), max(counts)
    return str(fewest) if fewest == most else f"{fewest} to {most}"


def _text(use: Use, nights: int) -> str:
    word = USE_WORDS[use]
    return word if len(word) * LETTER <= nights * NIGHT else LETTERS[use]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
