"""Every code of the ministry's service has words, and no explanation speaks in codes."""

import re

import pytest

from allocator.code_words import AP_TYPES, CRITERIA, ESTATES, MIX, OFFENCES
from allocator.explain import explain_unplaced, unplaced_text
from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute, Offence
from api.pages.words import criterion
from tests.builders import a_problem, a_referral, an_estate
from tests.explain.test_told import a_situation

CODE = re.compile(r"\b(?:[a-z]+[A-Z]\w*|[a-z]+_[a-z_]+)\b")


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Criterion, CRITERIA),
        (Offence, OFFENCES),
        (MixAttribute, MIX),
        (ApType, AP_TYPES),
        (Gender, ESTATES),
    ],
    ids=["criteria", "offences", "mix", "AP types", "estates"],
)
def test_every_code_has_words_of_its_own(codes, words):
    assert list(words) == list(codes) or set(words) == set(codes)
    told = [str(getattr(each, "words", each)) for each in words.values()]
    assert len(set(told)) == len(told)
    assert not any(CODE.search(each) for each in told)


def test_a_page_says_a_criterion_in_the_same_words():
    assert criterion("acceptsNonSexualChildOffenders") == (
        "Accepts people with offences against children that are not sexual"
    )


@pytest.mark.parametrize("needed", sorted(Criterion))
def test_no_explanation_speaks_in_codes(needed):
    """The trap, a criterion to do without, and the rules that bar: with each criterion there is."""
    other = Criterion.HAS_LIFT if needed is not Criterion.HAS_LIFT else Criterion.IS_CATERED
    rooms = {
        "P1-R1": {"characteristics": frozenset({needed})},
        "P1-R2": {"characteristics": frozenset({other})},
    }
    referral = a_referral(
        "asks",
        essential=frozenset({needed, other}),
        offences=frozenset({Offence.ARSON}),
        offences_unknown=frozenset({Offence.NON_SEXUAL_CHILD}),
        ap_type=ApType.MHAP_ELLIOTT_HOUSE,
        restriction_codes=None,
    )
    problem = a_problem(**an_estate({"P1": (1, 1)}, rooms=rooms), referrals=[referral])
    text = unplaced_text(explain_unplaced(referral, a_situation(problem)))
    assert CODE.findall(text) == []
