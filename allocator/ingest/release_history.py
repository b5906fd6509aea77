"""Our release history: the release list of the past, with what came of each referral."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import PlainValidator

from allocator.coming import Coming
from allocator.history import Past
from allocator.ingest import release_list
from allocator.ingest.cells import Column, Day
from allocator.ingest.context import Context
from allocator.ingest.estate_index import EstateIndex
from allocator.ingest.layout import BadRowError, Layout
from allocator.ingest.release_list import ReleaseRow, referral_of
from allocator.ingest.values import BadValueError
from allocator.referral import Referral

CORRECT = "correct one of the two"
ARRIVED, NOT_ARRIVED, WITHDRAWN, NO_BED = "arrived", "not arrived", "withdrawn", "no bed"
OUTCOMES = (ARRIVED, NOT_ARRIVED, WITHDRAWN, NO_BED)


def _outcome(text: str) -> str:
    word = " ".join(text.casefold().split())
    if word not in OUTCOMES:
        raise BadValueError("is not an outcome", f"write one of {', '.join(OUTCOMES)}")
    return word


class HistoryRow(ReleaseRow):
    """One request for placement of the past."""

    referred_on: Annotated[
        Day, Column("day on which the request was made", "date", example="2026-09-01")
    ]
    outcome: Annotated[
        Annotated[str, PlainValidator(_outcome)],
        Column("what came of it", ", ".join(OUTCOMES), "by the dates, else not known", "arrived"),
    ] = ""
    arrived_on: Annotated[
        Day | None, Column("day of arrival", "date", "did not arrive, or not known", "2026-12-07")
    ] = None
    departed_on: Annotated[
        Day | None, Column("day of departure", "date", "still there, or not known")
    ] = None
    withdrawn_on: Annotated[
        Day | None, Column("day on which the request was taken back", "date", "it was not")
    ] = None
    changed_on: Annotated[
        Day | None,
        Column("day on which another release date was told", "date", "the date stayed"),
    ] = None
    changed_release: Annotated[
        Day | None, Column("that release date; needed with `changed_on`", "date")
    ] = None


LAYOUT = Layout(
    name="release-history",
    title="Release history",
    row=HistoryRow,
    marks=frozenset({"referral_id", "release_date", "referred_on"}),
    protective=release_list.LAYOUT.protective,
)


def past_of(row: HistoryRow, context: Context, latest: date) -> tuple[Past, bool] | None:
    """The row as it was known on the date of the forecast: a referral of the past, and whether it
    was made after the bed was needed. None: it was made later.

    Raises BadRowError when its cells do not go together, or a day is after `latest`.
    """
    _refuse_what_cannot_be(row, latest)
    if row.referred_on > context.as_of:
        return None
    row = _as_known(row, context.as_of)
    referral = referral_of(_as_asked(row), EstateIndex(()), context)
    by = None if row.arrived_on is None else row.arrived_on + timedelta(days=referral.nights)
    past = Past(
        Coming(
            referred_on=row.referred_on,
            referral=referral,
            arrives=row.outcome != NOT_ARRIVED,
            nights_slept=_nights_slept(row, referral),
            withdrawn_on=row.withdrawn_on,
            changed_on=row.changed_on,
            changed_release=row.changed_release,
        ),
        arrival_known=row.arrived_on is not None or row.outcome in (ARRIVED, NOT_ARRIVED),
        # Whoever left early counts only where whoever did not would be counted too.
        stay_known=row.departed_on is not None and by is not None and by <= context.as_of,
        # A blank outcome says nothing, not even that nobody withdrew.
        followed=bool(row.outcome or row.arrived_on or row.withdrawn_on)
        and max(referral.release_date, row.changed_release or date.min) < context.as_of,
    )
    return past, row.release_date < row.referred_on


def _as_known(row: HistoryRow, as_of: date) -> HistoryRow:
    """The row as it stood when a day began: for a forecast as it would have been made then."""
    changes: dict[str, object] = {}
    release = row.release_date
    if row.changed_on is not None and row.changed_on >= as_of:
        changes |= {"changed_on": None, "changed_release": None}
    elif row.changed_release is not None:
        release = row.changed_release
    ended = [day for day in (row.arrived_on, row.withdrawn_on) if day is not None]
    if any(day >= as_of for day in ended) or (not ended and release >= as_of):
        changes |= {"outcome": "", "arrived_on": None, "withdrawn_on": None, "departed_on": None}
    elif row.departed_on is not None and row.departed_on > as_of:
        changes |= {"departed_on": None}
    return row.model_copy(update=changes) if changes else row


def _as_asked(row: HistoryRow) -> HistoryRow:
    """The row with a bed needed from the day of asking at the earliest, and no preferences.

    Premises of the past need not be in any file, and a preference is nobody's need.
    """
    changes: dict[str, object] = {"preferred_premises": ()}
    if row.release_date < row.referred_on:
        changes["release_date"] = row.referred_on
        if row.latest_arrival is not None:
            changes["latest_arrival"] = max(row.latest_arrival, row.referred_on)
    return row.model_copy(update=changes)


def _nights_slept(row: HistoryRow, referral: Referral) -> int | None:
    if row.arrived_on is None or row.departed_on is None:
        return None
    nights = max(1, (row.departed_on - row.arrived_on).days)  # gone the same day: one night
    return None if nights == referral.nights else nights


def _refuse_what_cannot_be(row: HistoryRow, latest: date) -> None:
    days = {
        "arrived_on": row.arrived_on,
        "departed_on": row.departed_on,
        "withdrawn_on": row.withdrawn_on,
        "changed_on": row.changed_on,
    }
    if row.referred_on > latest:
        raise BadRowError(
            "referred_on",
            f"is after {latest}: it has not been yet",
            "correct it, or give a later --as-of",
            str(row.referred_on),
        )
    for column, day in days.items():
        if day is not None and not row.referred_on <= day <= latest:
            if day <= latest:
                wrong, mend = f"is before {row.referred_on}, when it was made", CORRECT
            else:
                wrong, mend = f"is after {latest}: it has not been yet", "correct the date"
            raise BadRowError(column, wrong, mend, str(day))
    if row.departed_on is not None and row.arrived_on is None:
        raise BadRowError("arrived_on", "is blank though departed_on is filled", "fill it")
    if row.arrived_on is not None and row.departed_on is not None:
        _refuse_order(row.arrived_on, row.departed_on)
    if (row.changed_on is None) != (row.changed_release is None):
        raise BadRowError("changed_release", "goes with changed_on, and one is blank", "fill both")
    if row.withdrawn_on is not None and row.arrived_on is not None:
        raise BadRowError(
            "withdrawn_on", "is filled, and so is arrived_on", "for a stay that ended, departed_on"
        )
    _refuse_another_outcome(row)


def _refuse_order(arrived: date, departed: date) -> None:
    if departed < arrived:
        wrong = f"is before the arrival on {arrived}"
        raise BadRowError("departed_on", wrong, CORRECT, str(departed))


def _refuse_another_outcome(row: HistoryRow) -> None:
    """Where `outcome` says another thing than the dates."""
    by_dates = ""
    if row.arrived_on is not None:
        by_dates = ARRIVED
    elif row.withdrawn_on is not None:
        by_dates = WITHDRAWN
    if row.outcome and by_dates and row.outcome != by_dates:
        raise BadRowError("outcome", f"is not what the dates say: {by_dates}", CORRECT, row.outcome)
    if row.outcome == WITHDRAWN and row.withdrawn_on is None:
        raise BadRowError("withdrawn_on", "is blank though the outcome is withdrawn", "fill it")
