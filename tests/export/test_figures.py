"""Figures and words about a plan, by hand."""

from dataclasses import replace
from datetime import date

import pytest

from allocator.export.attention import needs_attention
from allocator.export.beds_barred import beds_barred
from allocator.export.bookings import bookings_table, seated_bookings
from allocator.export.levels import levels_table
from allocator.export.placed import placed_people
from allocator.export.shown_levels import shown_levels
from allocator.export.totals import all_bands, band_totals, miles_of
from allocator.export.words import amount, bound_amount, bound_words, day, gap_words, long_day
from allocator.generate import generate
from allocator.plan import Certificate, LevelReached, Sense
from allocator.rules import SENTENCES
from allocator.rules.barred import bed_bars, count_bars
from allocator.vocabulary import Gender, RiskTier, Rosh
from tests.builders import (
    a_booking,
    a_point,
    a_problem,
    a_referral,
    a_resident,
    an_estate,
    default_policy,
)
from tests.plans import a_plan

POLICY = default_policy()


def three_beds_four_people():
    """Band 1 placed 3 days late and 12 miles off; band 4 placed twice; band 4 left out."""
    problem = a_problem(
        **an_estate({"P1": (1, 1, 1)}),
        referrals=(
            a_referral(
                "a", rosh=Rosh.VERY_HIGH, latest_arrival=date(2026, 12, 1), location=a_point(12)
            ),
            a_referral("b", release_date=30, location=a_point(60)),
            a_referral("c", location=None),
            a_referral("d"),
        ),
    )
    places = [("a", "P1-R1-B1", 4), ("b", "P1-R2-B1", 30), ("c", "P1-R3-B1", 1)]
    return a_plan(problem, placements=places), problem


def test_each_band_is_added_up_by_itself() -> None:
    plan, problem = three_beds_four_people()
    placed = placed_people(plan, problem, POLICY)
    first, _, _, last = band_totals(plan, problem, POLICY, placed)
    assert (first.asked, first.placed, first.without_bed, first.uncovered_nights) == (1, 1, 0, 3)
    assert (last.asked, last.firm, last.provisional, last.without_bed) == (3, 1, 1, 1)
    total = all_bands(problem, placed)
    assert (total.asked, total.placed, total.uncovered_nights) == (4, 3, 3)


def test_miles_leave_out_who_has_no_known_place_and_count_who_goes_too_far() -> None:
    plan, problem = three_beds_four_people()
    miles = miles_of(placed_people(plan, problem, POLICY))
    assert miles.counted == 2
    assert miles.median == pytest.approx(36, abs=0.1)
    assert miles.nine_in_ten == miles.longest == pytest.approx(60, abs=0.1)
    assert miles.beyond_aim == 1  # 60 miles, and the policy aims within 50


def test_nobody_has_no_miles() -> None:
    assert miles_of([]).median is None


def test_beds_barred_are_those_the_bed_rules_count_one_by_one() -> None:
    problem = generate("S", seed=5)
    people = problem.referrals[:40]
    for referral, barred in zip(people, beds_barred(people, problem, POLICY).values(), strict=True):
        slow = count_bars(referral, problem, POLICY)
        assert barred.by_rule == {code: slow[code] for code in SENTENCES}
        assert barred.lawful == sum(
            not bed_bars(referral, bed.id, problem, POLICY) for bed in problem.beds
        )


def test_a_person_without_a_lawful_bed_is_told_the_rule_that_bars_most() -> None:
    problem = a_problem(**an_estate({"P1": (1, 1)}), referrals=(a_referral(gender=Gender.WOMAN),))
    (barred,) = beds_barred(problem.referrals, problem, POLICY).values()
    assert barred.sentence(2).startswith(
        "None of 2 beds passes every bed rule. 2 beds: " + SENTENCES["estate"]
    )


def test_what_needs_a_person_is_found() -> None:
    problem = a_problem(
        **an_estate(),
        referrals=(a_referral("gate", tier=RiskTier.D1), a_referral("unknown", tier=None)),
        bookings=(a_booking("over", bed_id=None),),
    )
    plan = a_plan(problem, placements=[("gate", "P1-R1-B1", 1)])
    found = {
        a.text.split(":")[0].split(";")[0]: a.subjects
        for a in needs_attention(plan, problem, POLICY)
    }
    assert found["Surplus bookings"] == ("over",)
    assert found["Proposed placements that need a senior manager's agreement"] == ("gate",)
    assert found["Risk tier not known"] == ("unknown",)
    assert "Bookings the plan moves to another premises." not in found


def a_level(sense: Sense, value: int, bound: int | None, unit: str = "people") -> LevelReached:
    return LevelReached("placed", 1, sense, unit, value, bound, value == bound)


def test_gaps_are_said_in_the_levels_own_unit() -> None:
    assert gap_words(a_level(Sense.MOST, 7, 7)) == "Proven: no plan does better."
    assert gap_words(a_level(Sense.MOST, 7, None)) == "No bound is known."
    assert "gain at most 1 person (12.5%)" in gap_words(a_level(Sense.MOST, 7, 8))
    miles = a_level(Sense.FEWEST, 1_234, 1_000, "tenths of a mile")
    assert "save at most 23.4 miles (23.4%)" in gap_words(miles)
    assert amount(miles, 12_345) == "1,234.5 miles"
    suited = replace(miles, aim="bookings_suited", unit="people")
    assert (amount(suited, 671), amount(suited, 1)) == ("671 stays", "1 stay"), "one has two"


@pytest.mark.parametrize(
    "sense, value, bound, words",
    [
        (Sense.FEWEST, 1_108, 0, "Not proven: no useful bound yet."),
        (Sense.FEWEST, 1_108, -3, "Not proven: no useful bound yet."),
        (Sense.FEWEST, 3_000, 1_000, "Not proven: a better plan could save at most 2,000 people."),
        (Sense.MOST, 0, 4, "Not proven: a better plan could gain at most 4 people (100.0%)."),
    ],
)
def test_a_share_is_said_only_where_it_means_something(
    sense: Sense, value: int, bound: int, words: str
) -> None:
    level = a_level(sense, value, bound)
    assert gap_words(level) == words
    assert ("none useful yet" in bound_amount(level)) == (bound <= 0)


def test_no_more_people_can_be_gained_than_asked() -> None:
    plan, problem = three_beds_four_people()
    far = replace(plan.level("placed/4"), bound=1_337)
    all_of_them = replace(plan.level("placed/1"), bound=9)
    plan = replace(plan, levels=(all_of_them, far))
    one, four = shown_levels(plan, problem, POLICY)
    assert (one.value, one.bound, one.proven) == (1, 1, True)
    assert (four.value, four.bound, four.proven) == (2, 3, False)
    rows = levels_table(plan, problem, POLICY).rows
    assert "gain at most 1 person" in str(rows[1])


def test_a_booking_whose_bed_another_has_is_told_so() -> None:
    problem = a_problem(
        **an_estate({"P1": (1,), "P2": (1,)}),
        bookings=[
            a_resident("in"),
            a_booking("double", bed_id="P1-R1-B1"),
            a_booking("beyond", premises_id="P2"),
        ],
    )
    plan = a_plan(problem)
    found = {s.booking.id: s for s in seated_bookings(plan, problem)}
    assert found["double"].reason == "names bed P1-R1-B1, which booking in has on common nights"
    assert found["beyond"].reason == "its premises is booked beyond its beds"
    assert found["in"].reason == ""
    table = bookings_table(tuple(found.values()), problem)
    named = table.headings.index("booked_bed_id")
    assert {row[0]: row[named] for row in table.rows} == {
        "in": "P1-R1-B1", "double": "P1-R1-B1", "beyond": None,
    }  # fmt: skip
    texts = {a.text: a.subjects for a in needs_attention(plan, problem, POLICY)}
    assert texts["Surplus bookings: another booking has the bed that they name."] == ("double",)
    assert texts["Surplus bookings: their premises is booked beyond its beds."] == ("beyond",)


def test_a_bound_is_vouched_for_by_its_own_certificate_only() -> None:
    certificate = Certificate(level="placed/1", scale=1, earlier=(), beds=())
    plan = replace(a_plan(a_problem()), certificates=(certificate,))
    level = a_level(Sense.MOST, 7, 8)
    assert bound_words(plan, level) == "by prices in the plan"
    assert bound_words(plan, replace(level, band=2)) == "by the solver only"
    assert bound_words(plan, replace(level, bound=None)) == "–"


def test_days_are_written_without_leading_noughts() -> None:
    assert day(date(2027, 2, 1)) == "1 Feb 2027"
    assert long_day(date(2027, 2, 1)) == "1 February 2027"
