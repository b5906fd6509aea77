"""The marginal-count trap: each thing needed is there on some bed, and no bed has them together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from allocator.explain.said import have_words, listed
from allocator.explain.situation import Situation
from allocator.explain.stock import Flags
from allocator.plain_words import counted
from allocator.referral import Referral
from allocator.rules import essential_criteria, needs, offences
from allocator.rules.place import Place
from allocator.vocabulary import Criterion


@dataclass(frozen=True, slots=True)
class Marginal:
    """How many beds, of those that no other rule bars, meet each need; none meets them all."""

    beds_with: tuple[tuple[Criterion, int], ...]

    @property
    def words(self) -> str:
        """1 bed is arson-suitable, 2 beds have an en-suite; none is both."""
        told = [f"{counted(n, 'bed')} {have_words(c, n)}" for c, n in self.beds_with]
        end = "no bed is both" if len(told) == 2 else "no bed has all of these"
        return f"{listed(told)}; {end}."

    def as_json(self) -> dict[str, int]:
        """Beds by criterion."""
        return {criterion.value: n for criterion, n in self.beds_with}


def marginal(
    referral: Referral, situation: Situation, barred: dict[str, Flags] | None = None
) -> Marginal | None:
    """The trap, where this person is in it."""
    barred = barred or situation.bars.of(referral)
    joint = {essential_criteria.CODE, offences.CODE}
    others = [mask for code, mask in barred.items() if code not in joint]
    open_to = ~np.logical_or.reduce(others)
    met = {c: open_to & mask for c, mask in _met(referral, situation).items()}
    if len(met) < 2 or not all(mask.any() for mask in met.values()):
        return None
    if np.logical_and.reduce(list(met.values())).any():
        return None
    counts = [(c, int(mask.sum())) for c, mask in met.items()]
    # What every such bed has is no part of the trap.
    scarce = [entry for entry in counts if entry[1] < int(open_to.sum())]
    return Marginal(tuple(scarce))


def _met(referral: Referral, situation: Situation) -> dict[Criterion, Flags]:
    """Beds that meet each need: criteria, and what offences ask of the premises and the room."""
    bars, possible = situation.bars, referral.possible_offences
    of_room, of_premises = needs.of_room(possible), needs.of_premises(possible)
    wanted = (referral.essential - {Criterion.IS_SINGLE}) | of_room | of_premises
    return {
        criterion: bars.beds_where(
            partial(_offers, criterion, criterion in of_room, criterion in of_premises)
        )
        for criterion in sorted(wanted)
    }


def _offers(criterion: Criterion, of_room: bool, of_premises: bool, place: Place) -> bool:
    """Whether the place has it, where an offence asks for it: in the room, or the premises."""
    return (
        criterion in place.features
        and (not of_room or criterion in place.room)
        and (not of_premises or criterion in place.premises.characteristics)
    )
