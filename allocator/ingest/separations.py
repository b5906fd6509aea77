"""Separations: two people to be kept apart, one pair a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from allocator.ingest.cells import Column, Crn, Miles, Row
from allocator.ingest.context import Context
from allocator.ingest.layout import Entry, Layout
from allocator.safeguards import Separation


class SeparationRow(Row):
    """Two people."""

    crn: Annotated[Crn, Column("one person", "a letter and six digits", example="X000001")]
    other_crn: Annotated[Crn, Column("the other", "a letter and six digits", example="X000002")]
    radius_miles: Annotated[
        Miles | None,
        Column(
            "also not at two premises within so many miles",
            "above 0, to 1000",
            "only not at one premises",
        ),
    ] = None


LAYOUT = Layout(
    name="separations",
    title="Separations",
    row=SeparationRow,
    marks=frozenset({"crn", "other_crn"}),
    protective=frozenset({"radius_miles"}),
)


def read_separations(
    entries: Iterable[Entry[SeparationRow]],
    known: frozenset[str],
    context: Context,
    *,
    keep_strangers: bool = False,
) -> list[Separation]:
    """Each pair once, with the widest radius given; pairs with a person in no list are noted.

    `keep_strangers`: and kept, for somebody who will be asked for later.
    """
    widest: dict[tuple[str, str], float | None] = {}
    for entry in entries:
        row = entry.row
        first, second = sorted((row.crn, row.other_crn))
        if first == second:
            context.findings.complain(
                entry.place, "is the same as crn", "write the other person", "other_crn", second
            )
            continue
        stranger = next((crn for crn in (row.crn, row.other_crn) if crn not in known), None)
        if stranger is not None and keep_strangers:
            context.findings.note(
                "separation_waits",
                f"{entry.place}",
                f"{entry.place}: {stranger} is not known yet; the separation is kept for when "
                "they are",
            )
        elif stranger is not None:
            context.findings.note(
                "separation_not_needed",
                f"{entry.place}",
                f"{entry.place}: {stranger} is in no list, so the separation changes nothing",
            )
            continue
        radius = widest.get((first, second))
        widest[first, second] = max(
            (miles for miles in (radius, row.radius_miles) if miles is not None), default=None
        )
    return [Separation(*pair, radius) for pair, radius in widest.items()]
