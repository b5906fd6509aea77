"""Risk facts: what was assumed stays so where nobody said otherwise, and is never less cautious."""

from dataclasses import replace

from allocator.referral import Assumption
from allocator.vocabulary import Offence, RiskTier, Rosh
from api.service.risk_facts import RiskFacts, corrected
from tests.builders import a_referral

INFERRED = Assumption("rosh", "High", "inferred from the tier: the highest that B2 allows")
TAKEN = Assumption("arson", "applies", "referral R9 of the register says so of the same person")


def known(**changes):
    return replace(
        a_referral("R1"),
        tier=RiskTier.B2,
        rosh=Rosh.HIGH,
        mappa_level=0,
        offences=frozenset({Offence.ARSON}),
        offences_unknown=frozenset(),
        assumptions=(INFERRED, TAKEN),
        **changes,
    )


def facts(value, **changes):
    names = RiskFacts.__dataclass_fields__
    return RiskFacts(**{name: getattr(value, name) for name in names} | changes)


def test_what_nobody_changed_is_still_assumed():
    value = known()
    assert corrected(value, facts(value)) == value


def test_harm_that_was_inferred_from_another_tier_is_not_known_any_more():
    value = known()
    now = corrected(value, facts(value, tier=RiskTier.A3))
    assert now.rosh is None and INFERRED not in now.assumptions and TAKEN in now.assumptions
    assert any(each.field == "rosh" and each.read_as == "Very High" for each in now.assumptions)
    given = corrected(value, facts(value, tier=RiskTier.A3, rosh=Rosh.VERY_HIGH))
    assert given.rosh is Rosh.VERY_HIGH and INFERRED not in given.assumptions


def test_an_answer_to_an_offence_is_no_assumption_any_more():
    value = known()
    now = corrected(value, facts(value, offences=frozenset()))
    assert now.offences == frozenset() and TAKEN not in now.assumptions
    unknown = {"offences": frozenset(), "offences_unknown": frozenset({Offence.ARSON})}
    now = corrected(value, facts(value, **unknown))
    assert Assumption("arson", "applies", "the file gives none") in now.assumptions
