"""Decision form: what somebody decided of a proposal, and everything wrong with how it was said."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.pages.days import day_asked
from api.pages.refusal_words import Error
from api.pages.visit import Visit
from api.service.decisions import Action, Decision
from api.store.values import Row


def decision_of(visit: Visit) -> tuple[Decision, list[Error]]:
    """What was decided, and what is wrong with it."""
    wrong: list[Error] = []
    said = visit.said("action")
    if said not in {action.value for action in Action}:
        wrong.append({"text": "Choose whether to accept, change or refuse", "href": "#accept"})
        return Decision(Action.REFUSE), wrong
    action = Action(said)
    reason = visit.said(f"{said}_reason", 2_000)
    if action is not Action.ACCEPT and not reason:
        wrong.append({"text": f"Say why you {said} it", "href": f"#{said}_reason"})
    seen = visit.said("seen_through", 15)
    through = int(seen) if seen.isdecimal() else None
    over = "" if action is Action.REFUSE else visit.said(over_field(action), 2_000)
    ticked = action is not Action.REFUSE and bool(visit.said(otherwise_field(action)))
    if action is not Action.CHANGE:
        out = action is Action.REFUSE and bool(visit.said("keep_out"))
        asked = Decision(
            action,
            reason,
            seen_through=through,
            override_hold=over,
            keep_out=out,
            seen_otherwise=ticked,
        )
        return asked, wrong
    days = {}
    for name in ("arrival", "departure"):
        days[name], fault = _day(visit, name)
        if fault:
            wrong.append({"text": fault, "href": f"#{name}-day"})
    bed = visit.said("bed_id", 200) or None
    if not wrong and bed is None and days["arrival"] is None and days["departure"] is None:
        wrong.append({"text": "Name another bed, or other dates", "href": "#bed_id"})
    asked = Decision(
        action,
        reason,
        bed,
        days["arrival"],
        days["departure"],
        through,
        over,
        seen_otherwise=ticked,
    )
    return asked, wrong


def over_field(action: Action) -> str:
    """The field in which it is said why a hold is passed over: each decision has its own."""
    return f"{action.value}_over"


def otherwise_field(action: Action) -> str:
    """The tick that what another bid says otherwise of risk was seen: each decision has its own."""
    return f"{action.value}_otherwise"


def _day(visit: Visit, name: str) -> tuple[date | None, str]:
    """A date in three fields; None where all are empty."""
    parts = [visit.said(f"{name}-{part}", 40) for part in ("day", "month", "year")]
    if not any(parts):
        return None, ""
    try:
        day, month, year = map(int, parts)
        found = date(year, month, day)
    except ValueError:
        return None, f"The {name} must be a real date, such as 27 3 2027"
    if not 1990 <= found.year <= 2100:
        return None, f"The year of the {name} must have four digits"
    return found, ""


def sent_as(decision: Decision) -> dict[str, Any]:
    """The decision as what was sent once."""
    return {
        "action": decision.action.value,
        "reason": decision.reason,
        "bed_id": decision.bed_id,
        "arrival": None if decision.arrival is None else decision.arrival.isoformat(),
        "departure": None if decision.departure is None else decision.departure.isoformat(),
        "seen_through": decision.seen_through,
        "override_hold": decision.override_hold,
        "keep_out": decision.keep_out,
        "seen_otherwise": decision.seen_otherwise,
        "unopened": decision.unopened,
    }


def words_said(visit: Visit) -> dict[str, str]:
    """What was written, to stand in the form again."""
    return {name: value for name, value in visit.form.items() if isinstance(value, str)}


def chosen(visit: Visit, proposal: Row) -> dict[str, str]:
    """The form as somebody comes to it from the choice of beds, with what they chose."""
    bed = visit.asked("bed")
    if not bed:
        return {}
    said = {"action": "change", "bed_id": bed}
    for name in ("arrival", "departure"):
        wanted = day_asked(visit, name, proposal[name])
        if wanted != proposal[name]:
            parts = {"day": wanted.day, "month": wanted.month, "year": wanted.year}
            said |= {f"{name}-{part}": str(number) for part, number in parts.items()}
    return said
