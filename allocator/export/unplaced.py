"""unplaced.csv: one row a person the plan has no bed for, most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from allocator.export.beds_barred import BedsBarred, beds_barred
from allocator.export.table import Column, Table, yes_no
from allocator.export.words import assumption_words, tier_words
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import SENTENCES


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A referral without a bed, and why."""

    referral: Referral
    band: int
    days_to_release: int
    """Below zero: days since release."""
    barred: BedsBarred
    reason: str
    needs_agreement: bool


def unplaced_people(
    plan: Plan, problem: Problem, policy: Policy, reasons: Mapping[str, str] | None = None
) -> tuple[Unplaced, ...]:
    """Everyone without a bed, by band and then release date.

    `reasons` gives the main reason by referral id; without one the count of barred beds speaks.
    """
    referrals = [problem.referrals_by_id[identifier] for identifier in plan.unplaced]
    barred = beds_barred(referrals, problem, policy)
    people = [
        Unplaced(
            referral=referral,
            band=policy.band_of(referral),
            days_to_release=(referral.release_date - plan.as_of).days,
            barred=barred[referral.id],
            reason=(reasons or {}).get(
                referral.id, barred[referral.id].sentence(len(problem.beds))
            ),
            needs_agreement=policy.needs_agreement(referral),
        )
        for referral in referrals
    ]
    return tuple(sorted(people, key=_most_urgent_first))


def unplaced_table(people: tuple[Unplaced, ...], problem: Problem) -> Table:
    """Everyone without a bed, with one column of barred beds a rule."""
    synthetic = yes_no(problem.synthetic)
    rules = tuple(_barred_by(code) for code in SENTENCES)
    return Table.of((*_WHO, *rules, *_WHY, Column("synthetic", 10, lambda _: synthetic)), people)


def _most_urgent_first(person: Unplaced) -> tuple[int, date, str]:
    return person.band, person.referral.release_date, person.referral.id


def _barred_by(code: str) -> Column[Unplaced]:
    return Column(f"beds_barred_{code}", 14, lambda person: person.barred.by_rule[code])


_WHO: tuple[Column[Unplaced], ...] = (
    Column("referral_id", 16, lambda u: u.referral.id),
    Column("crn", 10, lambda u: u.referral.crn),
    Column("tier", 10, lambda u: tier_words(u.referral)),
    Column("band", 6, lambda u: u.band),
    Column("release_date", 12, lambda u: u.referral.release_date),
    Column("days_to_release", 16, lambda u: u.days_to_release),
    Column("latest_arrival", 14, lambda u: u.referral.latest_arrival),
    Column("nights", 8, lambda u: u.referral.nights),
    Column("failed_attempts", 16, lambda u: u.referral.failed_attempts),
)
_WHY: tuple[Column[Unplaced], ...] = (
    Column("beds_passing_every_bed_rule", 28, lambda u: u.barred.lawful),
    Column("needs_exceptional_agreement", 28, lambda u: yes_no(u.needs_agreement)),
    Column("main_reason", 70, lambda u: u.reason),
    Column("assumptions", 50, lambda u: assumption_words(u.referral)),
)
