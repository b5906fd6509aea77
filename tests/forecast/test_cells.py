"""Cells: their own share where the count allows, pooled where it does not, never another margin."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from allocator.forecast.cell import NO_REGION
from allocator.forecast.fit_cells import fit_cells, region_of
from allocator.forecast.remark import Kind
from allocator.referral import Referral
from allocator.vocabulary import ApType, Gender, RiskTier, Rosh
from tests.forecast.made import POLICY, two_years

DAY = date(2026, 1, 5)
BAND_1 = Referral(
    "R", "X000001", Gender.MAN, DAY, DAY, 84, tier=RiskTier.A3, rosh=Rosh.VERY_HIGH, mappa_level=3
)
BAND_3 = replace(BAND_1, tier=RiskTier.B2, rosh=Rosh.HIGH, mappa_level=1)
LONDON, CARDIFF = "SE5", "CF10"


def test_a_region_is_that_of_the_outcode() -> None:
    assert region_of(replace(BAND_1, outcode=LONDON)) == "London"
    assert region_of(replace(BAND_1, outcode=CARDIFF)) == "Wales"
    assert region_of(BAND_1) == region_of(replace(BAND_1, outcode="EH1")) == NO_REGION


def test_a_cell_with_enough_keeps_its_share_and_the_rest_are_pooled() -> None:
    people = [
        *[replace(BAND_1, outcode=LONDON)] * 150,
        *[replace(BAND_3, outcode=LONDON)] * 80,
        *[replace(BAND_1, outcode=CARDIFF)] * 10,
        *[replace(BAND_3, outcode=CARDIFF)] * 10,
    ]
    cells, remarks = fit_cells(people, POLICY)
    share = {(cell.band, cell.region): (cell.share, cell.own) for cell in cells}
    assert share[1, "London"] == (pytest.approx(150 / 250), True)
    assert share[3, "London"] == (pytest.approx(80 / 250), True)
    # Cardiff's two cells have ten each: pooled, and both margins leave 10/250 for each.
    assert share[1, "Wales"] == (pytest.approx(10 / 250), False)
    assert {remark.kind for remark in remarks} == {Kind.KEPT, Kind.POOLED}


def test_a_pooled_cell_is_the_product_where_nothing_is_held() -> None:
    # 29 in each of the cells that are there, so none is held: 12 regions would be needed else.
    outcodes = ["SE5", "CF10", "M1", "LS1", "NE1", "B1", "BS1", "OX1"]
    people = [replace(BAND_1, outcode=code) for code in outcodes for _ in range(29)]
    people += [replace(BAND_3, outcode=LONDON)] * 16
    cells, _ = fit_cells(people, POLICY)
    count = len(people)
    (cell,) = [c for c in cells if (c.band, c.region) == (3, "Wales")]
    assert cell.share == pytest.approx(16 / count * 29 / count)
    assert cell.counted == 0 and not cell.own


def test_every_margin_is_kept() -> None:
    referrals = [past.coming.referral for past in two_years().covered]
    cells, _ = fit_cells(referrals, POLICY)
    count = len(referrals)
    for of_cell, of_person in (
        (lambda c: c.band, POLICY.band_of),
        (lambda c: c.region, region_of),
        (lambda c: (c.gender, c.ap_type), lambda r: (r.gender, r.ap_type)),
    ):
        shares: Counter[object] = Counter()
        for cell in cells:
            shares[of_cell(cell)] += cell.share  # type: ignore[no-untyped-call]
        for key, counted in Counter(map(of_person, referrals)).items():  # type: ignore[arg-type]
            assert shares[key] == pytest.approx(counted / count, abs=1e-9)


def test_a_few_people_count_beside_the_priors_shares() -> None:
    people = [replace(BAND_1, outcode=LONDON)] * 50
    cells, (remark,) = fit_cells(people, POLICY)
    shares: Counter[int] = Counter()
    for cell in cells:
        shares[cell.band] += cell.share  # type: ignore[assignment]
    # 50 of band 1 beside 50 of the prior, of whom 12 % are.
    assert shares[1] == pytest.approx((50 + 0.12 * 50) / 100)
    assert remark.kind is Kind.PRIOR and "200 are needed" in remark.text
    assert {cell.region for cell in cells} == {"London"}
    womens = {cell.ap_type for cell in cells if cell.gender is Gender.WOMAN}
    assert womens == {ApType.NORMAL, ApType.PIPE, ApType.ESAP}


def test_missing_risk_information_is_in_the_top_band() -> None:
    people = [replace(BAND_3, rosh=None, tier=None, mappa_level=None, outcode=LONDON)] * 250
    cells, _ = fit_cells(people, POLICY)
    assert {cell.band for cell in cells} == {1}
