"""The ministry's report on matching outcomes: the nearest thing to a release list it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated

from allocator.ingest import assumptions, headers
from allocator.ingest.cells import Column, Crn, Day, Days, Gender, Identifier, Nights, Text
from allocator.ingest.context import Context
from allocator.ingest.demand_facts import DemandRow, facts_of
from allocator.ingest.layout import BadRowError, Entry, Layout
from allocator.ingest.release_list import latest_arrival
from allocator.plain_words import counted
from allocator.referral import Assumption, Referral


class OutcomeRow(DemandRow):
    """One placement request, placed or not."""

    placement_request_id: Annotated[
        Identifier, Column("number of the request; one row each", example="EXAMPLE-2")
    ]
    crn: Annotated[
        Crn,
        Column("the person's case reference number", "a letter and six digits", example="X000001"),
    ]
    gender: Annotated[Gender, Column("which estate", "Male, Female", example="Male")]
    expected_arrival_date: Annotated[
        Day, Column("first day a bed is needed", "date", example="2026-12-07")
    ]
    expected_departure_date: Annotated[
        Day | None, Column("last day of the stay", "date", "by the durations", "2027-03-01")
    ] = None
    authorised_duration: Annotated[
        Nights | None, Column("nights agreed", "1 to 1000", "the requested duration")
    ] = None
    requested_duration: Annotated[
        Nights | None, Column("nights asked for", "1 to 1000", "the policy's for the AP type")
    ] = None
    match_outcome: Annotated[
        Text, Column("rows that are placed are left out", "Placed, Not matched", "not matched")
    ] = ""
    first_match_attempt_date_time: Annotated[
        Text, Column("filled: one attempt has failed", "date and time", "none has")
    ] = ""
    request_for_placement_withdrawal_date: Annotated[
        Text, Column("filled: the row is left out", "date", "not withdrawn")
    ] = ""
    application_withdrawal_date: Annotated[
        Text, Column("filled: the row is left out", "date", "not withdrawn")
    ] = ""
    latest_arrival_date: Annotated[
        Day | None, Column("last day on which the stay may begin", "date", "the first day")
    ] = None
    flexible_days: Annotated[
        Days | None, Column("days after the first on which the stay may begin", "0 to 365", "0")
    ] = None


def _leave_out(raw: Mapping[str, object]) -> str | None:
    if str(raw.get("match_outcome", "")).casefold() == "placed":
        return "already placed"
    withdrawn = ("request_for_placement_withdrawal_date", "application_withdrawal_date")
    return "withdrawn" if any(name in raw for name in withdrawn) else None


LAYOUT = Layout(
    name="matching-outcomes",
    title="Placement matching outcomes report",
    row=OutcomeRow,
    marks=frozenset({"placement_request_id", "expected_arrival_date"}),
    header=headers.DEMAND,
    protective=frozenset({"tier", "mappa", "criteria"}),
    leave_out=_leave_out,
)


def read_outcomes(
    entries: Iterable[Entry[OutcomeRow]], context: Context
) -> list[tuple[Entry[OutcomeRow], Referral]]:
    """A referral for each row that still needs a bed; a note counts the stays wholly past."""
    found, past = [], 0
    for entry in entries:
        try:
            referral = _referral(entry.row, context)
        except BadRowError as bad:
            context.findings.complain(entry.place, bad.wrong, bad.mend, bad.column, bad.value)
            continue
        if referral.latest_arrival + timedelta(days=referral.nights) <= context.as_of:
            past += 1
        else:
            found.append((entry, referral))
    if past:
        context.findings.note(
            "rows_not_needed",
            LAYOUT.name,
            f"{counted(past, 'request')} left out: the whole stay is past",
        )
    return found


def _referral(row: OutcomeRow, context: Context) -> Referral:
    nights, made = _nights(row, context)
    facts = facts_of(row.placement_request_id, row, context)
    return Referral(
        id=row.placement_request_id,
        crn=row.crn,
        gender=row.gender,
        release_date=row.expected_arrival_date,
        latest_arrival=latest_arrival(
            row.expected_arrival_date, row.latest_arrival_date, row.flexible_days
        ),
        nights=nights,
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
        failed_attempts=1 if row.first_match_attempt_date_time else 0,
        protected=facts.protected,
        assumptions=(*made, *facts.assumptions),
    )


def _nights(row: OutcomeRow, context: Context) -> tuple[int, tuple[Assumption, ...]]:
    """By the dates, else the agreed, else the asked-for duration, else the policy's default."""
    if row.expected_departure_date is not None:
        nights = (row.expected_departure_date - row.expected_arrival_date).days
        if nights < 1:
            raise BadRowError(
                "expected_departure_date",
                "is not after the arrival",
                "correct one of the dates",
                str(row.expected_departure_date),
            )
        return nights, ()
    given = row.authorised_duration or row.requested_duration
    if given is not None:
        return given, ()
    usual = context.policy.default_nights[row.premises_type]
    return usual, (assumptions.default_nights(usual, row.premises_type),)
