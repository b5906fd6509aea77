"""Which layout a table is in, by its header."""

from __future__ import annotations

from typing import Any

from allocator.ingest import (
    matching_outcomes,
    out_of_service_report,
    out_of_service_seed,
    outcodes,
    placements,
    premises,
    release_history,
    release_list,
    restrictions,
    rooms,
    separations,
    zones,
)
from allocator.ingest.complaints import Findings
from allocator.ingest.layout import Layout
from allocator.ingest.tables import Table

# In order: the placements report holds the columns of the report on matching outcomes too, and the
# release history those of the release list.
LAYOUTS: tuple[Layout[Any], ...] = (
    premises.LAYOUT,
    rooms.LAYOUT,
    release_history.LAYOUT,
    release_list.LAYOUT,
    placements.LAYOUT,
    matching_outcomes.LAYOUT,
    out_of_service_seed.LAYOUT,
    out_of_service_report.LAYOUT,
    separations.LAYOUT,
    zones.LAYOUT,
    restrictions.LAYOUT,
    outcodes.LAYOUT,
)


NEAR = 2
"""Marks that a header may lack and still be worth telling which."""


def recognise(table: Table) -> Layout[Any] | None:
    """The layout whose marks the header has, or None."""
    return next((layout for layout in LAYOUTS if layout.fits(table.header)), None)


def choose(
    tables: list[Table], wanted: tuple[Layout[Any], ...], findings: Findings
) -> tuple[Table, Layout[Any]] | None:
    """The first table in one of the layouts wanted. Complains when the header is another's.

    A header that is no layout's is taken for the first one wanted, so that the columns it lacks
    are named.
    """
    known = [(table, recognise(table)) for table in tables]
    for table, layout in known:
        if layout is not None and layout in wanted:
            _note_others(table, tables, findings)
            return table, layout
    for table, layout in known:
        if layout is not None:
            lacking = wanted[0].lacking(table.header)
            # With more away it is simply another file.
            near = len(lacking) < len(wanted[0].marks) and len(lacking) <= NEAR
            findings.refuse(
                table.place,
                f"looks like {layout.title.lower()}, not {wanted[0].title.lower()}"
                + (f": for that it lacks the column {', '.join(lacking)}" if near else ""),
                "give it with its own option, or correct the header",
            )
            return None
    return tables[0], wanted[0]


def _note_others(table: Table, tables: list[Table], findings: Findings) -> None:
    """Other sheets in a layout of ours, which a person may think are read as well."""
    for other in tables:
        if other is not table and recognise(other) is not None:
            findings.note(
                "sheet_not_read",
                other.place.file,
                f"{other.place}: not read; only sheet {table.place.sheet} is",
            )
