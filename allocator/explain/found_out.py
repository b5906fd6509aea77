"""Found out: which of what is not known of a person stands between them and a bed.

Until it is found out the cautious reading holds. What is told is what one answer would change, and
never that it is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from allocator.code_words import OFFENCES
from allocator.explain.change import Change, Kind
from allocator.explain.making_way import first_move, told, ways
from allocator.explain.moves import Move
from allocator.explain.said import listed
from allocator.explain.situation import Situation
from allocator.explain.spots import Spot, first_spot
from allocator.explain.stock import Ints
from allocator.referral import Referral, ShareAssessment
from allocator.vocabulary import Offence, RiskTier, Rosh

Answer = Callable[[Referral], Referral]
Found = TypeVar("Found")
Look = Callable[[Referral, Ints, Situation], Found | None]
"""How one of these beds might be opened to someone of whom so much is known."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is not known, and the answer that opens most.

    `if_so`: that answer, after “if”; `{premises}` in it is where the bed is.
    """

    ask: str
    if_so: str
    answered: Answer


def questions(referral: Referral, as_of: date) -> tuple[Question, ...]:
    """What is not known and may bar a bed. An answer never bars one that is open without it."""
    return (*_of_risk(referral), *_of_needs(referral), *_of_sharing(referral, as_of))


def found_out(referral: Referral, situation: Situation) -> Iterator[Change]:
    """Each thing that alone would open a bed if it were known, or else several that together do.

    Of these none can be done without.
    """
    for each, spot in _opened(referral, situation, _open_at_once):
        yield spot.change(Kind.FOUND_OUT, _text(each, spot.move, situation))


def found_out_made_way(referral: Referral, situation: Situation) -> Iterator[Change]:
    """The same where a bed is opened by one other person, by the first kind of move that works."""
    for each, (kind, move) in _opened(referral, situation, _open_by_making_way):
        change = told(kind, move, situation)
        text = f"{_text(each, move, situation)} {change.text}"
        # That it is so is not known, and so not that the plan would be better.
        yield replace(change, kind=Kind.FOUND_OUT_MADE_WAY, text=text, better=False)


def _of_risk(referral: Referral) -> Iterator[Question]:
    """What would put the person in a higher band for certain: beds are held for such people."""
    if referral.rosh is None:
        yield Question(
            "find out the risk of serious harm (RoSH)",
            "the risk of serious harm (RoSH) were known to be Very High",
            lambda asks: replace(asks, rosh=Rosh.VERY_HIGH),
        )
    if referral.mappa_level is None:
        yield Question(
            "find out the MAPPA level",
            "the MAPPA level were known to be 3",
            lambda asks: replace(asks, mappa_level=3),
        )
    if referral.tier is None:
        yield Question(
            "find out the risk tier",
            "the risk tier were known to be of letter A",
            lambda asks: replace(asks, tier=RiskTier.A3),
        )


def _of_needs(referral: Referral) -> Iterator[Question]:
    for offence in sorted(referral.offences_unknown):
        words = f"an offence ({OFFENCES[offence]})"
        yield Question(
            f"find out whether {words} applies",
            f"{words} were known not to apply",
            _without(offence),
        )
    if referral.restriction_codes is None:
        yield Question(
            "find out which local restrictions apply",
            "it were known that no local restriction applies",
            lambda asks: replace(asks, restriction_codes=frozenset()),
        )
    radius = referral.consented_radius_miles
    if referral.location is None and radius is not None:
        yield Question(
            "find out where the person should live near",
            f"where the person should live near were known to be within {radius} miles of "
            "{premises}",
            lambda asks: replace(asks, consented_radius_miles=None),
        )


def _of_sharing(referral: Referral, as_of: date) -> Iterator[Question]:
    """An assessment where there is none, or where it runs out before the last possible night."""
    last_day = max(referral.latest_arrival, referral.release_date, as_of)
    last_night = last_day + timedelta(days=referral.nights - 1)
    there = referral.sharing
    if there is not None and (not there.suitable or there.valid_until >= last_night):
        return
    what = "a room-share assessment" if there is None else "a new room-share assessment"
    found = ShareAssessment(suitable=True, valid_until=last_night)
    yield Question(
        f"have {what} made",
        f"{what} found that the person may share for the whole stay",
        lambda asks: replace(asks, sharing=found),
    )


def _without(offence: Offence) -> Answer:
    return lambda asks: replace(asks, offences_unknown=asks.offences_unknown - {offence})


def _opened(
    referral: Referral, situation: Situation, look: Look[Found]
) -> list[tuple[tuple[Question, ...], Found]]:
    """What would have to be answered, with the bed that it would open; nothing, if none would."""
    asked = questions(referral, situation.problem.as_of)

    def opened_by(some: tuple[Question, ...]) -> Found | None:
        return look(*_answered(some, referral, situation), situation)

    together = opened_by(asked) if asked else None
    if together is None:
        return []
    alone: list[tuple[tuple[Question, ...], Found]] = [
        ((each,), found) for each in asked if (found := opened_by((each,))) is not None
    ]
    if alone:
        return alone
    for each in asked:
        fewer = tuple(other for other in asked if other is not each)
        if (found := opened_by(fewer)) is not None:
            asked, together = fewer, found
    return [(asked, together)]


def _answered(
    asked: tuple[Question, ...], referral: Referral, situation: Situation
) -> tuple[Referral, Ints]:
    """The person with these answered, and the beds that are lawful then."""
    known = referral
    for each in asked:
        known = each.answered(known)
    lawful = situation.bars.lawful(known)
    if known.location is None and referral.consented_radius_miles is not None:
        # To know where home is helps nowhere but at premises of which that is known too.
        lawful = lawful & situation.bars.beds_where(lambda at: at.premises.location is not None)
    return known, np.flatnonzero(lawful)


def _open_at_once(known: Referral, beds: Ints, situation: Situation) -> Spot | None:
    return first_spot(known, situation, beds)


def _open_by_making_way(
    known: Referral, beds: Ints, situation: Situation
) -> tuple[Kind, Move] | None:
    request = situation.request(known)
    helps = np.zeros(len(situation.stock.beds), dtype=bool)
    helps[beds] = True
    for kind, attempt, way in ways(request, situation):
        among = ((person, opened[helps[opened]]) for person, opened in way)
        some = ((person, opened) for person, opened in among if len(opened))
        move = first_move(request, situation, attempt, some)
        if move is not None:
            return kind, move
    return None


def _text(asked: tuple[Question, ...], move: Move, situation: Situation) -> str:
    premises = situation.facts.places[move.proposal.bed_id].premises.name
    if_so = listed([each.if_so.replace("{premises}", premises) for each in asked])
    ask = listed([each.ask for each in asked])
    return f"If {if_so}: {ask}. Until then what is not known is read with caution."
