"""Addresses: ids that must be able to stand in the address of a record."""

from __future__ import annotations

from allocator.ingest.complaints import Findings, Place
from allocator.ingest.limits import ADDRESS_CHARACTERS


def can_be_addressed(place: Place, column: str, identifier: str, findings: Findings) -> bool:
    """Whether the id can; else it is complained of."""
    wrong = ""
    if "/" in identifier:
        wrong = "has a slash, so that its record would have no address"
    elif identifier in (".", ".."):
        wrong = "cannot stand in an address"
    elif len(identifier) > ADDRESS_CHARACTERS:
        wrong = f"is longer than {ADDRESS_CHARACTERS} characters"
    if wrong:
        mend = f"write an id of at most {ADDRESS_CHARACTERS} characters without a slash"
        findings.complain(place, wrong, mend, column, identifier)
    return not wrong
