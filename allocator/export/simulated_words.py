"""Words for what years were simulated on, so that the terminal, the page and the files agree."""

from __future__ import annotations

from pathlib import Path

from allocator.export.words import long_day
from allocator.plain_words import counted
from allocator.simulate.about import About
from allocator.simulate.setting import Setting


def estate_words(setting: Setting, about: About) -> str:
    """The estate and who comes: what is invented is said first."""
    beds = f"{about.premises} premises, {about.beds:,} beds"
    if setting.problem is None:
        return (
            f"Synthetic estate {setting.size}, seed {setting.seed}, load {setting.load:g}, windows "
            f"{setting.windows}: {beds}. Synthetic people, drawn from the process behind it."
        )
    invented = "Synthetic estate" if about.synthetic_estate else "Estate"
    drawn = "" if setting.forecast is None else Path(setting.forecast).name
    return (
        f"{invented} of {Path(setting.problem).name}: {beds}. Synthetic people, drawn from "
        f"{drawn}, seed {setting.seed}."
    )


def knowledge_words(setting: Setting, about: About) -> str:
    """What those who decide know beforehand, and the policy."""
    if setting.forecast is not None:
        known = f"the forecast {Path(setting.forecast).name}"
    elif setting.known == "true":
        known = "the process itself"
    else:
        known = "a forecast fitted to two other synthetic years"
    factor = (
        ""
        if setting.forecast_factor == 1
        else f", made wrong by factor {setting.forecast_factor:g}"
    )
    return f"Those who decide know {known}{factor}. Policy {about.policy}."


def days_words(about: About) -> str:
    """The days that are simulated, and those of them that are counted."""
    days = (about.last_counted - about.first_counted).days + 1
    warm_up = (about.first_counted - about.first_day).days
    before = (
        f"; the {warm_up} days from {long_day(about.first_day)} are the warm-up" if warm_up else ""
    )
    return (
        f"Releases are counted from {long_day(about.first_counted)} to "
        f"{long_day(about.last_counted)}, {days} days{before}."
    )


def years_words(count: int) -> str:
    """How many simulated years, which have as many days as were asked for."""
    return counted(count, "simulated year")


def interval_words(count: int) -> str:
    """Which intervals there are."""
    return "Intervals: 95 %." if count > 1 else "One year has no interval: take more to have one."
