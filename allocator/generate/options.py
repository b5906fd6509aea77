"""What a synthetic problem is asked to be: its size and its options."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allocator.generate import defaults


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. Release dates lie in `release_days`; no `areas` means all seven."""

    name: str
    premises: int
    beds: int
    referrals: int
    release_days: int
    areas: tuple[str, ...] = ()


SIZES = {
    size.name: size
    for size in (
        Size("S", 10, 200, 150, 84, areas=("North East",)),
        Size("M", 30, 700, 1_000, 180, areas=("North East", "North West", "Midlands")),
        Size("L", 104, 2_300, 3_000, 180),
        Size("XL", 1_000, 23_000, 30_000, 180),
        # Small enough to be committed as a fixture.
        Size("region", 12, 250, 150, 84, areas=("North West",)),
    )
}


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one synthetic problem. Raises ValueError for a value out of range."""

    size: Size
    windows: str = "mixed"
    """fixed: people arrive on their release date; mixed; long: any of 28 days."""
    load: float = defaults.LOAD.value
    """Scales the number of beds: at twice the load there are half as many."""
    as_of: date = defaults.AS_OF.value
    separations: float = defaults.SEPARATED.value
    overbooked: bool = False
    """Book one premises (two in an estate of 30 or more) beyond its beds."""

    def __post_init__(self) -> None:
        if self.windows not in defaults.WINDOWS.value:
            raise ValueError(f"windows must be fixed, mixed or long, not {self.windows!r}")
        if not 0.2 <= self.load <= 10:
            raise ValueError(f"load must be from 0.2 to 10, not {self.load}")
        if not 0 <= self.separations <= 1:
            raise ValueError(f"separations must be from 0 to 1, not {self.separations}")

    @property
    def beds(self) -> int:
        """Beds in the whole estate."""
        return round(self.size.beds * defaults.LOAD.value / self.load)
