"""A share that is not all is never told as all, nor one that is not none as none."""

import pytest

from allocator.plain_words import percent, rounded, rounded_share
from api.pages.words import to_tenths


@pytest.mark.parametrize(
    ("share", "decimals", "words"),
    [
        (1, 0, "100"),
        (0.996, 0, ">99"),
        (0.9999, 1, ">99.9"),
        (0.994, 0, "99"),
        (0.3 + 0.6 + 0.1, 0, "100"),
        (0.004, 0, "<1"),
        (0.0004, 1, "<0.1"),
        (0, 1, "0.0"),
        (-0.2, 0, "-20"),
        (-0.0, 0, "0"),
        (-1e-15, 1, "0.0"),
        (-0.004, 0, ">-1"),
        (-0.996, 0, "<-99"),
        (-1, 0, "-100"),
        (0.5, 0, "50"),
        (0.2525, 1, "25.3"),
        (-0.0725, 1, "-7.3"),
    ],
)
def test_a_share_is_all_or_none_only_where_it_is(share, decimals, words):
    assert percent(share, decimals) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(25.25, "25.3"), (2.75, "2.8"), (-25.25, "-25.3"), (-0.04, "0.0"), (100 * 0.0725, "7.3")],
)
def test_a_half_goes_away_from_nought_wherever_a_figure_is_shown(value, words):
    assert f"{rounded(value, 1)}" == words
    assert to_tenths(value) == words and to_tenths(1_000.05, sign=True) == "+1,000.1"


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(1, 1, 1), (0, 9, 0), (9_999, 10_000, 0.999), (1, 10_000, 0.001), (1, 3, 0.333)],
)
def test_a_share_that_is_rounded_is_all_or_none_only_where_it_is(part, whole, share):
    assert rounded_share(part, whole) == share


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3)])
def test_what_is_no_share_is_not_told_as_one(part, whole):
    with pytest.raises(AssertionError):
        rounded_share(part, whole)
