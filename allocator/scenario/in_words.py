"""Changes in words: what was tried, with every premises, number, date and share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from allocator.code_words import AP_TYPES, CRITERIA, PEOPLE
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
from allocator.vocabulary import Criterion


def change_in_words(change: AnyChange, names: Mapping[str, str]) -> str:
    """One sentence without its full stop. `names`: of premises, by their ids."""
    match change:
        case Close():
            return _close(change, names)
        case OpenBeds():
            rooms = _features(change.room_characteristics, "like the commonest room there")
            more = f"{counted(change.beds, 'bed')} more at {called(change.premises, names)}"
            return f"{more}{_since(change.since)}, {rooms}"
        case OpenPremises():
            return _open_premises(change)
        case Convert():
            return _convert(change, names)
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


def called(premises: str, names: Mapping[str, str]) -> str:
    """The premises by name, with the id that a scenario file has for it."""
    return f"{names[premises]} ({premises})" if premises in names else premises


def _close(change: Close, names: Mapping[str, str]) -> str:
    leave = (
        "; who is there then stays as planned"
        if change.leave_by is None
        else f"; nobody sleeps there from {long_day(change.leave_by)}"
    )
    where = called(change.premises, names)
    return f"{where} closes: no arrival from {long_day(change.since)}{leave}"


def _open_premises(change: OpenPremises) -> str:
    parts = [
        f"new premises {change.id} for {PEOPLE[change.gender]}",
        f"{counted(change.beds, 'bed')}{_since(change.since)}",
        f"at {_place(change.location)}",
        f"region {change.region or 'not given'}",
        f"AP type {_list(AP_TYPES[each] for each in change.ap_types)}",
        f"premises: {_offered(change.characteristics)}",
        f"rooms: {_offered(change.room_characteristics)}",
    ]
    return "; ".join(parts)


def _convert(change: Convert, names: Mapping[str, str]) -> str:
    parts = []
    if change.ap_types is not None:
        parts.append(f"becomes AP type {_list(AP_TYPES[each] for each in change.ap_types)}")
    rooms = "all rooms" if change.rooms is None else f"{change.rooms} of its rooms"
    if change.add:
        parts.append(f"{rooms} gain: {_offered(change.add)}")
    if change.remove:
        parts.append(f"{rooms} lose: {_offered(change.remove)}")
    where = called(change.premises, names)
    return f"{where}: {', '.join(parts)}, from the first day to the last"


def _features(features: Iterable[Criterion] | None, otherwise: str) -> str:
    if features is None:
        return otherwise
    return f"rooms with {_offered(features)}"


def _offered(features: Iterable[Criterion]) -> str:
    return _list(CRITERIA[each].words for each in features) or "no characteristics"


def _place(location: Point) -> str:
    return f"latitude {location.latitude:g}, longitude {location.longitude:g}"


def _since(day: date | None, words: str = "") -> str:
    return "" if day is None else f"{words} from {long_day(day)}"


def _who(who: Who) -> str:
    """Nothing for everybody."""
    parts = [
        f"band {_list(map(str, sorted(who.bands)))}" if who.bands else "",
        f"living in {_list(who.regions)}" if who.regions else "",
        f"{_list(PEOPLE[each] for each in who.genders)}" if who.genders else "",
        f"AP type {_list(AP_TYPES[each] for each in who.ap_types)}" if who.ap_types else "",
        f"tier scheme {_list(who.tier_schemes)}" if who.tier_schemes else "",
    ]
    told = [part for part in parts if part]
    return f", only of {', '.join(told)}" if told else ""


def _list(values: Iterable[str]) -> str:
    *others, last = sorted(str(value) for value in values) or [""]
    return f"{', '.join(others)} and {last}" if others else last
