"""Navigation: which pages there are to go to, and for whom. A new section is a line here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.access.actor import Actor
from api.access.dependencies import may
from api.pages.tabs import AUDIT, CAPACITY, OVERSIGHT, PREMISES, Tab


@dataclass(frozen=True, slots=True)
class Section:
    """A place in the bar at the top: its words, its address, the page that it is, and its tabs.

    Whoever may not see that page is led to the first of the tabs that they may. `within`: what
    addresses of its pages begin with, where that is not its own.
    """

    text: str
    href: str
    page: str
    tabs: Sequence[Tab] = ()
    within: str = ""

    def holds(self, address: str) -> bool:
        """Whether a page is one of this section's."""
        return address.startswith(self.within or self.href)

    def led_to(self, actor: Actor) -> Section | None:
        """The section as this person has it; None: they may see none of its pages."""
        if may(self.page, actor):
            return self
        tab = next((tab for tab in self.tabs if may(tab.page, actor)), None)
        return tab and replace(self, href=tab.href, page=tab.page, within=self.href)


SECTIONS = (
    Section("Without a bed", "/without-a-bed", "page_without_bed"),
    Section("Plans", "/runs", "page_runs"),
    Section("Premises", "/premises", "page_premises_list", PREMISES),
    Section("Capacity", "/capacity", "page_capacity", CAPACITY),
    Section("Oversight", "/oversight", "page_oversight", OVERSIGHT),
    Section("Audit", "/audit", "page_audit", AUDIT),
    Section("Files", "/files", "page_files"),
)
"""In the order in which they stand; the first that somebody may see is where they begin."""


def sections_for(actor: Actor) -> list[Section]:
    """Those that the actor may see."""
    return [found for section in SECTIONS if (found := section.led_to(actor))]
