"""Navigation: which pages there are to go to, and for whom. A new section is a line here."""

from __future__ import annotations

from dataclasses import dataclass

from api.access.actor import Actor
from api.access.dependencies import may


@dataclass(frozen=True, slots=True)
class Section:
    """A place in the bar at the top: its words, its address, and the page that it is."""

    text: str
    href: str
    page: str


SECTIONS = (
    Section("Without a bed", "/without-a-bed", "page_without_bed"),
    Section("Plans", "/runs", "page_runs"),
    Section("Premises", "/premises", "page_premises_list"),
    Section("Capacity", "/capacity", "page_capacity"),
    Section("Oversight", "/oversight", "page_oversight"),
    Section("Audit", "/audit", "page_audit"),
    Section("Files", "/files", "page_files"),
)
"""In the order in which they stand; the first that somebody may see is where they begin."""


def sections_for(actor: Actor) -> list[Section]:
    """Those that the actor may see."""
    return [section for section in SECTIONS if may(section.page, actor)]
