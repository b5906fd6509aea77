"""Advice as tables: one row a placement, one row a hold."""

from __future__ import annotations

from allocator.export.table import Cell, csv_bytes, yes_no
from allocator.holding.advice import Advice, State


def standings_csv(advice: Advice) -> bytes:
    """For each placement: firm, provisional or held back, and until when."""
    rows: list[list[Cell]] = [
        [
            each.referral_id,
            each.band,
            each.state.value,
            None if each.state is State.FIRM else each.until,
            each.latest_arrival,
            yes_no(each.state is State.HELD_BACK and each.latest_arrival < advice.next_meeting),
            each.futures,
            each.needed,
            advice.futures,
            yes_no(advice.synthetic),
        ]
        for each in advice.standings
    ]
    header = ["referral_id", "band", "state", "asked_again", "latest_arrival", "then_too_late"]
    futures = ["futures_with_a_bed", "futures_needed", "futures_drawn", "synthetic"]
    return csv_bytes([[*header, *futures], *rows])


def holds_csv(advice: Advice) -> bytes:
    """For each held bed: its nights, for whom, why, whose, until when."""
    rows: list[list[Cell]] = [
        [
            each.bed_id,
            each.premises_id,
            each.nights.arrival,
            each.nights.departure,
            ";".join(str(band) for band in each.for_bands),
            each.held_back,
            each.expires,
            each.owner,
            each.why,
            yes_no(advice.synthetic),
        ]
        for each in advice.holds
    ]
    header = ["bed_id", "premises_id", "arrival", "departure", "for_bands", "instead_of"]
    return csv_bytes([[*header, "expires", "owner_role", "why", "synthetic"], *rows])
