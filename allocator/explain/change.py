"""Change: one small change that would give a person a bed, checked by the referee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from allocator.explain.proposal import Proposal


class Kind(StrEnum):
    """What is changed; one thing at a time."""

    NOTHING = "nothing"
    """A bed is open as things are: the plan is not the best there is."""
    FOUND_OUT = "found_out"
    """What is not known of the person would have to be found out, and be as it is said."""
    FOUND_OUT_MADE_WAY = "found_out_made_way"
    """The same, and someone else makes way, by the first of the three kinds below that works."""
    LATER = "later"
    FURTHER = "further"
    CRITERION = "criterion"
    SHORTER = "shorter"
    AP_TYPE = "ap_type"
    RESEATED = "reseated"
    """A booking that names no bed is given another bed of its premises."""
    MOVED = "moved"
    """Someone placed, of the same or a lower band, is given another bed or arrival."""
    DISPLACED = "displaced"
    """Someone placed, of a lower band, is left without a bed."""


@dataclass(frozen=True, slots=True)
class Change:
    """The change in words and figures, and the bed it would give.

    `amount`: days later, miles of the new radius or nights fewer. `band`: of the person who makes
    way, None where nobody does or it is not known. `price`: what it costs someone else.
    """

    kind: Kind
    text: str
    bed_id: str
    premises: str
    arrival: date
    proposal: Proposal
    amount: int | None = None
    band: int | None = None
    price: str = ""
    better: bool = False
    """The changed plan beats the given one in the policy's own order (and nobody asks for less)."""

    def as_json(self) -> dict[str, object]:
        """Everything but the proposal, which holds other people's ids."""
        return {
            "kind": self.kind.value,
            "text": self.text,
            "bed_id": self.bed_id,
            "premises": self.premises,
            "arrival": self.arrival.isoformat(),
            "amount": self.amount,
            "band_of_person_who_makes_way": self.band,
            "price": self.price,
            "better_in_the_policys_order": self.better,
        }
