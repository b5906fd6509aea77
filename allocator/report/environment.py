"""The template environment: everything is escaped, and a missing value is an error."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from allocator.export import words


def environment() -> Environment:
    """Templates of the report, with the filters they use."""
    made = Environment(
        loader=PackageLoader("allocator.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_no_controls,
    )
    made.filters.update(_FILTERS)
    return made


def _no_controls(value: object) -> object:
    """Control characters are not allowed in HTML; they are shown as a replacement mark."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} else c for c in value)


_FILTERS: dict[str, Callable[..., str]] = {
    "day": words.day,
    "long_day": words.long_day,
    "number": lambda number: f"{number:,}",
    "miles": words.miles_words,
    "tier": words.tier_words,
}
