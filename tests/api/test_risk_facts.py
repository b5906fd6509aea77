"""Risk facts: what was assumed stays so where nobody said otherwise, and is never less cautious."""

from dataclasses import replace

from allocator.ingest.one_person import said_otherwise
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
    names = [name for name in RiskFacts.__dataclass_fields__ if name != "left"]
    left = {"left": frozenset({"rosh", "arson"} - changes.keys())}
    return RiskFacts(**{name: getattr(value, name) for name in names} | left | changes)


def test_what_nobody_changed_is_still_assumed():
    value = known()
    assert corrected(value, facts(value)) == value


def test_what_a_person_confirms_is_no_assumption_any_more():
    value = known()
    now = corrected(value, facts(value, left=frozenset()))
    assert (now.rosh, now.offences) == (value.rosh, value.offences) and now.assumptions == ()
    assert said_otherwise(value, replace(value, id="R9", assumptions=())), "taken, not its own"
    assert not said_otherwise(now, replace(value, id="R9", assumptions=()))


def test_harm_that_was_inferred_from_another_tier_is_not_known_any_more():
    value = known()
    now = corrected(value, facts(value, tier=RiskTier.A3))
    assert now.rosh is None and INFERRED not in now.assumptions and TAKEN in now.assumptions
    assert any(each.field == "rosh" and each.read_as == "Very High" for each in now.assumptions)
    harm = {"rosh": Rosh.VERY_HIGH, "left": frozenset({"arson"})}
    given = corrected(value, facts(value, tier=RiskTier.A3, **harm))
    assert given.rosh is Rosh.VERY_HIGH and INFERRED not in given.assumptions


def test_an_answer_to_an_offence_is_no_assumption_any_more():
    value = known()
    now = corrected(value, facts(value, offences=frozenset(), left=frozenset({"rosh"})))
    assert now.offences == frozenset() and TAKEN not in now.assumptions
    unknown = {"offences": frozenset(), "offences_unknown": frozenset({Offence.ARSON})}
    unknown["left"] = frozenset({"rosh"})
    now = corrected(value, facts(value, **unknown))
    assert Assumption("arson", "applies", "the file gives none") in now.assumptions


def test_what_each_of_two_requests_says_of_risk_is_told_in_words():
    here = replace(
        a_referral("R1"),
        tier=RiskTier.A1,
        rosh=Rosh.HIGH,
        mappa_level=0,
        restriction_codes=frozenset(),
        offences=frozenset({Offence.HATE}),
    )
    there = replace(
        here,
        tier=RiskTier.B1,
        rosh=Rosh.MEDIUM,
        mappa_level=2,
        restriction_codes=frozenset({"b", "a"}),
        offences=frozenset(),
    )
    told = list(said_otherwise(here, there).values())
    assert told[0].endswith("(there: B1, here: A1)")
    assert told[1:] == [
        "risk of serious harm (there: Medium, here: High)",
        "MAPPA level (there: 2, here: not MAPPA)",
        "local restrictions (there: a, b, here: none)",
        "offences: hate crime (there: does not apply, here: applies)",
    ]


def test_a_request_that_said_no_is_told_as_that_and_how_it_is_read():
    there = replace(
        a_referral("R1"),
        restriction_codes=frozenset({"near-school"}),
        offences=frozenset({Offence.ARSON}),
    )
    because = "row 2 says so of the same person"
    here = replace(
        there,
        assumptions=(
            Assumption("arson", "applies", because),
            Assumption("restriction_codes", "near-school", because),
        ),
    )
    assert list(said_otherwise(here, there).values()) == [
        "local restrictions (there: near-school, here: none, read with near-school since another "
        "request says so)",
        "offences: arson (there: applies, here: does not apply, read as applying since another "
        "request says so)",
    ]
