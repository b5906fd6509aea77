"""Changed words: what is known of a bid now and was not before, as the page of the bid words it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from allocator.plain_words import counted
from allocator.referral import Referral
from api.pages.case_words import OFFENCES
from api.pages.words import AP_TYPES, GENDERS, criterion, day
from api.service.bid_changes import BidChange
from api.service.change import Change

NOT_KEPT = "What was changed is not kept, or was erased"


def _plain(value: Any) -> str:
    return "Not known" if value is None else str(getattr(value, "value", value))


def _miles(value: Any) -> str:
    return "Not given" if value is None else counted(value, "mile")


def _day(value: Any) -> str:
    return "Not known" if value is None else day(value)


def _several(words: Callable[[str], str]) -> Callable[[Any], str]:
    def told(values: Iterable[Any] | None) -> str:
        if values is None:
            return "Not known"
        return "; ".join(words(each) for each in sorted(map(_plain, values))) or "None"

    return told


def _mappa(value: int | None) -> str:
    return "Not known" if value is None else str(value or "None")


def _sharing(value: Any) -> str:
    if value is None:
        return "Not assessed"
    return f"{'Suitable' if value.suitable else 'Not suitable'}, until {day(value.valid_until)}"


def told(change: BidChange, premises: Mapping[str, str]) -> list[str]:
    """By field, what it was and what it is. `premises`: their names by id."""
    if change.before is None or change.after is None:
        return [NOT_KEPT]
    fields: dict[str, tuple[str, Callable[[Any], str]]] = {
        "release_date": ("Release", _day),
        "latest_arrival": ("Latest arrival", _day),
        "nights": ("Length of stay", lambda value: counted(value, "night")),
        "ap_type": ("AP type", lambda value: AP_TYPES[value.value]),
        "gender": ("Estate", lambda value: GENDERS[value.value]),
        "tier": ("Tier", _plain),
        "rosh": ("RoSH", _plain),
        "mappa_level": ("MAPPA level", _mappa),
        "mappa_category": ("MAPPA category", _plain),
        "exceptional_case": ("Exceptional case", lambda value: "Yes" if value else "No"),
        "outcode": ("Near", _plain),
        "aimed_radius_miles": ("Aimed within", _miles),
        "consented_radius_miles": ("Not further than", _miles),
        "essential": ("Essential criteria", _several(criterion)),
        "desirable": ("Desirable criteria", _several(criterion)),
        "preferred_premises": (
            "Preferred premises",
            lambda names: ", ".join(premises.get(each, each) for each in names) or "None",
        ),
        "sharing": ("Room share", _sharing),
        "offences": ("Offences", _several(lambda code: OFFENCES[code])),
        "offences_unknown": (
            "Offences nobody has answered for",
            _several(lambda code: OFFENCES[code]),
        ),
        "restriction_codes": ("Local restrictions that apply", _several(str)),
        "licence_expiry": ("Licence ends", _day),
        "failed_attempts": ("Attempts", str),
    }
    found = []
    for name, (label, words) in fields.items():
        before, after = getattr(change.before, name), getattr(change.after, name)
        if isinstance(before, Set) and isinstance(after, Set):
            found += _more_and_fewer(label, words, before, after)
        elif before != after:
            found.append(f"{label}: {words(before)} before, {words(after)} now")
    return found or [_other(change.before, change.after)]


def all_told(change: Change, changes: Mapping[int, BidChange]) -> dict[int, list[str]]:
    """By event that changed a bid, what it changed, in words."""
    names = {each["id"]: each["name"] for each in change.outlines("premises", ["name"])}
    return {seq: told(each, names) for seq, each in changes.items()}


def _more_and_fewer(
    label: str, words: Callable[[Any], str], before: Set[Any], after: Set[Any]
) -> list[str]:
    """Of several, those that are new and those that are no more: the rest did not change."""
    found = [f"{label}, added: {words(after - before)}"] if after - before else []
    return found + ([f"{label}, removed: {words(before - after)}"] if before - after else [])


def _other(before: Referral, after: Referral) -> str:
    if before.location != after.location:
        return "The place to live near was changed, within the same postcode district"
    if before.protected != after.protected:
        return "Protected characteristics, kept for monitoring only"
    if before.assumptions != after.assumptions:
        return "What was assumed was confirmed, and is as it was"
    return "Nothing that this page shows"
