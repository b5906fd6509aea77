"""Advice as tables: one row a placement, one row a hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from allocator.export.safe_text import safe_for_csv
from allocator.holding.advice import Advice


def standings_csv(advice: Advice) -> bytes:
    """For each placement: firm, provisional or held back, and until when."""
    rows = (
        [each.referral_id, each.band, each.state.value, each.until, each.futures, advice.futures]
        for each in advice.standings
    )
    return _csv(
        ["referral_id", "band", "state", "until", "futures_with_a_bed", "futures_drawn"], rows
    )


def holds_csv(advice: Advice) -> bytes:
    """For each held bed: its nights, for whom, why, whose, until when."""
    rows = (
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
    )
    header = ["bed_id", "premises_id", "arrival", "departure", "for_bands", "instead_of"]
    return _csv([*header, "expires", "owner", "why"], rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe_for_csv(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
