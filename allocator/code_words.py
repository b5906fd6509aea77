"""Code words: what each code of the ministry's service says, in words of people.

The one place for them: explanations, reports and pages all read them here, so that a code that is
new is named everywhere at once. Files and the API keep the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute, Offence


@dataclass(frozen=True, slots=True)
class Feature:
    """What a bed, its room or its premises offers: one bed `has` it, several beds `have` it.

    `words` alone name it, where nothing is said of a bed.
    """

    words: str
    has: str
    have: str


def _is(words: str) -> Feature:
    return Feature(words, f"is {words}", f"are {words}")


def _has(words: str, article: str = "a ") -> Feature:
    return Feature(words, f"has {article}{words}", f"have {article}{words}")


def _at(words: str) -> Feature:
    """Of what the premises is or does, whatever the bed."""
    return Feature(words, f"is at a premises that {words}", f"are at a premises that {words}")


def _of(words: str) -> Feature:
    return Feature(words, f"is at {words}", f"are at {words}")


CRITERIA: Mapping[Criterion, Feature] = {
    Criterion.IS_IAP: _of("an independent approved premises"),
    Criterion.IS_PIPE: _of("a psychologically informed planned environment (PIPE)"),
    Criterion.IS_ESAP: _of("an enhanced security premises (ESAP)"),
    Criterion.IS_SEMI_SPECIALIST_MENTAL_HEALTH: _of("a semi-specialist mental health premises"),
    Criterion.IS_RECOVERY_FOCUSSED: _of("a recovery-focused premises (RFAP)"),
    Criterion.IS_MHAP_ST_JOSEPHS: _of("the specialist mental health premises St Joseph’s"),
    Criterion.IS_MHAP_ELLIOTT_HOUSE: _of("the specialist mental health premises Elliott House"),
    Criterion.IS_SUITABLE_FOR_VULNERABLE: _is("suitable for people at risk of exploitation"),
    Criterion.ACCEPTS_SEX_OFFENDERS: _at("accepts people with sexual offences against adults"),
    Criterion.ACCEPTS_CHILD_SEX_OFFENDERS: _at(
        "accepts people with sexual offences against children"
    ),
    Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS: _at(
        "accepts people with offences against children that are not sexual"
    ),
    Criterion.ACCEPTS_HATE_CRIME_OFFENDERS: _at("accepts people with hate crimes"),
    Criterion.IS_CATERED: _is("catered"),
    Criterion.HAS_WIDE_STEP_FREE_ACCESS: _has("wide step-free access", ""),
    Criterion.HAS_WIDE_ACCESS_TO_COMMUNAL_AREAS: _has("wide access to communal areas", ""),
    Criterion.HAS_STEP_FREE_ACCESS_TO_COMMUNAL_AREAS: _has(
        "step-free access to communal areas", ""
    ),
    Criterion.HAS_WHEEL_CHAIR_ACCESSIBLE_BATHROOMS: _has("wheelchair-accessible bathrooms", ""),
    Criterion.HAS_LIFT: _has("lift"),
    Criterion.HAS_TACTILE_FLOORING: _has("tactile flooring", ""),
    Criterion.HAS_BRAILLE_SIGNAGE: _has("braille signage", ""),
    Criterion.HAS_HEARING_LOOP: _has("hearing loop"),
    Criterion.ADDITIONAL_RESTRICTIONS: _has("additional restrictions", ""),
    Criterion.IS_SINGLE: Feature(
        "a room to oneself", "is a room to oneself", "are rooms to oneself"
    ),
    Criterion.IS_GROUND_FLOOR: Feature(
        "ground floor", "is on the ground floor", "are on the ground floor"
    ),
    Criterion.IS_FULLY_FM: _has("furnishings and bedding of facilities management (FM) alone", ""),
    Criterion.HAS_CRIB7_BEDDING: _has("Crib 7 bedding", ""),
    Criterion.HAS_SMOKE_DETECTOR: _has("smoke detector"),
    Criterion.IS_TOP_FLOOR_VULNERABLE: Feature(
        "top floor, with an external wall and not beside a fire exit or protected stairway",
        "is on the top floor, with an external wall and not beside a fire exit or protected "
        "stairway",
        "are on the top floor, with an external wall and not beside a fire exit or protected "
        "stairway",
    ),
    Criterion.IS_GROUND_FLOOR_NR_OFFICE: Feature(
        "ground floor near the office",
        "is on the ground floor near the office",
        "are on the ground floor near the office",
    ),
    Criterion.HAS_NEARBY_SPRINKLER: _has("sprinkler nearby"),
    Criterion.IS_ARSON_SUITABLE: _is("arson-suitable"),
    Criterion.HAS_ARSON_INSURANCE_CONDITIONS: _has("insurance conditions about arson", ""),
    Criterion.IS_SUITED_FOR_SEX_OFFENDERS: _is("suited for sex offenders"),
    Criterion.HAS_EN_SUITE: _has("en-suite", "an "),
    Criterion.IS_WHEELCHAIR_ACCESSIBLE: _is("wheelchair accessible"),
    Criterion.HAS_WIDE_DOOR: _has("wide door"),
    Criterion.HAS_STEP_FREE_ACCESS: _has("step-free access", ""),
    Criterion.HAS_FIXED_MOBILITY_AIDS: _has("fixed mobility aids", ""),
    Criterion.HAS_TURNING_SPACE: _has("turning space", ""),
    Criterion.HAS_CALL_FOR_ASSISTANCE: _has("call for assistance"),
    Criterion.IS_WHEELCHAIR_DESIGNATED: _is("wheelchair designated"),
    Criterion.IS_STEP_FREE_DESIGNATED: _is("step-free designated"),
}
OFFENCES: Mapping[Offence, str] = {
    Offence.SEXUAL_ADULT: "sexual, against adults",
    Offence.SEXUAL_CHILD: "sexual, against children",
    Offence.NON_SEXUAL_CHILD: "not sexual, against children",
    Offence.HATE: "hate crime",
    Offence.ARSON: "arson",
}
"""Kinds of offence that premises may not accept."""
MIX: Mapping[MixAttribute, str] = {
    MixAttribute.SEXUAL_ADULT: "people with sexual offences against adults",
    MixAttribute.SEXUAL_CHILD: "people with sexual offences against children",
    MixAttribute.NON_SEXUAL_CHILD: "people with other offences against children",
    MixAttribute.HATE: "people with hate crimes",
    MixAttribute.ARSON: "people with arson",
    MixAttribute.TOP_BAND: "people of band 1",
    MixAttribute.VULNERABLE: "people at risk of exploitation",
}
"""Of whom premises take only so many at once."""
AP_TYPES: Mapping[ApType, str] = {
    ApType.NORMAL: "Standard",
    ApType.PIPE: "PIPE",
    ApType.ESAP: "ESAP",
    ApType.RFAP: "Recovery-focused",
    ApType.MHAP_ELLIOTT_HOUSE: "Specialist mental health: Elliott House",
    ApType.MHAP_ST_JOSEPHS: "Specialist mental health: St Joseph's",
}
ESTATES: Mapping[Gender, str] = {Gender.MAN: "Men's", Gender.WOMAN: "Women's"}
PEOPLE: Mapping[Gender, str] = {Gender.MAN: "men", Gender.WOMAN: "women"}
"""Whom an estate takes."""
