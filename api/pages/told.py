"""Told: what a page says at its top after something was done; the address names it by a word."""

from __future__ import annotations

from collections.abc import Mapping

TOLD: Mapping[str, str] = {
    "accepted": "Accepted. The bed is booked.",
    "acknowledged": "You have acknowledged this bid.",
    "called-off": "The plan is being called off.",
    "changed": "Changed. The bed is booked.",
    "decided": "Your decisions are recorded.",
    "dropped": "The form that was kept is deleted.",
    "mine": "You have this bid.",
    "nothing-done": "Nothing was done.",
    "owner": "Handed over. The new owner has yet to acknowledge it.",
    "refused": "Refused. The person is still without a bed.",
    "released": "Recorded: released without a bed.",
    "signed-in": "You are signed in.",
    "withdrawn": "Withdrawn.",
}
