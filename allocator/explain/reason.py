"""Reason: the one main thing that keeps a person from a bed, as a code and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from allocator.explain.holders import holders_of
from allocator.explain.marginal import marginal
from allocator.explain.own_stays import own_stays
from allocator.explain.request import Request
from allocator.explain.said import day_words, listed
from allocator.explain.situation import Situation
from allocator.explain.stock import Flags, Ints
from allocator.plain_words import counted
from allocator.referral import Referral
from allocator.rules import SENTENCES, licence_expiry

SHOWN_RULES = 2
OBJECTIONS = {
    "premises_count": "the premises is booked for as many people as it has beds in service",
    "arrivals_per_day": "the premises takes no more arrivals on the day",
    "mix_cap": "a cap on the mix of residents is reached",
    "separation": "someone the person is kept apart from is there or too near",
    "one_place_a_person_night": "the person has a bed elsewhere on some of the nights",
    "room_sharing": "the room would be shared and may not be",
}
"""What each plan rule has against one more person, for a coordinator."""


class Main(StrEnum):
    """Kinds of main reason."""

    NO_BEDS = "no beds"
    LICENCE = "the licence ends too soon"
    NOT_JOINTLY = "no bed has everything needed together"
    NO_LAWFUL_BED = "no bed passes every bed rule"
    SAME_PERSON = "the same person has a bed on those nights already"
    ALL_TAKEN = "every lawful bed is taken"
    MOSTLY_TAKEN = "most lawful beds are taken, and a rule about other people closes the rest"
    OBJECTION = "lawful beds are empty, but a rule about other people is in the way"
    OPEN = "a lawful bed is open and the plan does not use it"

    @property
    def code(self) -> str:
        """The kind as a word that stays the same: all_taken."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Reason:
    """The main reason."""

    main: Main
    text: str


def reason_of(referral: Referral, situation: Situation) -> Reason:
    """Why the plan has no bed for the person."""
    if not situation.stock.beds:
        return Reason(Main.NO_BEDS, "There are no beds.")
    request = situation.request(referral)
    if licence_expiry.arrivals(referral, situation.problem.as_of) is None:
        return _licence(referral)
    barred = situation.bars.of(referral)
    lawful = np.flatnonzero(~np.logical_or.reduce(list(barred.values())))
    if not len(lawful):
        return _no_lawful_bed(referral, situation, barred)
    mine = own_stays(request, situation, lawful)
    if mine:
        return Reason(Main.SAME_PERSON, mine)
    empty = situation.ledger.is_empty(request.nights, lawful, request.days, request.known_band)
    beds = lawful[empty.any(axis=1)]
    if not len(beds):
        return _all_taken(request, situation, lawful)
    return _objection(request, situation, lawful, empty)


def _licence(referral: Referral) -> Reason:
    assert referral.licence_expiry is not None
    text = (
        f"A stay of {counted(referral.nights, 'night')} cannot end by the end of the licence, "
        f"{day_words(referral.licence_expiry)}."
    )
    return Reason(Main.LICENCE, text)


def _no_lawful_bed(referral: Referral, situation: Situation, barred: dict[str, Flags]) -> Reason:
    trap = marginal(referral, situation, barred)
    if trap is not None:
        return Reason(Main.NOT_JOINTLY, f"No one bed has everything needed: {trap.words}")
    times = np.sum(list(barred.values()), axis=0)
    alone = {code: int((mask & (times == 1)).sum()) for code, mask in barred.items()}
    counts, how = alone, "One rule alone closes"
    if not any(alone.values()):
        counts = {code: int(mask.sum()) for code, mask in barred.items()}
        how = "A bed counted at each rule that closes it, there are"
    most = sorted((c for c in counts if counts[c]), key=lambda code: -counts[code])[:SHOWN_RULES]
    told = "; and ".join(
        f"{counted(counts[code], 'bed')}, because {SENTENCES[code]}" for code in most
    )
    text = f"None of {counted(len(situation.stock.beds), 'bed')} passes every rule. {how} {told}."
    return Reason(Main.NO_LAWFUL_BED, text)


def _all_taken(request: Request, situation: Situation, lawful: Ints) -> Reason:
    who = holders_of(lawful, request, situation)
    text = (
        f"{counted(len(lawful), 'bed')} would be lawful, and none is free for the whole stay from "
        f"any day allowed. On the nights wanted they are held by {who.words}."
    )
    kept = _kept_for_others(request, situation, lawful)
    if kept:
        text += f" Of them {counted(kept, 'bed')} would be free but for a hold for higher bands."
    return Reason(Main.ALL_TAKEN, text)


def _kept_for_others(request: Request, situation: Situation, lawful: Ints) -> int:
    """Lawful beds that would be empty long enough if nothing were held."""
    if situation.stock.kept_before(request.known_band) is None:
        return 0
    free = situation.ledger.is_empty(request.nights, lawful, request.days, band=0)
    return int(free.any(axis=1).sum())


def _objection(request: Request, situation: Situation, lawful: Ints, empty: Flags) -> Reason:
    """Some lawful beds are empty long enough, and yet not open."""
    rows = np.flatnonzero(empty.any(axis=1))
    beds, free = lawful[rows], empty[rows]
    blocked = situation.ledger.blocked(request, beds, request.days)
    if (free & ~np.logical_or.reduce([np.zeros_like(free), *blocked.values()])).any():
        return Reason(Main.OPEN, "A lawful bed is open as things are; this plan does not use it.")
    objecting = {code: int((mask & free).any(axis=1).sum()) for code, mask in blocked.items()}
    told = [f"{OBJECTIONS[code]} ({counted(n, 'bed')})" for code, n in objecting.items() if n]
    text = f"{counted(len(lawful), 'bed')} would be lawful."
    taken = np.setdiff1d(lawful, beds)
    if len(taken):
        who = holders_of(taken, request, situation)
        text += (
            f" {len(taken):,} {'is' if len(taken) == 1 else 'are'} not free for the whole stay; on "
            f"the nights wanted they are held by {who.words}."
        )
    text += f" {len(beds):,} {'is' if len(beds) == 1 else 'are'} empty, but {listed(told)}."
    return Reason(Main.MOSTLY_TAKEN if len(taken) > len(beds) else Main.OBJECTION, text)
