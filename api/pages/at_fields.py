"""At fields: what is wrong with a form, each at the field that it is about."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from api.pages.words import refused
from api.service.refusals import Refusal

Summary = list[dict[str, str]]
"""Entries of an error summary; a field's own message is the same."""


def at(field: str, words: str) -> Summary:
    """One thing wrong, at this field."""
    return [{"text": refused(words), "href": f"#{field}"}]


def at_fields(refusal: Refusal, fields: Collection[str], otherwise: str) -> Summary:
    """What a refusal says, at the fields that its complaints name; at another, if none."""
    complaints: Any = refusal.extra.get("complaints") or ()
    found = [each for each in complaints if each.get("where") in fields]
    if not found:
        return at(otherwise, refusal.detail)
    return [entry for each in found for entry in at(each["where"], each["message"])]


def messages(summary: Summary) -> dict[str, str]:
    """By field, what stands at it."""
    return {each["href"][1:]: each["text"] for each in summary}
