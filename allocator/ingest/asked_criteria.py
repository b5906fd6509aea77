"""What an assessor asked for in one cell of a report, and what the cell says of offences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from allocator.ingest.risk_values import OFFENCE_OF, criteria
from allocator.ingest.values import BadValueError
from allocator.vocabulary import Criterion, Offence

ACCEPTING = frozenset(OFFENCE_OF) - {Criterion.IS_ARSON_SUITABLE}
"""Criteria of premises: whoever asks for one of them has answered for offences."""
SEXUAL = frozenset({Offence.SEXUAL_ADULT, Offence.SEXUAL_CHILD})
_NONE = re.compile(r"(?<![^;,\s])none(?![^;,\s])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedCriteria:
    """The criteria of a cell. `no_other_offence`: it says NONE, alone or beside them."""

    criteria: frozenset[Criterion]
    no_other_offence: bool = False

    @property
    def offences(self) -> frozenset[Offence]:
        """Kinds that the cell says apply."""
        return frozenset(OFFENCE_OF[asked] for asked in self.criteria if asked in OFFENCE_OF)

    @property
    def offences_unknown(self) -> frozenset[Offence]:
        """Kinds that the cell says nothing of.

        An en-suite room asked for is no word on offences: only NONE, or a criterion that names a
        kind for premises to accept, shows that somebody answered.
        """
        if not self.no_other_offence and not self.criteria & ACCEPTING:
            return frozenset(Offence) - self.offences
        asks_for_the_room = Criterion.IS_SUITED_FOR_SEX_OFFENDERS in self.criteria
        return SEXUAL if asks_for_the_room and not self.offences & SEXUAL else frozenset()


def asked_criteria(text: str) -> AskedCriteria:
    """Criteria separated by `;`, commas or spaces, any case; NONE alone or beside them."""
    others, says_none = _NONE.subn("", text)
    asked = AskedCriteria(criteria(others), bool(says_none))
    if says_none and asked.criteria & ACCEPTING:
        raise BadValueError(
            "says NONE and names an offence that premises must accept", "keep one of the two"
        )
    return asked
