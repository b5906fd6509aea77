"""Timeline: what happened, as a person would say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.pages.words import spaced

_WORDS: Mapping[str, str] = {
    "attempt.counted": "An attempt failed",
    "booking.arrived": "Arrived",
    "booking.cancelled": "The booking was cancelled",
    "booking.changed": "The booking was changed",
    "booking.departed": "Departed",
    "booking.extended": "The stay was extended",
    "booking.lapsed": "The booking lapsed: nobody said whether the person came",
    "booking.made": "A bed was booked",
    "booking.not_arrived": "Did not arrive",
    "booking.recorded": "The booking came from a file",
    "booking.reseated": "The booking was given another bed of its premises",
    "booking.transferred": "Transferred",
    "booking.transferred_away": "Transferred away",
    "escalation.acknowledged": "The escalation was acknowledged",
    "escalation.begun": "The bid was put on the escalation list",
    "escalation.risen": "The bid rose on the escalation list",
    "owner.acknowledged": "The owner acknowledged the bid",
    "owner.changed": "The bid was given to another owner",
    "proposal.accepted": "A proposal was accepted",
    "proposal.booked": "The proposed bed was booked",
    "proposal.changed": "A proposal was changed",
    "proposal.made": "A bed was proposed",
    "proposal.refused": "A proposal was refused",
    "proposal.superseded": "A proposal was overtaken",
    "referral.arrived": "The person arrived: the bid is closed",
    "referral.changed": "What is known of the bid was changed",
    "referral.placed": "The bid has a bed",
    "referral.reassessed": "Band or escalation was brought in line with the policy",
    "referral.recorded": "The bid was recorded",
    "referral.released_without_bed": "Released without a bed",
    "referral.reopened": "The bid is open again",
    "referral.restricted": "Who may see the bid was changed",
    "referral.transferred": "The bid has another booking",
    "referral.withdrawn": "Withdrawn",
    "zone.recorded": "Premises were ruled out for the person",
    "zone.removed": "Premises that were ruled out may be proposed again",
}
_ROUTINE = frozenset(
    {
        "attempt.counted",
        "escalation.begun",
        "escalation.risen",
        "proposal.booked",
        "proposal.made",
        "proposal.superseded",
        "referral.reassessed",
    }
)
"""What follows from a plan or a day going by, and nobody decided."""
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


def told(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events with words for what was done, the newest first."""
    return [
        {
            "at": event["at"],
            "by": event["actor_name"],
            "what": _WORDS.get(event["action"], spaced(event["action"].replace(".", " "))),
            "facts": _facts(event["facts"] or {}),
        }
        for event in reversed(events)
    ]


def _facts(facts: Mapping[str, Any]) -> list[str]:
    found = [
        f"{_FACTS[name]}: {value}" for name, value in facts.items() if name in _FACTS and value
    ]
    for cost in facts.get("costs") or []:
        found.append(f"Cost: {cost}")
    return found
