"""Offences: the premises accepts, and the room suits, each offence that applies or may apply."""

from __future__ import annotations

from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import needs
from allocator.rules.place import Place
from allocator.vocabulary import Offence

CODE = "offences"
SENTENCE = "the premises does not accept, or the room does not suit, an offence"


def bars(referral: Referral, place: Place, problem: Problem, policy: Policy) -> bool:
    """Whether something that an offence asks for is missing; unknown offences count."""
    offences = referral.possible_offences
    return not (
        needs.of_premises(offences) <= place.premises.characteristics
        and needs.of_room(offences) <= place.room
    )


def not_taken(referral: Referral, place: Place) -> tuple[list[Offence], list[Offence]]:
    """Possible offences that the premises does not accept; those that the room does not suit."""
    offences = sorted(referral.possible_offences)
    return (
        [each for each in offences if needs.of_premises([each]) - place.premises.characteristics],
        [each for each in offences if needs.of_room([each]) - place.room],
    )
