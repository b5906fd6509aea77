"""Study time: how long a study may take, told before it is started so that nobody waits unaware."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.generate.options import SIZES, Options
from allocator.scenario.file import Base, ScenarioFile
from api.service.study_faults import years_by_method

SECONDS: Mapping[str, tuple[float, float]] = {
    "first-come": (20, 1.4),
    "risk-order": (9, 1.4),
    "commit-all": (8, 1.4),
    "optimise-all": (700, 1.5),
    "commit-by": (18, 1.4),
    "protection": (90, 2),
    "bid-prices": (80, 2),
    "look-ahead": (140, 1.5),
}
"""By method: seconds of a processor for a year of 455 days with 1,000 beds, and the power of the
beds with which they grow. Measured on made-up estates of 182, 636 and 2,090 beds; where a
national year takes more than five minutes, on the smaller ones alone."""
MEASURED_DAYS, MEASURED_BEDS = 455, 1_000


def made_up_beds(base: Base) -> int:
    """Beds of the estate that the base has made. Raises ValueError for one that cannot be."""
    if base.size not in SIZES:
        raise ValueError(f"there is no size {base.size}")
    return Options(SIZES[base.size], base.windows, base.load).beds


def seconds_of(file: ScenarioFile, beds: int, processes: int) -> float:
    """About how long, when none of its years has been run before; half or twice as long may be."""
    days = (file.days + file.warm_up_days) / MEASURED_DAYS
    in_all = 0.0
    for method, years in years_by_method(file).items():
        each, power = SECONDS[method]
        in_all += years * days * each * (beds / MEASURED_BEDS) ** power
    return in_all / processes
