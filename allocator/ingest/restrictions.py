"""Local restrictions of premises, coded so that a rule can read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from allocator.estate import LocalRestriction
from allocator.ingest.cells import Column, Identifier, Row, Text
from allocator.ingest.context import Context
from allocator.ingest.estate_index import MEND_THAT_ROW, PREMISES_WITH_A_FAULT, EstateIndex
from allocator.ingest.layout import Entry, Layout

OF_NO_PREMISES = "none"


class RestrictionRow(Row):
    """One restriction of one premises, or a code that no premises here has."""

    premises: Annotated[
        Identifier,
        Column(
            "apCode or qCode", "text, or NONE for a code that no premises here has", "–", "APX1"
        ),
    ]
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


@dataclass(frozen=True, slots=True)
class Restrictions:
    """Restrictions by premises id, each code once, in order of code; and every code there is."""

    of_premises: Mapping[str, tuple[LocalRestriction, ...]]
    codes: frozenset[str]


def read_restrictions(
    entries: Iterable[Entry[RestrictionRow]], index: EstateIndex, context: Context
) -> Restrictions:
    """The restrictions of a table."""
    found: dict[str, dict[str, LocalRestriction]] = defaultdict(dict)
    codes = set()
    for entry in entries:
        restriction = LocalRestriction(entry.row.code, entry.row.description)
        codes.add(restriction.code)
        premises = index.by_code(entry.row.premises)
        if premises is None and entry.row.premises.casefold() == OF_NO_PREMISES:
            continue
        if premises is None and index.premises_is_faulty(entry.row.premises):
            context.findings.complain(
                entry.place,
                PREMISES_WITH_A_FAULT,
                MEND_THAT_ROW,
                "premises",
                entry.row.premises,
                follows=True,
            )
        elif premises is None:
            context.findings.complain(
                entry.place,
                "is not in the premises file",
                "correct the code, or add the premises",
                "premises",
                entry.row.premises,
            )
        elif restriction.code in found[premises]:
            context.findings.complain(
                entry.place,
                f"is there twice for {premises}",
                "keep one of the rows",
                "code",
                entry.row.code,
            )
        else:
            found[premises][restriction.code] = restriction
    return Restrictions(
        {premises: tuple(each[code] for code in sorted(each)) for premises, each in found.items()},
        frozenset(codes),
    )
