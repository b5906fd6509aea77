"""Spots: a verified bed and arrival for a person, from which a change is told."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.errors import ModelError
from allocator.explain.change import Change, Kind
from allocator.explain.moves import Move, direct
from allocator.explain.situation import Situation
from allocator.explain.stock import Ints
from allocator.explain.verified import breaches
from allocator.referral import Referral

ASKS_THE_SAME = frozenset({Kind.NOTHING, Kind.RESEATED, Kind.MOVED, Kind.DISPLACED})
"""Kinds that leave what the person asks for as it is."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A move, not yet shown to the referee: `change` does that before it says anything."""

    move: Move
    situation: Situation

    def change(
        self, kind: Kind, text: str, *, amount: int | None = None, price: str = ""
    ) -> Change:
        """The change in words. Raises ModelError when the referee does not accept the plan."""
        proposal, situation = self.move.proposal, self.situation
        refused = breaches(proposal, situation)
        if refused:
            codes = ", ".join(sorted({breach.code for breach in refused}))
            raise ModelError(f"a change to be told ({kind.value}) breaches {codes}")
        who = self.move.who
        known = None if who is None else who.known
        return Change(
            kind=kind,
            text=text,
            bed_id=proposal.bed_id,
            premises=situation.facts.places[proposal.bed_id].premises.name,
            arrival=proposal.arrival,
            proposal=proposal,
            amount=amount,
            band=None if known is None else situation.policy.band_of(known),
            price=price,
            better=kind in ASKS_THE_SAME and self.move.gain > situation.gains.nothing,
        )


def first_spot(referral: Referral, situation: Situation, beds: Ints | None = None) -> Spot | None:
    """The bed and arrival that the policy would take first, of those open as things are."""
    request = situation.request(referral)
    opening = next(situation.openings(request, beds), None)
    return None if opening is None else Spot(direct(request, situation, opening), situation)
