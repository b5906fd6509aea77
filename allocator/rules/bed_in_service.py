"""Bed in service: the bed exists and is in service on every night of the stay."""

from __future__ import annotations

from datetime import date, timedelta

from allocator.nights import Stay
from allocator.problem import Problem

CODE = "bed_in_service"
SENTENCE = "the bed is out of service, not yet open or gone on some night of every possible stay"


def allows(bed_id: str, stay: Stay, problem: Problem) -> bool:
    """Whether the bed can be used on all the nights, whoever else wants it."""
    bed = problem.beds_by_id[bed_id]
    return (
        (bed.starts is None or bed.starts <= stay.arrival)
        and (bed.ends is None or stay.departure <= bed.ends)
        and not any(
            record.nights.meets(stay) for record in problem.out_of_service_by_bed.get(bed_id, ())
        )
    )


def allows_some(bed_id: str, first: date, last: date, nights: int, problem: Problem) -> bool:
    """Whether some arrival from `first` to `last` has the bed in service throughout."""
    return any(
        allows(bed_id, Stay.of(first + timedelta(days=day), nights), problem)
        for day in range((last - first).days + 1)
    )
