"""Age groups: ages and spans of ages, as files give them, in groups that do not overlap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

YEARS = 10
"""How wide a group of single ages is."""
_AGE = re.compile(r"\d{1,3}")
_SPAN = re.compile(r"(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})", re.IGNORECASE)
_AND_OVER = re.compile(r"(\d{1,3})\s*(?:\+|and over|or over)", re.IGNORECASE)
_OLDEST = 1_000
Span = tuple[int, int]
"""Half-open: the first age, and the first that is not in it any more."""


def age_groups(values: Iterable[str]) -> Mapping[str, str]:
    """By value, its group: half-open, such as “25 to under 35”. What is no age is its own group.

    Spans that the values give are kept, and those that overlap become one. “18-25” ends before 25
    where another span begins there, and after it otherwise. A single age is in the span that holds
    it; where none does, in that of its ten years, as far as no span takes them.
    """
    given = set(values)
    spans = _apart(_read(given))
    found: dict[str, str] = {}
    for value in given:
        if (ages := _span(value)) is not None:
            holder = next(span for span in spans if span[0] <= ages[0] < span[1])
            found[value] = _said(holder)
        elif _AGE.fullmatch(value.strip()):
            found[value] = _said(_group_of(int(value), spans))
        else:
            found[value] = value
    return found


def _span(value: str) -> Span | None:
    """What a value gives as first and last age; None: it is no span."""
    text = value.strip()
    if (found := _SPAN.fullmatch(text)) is not None:
        first, last = int(found[1]), int(found[2])
        return (first, last) if first < last else None
    if (found := _AND_OVER.fullmatch(text)) is not None:
        return int(found[1]), _OLDEST
    return None


def _read(values: Iterable[str]) -> list[Span]:
    """The spans that are given, half-open."""
    given = [span for value in values if (span := _span(value)) is not None]
    begins = {first for first, _ in given}
    return [(first, last if last in begins else last + 1) for first, last in given]


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The same in order, those that overlap as one."""
    found: list[Span] = []
    for first, end in sorted(spans):
        if found and first < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((first, end))
    return found


def _group_of(age: int, spans: Iterable[Span]) -> Span:
    first = age // YEARS * YEARS
    end = first + YEARS
    for begin, over in spans:
        if begin <= age < over:
            return begin, over
        if over <= age:
            first = max(first, over)
        else:
            end = min(end, begin)
    return first, end


def _said(span: Span) -> str:
    first, end = span
    return f"{first} and over" if end > _OLDEST else f"{first} to under {end}"
