"""Unusual CRNs: told by their place, and never by what they are; kept as they are written."""

from __future__ import annotations

from allocator.ingest.complaints import Findings, Place
from allocator.ingest.values import is_usual_crn


def note_crn(crn: str, place: Place, column: str, findings: Findings) -> None:
    """A note of where it is, unless it is a letter and six digits."""
    if not is_usual_crn(crn):
        where = f"{place}, column {column}"
        findings.note("crn_unusual", where, f"{where}: the CRN is not a letter and six digits")
