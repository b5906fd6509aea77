"""What a cell of criteria says of offences: no more than an assessor answered."""

import pytest

from allocator.ingest.asked_criteria import SEXUAL, asked_criteria
from allocator.ingest.values import BadValueError
from allocator.vocabulary import Criterion, Offence

EVERY = frozenset(Offence)
ADULT, CHILD, OTHER, HATE, ARSON = Offence


@pytest.mark.parametrize(
    "cell, applies, unknown",
    [
        ("NONE", set(), set()),
        ("none; hasEnSuite", set(), set()),
        ("hasEnSuite, NONE", set(), set()),
        ("NONE isArsonSuitable", {ARSON}, set()),
        ("NONE isSuitedForSexOffenders", set(), SEXUAL),
        ("hasEnSuite", set(), EVERY),
        ("isSuitedForSexOffenders", set(), EVERY),
        ("isArsonSuitable", {ARSON}, EVERY - {ARSON}),
        ("isArsonSuitable; hasEnSuite", {ARSON}, EVERY - {ARSON}),
        ("acceptsSexOffenders", {ADULT}, set()),
        ("acceptsSexOffenders isSuitedForSexOffenders", {ADULT}, set()),
        ("acceptsChildSexOffenders isSuitedForSexOffenders", {CHILD}, set()),
        ("acceptsHateCrimeOffenders", {HATE}, set()),
        ("acceptsHateCrimeOffenders isSuitedForSexOffenders", {HATE}, SEXUAL),
        ("acceptsNonSexualChildOffenders isArsonSuitable", {OTHER, ARSON}, set()),
    ],
)
def test_a_kind_is_ruled_out_only_where_somebody_answered(
    cell: str, applies: set[Offence], unknown: set[Offence]
) -> None:
    asked = asked_criteria(cell)
    assert asked.offences == applies
    assert asked.offences_unknown == unknown
    assert not asked.offences & asked.offences_unknown


def test_none_is_no_criterion() -> None:
    assert asked_criteria("NONE; hasEnSuite").criteria == {Criterion.HAS_EN_SUITE}


@pytest.mark.parametrize("cell", ["NONE; acceptsSexOffenders", "NONEs", "hasEnSuite;nonesuch"])
def test_a_cell_that_contradicts_itself_or_is_misspelt_is_complained_of(cell: str) -> None:
    with pytest.raises(BadValueError):
        asked_criteria(cell)
