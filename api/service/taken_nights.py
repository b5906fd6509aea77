"""Taken nights: by bed, the nights that a booking or an out-of-service record has."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import select

from api.service.change import Change
from api.store.tables import BED_NIGHTS


def taken_nights(change: Change, first: date, *conditions: Any) -> dict[str, set[date]]:
    """From a night on; of these beds or nights, as conditions on the table of nights."""
    found: dict[str, set[date]] = defaultdict(set)
    wanted = select(BED_NIGHTS.c.bed_id, BED_NIGHTS.c.night)
    for bed, night in change.connection.execute(
        wanted.where(BED_NIGHTS.c.night >= first, *conditions)
    ):
        found[bed].add(night)
    return found
