"""Single cells: dates, yes and no, numbers, CRNs, tiers, MAPPA, AP types, criteria."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.ingest import risk_values, values
from allocator.ingest.risk_values import Mappa
from allocator.ingest.values import BadValueError, Clock
from allocator.vocabulary import ApType, Criterion, Gender, RiskTier, Rosh

CLOCK = Clock(date(2026, 5, 1))
READERS = [
    lambda text: values.day(text, CLOCK),
    lambda text: values.day(text, Clock(date(2026, 5, 1), date(1899, 12, 30))),
    values.yes_no,
    values.number,
    values.positive,
    values.identifier,
    values.crn,
    values.outcode,
    values.codes,
    lambda text: values.whole(text, 0, 1000),
    risk_values.gender,
    risk_values.tier,
    risk_values.rosh,
    risk_values.mappa,
    risk_values.ap_type,
    risk_values.criteria,
]


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-07",
        "07/06/2026",
        "7/6/2026",
        "07/06/26",
        "2026-06-07T23:30:00Z",
        "2026-06-07 00:00",
    ],
)
def test_a_date_is_read_in_each_form_with_the_day_before_the_month(text: str) -> None:
    assert values.day(text, CLOCK) == date(2026, 6, 7)


@pytest.mark.parametrize(
    "text",
    [
        "04/13/2026",
        "31/02/2026",
        "2026-13-01",
        "7 June 2026",
        "2026/06/07",
        "46180",
        "",
        "01-02-26",
    ],
)
def test_what_is_no_date_is_refused_and_never_read_month_first(text: str) -> None:
    with pytest.raises(BadValueError):
        values.day(text, CLOCK)


@pytest.mark.parametrize("text", ["0205-06-01", "2062-06-01", "9999-12-31", "2020-04-30"])
def test_a_mistyped_year_is_refused(text: str) -> None:
    with pytest.raises(BadValueError, match="years from"):
        values.day(text, CLOCK)


def test_a_serial_date_counts_from_the_workbooks_day_nought() -> None:
    assert values.day("46180", Clock(CLOCK.as_of, date(1899, 12, 30))) == date(2026, 6, 7)
    assert values.day("44718.5", Clock(CLOCK.as_of, date(1904, 1, 1))) == date(2026, 6, 7)


@given(st.dates(date(2021, 1, 1), date(2031, 12, 31)))
def test_every_date_survives_being_written_either_way(day: date) -> None:
    assert values.day(day.isoformat(), CLOCK) == day
    assert values.day(day.strftime("%d/%m/%Y"), CLOCK) == day


@pytest.mark.parametrize("yes, no", [("YES", "NO"), ("y", "n"), ("True", "FALSE")])
def test_yes_and_no_are_read_in_any_case(yes: str, no: str) -> None:
    assert values.yes_no(yes) is True
    assert values.yes_no(no) is False


@pytest.mark.parametrize("text", ["1", "0", "maybe", "YES NO"])
def test_what_is_neither_yes_nor_no_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        values.yes_no(text)


@pytest.mark.parametrize("text", ["NaN", "inf", "1e5", "0x10", "1,5", "１e5", "--1"])
def test_numbers_in_other_notations_are_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        values.number(text)


@pytest.mark.parametrize("text, read", [("12", 12), ("12.0", 12), ("１２", 12)])
def test_a_whole_number_is_read_as_spreadsheets_write_it(text: str, read: int) -> None:
    assert values.whole(text, 0, 100) == read


@pytest.mark.parametrize("text", ["-1", "101", "12.5", "twelve", "99999999999999999999"])
def test_a_number_that_is_not_whole_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        values.whole(text, 0, 100)


@pytest.mark.parametrize("text", ["0012", "Null", "NaN", "1e5", "TRUE"])
def test_an_id_stays_as_it_is_written(text: str) -> None:
    assert values.identifier(text) == text


@pytest.mark.parametrize("text", ["a\x00b", "a\u200bb", "a\u202eb", "x" * 201])
def test_an_id_with_unseen_characters_or_too_many_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        values.identifier(text)


def test_free_text_loses_what_would_turn_the_text_beside_it_round_and_keeps_the_rest() -> None:
    assert values.seen_text("\u202edab\u202c and\x07 \u2067good\u2069 ") == "dab and good"
    for text in ("عربي", "a\nb\tc", "e\u0301", "\u200e1"):
        assert values.seen_text(text) == text


@given(st.from_regex(r"[A-Z][0-9]{6}", fullmatch=True), st.booleans(), st.booleans())
def test_one_crn_has_one_spelling(crn: str, small: bool, wide: bool) -> None:
    typed = crn.lower() if small else crn
    if wide:
        typed = "".join(chr(ord(character) + 0xFEE0) for character in typed)
    assert values.crn(f" {typed} ") == crn


@given(st.text(max_size=12))
def test_a_crn_that_is_read_is_the_plain_form_of_what_was_typed(text: str) -> None:
    try:
        crn = values.crn(text)
    except BadValueError:
        return
    assert crn == unicodedata.normalize("NFKC", text).strip().upper()
    assert crn.isascii()


@pytest.mark.parametrize("text", ["Х000001", "X00 001", "ß00001", "ı00001", ""])
def test_a_crn_with_letters_of_another_alphabet_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        values.crn(text)


@given(st.text(max_size=30))
def test_no_text_makes_a_reader_fail_in_any_other_way(text: str) -> None:
    for reader in READERS:
        try:
            reader(text)
        except BadValueError as bad:
            assert bad.wrong and bad.mend


@pytest.mark.parametrize("tier", list(RiskTier))
def test_every_tier_is_read_by_its_name(tier: RiskTier) -> None:
    assert risk_values.tier(tier.value.lower()) is tier


def test_a_missing_tier_is_not_known() -> None:
    assert risk_values.tier("MISSING") is None


@pytest.mark.parametrize(
    "text, read",
    [
        ("CAT 2/LEVEL 1", Mappa(1, "2")),
        ("CAT M2/LEVEL M1", Mappa(1, "2")),
        ("cat 1 / level 3", Mappa(3, "1")),
        ("LEVEL 2", Mappa(2)),
        ("3", Mappa(3)),
        ("Not MAPPA", Mappa(0)),
        ("none", Mappa(0)),
    ],
)
def test_mappa_is_read_with_and_without_its_category(text: str, read: Mappa) -> None:
    assert risk_values.mappa(text) == read


@pytest.mark.parametrize("text", ["CAT 5/LEVEL 1", "LEVEL 4", "CAT 2", "CAT NOMINAL/LEVEL NOMINAL"])
def test_another_mappa_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        risk_values.mappa(text)


@pytest.mark.parametrize(
    "text, kind",
    [
        *((kind.value, kind) for kind in ApType),
        ("Standard AP", ApType.NORMAL),
        ("PIPE (Psychologically Informed Planned Environment)", ApType.PIPE),
        ("Psychologically Informed Planned Environment (PIPE)", ApType.PIPE),
        ("Enhanced Security AP (ESAP)", ApType.ESAP),
        ("Recovery Focused AP (RFAP)", ApType.RFAP),
        ("MHAP_ST_JOSEPHS", ApType.MHAP_ST_JOSEPHS),
        ("Specialist Mental Health AP (Elliott House)", ApType.MHAP_ELLIOTT_HOUSE),
    ],
)
def test_an_ap_type_is_read_by_code_or_label(text: str, kind: ApType) -> None:
    assert risk_values.ap_type(text) is kind


@pytest.mark.parametrize(
    "text", ["isSingle;hasEnSuite", "hasensuite, ISSINGLE", "isSingle hasEnSuite"]
)
def test_criteria_are_read_in_any_case_and_order(text: str) -> None:
    assert risk_values.criteria(text) == {Criterion.IS_SINGLE, Criterion.HAS_EN_SUITE}


@pytest.mark.parametrize("text", ["arsonOffences", "isArsonDesignated", "isArsonSuitable"])
def test_the_old_words_for_arson_are_read_as_the_new_one(text: str) -> None:
    assert risk_values.criteria(text) == {Criterion.IS_ARSON_SUITABLE}


def test_a_criterion_that_is_not_known_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadValueError) as refusal:
        risk_values.criteria("isSingel")
    assert "isSingle" in refusal.value.mend


def test_gender_and_harm_are_read_by_their_words() -> None:
    assert risk_values.gender("female") is Gender.WOMAN
    assert risk_values.gender("MAN") is Gender.MAN
    assert risk_values.rosh("VERY_HIGH") is Rosh.VERY_HIGH
