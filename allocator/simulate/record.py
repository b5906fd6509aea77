"""Record: what came of one person in a simulated year."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.vocabulary import ApType, Gender


@dataclass(slots=True)
class Record:
    """Days count from the world's first. None: it never happened."""

    number: int
    band: int
    gender: Gender
    ap_type: ApType
    region: str
    referred: int
    release: int
    latest: int
    comes: bool
    """False: taken back before release, or never arrived."""
    firm_on: int | None = None
    """The first day on which a bed was made firm."""
    housed_on: int | None = None
    """The first night in a bed."""
    tenths: int | None = None
    disturbed: int = 0
    """Times that a firm bed was lost or changed after it was made firm."""
    nights_slept: int = 0
    nights_lost: int = 0
    """Nights of the stay without a bed after it had begun."""

    @property
    def on_the_day(self) -> bool:
        """Whether the first night was the night of release."""
        return self.housed_on == self.release

    @property
    def uncovered(self) -> int:
        """Nights from release to the bed; to the end of the window when there never was one."""
        until = self.latest + 1 if self.housed_on is None else self.housed_on
        return max(0, until - self.release)
