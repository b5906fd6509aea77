"""Unplaced: why someone has no bed, and the smallest changes that would give them one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.explain.board import LATEST_DAYS
from allocator.explain.change import Change, Kind
from allocator.explain.found_out import found_out, found_out_made_way, questions
from allocator.explain.holders import Holders, holders_of
from allocator.explain.making_way import others_changes
from allocator.explain.marginal import Marginal, marginal
from allocator.explain.missing import Missing, missing
from allocator.explain.own_changes import OWN_CHANGES, as_things_are
from allocator.explain.reason import Main, Reason, reason_of
from allocator.explain.situation import Situation
from allocator.plain_words import counted
from allocator.referral import Referral
from allocator.vocabulary import ApType

FINDING_OUT = "finding out what is not known"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Everything that is said of one person without a bed.

    `barred`: beds each bed rule bars, by code; a bed barred by two rules is under both. `tried`:
    the kinds of change that were looked through whole, in words. Where the person has a bed on
    those nights already nothing needs to change, and nothing is looked for.
    """

    referral: Referral
    band: int
    reason: Reason
    beds: int
    barred: Mapping[str, int]
    lawful: int
    holders: Holders
    trap: Marginal | None
    changes: tuple[Change, ...]
    tried: tuple[str, ...]
    missing: tuple[Missing, ...]
    needs_agreement: bool

    @property
    def nothing(self) -> str:
        """What would not help beside this plan; empty when some change was found.

        Another plan may move many: of it nothing is said but that what is not known may matter.
        """
        if self.changes:
            return ""
        if not self.tried:
            return (
                "No change was looked for: one bed is enough for one person. The next plan looks "
                "again, should the other be given up."
            )
        kinds = "; ".join(kind for kind in self.tried if kind != FINDING_OUT)
        text = f"Beside this plan, no single change of these kinds places the person: {kinds}."
        return f"{text} {self._may_help}" if FINDING_OUT in self.tried else text

    @property
    def _may_help(self) -> str:
        """What is not known bars beds that a new plan might give them."""
        barring = [
            f"{entry.field}: {counted(entry.beds_barred, 'bed')}"
            for entry in self.missing
            if entry.beds_barred
        ]
        both = self.referral.offences_unknown and self.referral.restriction_codes is None
        together = "; offences and local restrictions may bar others together" if both else ""
        since = (
            f", since some beds are barred by it alone ({'; '.join(barring)}{together})"
            if barring
            else ""
        )
        return (
            "Finding out what is not known opens no bed beside this plan either, but a new plan "
            f"may place the person once it is known{since}."
        )


def explain_unplaced(referral: Referral, situation: Situation) -> Unplaced:
    """The explanation of one person whom the plan leaves without a bed."""
    policy, request = situation.policy, situation.request(referral)
    barred = situation.bars.of(referral)
    counts = {code: int(mask.sum()) for code, mask in barred.items()}
    lawful = situation.lawful_beds(referral)
    reason = reason_of(referral, situation)
    has_one = reason.main is Main.SAME_PERSON
    return Unplaced(
        referral=referral,
        band=policy.band_of(referral),
        reason=reason,
        beds=len(situation.stock.beds),
        barred={code: n for code, n in counts.items() if n},
        lawful=len(lawful),
        holders=holders_of(lawful, request, situation),
        trap=marginal(referral, situation, barred),
        changes=() if has_one else changes_for(referral, situation),
        tried=() if has_one else tried_for(referral, situation),
        missing=missing(referral, situation),
        needs_agreement=policy.needs_agreement(referral),
    )


def changes_for(referral: Referral, situation: Situation) -> tuple[Change, ...]:
    """The smallest change of each kind that would place the person, each one verified."""
    found = list(as_things_are(referral, situation))
    if found:
        return tuple(found)
    for search in (found_out, *OWN_CHANGES):
        found += search(referral, situation)
    ways = tuple(others_changes(situation.request(referral), situation))
    if not ways and Kind.FOUND_OUT not in {change.kind for change in found}:
        found += found_out_made_way(referral, situation)
    return (*found, *ways)


def tried_for(referral: Referral, situation: Situation) -> tuple[str, ...]:
    """The kinds of change that make sense for the person, in words."""
    allowed, mine = situation.policy.ap_types_for, referral.ap_type
    kinds = [FINDING_OUT] if questions(referral, situation.problem.as_of) else []
    kinds += [f"arriving up to {LATEST_DAYS} days later"]
    if referral.consented_radius_miles is not None:
        kinds.append("consenting to any distance")
    if referral.essential:
        kinds.append("doing without one essential criterion")
    if referral.nights > 1:
        kinds.append("a stay shorter by up to half")
    if any(not allowed[kind] <= allowed[mine] for kind in ApType):
        kinds.append("another AP type")
    return (
        *kinds,
        "another bed in its premises, suited as well, for one booking that names none",
        "another place for one person of the same or a lower band placed by this plan",
        "the bed of one person of a lower band placed by this plan",
    )
