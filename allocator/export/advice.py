"""Advice as tables: one row a placement, one row a hold."""

from __future__ import annotations

from allocator.export.table import Cell, csv_bytes
from allocator.holding.advice import Advice


def standings_csv(advice: Advice) -> bytes:
    """For each placement: firm, provisional or held back, and until when."""
    rows: list[list[Cell]] = [
        [each.referral_id, each.band, each.state.value, each.until, each.futures, advice.futures]
        for each in advice.standings
    ]
    header = ["referral_id", "band", "state", "until", "futures_with_a_bed", "futures_drawn"]
    return csv_bytes([header, *rows])


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
        ]
        for each in advice.holds
    ]
    header = ["bed_id", "premises_id", "arrival", "departure", "for_bands", "instead_of"]
    return csv_bytes([[*header, "expires", "owner", "why"], *rows])
