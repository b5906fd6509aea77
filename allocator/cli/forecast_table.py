"""A forecast for a terminal: what is expected of each band, and what it rests on."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from allocator.export.safe_text import visible
from allocator.export.words import long_day
from allocator.forecast.expected import Expected, Range
from allocator.forecast.forecast import Basis, Forecast
from allocator.forecast.remark import RATE, Kind, Remark
from allocator.policy import Policy

SYNTHETIC = "Synthetic history: every person in it is invented."
WHAT_IT_IS = (
    "Referrals expected to be made, with the interval that 95 of 100 futures lie in if the process "
    "stays as the history has it. The rate is the mean of these weeks, and its interval says how "
    "surely it is known, without chance. What causes a rate is not in it."
)


def forecast_table(forecast: Forecast, expected: Expected, policy: Policy) -> RenderableType:
    """The heading, the figures by band, and every remark."""
    basis = forecast.basis
    heading = Text()
    if basis.synthetic:
        heading.append(f"{SYNTHETIC}\n", "bold yellow")
    heading.append(f"Forecast from {long_day(expected.first)}", "bold")
    heading.append(f", policy {visible(basis.policy_name)}\n{_history(basis)}\n")
    first = [Text(f"{r.about}: {visible(r.text)}", "yellow") for r in forecast.remarks if _grave(r)]
    if first:
        first.append(Text(""))
    figures = _figures(expected, policy)
    return Group(heading, *first, figures, Text(f"\n{WHAT_IT_IS}\n"), _remarks(forecast))


def _grave(remark: Remark) -> bool:
    """Whether the figures cannot be read without it: it stands before them."""
    return remark.kind is Kind.NOTE or (remark.kind is Kind.PRIOR and remark.about == RATE)


def _history(basis: Basis) -> str:
    days = (basis.until - basis.first).days
    return (
        f"From {basis.referrals:,} referrals made on {days:,} days, "
        f"{basis.first} to before {basis.until}"
    )


def _figures(expected: Expected, policy: Policy) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Referrals by band", overflow="fold")
    table.add_column("rate a week", justify="right")
    for period in expected.totals:
        table.add_column(f"next {period} weeks", justify="right")
    names = {band.number: f"{band.number}  {band.name}" for band in policy.bands}
    for band in (*names, 0):
        cells = [_words(expected.rate[band], ".1f")]
        cells += [_words(ranges[band], ",.0f") for ranges in expected.totals.values()]
        name = names.get(band, "All")
        style = None if band else "bold"
        table.add_row(Text(visible(name)), *(Text(cell) for cell in cells), style=style)
    return table


def _words(found: Range, form: str) -> str:
    return f"{found.mean:{form}} ({found.low:{form}}–{found.high:{form}})"


def _remarks(forecast: Forecast) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("What it rests on")
    table.add_column("")
    table.add_column("", overflow="fold")
    for remark in forecast.remarks:
        if _grave(remark):
            continue
        style = "yellow" if remark.kind is Kind.PRIOR else None
        words = (remark.about, remark.kind.value, remark.text)
        table.add_row(*(Text(visible(word)) for word in words), style=style)
    return table
