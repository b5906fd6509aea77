"""Text that is only ever text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.export.safe_text import STARTS_A_FORMULA, safe_for_csv, visible


@pytest.mark.parametrize("start", sorted(STARTS_A_FORMULA))
def test_a_formula_is_kept_from_running_by_an_apostrophe(start: str) -> None:
    assert safe_for_csv(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", [" =1", "\u200b=1", "\u00a0 @x", "\ufeff+1", "\x0b-1"])
def test_a_formula_behind_what_cannot_be_seen_is_found(text: str) -> None:
    assert safe_for_csv(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Farm House", "X123456", "a=b", "3-4", " Mill Lane", "'=1"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert safe_for_csv(text) == text


@given(st.text(alphabet=st.sampled_from([*STARTS_A_FORMULA, " ", "'", "a", "1", "\u200b", "\n"])))
def test_no_text_starts_with_a_formula_once_safe_and_none_is_lost(text: str) -> None:
    safe = safe_for_csv(text)
    if text.strip()[:1] in STARTS_A_FORMULA and text.strip()[:1].isprintable():
        assert safe == "'" + text
    assert safe[:1] not in STARTS_A_FORMULA
    assert safe in (text, "'" + text)


def test_a_terminal_is_not_given_characters_that_it_would_obey() -> None:
    assert visible("a\x1b[2Jb\u202ec") == "a\ufffd[2Jb\ufffdc"
    assert visible("Llanfair Tŷ, 3½") == "Llanfair Tŷ, 3½"
