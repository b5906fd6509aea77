"""What the readers of all layouts share: the date, the policy, the map, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from allocator.geography.outcodes import find_outcode, normalise_outcode
from allocator.geography.point import Point
from allocator.ingest.complaints import Findings
from allocator.ingest.values import Clock
from allocator.policy import Policy


@dataclass(slots=True)
class Context:
    """Given to every reader. `outcodes` None: the packaged table is used."""

    as_of: date
    policy: Policy
    overstay_nights: int
    skip_bad_rows: bool = False
    findings: Findings = field(default_factory=Findings)
    outcodes: Mapping[str, Point] | None = None

    @property
    def clock(self) -> Clock:
        return Clock(self.as_of)

    def locate(self, outcode_or_postcode: str) -> Point | None:
        """The place of an outcode, by the user's own table when there is one."""
        if self.outcodes is None:
            return find_outcode(outcode_or_postcode)
        return self.outcodes.get(normalise_outcode(outcode_or_postcode) or "")
