"""One other person makes way: small cases counted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from allocator.explain import Kind, Situation, best_insertion, explain_unplaced, level_up
from allocator.problem import Problem
from allocator.vocabulary import Rosh
from tests.builders import (
    a_booking,
    a_point,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    day,
    default_policy,
)
from tests.explain.some_plans import opinion
from tests.plans import a_plan

BAND_4 = {"rosh": Rosh.MEDIUM}
BAND_3 = {"rosh": Rosh.HIGH}
BAND_1 = {"rosh": Rosh.VERY_HIGH}


def a_situation(problem: Problem, **plan: Any) -> Situation:
    return Situation(a_plan(problem, **plan), problem, default_policy())


def two_premises() -> dict[str, Any]:
    """P2 is 20 miles north of P1, where everyone should live."""
    return an_estate({"P1": (1,), "P2": (1,)}, premises={"P2": {"location": a_point(20)}})


def test_a_booking_that_names_no_bed_is_given_another_so_that_two_bookings_leave_a_bed() -> None:
    """P1 has two beds. A booking in each, one after the other, and neither bed free for four."""
    problem = a_problem(
        **an_estate({"P1": (1, 1)}),
        bookings=[a_booking("one", stay=a_stay(1, 2)), a_booking("two", stay=a_stay(3, 2))],
        referrals=[a_referral("asks", nights=4)],
    )
    situation = a_situation(problem, seats={"one": "P1-R1-B1", "two": "P1-R2-B1"})
    found = explain_unplaced(problem.referrals[0], situation)
    change = next(c for c in found.changes if c.kind is Kind.RESEATED)
    assert change.proposal.reseated is not None
    assert change.better
    assert opinion(change.proposal, situation) == []


def test_a_booking_that_names_its_bed_never_makes_way() -> None:
    problem = a_problem(
        **an_estate({"P1": (1, 1)}),
        bookings=[
            a_booking("one", stay=a_stay(1, 2), bed_id="P1-R1-B1"),
            a_booking("two", stay=a_stay(3, 2), bed_id="P1-R2-B1"),
        ],
        referrals=[a_referral("asks", nights=4)],
    )
    found = explain_unplaced(problem.referrals[0], a_situation(problem))
    assert Kind.RESEATED not in {change.kind for change in found.changes}


def test_someone_of_the_same_band_is_placed_elsewhere_at_a_price_in_miles() -> None:
    problem = a_problem(
        **two_premises(),
        referrals=[a_referral("asks", consented_radius_miles=5), a_referral("has")],
    )
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    found = explain_unplaced(problem.referrals[0], situation)
    change = next(c for c in found.changes if c.kind is Kind.MOVED)
    assert change.price == "That person is 20.0 miles further away."
    assert (change.bed_id, change.band) == ("P1-R1-B1", 4)
    assert opinion(change.proposal, situation) == []


def test_someone_of_a_higher_band_is_never_asked_to_make_way() -> None:
    problem = a_problem(
        **two_premises(),
        referrals=[
            a_referral("asks", consented_radius_miles=5, **BAND_4),
            a_referral("has", **BAND_3),
        ],
    )
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    kinds = {c.kind for c in explain_unplaced(problem.referrals[0], situation).changes}
    assert not kinds & {Kind.MOVED, Kind.DISPLACED}


def test_someone_of_a_lower_band_without_a_bed_is_a_price_that_is_stated() -> None:
    problem = a_problem(referrals=[a_referral("asks", **BAND_3), a_referral("has", **BAND_4)])
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    found = explain_unplaced(problem.referrals[0], situation)
    change = next(c for c in found.changes if c.kind is Kind.DISPLACED)
    assert change.price == "That person of band 4 has no bed."
    assert change.better


def test_a_higher_assessment_gets_the_bed_of_someone_of_a_lower_band() -> None:
    problem = a_problem(referrals=[a_referral("asks", **BAND_3), a_referral("has", **BAND_3)])
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    found = level_up(problem.referrals[0], situation)
    assert (found.band, found.band_if) == (3, 1)
    assert found.change is not None
    assert found.change.kind is Kind.DISPLACED
    assert "With RoSH Very High rather than High" in found.text


def test_a_higher_assessment_gets_nothing_where_a_resident_has_the_only_bed() -> None:
    problem = a_problem(referrals=[a_referral("asks", **BAND_3)], bookings=[a_resident()])
    found = level_up(problem.referrals[0], a_situation(problem))
    assert found.change is None
    assert "no proof that no plan" in found.text


def test_nobody_in_the_highest_band_has_a_level_above() -> None:
    problem = a_problem(referrals=[a_referral("asks", **BAND_1), a_referral("has", **BAND_1)])
    found = level_up(
        problem.referrals[0], a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    )
    assert found.band_if is None


def test_where_rosh_changes_no_band_the_first_assessment_that_does_is_taken() -> None:
    problem = a_problem(referrals=[a_referral("asks", rosh=Rosh.LOW)], bookings=[a_resident()])
    found = level_up(problem.referrals[0], a_situation(problem))
    assert (found.band, found.band_if, found.assessed) == (4, 2, "MAPPA level 2")


@pytest.mark.parametrize(
    ("placements", "kind"),
    [
        ([], Kind.NOTHING),
        ([("near", "P1-R1-B1", 1)], Kind.NOTHING),
        ([("near", "P1-R1-B1", 1), ("far", "P2-R1-B1", 1)], Kind.DISPLACED),
    ],
)
def test_a_new_person_goes_where_it_disturbs_least(
    placements: list[tuple[str, str, int]], kind: Kind
) -> None:
    problem = a_problem(**two_premises(), referrals=[a_referral("near"), a_referral("far")])
    situation = a_situation(problem, placements=placements)
    change = best_insertion(situation, a_referral("new", **BAND_1))
    assert change is not None
    assert change.kind is kind
    assert opinion(change.proposal, situation) == []


def test_a_new_person_moves_someone_before_taking_a_bed_away() -> None:
    problem = a_problem(**two_premises(), referrals=[a_referral("near")])
    situation = a_situation(problem, placements=[("near", "P1-R1-B1", 1)])
    change = best_insertion(situation, a_referral("new", consented_radius_miles=5, **BAND_1))
    assert change is not None
    assert change.kind is Kind.MOVED


def test_a_new_person_for_whom_nobody_may_make_way_is_told_so() -> None:
    problem = a_problem(bookings=[a_resident()])
    assert best_insertion(a_situation(problem), a_referral("new", **BAND_1)) is None


def test_a_stay_past_all_nights_looked_at_is_refused_and_not_guessed() -> None:
    new = replace(a_referral("new"), release_date=day(4000), latest_arrival=day(4000))
    with pytest.raises(ValueError, match="past the nights"):
        best_insertion(a_situation(a_problem()), new)
