"""Bounds: what a field of a body may hold beyond its kind; the same as files may.

Told in the document and checked on the way in, so that neither says what the other does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allocator.control_characters import CONTROLS, TURNS_TEXT_ROUND

FORBIDDEN = re.compile(rf"[{CONTROLS}\ud800-\udfff{TURNS_TEXT_ROUND}]")
LONGEST_TEXT = 4_000
LONG_TEXTS = {"scenario_yaml": 100_000, "history": 10_000_000}
"""Fields that hold a whole file as text, and how many characters of it."""
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Text:
    """Characters at least and at most, and a pattern for the whole."""

    longest: int
    least: int = 0
    pattern: str | None = None

    def fault(self, value: str) -> str | None:
        """What is wrong with the text, or None."""
        if not self.least <= len(value.strip()) <= len(value) <= self.longest:
            return f"write {self.least} to {self.longest:,} characters"
        if self.pattern is not None and not re.fullmatch(self.pattern, value):
            return f"does not have the form {self.pattern}"
        return None

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""
        told: dict[str, Any] = {"maxLength": self.longest}
        if self.least:
            told["minLength"] = self.least
        if self.pattern is not None:
            told["pattern"] = f"^(?:{self.pattern})$"
        return told


@dataclass(frozen=True, slots=True)
class Number:
    """The least and the most; `above`: the least itself is not enough."""

    least: float
    most: float
    above: bool = False

    def fault(self, value: float) -> str | None:
        """What is wrong with the number, or None."""
        if self.least <= value <= self.most and not (self.above and value == self.least):
            return None
        return f"must be {'above' if self.above else 'from'} {self.least:,} to {self.most:,}"

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""
        return {
            "exclusiveMinimum" if self.above else "minimum": self.least,
            "maximum": self.most,
        }


CRN = Text(20, 1, "[A-Z0-9][A-Z0-9/-]{0,19}")
"""In capitals and trimmed, as imports leave it: a rule finds the person under no other spelling."""
MILES = Number(0, 1_000, above=True)
WHOLE_MILES = Number(1, 1_000)

FIELDS: Mapping[str, Text | Number] = {
    "id": Text(200, 1),
    "room_id": Text(200, 1),
    "premises_id": Text(200, 1),
    "crn": CRN,
    "other_crn": CRN,
    "name": Text(200, 1),
    "region": Text(100),
    "area": Text(100),
    "nights": Number(1, 1_000),
    "mappa_level": Number(0, 3),
    "failed_attempts": Number(0, 1_000),
    "radius_miles": MILES,
    "aimed_radius_miles": WHOLE_MILES,
    "consented_radius_miles": WHOLE_MILES,
    "arrivals_per_day": Number(1, 100),
    "limit": Number(0, LARGEST),
    "lowest_band": Number(1, 99),
    # Great Britain: beyond it the two were most likely swapped.
    "latitude": Number(49, 61),
    "longitude": Number(-9, 2.5),
}
"""By the field's name, in whatever it is held. Values of the field (allocator) and no others."""


def fault_of(name: str, value: str | float) -> str | None:
    """What is wrong with a text or number in a field of this name, or None."""
    if isinstance(value, str) and FORBIDDEN.search(value):
        return "control characters cannot be kept"
    longest = LONG_TEXTS.get(name, LONGEST_TEXT)
    if isinstance(value, str) and len(value) > longest:
        return f"longer than {longest:,} characters"
    if isinstance(value, int) and abs(value) > LARGEST:
        return "the number is too large"
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a number"
    bound = FIELDS.get(name)
    if isinstance(bound, Text) and isinstance(value, str):
        return bound.fault(value)
    if isinstance(bound, Number) and isinstance(value, int | float):
        return bound.fault(value)
    return None


def bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of a value of the field, with the bounds of its fields in it."""
    for name, field in schema.get("properties", {}).items():
        bound = FIELDS.get(name)
        for kind in field.get("anyOf", [field]):
            # What a list names twice counts once.
            kind.pop("uniqueItems", None)
            if isinstance(bound, Text) and kind.get("type") == "string":
                kind |= bound.schema()
            if isinstance(bound, Number) and kind.get("type") in ("integer", "number"):
                kind |= bound.schema()
    return schema
