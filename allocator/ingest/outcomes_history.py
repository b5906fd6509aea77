"""The ministry's report on matching outcomes, read as history: who asked, when, and for what.

It does not say who arrived, or how long they stayed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from allocator.coming import Coming
from allocator.history import Past
from allocator.ingest import matching_outcomes
from allocator.ingest.cells import Column, Crn, Day, Days, Gender, Identifier, Nights
from allocator.ingest.context import Context
from allocator.ingest.demand_facts import DemandRow, facts_of
from allocator.ingest.layout import BadRowError, Layout
from allocator.ingest.release_list import latest_arrival
from allocator.referral import Referral


class OutcomeHistoryRow(DemandRow):
    """One placement request of the past."""

    placement_request_id: Annotated[Identifier, Column("number of the request; one row each")]
    crn: Annotated[Crn, Column("the person's case reference number", "a letter and six digits")]
    gender: Annotated[Gender, Column("which estate", "Male, Female")]
    request_for_placement_submitted_date: Annotated[
        Day | None, Column("day on which it was asked for", "date", "the application's day")
    ] = None
    application_submission_date: Annotated[
        Day | None, Column("day of the application", "date", "the request's day")
    ] = None
    requested_arrival_date: Annotated[
        Day | None, Column("first day a bed is needed", "date", "the expected arrival")
    ] = None
    expected_arrival_date: Annotated[
        Day | None, Column("arrival as booked", "date", "the requested arrival")
    ] = None
    authorised_duration: Annotated[
        Nights | None, Column("nights agreed", "1 to 1000", "the requested duration")
    ] = None
    requested_duration: Annotated[
        Nights | None, Column("nights asked for", "1 to 1000", "the policy's for the AP type")
    ] = None
    request_for_placement_withdrawal_date: Annotated[
        Day | None, Column("day on which the request was withdrawn", "date", "it was not")
    ] = None
    application_withdrawal_date: Annotated[
        Day | None, Column("day on which the application was withdrawn", "date", "it was not")
    ] = None
    latest_arrival_date: Annotated[
        Day | None, Column("last day on which the stay may begin", "date", "the first day")
    ] = None
    flexible_days: Annotated[
        Days | None, Column("days after the first on which the stay may begin", "0 to 365", "0")
    ] = None


WITHDRAWALS = frozenset({"request_for_placement_withdrawal_date", "application_withdrawal_date"})
"""Columns without which a report says nothing of withdrawals."""
LAYOUT = Layout(
    name="matching-outcomes-history",
    title=matching_outcomes.LAYOUT.title,
    row=OutcomeHistoryRow,
    marks=matching_outcomes.LAYOUT.marks,
    header=matching_outcomes.LAYOUT.header,
    protective=matching_outcomes.LAYOUT.protective,
)
"""As `matching_outcomes.LAYOUT`, and no row is left out: it is not told apart by its header."""


def past_of(row: OutcomeHistoryRow, context: Context, latest: date) -> tuple[Past, bool] | None:
    """The row as it was known on the date of the forecast: a referral of the past, and whether it
    was made after the bed was needed. None: it was made later.

    Raises BadRowError when its cells do not go together, or a day is after `latest`.
    """
    referred = _referred(row, latest)
    if referred > context.as_of:
        return None
    release = row.requested_arrival_date or row.expected_arrival_date
    if release is None:
        raise BadRowError("requested_arrival_date", "is blank", "fill it, or expected_arrival_date")
    late = release < referred
    release = max(release, referred)
    withdrawn = _withdrawn(row, referred, latest)
    if withdrawn is not None and withdrawn >= context.as_of:
        withdrawn = None
    facts = facts_of(row.placement_request_id, row, context)
    nights = row.authorised_duration or row.requested_duration
    referral = Referral(
        id=row.placement_request_id,
        crn=row.crn,
        gender=row.gender,
        release_date=release,
        latest_arrival=latest_arrival(
            release, _not_before(row.latest_arrival_date, release), row.flexible_days
        ),
        nights=nights or context.policy.default_nights[row.premises_type],
        ap_type=row.premises_type,
        tier=facts.tier,
        rosh=facts.rosh,
        mappa_level=facts.mappa_level,
        mappa_category=facts.mappa_category,
        outcode=facts.outcode,
        location=facts.location,
        essential=facts.essential,
        offences=facts.offences,
        offences_unknown=facts.offences_unknown,
        assumptions=facts.assumptions,
    )
    past = Past(
        Coming(referred_on=referred, referral=referral, withdrawn_on=withdrawn),
        followed=release < context.as_of,
    )
    return past, late


def _referred(row: OutcomeHistoryRow, latest: date) -> date:
    day = row.request_for_placement_submitted_date or row.application_submission_date
    if day is None:
        raise BadRowError(
            "request_for_placement_submitted_date",
            "is blank",
            "fill it, or application_submission_date",
        )
    if day > latest:
        raise BadRowError(
            "request_for_placement_submitted_date",
            f"is after {latest}: it has not been yet",
            "correct it, or give a later --as-of",
            str(day),
        )
    return day


def _withdrawn(row: OutcomeHistoryRow, referred: date, latest: date) -> date | None:
    column = "request_for_placement_withdrawal_date"
    day = row.request_for_placement_withdrawal_date
    if day is None:
        column, day = "application_withdrawal_date", row.application_withdrawal_date
    if day is not None and not referred <= day <= latest:
        raise BadRowError(
            column, f"is not from {referred} to {latest}", "correct one of the dates", str(day)
        )
    return day


def _not_before(latest: date | None, release: date) -> date | None:
    return latest if latest is None or latest > release else release
