"""Age groups: no age is in two of them, whatever the files say."""

import pytest

from api.service.age_groups import age_groups


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        (["18-25", "25-35"], ["18 to under 25", "25 to under 36"]),
        (["18-24", "25-34"], ["18 to under 25", "25 to under 35"]),
        (["18-24", "25-34", "24", "27"], ["18 to under 25", "25 to under 35"] * 2),
        (["18 to 24", "20-29"], ["18 to under 30"] * 2),
        (["70+", "71"], ["70 and over"] * 2),
        (["25-34", "23", "37"], ["25 to under 35", "20 to under 25", "35 to under 40"]),
        (["31", "40"], ["30 to under 40", "40 to under 50"]),
        (["old", "34-25"], ["old", "34-25"]),
    ],
)
def test_spans_that_touch_or_overlap_become_groups_that_do_not(values, groups):
    found = age_groups(values)
    assert [found[value] for value in values] == groups
