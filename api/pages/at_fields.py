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
    # Complaints of a file have a row and a column, and name no field.
    said = [(each["where"].removeprefix("body."), each) for each in complaints if "where" in each]
    found = [entry for f, each in said if f in fields for entry in at(f, each["message"])]
    return found or at(otherwise, refusal.detail)


def messages(summary: Summary) -> dict[str, str]:
    """By field, what stands at it: all of it."""
    found: dict[str, str] = {}
    for each in summary:
        field = each["href"][1:]
        found[field] = f"{found[field]} {each['text']}" if field in found else each["text"]
    return found
