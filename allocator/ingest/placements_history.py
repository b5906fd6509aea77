"""The ministry's placements report as history: who came, and when they left.

It holds only requests that were placed, so it says nothing of how many asked: it goes beside the
report on matching outcomes, whose requests it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from allocator.history import Past
from allocator.ingest import placements
from allocator.ingest.cells import Column, Day, Identifier, Row, Text
from allocator.ingest.context import Context
from allocator.ingest.layout import BadRowError, Layout


class PlacementHistoryRow(Row):
    """One placement of the past; a request with a transfer has several."""

    placement_id: Annotated[Identifier, Column("number of the placement; one row each")]
    placement_request_id: Annotated[
        Identifier, Column("number of the request", blank="of no request: the row says nothing")
    ] = ""
    actual_arrival_date: Annotated[Day | None, Column("arrival", "date", "did not arrive")] = None
    actual_departure_date: Annotated[Day | None, Column("departure", "date", "still there")] = None
    non_arrival_recorded_date_time: Annotated[
        Text, Column("filled: did not come", "date and time", "not recorded")
    ] = ""
    non_arrival_reason: Annotated[Text, Column("filled: did not come", "text", "not recorded")] = ""


LAYOUT = Layout(
    name="placements-history",
    title=placements.LAYOUT.title,
    row=PlacementHistoryRow,
    marks=placements.LAYOUT.marks,
    header=placements.LAYOUT.header,
    repeated=placements.LAYOUT.repeated,
)
"""As `placements.LAYOUT`, of which it reads other columns."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one placement."""

    request: str
    arrived: date | None
    departed: date | None
    absent: bool


def outcome_of(row: PlacementHistoryRow, context: Context, latest: date) -> Outcome:
    """What the row says, as it was known on the date of the forecast.

    Raises BadRowError when its cells do not go together, or a day is after `latest`.
    """
    arrived, departed = row.actual_arrival_date, row.actual_departure_date
    if departed is not None and arrived is None:
        raise BadRowError("actual_arrival_date", "is blank though the person departed", "fill it")
    if arrived is not None and departed is not None and departed < arrived:
        wrong = f"is before the arrival on {arrived}"
        raise BadRowError("actual_departure_date", wrong, "correct one of the two", str(departed))
    for column, day in (("actual_arrival_date", arrived), ("actual_departure_date", departed)):
        if day is not None and day > latest:
            wrong = f"is after {latest}: it has not been yet"
            raise BadRowError(column, wrong, "correct the date", str(day))
    absent = bool(row.non_arrival_recorded_date_time or row.non_arrival_reason)
    if arrived is not None and arrived >= context.as_of:
        arrived = departed = None
    if departed is not None and departed > context.as_of:
        departed = None
    return Outcome(row.placement_request_id, arrived, departed, absent and arrived is None)


def with_outcomes(past: Past, outcomes: Iterable[Outcome], as_of: date) -> Past:
    """The referral with what came of it: from the first arrival to the last departure."""
    found = list(outcomes)
    arrivals = [each.arrived for each in found if each.arrived is not None]
    if not arrivals:
        absent = any(each.absent for each in found)
        coming = replace(past.coming, arrives=not absent)
        return replace(past, coming=coming, arrival_known=absent)
    first, nights = min(arrivals), past.coming.referral.nights
    still_there = any(each.arrived is not None and each.departed is None for each in found)
    departures = [each.departed for each in found if each.departed is not None]
    if still_there or not departures:
        return replace(past, arrival_known=True)
    slept = max(1, (max(departures) - first).days)
    coming = replace(past.coming, nights_slept=None if slept == nights else slept)
    over = first + timedelta(days=nights) <= as_of
    return replace(past, coming=coming, arrival_known=True, stay_known=over)
