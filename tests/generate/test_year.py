"""The true process: as many people as the load says, of stated shares, the same each time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from allocator.coming import Coming, Demand
from allocator.generate import SIZES, Options, TrueDemand, defaults, generate
from allocator.generate.outcomes import OutcomeRates
from allocator.generate.rate import season
from allocator.streams import Streams
from allocator.vocabulary import ApType

FIRST, UNTIL = date(2026, 1, 5), date(2028, 1, 3)  # two years of whole weeks
DAYS = (UNTIL - FIRST).days
OPTIONS = Options(SIZES["L"])


@pytest.fixture(scope="module")
def truth() -> TrueDemand:
    return TrueDemand(OPTIONS, generate("L", 1).premises)


@pytest.fixture(scope="module")
def people(truth: TrueDemand) -> tuple[Coming, ...]:
    demand: Demand = truth
    return demand.people(Streams(4), FIRST, UNTIL)


def test_the_same_streams_give_the_same_people_and_others_others(truth: TrueDemand) -> None:
    until = FIRST + timedelta(days=30)
    assert truth.people(Streams(1), FIRST, until) == truth.people(Streams(1), FIRST, until)
    assert truth.people(Streams(1), FIRST, until) != truth.people(Streams(2), FIRST, until)


def test_nobody_is_referred_in_no_days(truth: TrueDemand) -> None:
    assert truth.people(Streams(1), FIRST, FIRST) == ()


def test_people_come_in_order_with_ids_and_crns_of_their_own(people: tuple[Coming, ...]) -> None:
    days = [each.referred_on for each in people]
    assert days == sorted(days) and days[0] >= FIRST and days[-1] < UNTIL
    assert [each.referral.id for each in people[:2]] == ["Y000001", "Y000002"]
    assert len({each.referral.crn for each in people}) == len(people)
    assert not {each.referral.crn for each in people} & {r.crn for r in generate("L", 4).referrals}


def test_a_year_is_not_the_open_list_over_again(truth: TrueDemand) -> None:
    first = truth.people(Streams(4), FIRST, UNTIL)[:1000]
    listed = generate("L", 4).referrals[:1000]
    same = sum(a.referral.tier == b.tier for a, b in zip(first, listed, strict=True))
    assert same < 200  # twelve tiers or so, drawn apart


def test_as_many_are_referred_as_the_rate_says(
    truth: TrueDemand, people: tuple[Coming, ...]
) -> None:
    # Poisson of mean 24,600: its standard deviation is 157; four of them.
    assert len(people) == pytest.approx(truth.rate * DAYS, abs=4 * (truth.rate * DAYS) ** 0.5)


def test_nights_slept_are_the_load_times_the_beds_in_service(people: tuple[Coming, ...]) -> None:
    slept = sum(each.nights for each in people if each.arrives and each.withdrawn_on is None)
    out, _ = defaults.OUT_OF_SERVICE.value
    assert slept / DAYS / (OPTIONS.beds * (1 - out)) == pytest.approx(OPTIONS.load, rel=0.03)


def test_more_load_brings_fewer_beds_and_not_more_people(truth: TrueDemand) -> None:
    scarce = replace(truth, options=replace(OPTIONS, load=2.2))
    assert scarce.rate == pytest.approx(truth.rate, rel=0.001)


def test_notice_has_the_shares_of_referrals_made(people: tuple[Coming, ...]) -> None:
    notice = [(each.referral.release_date - each.referred_on).days for each in people]
    for _, share, least, most in defaults.NOTICE.value:
        found = sum(least <= days <= most for days in notice) / len(people)
        assert found == pytest.approx(share, abs=0.015)
    assert min(notice) == 0 and max(notice) == 240


def test_nobody_who_is_newly_referred_has_failed_attempts(people: tuple[Coming, ...]) -> None:
    assert {each.referral.failed_attempts for each in people} == {0}


def test_outcomes_have_their_shares(people: tuple[Coming, ...]) -> None:
    count = len(people)
    withdrawn = sum(each.withdrawn_on is not None for each in people) / count
    absent = sum(not each.arrives for each in people) / count
    early = sum(each.nights_slept is not None for each in people) / count
    changed = sum(each.changed_on is not None for each in people) / count
    assert withdrawn == pytest.approx(defaults.WITHDRAWN.value, abs=0.01)
    assert absent == pytest.approx(defaults.NOT_ARRIVING.value, abs=0.01)
    assert early == pytest.approx(defaults.EARLY_ENDS.value, abs=0.01)
    # A few changes come to the same day, or after a withdrawal.
    assert 0.08 < changed < defaults.RELEASE_CHANGED.value[0] + 0.01


def test_outcomes_are_possible(people: tuple[Coming, ...]) -> None:
    for each in people:
        release = each.referral.release_date
        assert each.nights <= each.referral.nights
        if each.withdrawn_on is not None:
            assert each.referred_on <= each.withdrawn_on <= release
        if each.changed_on is not None and each.changed_release is not None:
            assert each.referred_on <= each.changed_on <= release
            assert release != each.changed_release >= each.changed_on


def test_without_outcomes_everyone_comes_and_stays(truth: TrueDemand) -> None:
    plain = replace(truth, outcomes=OutcomeRates(0, 0, 0, 0))
    assert plain.rate < truth.rate
    for each in plain.people(Streams(1), FIRST, FIRST + timedelta(days=60)):
        assert each.arrives and each.nights_slept is None
        assert each.withdrawn_on is None and each.changed_on is None


def test_referrals_follow_the_week_and_the_year(truth: TrueDemand) -> None:
    loud = replace(truth, swing=0.5).people(Streams(3), FIRST, UNTIL)
    weekend = sum(each.referred_on.weekday() >= 5 for each in loud) / len(loud)
    assert weekend == pytest.approx(0.04, abs=0.01)
    months = Counter(each.referred_on.month for each in loud)
    assert months[2] > 2 * months[8]


def test_the_season_is_one_in_the_mean() -> None:
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    assert season(days, 0.5).mean() == pytest.approx(1, abs=0.005)


def test_types_asked_for_are_there(people: tuple[Coming, ...]) -> None:
    kinds = Counter(each.referral.ap_type for each in people)
    assert kinds[ApType.PIPE] / len(people) == pytest.approx(0.09, abs=0.01)
    small = TrueDemand(Options(SIZES["S"]), generate("S", 1).premises)
    there = {kind for site in small.premises for kind in site.ap_types}
    found = small.people(Streams(1), FIRST, FIRST + timedelta(days=300))
    assert {each.referral.ap_type for each in found} <= there


def test_a_swing_out_of_range_is_refused(truth: TrueDemand) -> None:
    with pytest.raises(ValueError, match="swing"):
        replace(truth, swing=1.5)
