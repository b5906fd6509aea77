"""A user's own table of outcodes, taken instead of the packaged one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from allocator.geography.point import Point
from allocator.ingest.cells import Column, Number, Outcode, Row
from allocator.ingest.context import Context
from allocator.ingest.layout import Entry, Layout


class OutcodeRow(Row):
    """One outcode and its place."""

    outcode: Annotated[Outcode, Column("first half of a postcode", "such as SE5", example="B1")]
    latitude: Annotated[Number, Column("degrees north", "number", example="52.48")]
    longitude: Annotated[Number, Column("degrees east", "number", example="-1.91")]


LAYOUT = Layout(
    name="outcodes",
    title="Outcodes",
    row=OutcodeRow,
    marks=frozenset({"outcode", "latitude", "longitude"}),
)


def read_outcodes(entries: Iterable[Entry[OutcodeRow]], context: Context) -> dict[str, Point]:
    """The place of each outcode. Two places for one outcode are complained of."""
    found: dict[str, Point] = {}
    for entry in entries:
        point = _point(entry.row)
        if point is None:
            context.findings.complain(
                entry.place,
                "is a place outside Great Britain",
                "correct the coordinates; latitude is the one near 50",
                "latitude",
            )
        elif found.setdefault(entry.row.outcode, point) != point:
            context.findings.complain(
                entry.place,
                "has another place in another row",
                "keep one of the rows",
                "outcode",
                entry.row.outcode,
            )
    return found


def _point(row: OutcodeRow) -> Point | None:
    try:
        point = Point(row.latitude, row.longitude)
    except ValueError:
        return None
    return point if point.in_great_britain else None
