"""Closed lists of words, spelt as the ministry's service spells them."""

from __future__ import annotations

from enum import StrEnum


class Gender(StrEnum):
    """Which estate: men's or women's premises."""

    MAN = "man"
    WOMAN = "woman"


class ApType(StrEnum):
    """The kind of approved premises asked for, and that a premises is."""

    NORMAL = "normal"
    PIPE = "pipe"
    ESAP = "esap"
    RFAP = "rfap"
    MHAP_ST_JOSEPHS = "mhapStJosephs"
    MHAP_ELLIOTT_HOUSE = "mhapElliottHouse"


class TierScheme(StrEnum):
    """The two tier schemes in use."""

    V2 = "v2"
    V3 = "v3"


class RiskTier(StrEnum):
    """A tier under v2 (letter and digit) or v3 (one letter). A missing tier is None, never low."""

    A0, A1, A2, A3 = "A0", "A1", "A2", "A3"
    B0, B1, B2, B3 = "B0", "B1", "B2", "B3"
    C0, C1, C2, C3 = "C0", "C1", "C2", "C3"
    D0, D1, D2, D3 = "D0", "D1", "D2", "D3"
    A, B, C, D, E, F, G = "A", "B", "C", "D", "E", "F", "G"
    NOT_SUPERVISED = "NOT_SUPERVISED"

    @property
    def scheme(self) -> TierScheme:
        """Which scheme the tier is written in."""
        return TierScheme.V2 if len(self.value) == 2 else TierScheme.V3

    @property
    def letter(self) -> str:
        """The harm letter: A is the highest. Empty for people who are not supervised."""
        return "" if self is RiskTier.NOT_SUPERVISED else self.value[0]


class Rosh(StrEnum):
    """Risk of serious harm, as assessed. A missing level is None, never low."""

    VERY_HIGH = "Very High"
    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"


class Offence(StrEnum):
    """Kinds of offence that a premises may not accept."""

    SEXUAL_ADULT = "sexual_adult"
    SEXUAL_CHILD = "sexual_child"
    NON_SEXUAL_CHILD = "non_sexual_child"
    HATE = "hate"
    ARSON = "arson"


class Criterion(StrEnum):
    """Characteristics of premises and rooms, and the criteria a referral may ask for.

    The ministry's spelling. `isArsonDesignated` and `arsonOffences` are read as
    `isArsonSuitable` at the edge and are not listed.
    """

    # premises
    IS_IAP = "isIAP"
    IS_PIPE = "isPIPE"
    IS_ESAP = "isESAP"
    IS_SEMI_SPECIALIST_MENTAL_HEALTH = "isSemiSpecialistMentalHealth"
    IS_RECOVERY_FOCUSSED = "isRecoveryFocussed"
    IS_MHAP_ST_JOSEPHS = "isMHAPStJosephs"
    IS_MHAP_ELLIOTT_HOUSE = "isMHAPElliottHouse"
    IS_SUITABLE_FOR_VULNERABLE = "isSuitableForVulnerable"
    ACCEPTS_SEX_OFFENDERS = "acceptsSexOffenders"
    ACCEPTS_CHILD_SEX_OFFENDERS = "acceptsChildSexOffenders"
    ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS = "acceptsNonSexualChildOffenders"
    ACCEPTS_HATE_CRIME_OFFENDERS = "acceptsHateCrimeOffenders"
    IS_CATERED = "isCatered"
    HAS_WIDE_STEP_FREE_ACCESS = "hasWideStepFreeAccess"
    HAS_WIDE_ACCESS_TO_COMMUNAL_AREAS = "hasWideAccessToCommunalAreas"
    HAS_STEP_FREE_ACCESS_TO_COMMUNAL_AREAS = "hasStepFreeAccessToCommunalAreas"
    HAS_WHEEL_CHAIR_ACCESSIBLE_BATHROOMS = "hasWheelChairAccessibleBathrooms"
    HAS_LIFT = "hasLift"
    HAS_TACTILE_FLOORING = "hasTactileFlooring"
    HAS_BRAILLE_SIGNAGE = "hasBrailleSignage"
    HAS_HEARING_LOOP = "hasHearingLoop"
    ADDITIONAL_RESTRICTIONS = "additionalRestrictions"
    # rooms
    IS_SINGLE = "isSingle"
    IS_GROUND_FLOOR = "isGroundFloor"
    IS_FULLY_FM = "isFullyFm"
    HAS_CRIB7_BEDDING = "hasCrib7Bedding"
    HAS_SMOKE_DETECTOR = "hasSmokeDetector"
    IS_TOP_FLOOR_VULNERABLE = "isTopFloorVulnerable"
    IS_GROUND_FLOOR_NR_OFFICE = "isGroundFloorNrOffice"
    HAS_NEARBY_SPRINKLER = "hasNearbySprinkler"
    IS_ARSON_SUITABLE = "isArsonSuitable"
    HAS_ARSON_INSURANCE_CONDITIONS = "hasArsonInsuranceConditions"
    IS_SUITED_FOR_SEX_OFFENDERS = "isSuitedForSexOffenders"
    HAS_EN_SUITE = "hasEnSuite"
    IS_WHEELCHAIR_ACCESSIBLE = "isWheelchairAccessible"
    HAS_WIDE_DOOR = "hasWideDoor"
    HAS_STEP_FREE_ACCESS = "hasStepFreeAccess"
    HAS_FIXED_MOBILITY_AIDS = "hasFixedMobilityAids"
    HAS_TURNING_SPACE = "hasTurningSpace"
    HAS_CALL_FOR_ASSISTANCE = "hasCallForAssistance"
    IS_WHEELCHAIR_DESIGNATED = "isWheelchairDesignated"
    IS_STEP_FREE_DESIGNATED = "isStepFreeDesignated"


class MixAttribute(StrEnum):
    """What a resident-mix cap counts."""

    SEXUAL_ADULT = "sexual_adult"
    SEXUAL_CHILD = "sexual_child"
    NON_SEXUAL_CHILD = "non_sexual_child"
    HATE = "hate"
    ARSON = "arson"
    TOP_BAND = "top_band"
    VULNERABLE = "vulnerable"
