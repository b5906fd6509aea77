"""Study words: what each figure of a study is of, each way of placing, and how sure it all is."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.scenario.file import BASE
from api.pages.words import counted
from api.service.studies import REGISTER, SYNTHETIC
from api.wire.study_figures import StudyFigures

MEASURES: Mapping[str, str] = {
    "weighted_unmet": "People who never had a bed, each counted by the weight that the policy "
    "gives their band: the more urgent, the more.",
    "unmet": "People who were released and came, and had no bed on any day on which one could "
    "still have been of use.",
    "uncovered_nights": "Nights between a release and the first night in a bed; of those who "
    "never had one, all the nights on which they could have.",
    "occupancy": "Of all nights of beds that were in service, the share in which somebody slept. "
    "Nothing aims at it: more is not better.",
    "asked": "People of the band whose release is on the days that are counted, and who come.",
    "on_the_day": "Of those who asked, the share with a bed on the night of their release.",
    "notice": "Days from when a bed was certain to the release: half had more, half fewer. Below "
    "nought: certain only after the release.",
}
"""By the name of a figure, without its band."""
METHODS: Mapping[str, tuple[str, str]] = {
    "first-come": (
        "First come",
        "each person as soon as referred, in the nearest bed that is open.",
    ),
    "risk-order": (
        "Risk order",
        "as by hand: the week’s list by band, each in the nearest open bed, all of it certain.",
    ),
    "commit-all": (
        "Commit all",
        "the week’s list planned together, and all of it certain at once.",
    ),
    "optimise-all": (
        "Optimise all",
        "the week’s list through the optimiser itself, and all of it certain at once.",
    ),
    "commit-by": (
        "Commit by day",
        "all planned together, and certain only for who is within their band’s days of release.",
    ),
    "protection": (
        "Protection levels",
        "so many beds a night are kept from each band for those above it.",
    ),
    "bid-prices": (
        "Bid prices",
        "a bed is certain when the person is worth what its nights may be worth to others.",
    ),
    "look-ahead": (
        "Look ahead",
        "planned together with people who may yet be referred, in several futures that are drawn.",
    ),
}
"""By the name of a way of placing, what it is called and what it does."""
A_YEAR = range(360, 367)
ENOUGH = 10
"""With fewer years an interval says little: its width is half guessed from a handful."""
SHORTEST = 182
"""In fewer days neither seasons nor long stays show."""


def measure(name: str) -> str:
    """What a figure is of, in a sentence; empty for one that has none."""
    return MEASURES.get(name.partition("_band_")[0], "")


def method(name: str) -> str:
    """What a way of placing is called."""
    return METHODS[name][0] if name in METHODS else name


def scenario(name: str) -> str:
    """What a scenario is called; the estate with nothing changed as the pages call it."""
    return "Base" if name == BASE else name


def period(days: int) -> str:
    """What figures are of: a year, or the days that were simulated."""
    return "a year" if days in A_YEAR else counted(days, "day")


def doubts(figures: StudyFigures) -> list[str]:
    """Why not to build on it yet."""
    found = []
    years, days = figures.replications, figures.days
    if years == 1:
        found.append("One year alone was simulated: how much is chance, nobody can say from it.")
    elif years < ENOUGH:
        found.append(
            f"Only {counted(years, 'year')} were simulated: intervals are wide, and differences "
            "may be chance."
        )
    if days < SHORTEST:
        found.append(
            f"Each is of {counted(days, 'day')} only: neither seasons nor long stays show."
        )
    if found:
        found.append("Before anything is decided on it, ask for more: 20 whole years, say.")
    return found


def made_up(over: str, synthetic_estate: bool) -> str:
    """Who and what of a study is invented. `over`: what it was asked of."""
    if over == SYNTHETIC:
        return "People who come are made up, and so is the estate"
    where = "the register as it stood" if over == REGISTER else "the problem that was sent"
    marked = ", whose data are marked as synthetic" if synthetic_estate else ""
    return f"People who come are made up; beds and bookings are those of {where}{marked}"
