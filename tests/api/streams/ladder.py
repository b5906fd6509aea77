"""Ladder and bands, read from the policy file itself and not through `allocator.policy`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import allocator
from allocator.referral import Referral


@cache
def policy_file() -> dict:
    """The file that docs/service.md points to."""
    path = Path(allocator.__file__).parent / "policies" / "2026-11.toml"
    return tomllib.loads(path.read_text())


@dataclass(frozen=True)
class Rung:
    """When it is reached, and for how long somebody may leave it unacknowledged."""

    days_to_release: int
    failed_attempts: int
    within: timedelta


@cache
def rungs() -> tuple[Rung, ...]:
    """From the owner up."""
    return tuple(
        Rung(
            each["days_to_release"],
            each["failed_attempts"],
            timedelta(days=each["acknowledge_within_days"]),
        )
        for each in policy_file()["escalation"]
    )


def reached(release: date, today: date, attempts: int) -> int:
    """The highest rung whose days to release or attempts are reached."""
    left = (release - today).days
    return max(
        number
        for number, rung in enumerate(rungs())
        if left <= rung.days_to_release or attempts >= rung.failed_attempts
    )


def overdue_to(rung: int, due: datetime, now: datetime) -> int:
    """The rung to which nobody's acknowledging leads if each unanswered one leads to the next."""
    while due <= now and rung + 1 < len(rungs()):
        rung += 1
        due += rungs()[rung].within
    return rung


def band_of(value: Referral) -> int:
    """The first band that names one of the person's values; not known is read as the worst."""
    rosh = "Very High" if value.rosh is None else value.rosh.value
    level = 3 if value.mappa_level is None else value.mappa_level
    letter = "A" if value.tier is None else value.tier.value[0]
    bands = policy_file()["bands"]
    for band in bands:
        if rosh in band["rosh"] or level in band["mappa_levels"] or letter in band["tier_letters"]:
            return int(band["number"])
    return int(bands[-1]["number"])


def known_band(value: Referral) -> int:
    """The same of what is known alone: what is not opens no bed that is held for others."""
    bands = policy_file()["bands"]
    for band in bands:
        known = (
            value.rosh is not None and value.rosh.value in band["rosh"],
            value.mappa_level is not None and value.mappa_level in band["mappa_levels"],
            value.tier is not None and value.tier.value[0] in band["tier_letters"],
        )
        if any(known):
            return int(band["number"])
    return int(bands[-1]["number"])


def decide_by(value: Referral, arrival: date, today: date) -> date:
    """The day from which a proposal for this arrival is firm."""
    days = policy_file()["decide"]["commit_by_days"]["value"][band_of(value) - 1]
    return max(today, arrival - timedelta(days=days))
