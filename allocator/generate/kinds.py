"""Which premises are women's, and which AP type each is."""

from __future__ import annotations

from allocator.generate import defaults
from allocator.generate.options import Options
from allocator.streams import Streams
from allocator.vocabulary import ApType, Criterion, Gender

MENTAL_HEALTH = (ApType.MHAP_ST_JOSEPHS, ApType.MHAP_ELLIOTT_HOUSE)
MENS_ONLY = (ApType.RFAP, *MENTAL_HEALTH)
_FLAGS = {
    ApType.PIPE: {Criterion.IS_PIPE},
    ApType.ESAP: {Criterion.IS_ESAP},
    ApType.RFAP: {Criterion.IS_RECOVERY_FOCUSSED},
    ApType.MHAP_ST_JOSEPHS: {
        Criterion.IS_MHAP_ST_JOSEPHS,
        Criterion.IS_SEMI_SPECIALIST_MENTAL_HEALTH,
    },
    ApType.MHAP_ELLIOTT_HOUSE: {
        Criterion.IS_MHAP_ELLIOTT_HOUSE,
        Criterion.IS_SEMI_SPECIALIST_MENTAL_HEALTH,
    },
}


def type_flags(ap_type: ApType) -> frozenset[Criterion]:
    """The characteristics that a premises of this type has for being of it."""
    return frozenset(_FLAGS.get(ap_type, ()))


def genders_of_premises(options: Options, streams: Streams) -> list[Gender]:
    """The estate of each premises: women's spread evenly at random, at least one."""
    count = options.size.premises
    women = max(1, round(count * defaults.WOMENS_PREMISES.value))
    chosen = set(streams("premises/women").choice(count, women, replace=False).tolist())
    return [Gender.WOMAN if n in chosen else Gender.MAN for n in range(count)]


def ap_types_of_premises(genders: list[Gender], streams: Streams) -> list[ApType]:
    """The type of each premises: the number of each rounded, most are standard.

    The women's estate has no recovery-focused and no mental-health premises.
    """
    types = [ApType.NORMAL] * len(genders)
    order = [int(n) for n in streams("premises/type").permutation(len(genders))]
    for kind, share in defaults.AP_TYPES.value.items():
        for _ in range(round(len(genders) * share)):
            n = next(n for n in order if _may_be(kind, types[n], genders[n]))
            types[n] = kind
    return types


def _may_be(kind: ApType, now: ApType, gender: Gender) -> bool:
    return now is ApType.NORMAL and (gender is Gender.MAN or kind not in MENS_ONLY)
