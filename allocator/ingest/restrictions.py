"""Local restrictions of premises, coded so that a rule can read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Annotated

from allocator.estate import LocalRestriction
from allocator.ingest.cells import Column, Identifier, Row, Text
from allocator.ingest.context import Context
from allocator.ingest.estate_index import EstateIndex
from allocator.ingest.layout import Entry, Layout


class RestrictionRow(Row):
    """One restriction of one premises."""

    premises: Annotated[Identifier, Column("apCode or qCode", example="APX1")]
    code: Annotated[
        Identifier,
        Column("the code that the release list's restriction_codes use", example="R1"),
    ]
    description: Annotated[
        Text, Column("what it means", blank="–", example="An invented restriction")
    ] = ""


LAYOUT = Layout(
    name="restrictions",
    title="Local restrictions",
    row=RestrictionRow,
    marks=frozenset({"premises", "code", "description"}),
)


def read_restrictions(
    entries: Iterable[Entry[RestrictionRow]], index: EstateIndex, context: Context
) -> Mapping[str, tuple[LocalRestriction, ...]]:
    """Restrictions by premises id, each code once, in order of code."""
    found: dict[str, dict[str, LocalRestriction]] = defaultdict(dict)
    for entry in entries:
        premises = index.by_code(entry.row.premises)
        if premises is None:
            context.findings.complain(
                entry.place,
                "is not in the premises file",
                "correct the code, or add the premises",
                "premises",
                entry.row.premises,
            )
        elif entry.row.code in found[premises]:
            context.findings.complain(
                entry.place,
                f"is there twice for {premises}",
                "keep one of the rows",
                "code",
                entry.row.code,
            )
        else:
            restriction = LocalRestriction(entry.row.code, entry.row.description)
            found[premises][entry.row.code] = restriction
    return {
        premises: tuple(codes[code] for code in sorted(codes)) for premises, codes in found.items()
    }
