"""The awkward fixtures, explained: each says its trap, and each change it tells holds."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from allocator.explain import (
    Main,
    Situation,
    Unplaced,
    explain_placed,
    explain_unplaced,
    level_up,
    placed_text,
    reasons,
    unplaced_text,
)
from allocator.ingest import read_files
from allocator.policy import load_policy
from tests.explain.some_plans import opinion, unplaced
from tests.fixtures.folders import FIXTURES, sources
from tests.oracle import Oracle

FOLDERS = sorted(folder.name for folder in (FIXTURES / "awkward").iterdir() if folder.is_dir())
POLICY = load_policy()


@cache
def situation_of(name: str) -> Situation:
    """The best plan of a fixture, found by looking at all of them."""
    folder: Path = FIXTURES / "awkward" / name
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    problem = read_files(sources(folder, expected["as_of"], skip_bad_rows=True)).problem
    assert problem is not None
    return Situation(Oracle(problem, POLICY).best(), problem, POLICY)


def explained(name: str, referral_id: str) -> Unplaced:
    situation = situation_of(name)
    return explain_unplaced(situation.problem.referrals_by_id[referral_id], situation)


@pytest.mark.parametrize("name", FOLDERS)
def test_everyone_is_explained_and_every_change_told_holds(name: str) -> None:
    situation = situation_of(name)
    for referral in unplaced(situation):
        found = explain_unplaced(referral, situation)
        for change in found.changes:
            assert opinion(change.proposal, situation) == []
            assert not change.better, "the plan is the best there is"
        assert found.reason.text in unplaced_text(found, level_up(referral, situation))
    for placement in situation.plan.placements:
        placed = explain_placed(situation.problem.referrals_by_id[placement.referral_id], situation)
        assert placed.next_best is None or not placed.next_best.is_better
        assert placement.bed_id in placed_text(placed)


@pytest.mark.parametrize("name", FOLDERS)
def test_everyone_without_a_bed_has_one_main_reason(name: str) -> None:
    situation = situation_of(name)
    found = reasons(situation.plan, situation.problem, POLICY)
    assert set(found) == set(situation.plan.unplaced)
    assert all(found.values())


def test_the_marginal_count_trap_is_said_with_its_counts() -> None:
    found = explained("marginal-count", "R1")
    assert found.reason.main is Main.NOT_JOINTLY
    assert found.reason.text == (
        "No one bed has everything needed: "
        "1 bed has an en-suite and 1 bed is arson-suitable; no bed is both."
    )


def test_a_licence_that_ends_before_the_stay_could_is_the_main_reason() -> None:
    name = "licence-shorter-than-the-stay"
    mains = {explained(name, r.id).reason.main for r in unplaced(situation_of(name))}
    assert Main.LICENCE in mains


def test_someone_kept_apart_from_a_resident_is_told_that_a_rule_about_people_is_in_the_way() -> (
    None
):
    name = "separated-from-a-resident"
    texts = [explained(name, r.id).reason.text for r in unplaced(situation_of(name))]
    assert any("someone the person is kept apart from" in text for text in texts)


def test_an_estate_without_beds_says_that_there_are_none() -> None:
    name = "no-beds"
    assert {explained(name, r.id).reason.text for r in unplaced(situation_of(name))} == {
        "There are no beds."
    }
