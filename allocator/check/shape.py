"""The two shapes of a rule, as the registry holds them: a module with these names."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Protocol

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.nights import Stay
from allocator.referral import Referral


class Reads(Enum):
    """The most that a bed rule looks at, so that one answer may serve many beds or nights."""

    PREMISES = "premises"
    ROOM = "room"
    STAY = "stay"


class BedRule(Protocol):
    """Judges one referral in one bed for one stay. `TEXT` says what is wrong when it is not so."""

    CODE: str
    READS: Reads
    TEXT: str

    def allows(self, referral: Referral, place: Place, stay: Stay, facts: Facts) -> bool:
        """Whether the rule has nothing against it."""


class PlanRule(Protocol):
    """Judges the whole plan."""

    CODE: str

    def breaches(self, facts: Facts) -> Iterator[Breach]:
        """Everything in the plan that the rule forbids."""
