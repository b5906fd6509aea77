"""Held bed: no night of the stay is held for bands above the person's."""

from __future__ import annotations

from datetime import date, timedelta

from allocator.nights import Stay
from allocator.problem import Problem

CODE = "held_bed"
SENTENCE = "the bed is held for people of a higher band on some night of every possible stay"


def allows(bed_id: str, stay: Stay, band: int, problem: Problem) -> bool:
    """Whether somebody new of the band may have all the nights, whoever else wants them."""
    return not any(
        record.keeps_out(band) and record.nights.meets(stay)
        for record in problem.held_by_bed.get(bed_id, ())
    )


def allows_some(
    bed_id: str, first: date, last: date, nights: int, band: int, problem: Problem
) -> bool:
    """Whether some arrival from `first` to `last` has no night that is kept from the band."""
    return any(
        allows(bed_id, Stay.of(first + timedelta(days=day), nights), band, problem)
        for day in range((last - first).days + 1)
    )
