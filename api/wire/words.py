"""Words: text, ids and days as the wire takes them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from api.wire.bounds import FORBIDDEN

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_YEAR, LAST_YEAR = 1990, 2100


def _day(value: Any) -> Any:
    """ISO and nothing else: numbers of seconds are no dates here."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write a day as YYYY-MM-DD")
    if not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        raise ValueError(f"the year must be from {FIRST_YEAR} to {LAST_YEAR}")
    return date.fromisoformat(value)


def _reason(value: Any) -> Any:
    """Words that say something; what is blank at the ends is left out before they are counted."""
    value = _text(value)
    return value.strip() if isinstance(value, str) else value


def _crn(value: Any) -> Any:
    """In capitals and trimmed, as it is kept."""
    value = _text(value)
    return value.strip().upper() if isinstance(value, str) else value


def _text(value: Any) -> Any:
    if isinstance(value, str) and FORBIDDEN.search(value):
        raise ValueError("control characters cannot be kept")
    return value


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Id = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(min_length=1, max_length=200),
    Field(examples=["AP1/4/1"]),
]
Named = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
]
Crn = Annotated[
    str,
    BeforeValidator(_crn),
    StringConstraints(min_length=1, max_length=40),
    Field(examples=["X000003"]),
]
Reason = Annotated[str, BeforeValidator(_reason), StringConstraints(min_length=1, max_length=2_000)]
Words = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=2_000)]

BidStatus = Literal["open", "placed", "arrived", "withdrawn", "released_without_bed"]
BookingStatus = Literal["upcoming", "arrived", "departed", "notArrived", "cancelled"]


class Body(BaseModel):
    """What a request may hold: these fields, of these kinds, and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=False)


class Shown(BaseModel):
    """What an answer holds."""

    model_config = ConfigDict(extra="forbid")
