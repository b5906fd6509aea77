"""The synthetic problem, put together."""

from __future__ import annotations

from datetime import date

from allocator.generate import defaults
from allocator.generate.estate import make_estate
from allocator.generate.names import crns
from allocator.generate.occupants import make_bookings, most_bookings
from allocator.generate.options import SIZES, Options
from allocator.generate.out_of_service import make_out_of_service
from allocator.generate.referrals import make_referrals
from allocator.generate.safeguards import make_separations, make_zones
from allocator.problem import Problem
from allocator.streams import Streams

GENERATOR_VERSION = 1
"""Raised whenever the same size, seed and options give another problem than before."""


def generate(
    size: str = "S",
    seed: int = 1,
    *,
    windows: str = "mixed",
    load: float = defaults.LOAD.value,
    as_of: date = defaults.AS_OF.value,
    separations: float = defaults.SEPARATED.value,
    overbooked: bool = False,
) -> Problem:
    """A synthetic problem; the same arguments always give the same one.

    Raises ValueError for an unknown size or an option out of range.
    """
    if size not in SIZES:
        raise ValueError(f"size must be one of {', '.join(SIZES)}, not {size!r}")
    return generate_with(Options(SIZES[size], windows, load, as_of, separations, overbooked), seed)


def generate_with(options: Options, seed: int) -> Problem:
    """A synthetic problem with these options."""
    streams = Streams(seed)
    estate = make_estate(options, streams)
    records = make_out_of_service(estate.beds, options.as_of, streams)
    numbers = crns(streams("people/crn"), options.size.referrals + most_bookings(options))
    asking, there = numbers[: options.size.referrals], numbers[options.size.referrals :]
    bookings = make_bookings(options, estate, records, there, streams)
    referrals = make_referrals(options, estate.premises, asking, streams)
    return Problem(
        as_of=options.as_of,
        premises=estate.premises,
        rooms=estate.rooms,
        beds=estate.beds,
        out_of_service=records,
        referrals=referrals,
        bookings=bookings,
        separations=make_separations(options, referrals, bookings, streams),
        zones=make_zones(referrals, estate.premises, streams),
        synthetic=True,
    )
