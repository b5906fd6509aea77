"""Timeline: what happened, as a person would say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.pages.words import day, spaced, stated
from api.service.bed_names import BedNamed

_WORDS: Mapping[str, str] = {
    "advice.asked": "Advice on what to hold back was asked for",
    "advice.failed": "There is no advice on what to hold back",
    "advice.made": "Advice on what to hold back was made",
    "attempt.counted": "An attempt failed",
    "attempt.failed": "Why an attempt failed was recorded",
    "attempt.withdrawn": "That an attempt failed was withdrawn",
    "booking.arrival_withdrawn": "That the person arrived was withdrawn",
    "booking.arrived": "Arrived",
    "booking.cancelled": "The booking was cancelled",
    "booking.changed": "The booking was changed",
    "booking.departed": "Departed",
    "booking.departure_withdrawn": "That the person left was withdrawn",
    "booking.extended": "The stay was extended",
    "booking.lapsed": "The booking lapsed: nobody said whether the person came",
    "booking.made": "A bed was booked",
    "booking.non_arrival_withdrawn": "That the person did not arrive was withdrawn",
    "booking.not_arrived": "Did not arrive",
    "booking.recorded": "The booking came from a file",
    "booking.reseated": "The booking was given another bed of its premises",
    "booking.transferred": "Moved to another bed",
    "booking.transferred_away": "The booking of the bed before the move ended",
    "booking.went_on": "The stay goes on in the same bed: the move to another came to nothing",
    "bed.changed": "A bed was changed",
    "bed.recorded": "A bed was recorded",
    "bed.removed": "A bed was removed",
    "escalation.acknowledged": "The escalation was acknowledged",
    "escalation.begun": "The bid was put on the escalation list",
    "escalation.risen": "The bid rose on the escalation list",
    "flag.cleared": "A reason to look again was cleared",
    "flag.raised": "There is a reason to look again",
    "forecast.kept": "A forecast was put in",
    "forecast.replaced": "A forecast was replaced",
    "hold.expired": "A hold ran out",
    "hold.extended": "A hold was extended",
    "hold.made": "A bed was held back",
    "hold.overridden": "A hold was passed over",
    "hold.released": "A hold was let go",
    "hold.used": "A held bed was taken by whom it was for",
    "hold.yielded": "A hold gave way to a fact",
    "out_of_service.cancelled": "A bed is in service after all",
    "out_of_service.changed": "When a bed is out of service was changed",
    "out_of_service.entered": "A bed was taken out of service",
    "out_of_service.recorded": "A bed out of service came from a file",
    "owner.acknowledged": "The owner acknowledged the bid",
    "owner.changed": "The bid was given to another owner",
    "person.erased": "A person was erased",
    "premises.changed": "A premises was changed",
    "premises.recorded": "A premises was recorded",
    "premises.removed": "A premises was removed",
    "proposal.accepted": "A proposal was accepted",
    "proposal.booked": "The proposed bed was booked",
    "proposal.changed": "A proposal was changed",
    "proposal.made": "A bed was proposed",
    "proposal.refused": "A proposal was refused",
    "proposal.superseded": "A proposal was overtaken",
    "referral.arrived": "The person arrived: the bid is closed",
    "referral.changed": "What is known of the bid was changed",
    "referral.placed": "The bid has a bed",
    "referral.placed_again": "The bid is closed no more: it has a bed, and the person is awaited",
    "referral.reassessed": "Band or escalation was brought in line with the policy",
    "referral.recorded": "The bid was recorded",
    "referral.released_without_bed": "Released without a bed",
    "referral.reopened": "The bid is open again",
    "referral.restricted": "Who may see the bid was changed",
    "referral.transferred": "The bid has the booking of the bed after the move",
    "referral.withdrawn": "Withdrawn",
    "register.marked": "What is so of the whole register was marked",
    "register.rows_left_out": "Rows of files that came in were left out",
    "register.verified": "The register was verified",
    "room.changed": "A room was changed",
    "room.recorded": "A room was recorded",
    "room.removed": "A room was removed",
    "run.cancel_asked": "A plan is to be called off",
    "run.cancelled": "A plan was called off",
    "run.claimed": "A worker began on a plan",
    "run.failed": "There is no plan: it failed",
    "run.finished": "A plan was made",
    "run.lease_lost": "A worker was lost: the plan waits again",
    "run.released": "A worker stopped: the plan waits again",
    "run.requested": "A plan was asked for",
    "separation.changed": "A separation was changed",
    "separation.recorded": "A separation was recorded",
    "separation.removed": "A separation was removed",
    "study.cancel_asked": "A study is to be called off",
    "study.cancelled": "A study was called off",
    "study.claimed": "A worker began on a study",
    "study.failed": "A study came to nothing: it failed",
    "study.finished": "A study was run",
    "study.lease_lost": "A worker was lost: the study waits again",
    "study.released": "A worker stopped: the study waits again",
    "study.requested": "A study was asked for",
    "zone.changed": "An exclusion zone was changed",
    "zone.recorded": "Premises were ruled out for the person",
    "zone.removed": "Premises that were ruled out may be proposed again",
}
_OF_ANYONE: Mapping[str, str] = {
    "zone.recorded": "An exclusion zone was recorded",
    "zone.removed": "An exclusion zone was removed",
}
"""What is said otherwise on the page of a person."""
_KINDS: Mapping[str, str] = {
    "advice": "Advice",
    "flag": "Reason to look again",
    "person": "Erasure",
    "referral": "Bid",
    "run": "Plan",
    "zone": "Exclusion zone",
}
_ROUTINE = frozenset(
    {
        "attempt.counted",
        "booking.transferred_away",
        "escalation.begun",
        "escalation.risen",
        "proposal.booked",
        "proposal.made",
        "proposal.superseded",
        "referral.reassessed",
        "referral.transferred",
    }
)
"""What follows from a plan, a day going by or a move, and nobody decided for itself."""
MOVED = "booking.transferred"
_SHORTENED = "The stay was shortened"
_ENDS: Mapping[str, str] = {"from_bed": "From", "to_bed": "To"}
"""Facts of a move."""
_LASTS = ("booking.extended", "booking.went_on")
"""What makes a stay end on another day than before."""
_FACTS: Mapping[str, str] = {
    "reason": "Reason",
    "fallback": "Goes to",
    "override": "Why a hold was passed over",
    "policy": "Policy",
    "decision": "Decision",
}


def decisive(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What people decided, recorded and changed, in the order in which it came."""
    return [event for event in events if event["action"] not in _ROUTINE]


def routine(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rest."""
    return [event for event in events if event["action"] in _ROUTINE]


def told(
    events: list[dict[str, Any]], was: Mapping[int, list[str]] | None = None
) -> list[dict[str, Any]]:
    """Events with words for what was done, the newest first. `was`: by event, what it changed."""
    return [
        {
            "at": event["at"],
            "by": event["actor_name"],
            "what": _what(event["action"], event["facts"] or {}),
            "facts": [*_facts(event["facts"] or {}), *(was or {}).get(event["seq"], [])],
        }
        for event in reversed(events)
    ]


def happened(action: str) -> str:
    """What was done somewhere in the register, in words."""
    of_anyone = _OF_ANYONE.get(action) or _WORDS.get(action)
    return of_anyone or spaced(action.replace(".", " "))


def kind_of(record: str) -> str:
    """What kind of record it is, as people call it."""
    return _KINDS.get(record, spaced(record))


def beds_of(events: Iterable[dict[str, Any]]) -> set[str]:
    """Ids of the beds that the facts of bookings name."""
    told = [event["facts"] or {} for event in events if event["kind"] == "booking"]
    return {bed for facts in told for name in (*_ENDS, "bed_id") if (bed := facts.get(name))}


def stays(events: Iterable[dict[str, Any]], names: Mapping[str, BedNamed]) -> dict[int, list[str]]:
    """By event of a booking which stay it was of, or of a move both beds; `names` of those that
    there still are.
    """
    told = [(event, event["facts"] or {}) for event in events if event["kind"] == "booking"]
    return {event["seq"]: _stay(event["action"], facts, names) for event, facts in told}


def _stay(action: str, facts: Mapping[str, Any], names: Mapping[str, BedNamed]) -> list[str]:
    def bed(name: str) -> str:
        identifier = facts[name]
        return names[identifier].whole if identifier in names else identifier or "no bed named"

    if action == MOVED and _ENDS.keys() <= facts.keys():
        return [f"{words}: {bed(name)}" for name, words in _ENDS.items()]
    if "bed_id" not in facts:
        return []
    until = f"until {day(facts['departure'])}"
    if action in _LASTS:
        until += f", and not {day(facts['before'])}"
    return [f"Stay: {bed('bed_id')}, from {day(facts['arrival'])} {until}"]


def _what(action: str, facts: Mapping[str, Any]) -> str:
    if action == "booking.extended" and facts.get("departure", "") < facts.get("before", ""):
        return _SHORTENED
    return _WORDS.get(action, happened(action))


def _facts(facts: Mapping[str, Any]) -> list[str]:
    found = [f"Day: {day(facts['day'])}"] if facts.get("day") else []
    if facts.get("unopened"):
        found.append("Accepted without having been opened")
    found += [
        f"{_FACTS[name]}: {stated(value)}"
        for name, value in facts.items()
        if name in _FACTS and value
    ]
    for cost in facts.get("costs") or []:
        found.append(f"Cost: {cost}")
    for other in facts.get("seen_otherwise") or []:
        of = ", ".join(other["facts"])
        found.append(f"Seen that bid {other['referral_id']} says otherwise of risk: {of}")
    return found
