"""Changes in words: what was tried, with every premises, number, date and share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from allocator.export.words import long_day
from allocator.geography.point import Point
from allocator.plain_words import counted
from allocator.simulate.changes import (
    AnotherPolicy,
    AnyChange,
    Close,
    CommitByDays,
    Convert,
    DemandFactor,
    EarlyRelease,
    OpenBeds,
    OpenPremises,
    OutOfServiceRate,
    StayLength,
    TierGate,
)
from allocator.simulate.changes.who import Who
from allocator.vocabulary import Gender

_ESTATES = {Gender.MAN: "men", Gender.WOMAN: "women"}


def change_in_words(change: AnyChange) -> str:
    """One sentence without its full stop."""
    match change:
        case Close():
            return _close(change)
        case OpenBeds():
            rooms = _features(change.room_characteristics, "like the commonest room there")
            more = f"{counted(change.beds, 'bed')} more at {change.premises}"
            return f"{more}{_since(change.since)}, {rooms}"
        case OpenPremises():
            return _open_premises(change)
        case Convert():
            return _convert(change)
        case OutOfServiceRate():
            return f"beds go out of service {change.factor:g} times as often"
        case StayLength():
            of = f" in place of {change.instead_of}" if change.instead_of else ""
            released = _since(change.since, ", for people released")
            return f"stays of {change.nights} nights{of}{released}{_who(change.who)}"
        case DemandFactor():
            made = _since(change.since, ", of referrals made")
            return f"{change.factor:g} times as many people are referred{made}{_who(change.who)}"
        case EarlyRelease():
            return (
                f"{100 * change.share:g} % of those due from {long_day(change.first)} to the day "
                f"before {long_day(change.until)} are released {counted(change.days, 'day')} "
                f"earlier{_who(change.who)}"
            )
        case TierGate():
            newly = f"{change.newly:g} times as many come of those who newly qualify"
            return f"eligibility by tier scheme {change.scheme}; {newly}"
        case AnotherPolicy():
            return f"policy {Path(change.policy).name}"
        case CommitByDays():
            days = "/".join(map(str, change.days))
            return f"beds are made firm {days} days before release, by band"


def _close(change: Close) -> str:
    leave = (
        "; who is there then stays as planned"
        if change.leave_by is None
        else f"; nobody sleeps there from {long_day(change.leave_by)}"
    )
    return f"{change.premises} closes: no arrival from {long_day(change.since)}{leave}"


def _open_premises(change: OpenPremises) -> str:
    parts = [
        f"new premises {change.id} for {_ESTATES[change.gender]}",
        f"{counted(change.beds, 'bed')}{_since(change.since)}",
        f"at {_place(change.location)}",
        f"region {change.region or 'not given'}",
        f"AP type {_list(change.ap_types)}",
        f"premises: {_list(change.characteristics) or 'no characteristics'}",
        f"rooms: {_list(change.room_characteristics) or 'no characteristics'}",
    ]
    return "; ".join(parts)


def _convert(change: Convert) -> str:
    parts = []
    if change.ap_types is not None:
        parts.append(f"becomes AP type {_list(change.ap_types)}")
    rooms = "all rooms" if change.rooms is None else f"{change.rooms} of its rooms"
    if change.add:
        parts.append(f"{rooms} get {_list(change.add)}")
    if change.remove:
        parts.append(f"{rooms} lose {_list(change.remove)}")
    return f"{change.premises}: {', '.join(parts)}, from the first day to the last"


def _features(features: Iterable[str] | None, otherwise: str) -> str:
    if features is None:
        return otherwise
    return f"rooms with {_list(features) or 'no characteristics'}"


def _place(location: Point) -> str:
    return f"latitude {location.latitude:g}, longitude {location.longitude:g}"


def _since(day: date | None, words: str = "") -> str:
    return "" if day is None else f"{words} from {long_day(day)}"


def _who(who: Who) -> str:
    """Nothing for everybody."""
    parts = [
        f"band {_list(map(str, sorted(who.bands)))}" if who.bands else "",
        f"living in {_list(who.regions)}" if who.regions else "",
        f"{_list(_ESTATES[each] for each in who.genders)}" if who.genders else "",
        f"AP type {_list(who.ap_types)}" if who.ap_types else "",
        f"tier scheme {_list(who.tier_schemes)}" if who.tier_schemes else "",
    ]
    told = [part for part in parts if part]
    return f", only of {', '.join(told)}" if told else ""


def _list(values: Iterable[str]) -> str:
    *others, last = sorted(str(value) for value in values) or [""]
    return f"{', '.join(others)} and {last}" if others else last
