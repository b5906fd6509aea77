"""Words of risk and need, each from the text of one cell: tier, RoSH, MAPPA, AP type, criteria."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from allocator.ingest.values import BadValueError
from allocator.vocabulary import ApType, Criterion, Gender, Offence, RiskTier, Rosh

_GENDERS = {"man": Gender.MAN, "male": Gender.MAN, "woman": Gender.WOMAN, "female": Gender.WOMAN}
_ROSH = {"".join(level.value.casefold().split()): level for level in Rosh}
_TIERS = {tier.value.replace("_", ""): tier for tier in RiskTier}
_MAPPA = re.compile(r"(?:CAT(?:EGORY)? ?M?([1-4]) ?/ ?)?(?:LEVEL ?)?M?([1-3])")
_NOT_MAPPA = frozenset({"NOT MAPPA", "NONE", "NO", "0", "N/A", "NO MAPPA"})
_AP_TYPES = {
    "normal": ApType.NORMAL,
    "standard": ApType.NORMAL,
    "standardap": ApType.NORMAL,
    "pipe": ApType.PIPE,
    "psychologicallyinformedplannedenvironment": ApType.PIPE,
    "esap": ApType.ESAP,
    "enhancedsecurity": ApType.ESAP,
    "enhancedsecurityap": ApType.ESAP,
    "enhancedsecurityapprovedpremises": ApType.ESAP,
    "rfap": ApType.RFAP,
    "recoveryfocused": ApType.RFAP,
    "recoveryfocusedap": ApType.RFAP,
    "recoveryfocusedapprovedpremises": ApType.RFAP,
    "recoveryfocussed": ApType.RFAP,
    "mhapstjosephs": ApType.MHAP_ST_JOSEPHS,
    "mhapelliotthouse": ApType.MHAP_ELLIOTT_HOUSE,
}
_SPECIALIST = {"josephs": ApType.MHAP_ST_JOSEPHS, "elliott": ApType.MHAP_ELLIOTT_HOUSE}
_CRITERIA = {criterion.value.casefold(): criterion for criterion in Criterion} | {
    # no longer used by the service, still found in files
    "isarsondesignated": Criterion.IS_ARSON_SUITABLE,
    "arsonoffences": Criterion.IS_ARSON_SUITABLE,
}
OFFENCE_OF = {
    Criterion.ACCEPTS_SEX_OFFENDERS: Offence.SEXUAL_ADULT,
    Criterion.ACCEPTS_CHILD_SEX_OFFENDERS: Offence.SEXUAL_CHILD,
    Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS: Offence.NON_SEXUAL_CHILD,
    Criterion.ACCEPTS_HATE_CRIME_OFFENDERS: Offence.HATE,
    Criterion.IS_ARSON_SUITABLE: Offence.ARSON,
}
"""What kind of offence an assessor records by asking for a criterion."""
ROOM_CRITERIA = frozenset(list(Criterion)[list(Criterion).index(Criterion.IS_SINGLE) :])
"""The criteria that a room has; the others belong to premises."""


@dataclass(frozen=True, slots=True)
class Mappa:
    """A MAPPA level, 0 for people known not to be under MAPPA, and the category if it is given."""

    level: int
    category: str | None = None


def gender(text: str) -> Gender:
    """The estate: Male or MAN, Female or WOMAN."""
    found = _GENDERS.get(text.casefold())
    if found is None:
        raise BadValueError("is not a gender that the estate knows", "write Male or Female")
    return found


def tier(text: str) -> RiskTier | None:
    """A tier of either scheme; MISSING is not known."""
    word = re.sub(r"[\s_]", "", text.upper())
    if word == "MISSING":
        return None
    if word not in _TIERS:
        raise BadValueError("is not a risk tier", "write A0 to D3 (v2) or A to G (v3)")
    return _TIERS[word]


def rosh(text: str) -> Rosh:
    """Very High, High, Medium or Low."""
    found = _ROSH.get(_letters(text))
    if found is None:
        raise BadValueError(
            "is not a level of serious harm", "write Very High, High, Medium or Low"
        )
    return found


def mappa(text: str) -> Mappa:
    """CAT 2/LEVEL 1, also CAT M2/LEVEL M1; a level alone; NOT MAPPA."""
    words = " ".join(text.upper().split())
    if words in _NOT_MAPPA:
        return Mappa(0)
    match = _MAPPA.fullmatch(words)
    if match is None:
        raise BadValueError("is not a MAPPA level", "write CAT 2/LEVEL 1, or NOT MAPPA")
    return Mappa(int(match.group(2)), match.group(1))


def ap_type(text: str) -> ApType:
    """An AP type by its code or its label; what a label says in brackets is left out."""
    for word, kind in _SPECIALIST.items():
        if word in _letters(text):
            return kind
    found = _AP_TYPES.get(_letters(text)) or _AP_TYPES.get(_letters(text.partition("(")[0]))
    if found is None:
        raise BadValueError("is not an AP type", f"write one of {', '.join(ApType)}")
    return found


def criteria(text: str) -> frozenset[Criterion]:
    """Criteria separated by `;`, commas or spaces, any case; NONE is none."""
    words = [word for word in re.split(r"[;,\s]+", text) if word]
    if [word.casefold() for word in words] == ["none"]:
        return frozenset()
    return frozenset(_criterion(word) for word in words)


def _criterion(word: str) -> Criterion:
    found = _CRITERIA.get(word.casefold())
    if found is None:
        near = get_close_matches(word.casefold(), _CRITERIA, n=1)
        hint = f"did you mean {_CRITERIA[near[0]]}?" if near else "see docs/formats.md"
        raise BadValueError(f"names {word}, which is not a criterion", hint)
    return found


def _letters(text: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text).casefold()
        if character.isalnum()
    )
