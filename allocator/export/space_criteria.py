"""The `criteria` of a space: what its premises and room must offer, in the service's words.

Read back, the cell may only make the person of more risk, never of less: a criterion that names
an offence says to a reader that the kinds not named do not apply.
"""

from __future__ import annotations

from collections.abc import Iterable

from allocator.referral import Referral
from allocator.rules.needs import OF_PREMISES
from allocator.vocabulary import Criterion, Offence

NO_CRITERIA = "NONE"
ACCEPTING = frozenset(OF_PREMISES.values())


def criteria_cell(referral: Referral) -> str:
    """Essential criteria and those of the offences that apply.

    NONE: no kind of offence applies and nothing is asked for. Blank: offences are not known.
    Where an offence is named, kinds that are not known are named with it: the bed was chosen as
    if they applied, and left out they would be read as not applying.
    """
    asked = referral.essential | _naming(referral.offences)
    if asked & ACCEPTING:
        asked |= _naming(referral.offences_unknown)
    if asked or referral.offences_unknown:
        return ", ".join(sorted(asked))
    return NO_CRITERIA


def _naming(offences: Iterable[Offence]) -> frozenset[Criterion]:
    return frozenset(OF_PREMISES.get(kind, Criterion.IS_ARSON_SUITABLE) for kind in offences)
