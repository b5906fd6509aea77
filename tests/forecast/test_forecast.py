"""The whole forecast: what it draws is as the history was, and as unsure as it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from allocator.coming import Coming, Demand
from allocator.forecast import expected, expected_by_region
from allocator.forecast.donor import Donor
from allocator.forecast.fit import NothingToForecastFrom, fit
from allocator.forecast.fit_cells import region_of
from allocator.generate import defaults
from allocator.history import History
from allocator.streams import Streams
from allocator.vocabulary import ApType, Offence
from tests.forecast.made import AS_OF, POLICY, forecast, told, truth, two_years

UNTIL = AS_OF + timedelta(days=364)


@pytest.fixture(scope="module")
def people() -> tuple[Coming, ...]:
    demand: Demand = forecast("L")
    return demand.people(Streams(1), AS_OF, UNTIL)


def test_the_same_streams_give_the_same_people_and_others_others() -> None:
    until = AS_OF + timedelta(days=60)
    assert forecast().people(Streams(1), AS_OF, until) == forecast().people(
        Streams(1), AS_OF, until
    )
    assert forecast().people(Streams(1), AS_OF, until) != forecast().people(
        Streams(2), AS_OF, until
    )


def test_nobody_is_referred_in_no_days() -> None:
    assert forecast().people(Streams(1), AS_OF, AS_OF) == ()


def test_the_same_history_gives_the_same_forecast_in_any_order() -> None:
    history = two_years()
    assert fit(history, POLICY, AS_OF) == forecast()


def test_people_come_in_order_with_ids_and_crns_that_are_nobodys(
    people: tuple[Coming, ...],
) -> None:
    days = [each.referred_on for each in people]
    assert days == sorted(days) and days[0] >= AS_OF and days[-1] < UNTIL
    assert people[0].referral.id == "F000001" and people[0].referral.crn == "F-000001"
    assert len({each.referral.crn for each in people}) == len(people)


def test_as_many_come_as_from_the_process_behind_the_history(people: tuple[Coming, ...]) -> None:
    # The rate is known to 1 in 157 and a year's Poisson count to 1 in 110: four of both.
    assert len(people) == pytest.approx(truth("L").rate * 364, rel=4 * (1 / 157 + 1 / 110))


def test_bands_regions_and_types_have_the_processs_shares(people: tuple[Coming, ...]) -> None:
    true = truth("L").people(Streams(9), AS_OF, AS_OF + timedelta(days=1500))
    for key in (POLICY.band_of, region_of, lambda r: (r.gender, r.ap_type)):
        drawn = Counter(key(each.referral) for each in people)
        real = Counter(key(each.referral) for each in true)
        for value, count in real.items():
            assert drawn[value] / len(people) == pytest.approx(count / len(true), abs=0.02)


def test_notice_and_nights_are_as_they_were(people: tuple[Coming, ...]) -> None:
    notice = [(each.referral.release_date - each.referred_on).days for each in people]
    for _, share, least, most in defaults.NOTICE.value:
        found = sum(least <= days <= most for days in notice) / len(people)
        assert found == pytest.approx(share, abs=0.02)
    for each in people:
        if each.referral.ap_type is ApType.PIPE:
            assert each.referral.nights == 182
    standard = [e.referral.nights for e in people if e.referral.ap_type is ApType.NORMAL]
    assert standard.count(112) / len(standard) == pytest.approx(0.2, abs=0.02)


def test_what_comes_of_them_is_as_it_was(people: tuple[Coming, ...]) -> None:
    count = len(people)
    assert sum(e.withdrawn_on is not None for e in people) / count == pytest.approx(0.12, abs=0.02)
    assert sum(not e.arrives for e in people) / count == pytest.approx(0.06, abs=0.015)
    early = [e.nights / e.referral.nights for e in people if e.nights_slept is not None]
    assert len(early) / count == pytest.approx(0.3, abs=0.02)
    assert sum(early) / len(early) == pytest.approx(0.5, abs=0.03)
    for each in people:
        if each.withdrawn_on is not None:
            assert each.referred_on <= each.withdrawn_on <= each.referral.release_date


def test_needs_come_together_from_the_cells_donors(people: tuple[Coming, ...]) -> None:
    found = forecast("L")
    lenders = {(d.band, d.gender, d.tier, d.rosh, d.essential, d.offences) for d in found.donors}
    for each in people[:500]:
        r = each.referral
        needs = (POLICY.band_of(r), r.gender, r.tier, r.rosh)
        assert any((*key[:4],) == needs for key in lenders)
    share = sum(Offence.ARSON in e.referral.offences for e in people) / len(people)
    assert share == pytest.approx(defaults.OFFENCES.value[Offence.ARSON], abs=0.02)


def test_a_donor_has_no_number_no_home_and_no_protected_characteristic() -> None:
    names = {field.name for field in fields(Donor)}
    assert not names & {"id", "crn", "outcode", "location", "protected", "preferred_premises"}
    for each in forecast().people(Streams(1), AS_OF, AS_OF + timedelta(days=60)):
        assert each.referral.protected == () and each.referral.preferred_premises == ()


def test_expected_counts_are_those_that_are_drawn() -> None:
    found = forecast()
    ahead = expected(found, AS_OF, 26)
    drawn = [
        len(found.people(Streams(seed), AS_OF, AS_OF + timedelta(days=28))) for seed in range(200)
    ]
    month = ahead.totals[4][0]
    assert sum(drawn) / 200 == pytest.approx(month.mean, rel=0.02)
    inside = sum(month.low <= count <= month.high for count in drawn)
    assert inside >= 178  # 95 % of 200 is 190, with a standard deviation of 3.1


def test_the_true_year_ahead_lies_in_the_intervals_of_most_histories() -> None:
    inside = every = 0
    for seed in range(8):
        found = forecast("M", seed, 400)
        ahead = expected(found, AS_OF, 26, draws=1000)
        true = truth().people(Streams(500 + seed), AS_OF, AS_OF + timedelta(days=182))
        counts = Counter(POLICY.band_of(each.referral) for each in true)
        for band in found.bands:
            every += 1
            inside += ahead.totals[26][band].low <= counts[band] <= ahead.totals[26][band].high
    # 95 % of 32 is 30.4. The true process has a yearly swing that 400 days are too few to look for:
    # before the interval allowed for one, a fifth of these was missed.
    assert every == 32 and inside >= 28


def test_regions_add_up_to_what_is_expected_of_all() -> None:
    found = forecast()
    regions = expected_by_region(found, AS_OF, 12)
    whole = expected(found, AS_OF, 12).totals[12]
    assert set(regions) == {cell.region for cell in found.cells}
    for band in (0, *found.bands):
        assert sum(bands[band].mean for bands in regions.values()) == pytest.approx(
            whole[band].mean, rel=0.02
        )
    for bands in regions.values():
        assert all(0 <= each.low <= each.mean <= each.high for each in bands.values())


def test_a_period_beyond_the_weeks_is_not_told() -> None:
    assert set(expected(forecast(), AS_OF, 12).totals) == {4, 12}


def test_a_wrong_forecast_is_wrong_by_its_factor_in_its_place_alone() -> None:
    found, until = forecast(), AS_OF + timedelta(days=700)
    right = Counter(POLICY.band_of(e.referral) for e in found.people(Streams(3), AS_OF, until))
    wrong = found.scaled(1.5, band=2)
    drawn = Counter(POLICY.band_of(e.referral) for e in wrong.people(Streams(3), AS_OF, until))
    assert drawn[2] / right[2] == pytest.approx(1.5, rel=0.12)
    assert drawn[3] / right[3] == pytest.approx(1.0, rel=0.12)
    mean = expected(found, AS_OF, 4).totals[4][0].mean
    assert expected(found.scaled(0.5), AS_OF, 4).totals[4][0].mean == pytest.approx(
        mean / 2, rel=0.02
    )
    assert found.scaled(0.0).people(Streams(1), AS_OF, until) == ()
    north = found.scaled(0.0, region="North West").people(Streams(1), AS_OF, until)
    assert north and "North West" not in {region_of(e.referral) for e in north}


def test_a_scale_of_nothing_that_is_there_is_refused() -> None:
    with pytest.raises(ValueError, match="Atlantis"):
        forecast().scaled(2.0, region="Atlantis")
    with pytest.raises(ValueError):
        forecast().scaled(-1.0)


def test_it_says_what_was_kept_and_what_was_pooled() -> None:
    found = forecast("L")
    assert told(found, "season").startswith("kept: a swing of")
    assert "kept" in told(found, "shares of cells") and "pooled" in told(found, "shares of cells")
    assert told(found, "withdrawals").startswith("kept: 1")
    assert found.basis.policy_digest == POLICY.digest


def test_a_short_history_says_that_the_prior_stands_in() -> None:
    found = forecast("S", 1, 21)
    assert told(found, "rate").startswith("prior")
    assert told(found, "shares of cells").startswith("prior")
    assert told(found, "early ends").startswith("prior: fewer than 50")
    assert told(found, "nights").startswith("prior")
    assert found.people(Streams(1), AS_OF, AS_OF + timedelta(days=60))


def test_one_referral_is_enough_to_draw_from_and_its_needs_are_not_everybodys() -> None:
    history = two_years("S")
    past = history.people[0]
    day = past.coming.referred_on
    one = replace(history, people=(past,), first=day, until=day + timedelta(days=1))
    found = fit(one, POLICY, AS_OF)
    drawn = found.people(Streams(1), AS_OF, AS_OF + timedelta(days=100))
    assert {POLICY.band_of(each.referral) for each in drawn} == {1, 2, 3, 4}
    band = POLICY.band_of(past.coming.referral)
    others = [each.referral for each in drawn if POLICY.band_of(each.referral) != band]
    # Of a band nobody was in only the band is known: every offence is read as applying.
    assert all(each.offences_unknown == frozenset(Offence) for each in others)


def test_an_old_history_is_told_to_be_old() -> None:
    assert told(forecast(), "history") == ""
    later = fit(two_years(), POLICY, AS_OF + timedelta(days=60))
    assert "ends 60 days before the forecast begins" in told(later, "history")


def test_a_season_that_was_not_looked_for_is_in_the_interval_and_not_in_the_mean() -> None:
    found = forecast("M", 1, 400)
    assert "not looked for" in told(found, "season") and not found.total.seasonal
    year = [week.mean for week in expected(found, AS_OF, 52).weekly[0]]
    assert max(year) / min(year) < 1.02
    sure = replace(found.total, covariance=((0.0, 0.0, 0.0),) * 3)
    narrow = expected(replace(found, total=sure), AS_OF, 26).totals[26][0]
    wide = expected(found, AS_OF, 26).totals[26][0]
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_with_nobody_there_is_nothing_to_forecast_from() -> None:
    empty = History((), date(2026, 1, 1), date(2026, 2, 1))
    with pytest.raises(NothingToForecastFrom, match="nobody was referred"):
        fit(empty, POLICY, AS_OF)


def test_a_history_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="covers no day"):
        History((), AS_OF, AS_OF)
