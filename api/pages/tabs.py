"""Tabs: the pages of one section, of which somebody sees those that they may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Tab(NamedTuple):
    """One page of a section: its words, its address, and the page that it is."""

    text: str
    href: str
    page: str


PREMISES = (
    Tab("Premises", "/premises", "page_premises_list"),
    Tab("Beds by week", "/premises-week", "page_week"),
    Tab("Held back", "/premises-held", "page_holds"),
)
OVERSIGHT = (
    Tab("To acknowledge", "/oversight/escalations", "page_escalations"),
    Tab("Nobody has them", "/oversight/unowned", "page_unowned"),
    Tab("What was decided", "/oversight/decisions", "page_decision_report"),
    Tab("How groups fare", "/oversight/disparity", "page_disparity"),
)
CAPACITY = (
    Tab("Unmet need", "/capacity/unmet", "page_unmet"),
    Tab("What a bed is worth", "/capacity/worth", "page_worth"),
    Tab("What would be if", "/capacity/studies", "page_studies"),
    Tab("Who is yet to come", "/capacity/forecast", "page_forecast"),
)
AUDIT = (
    Tab("Who looked", "/audit/accesses", "page_accesses"),
    Tab("What happened", "/audit/timeline", "page_register_timeline"),
    Tab("Verify", "/audit/verification", "page_verification"),
    Tab("Make a plan again", "/audit/replays", "page_replays"),
)
TABS: Mapping[str, tuple[Tab, ...]] = {
    tab.page: group for group in (PREMISES, OVERSIGHT, CAPACITY, AUDIT) for tab in group
}
"""By the name of a page, all pages of its section."""


def first_of(tabs: Sequence[Tab], may: Callable[[str], bool]) -> str:
    """The address of the first that somebody may see; there is one for whoever may see any."""
    return next((tab.href for tab in tabs if may(tab.page)), "/")
