"""Files of the past to one history: every complaint at once, and the days covered whole."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allocator.history import History, Past
from allocator.ingest import (
    matching_outcomes,
    outcomes_history,
    placements,
    placements_history,
    release_history,
)
from allocator.ingest.complaints import Complaint, FileRefusedError, Place
from allocator.ingest.context import Context
from allocator.ingest.layout import BadRowError, Entry, Layout
from allocator.ingest.outcomes_history import OutcomeHistoryRow
from allocator.ingest.placements_history import Outcome, PlacementHistoryRow
from allocator.ingest.recognise import choose
from allocator.ingest.table_reader import read_table
from allocator.ingest.tables import open_tables
from allocator.plain_words import counted
from allocator.policy import Policy
from allocator.problem import Note

LATE = 0.01
"""Share of requests with longer notice than the days that are left out at the end of a report."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class HistoryReading:
    """A history, or the complaints in its way. `left_out`: complaints passed over."""

    history: History | None
    complaints: tuple[Complaint, ...] = ()
    notes: tuple[Note, ...] = ()
    left_out: tuple[Complaint, ...] = ()


def read_history(
    paths: Iterable[Path],
    policy: Policy,
    as_of: date,
    *,
    skip_bad_rows: bool = False,
    first: date | None = None,
    until: date | None = None,
    latest: date | None = None,
    progress: Progress = lambda _: None,
) -> HistoryReading:
    """The history in the files, as it was known on `as_of`.

    `first`, `until`: the days covered, where a person knows better. `latest`: the last day that a
    cell may name, such as today for a forecast as of a year ago; `as_of`, unless given.
    Complaints never stand beside half a history: all of it is read, or none.
    """
    context = Context(as_of, policy, policy.overstay_nights, skip_bad_rows)
    reader = _Reader(context, max(as_of, latest or as_of))
    for path in paths:
        progress(path.name)
        reader.read(path)
    reader.refuse_what_does_not_go_together()
    complaints = tuple(reader.context.findings.complaints)
    if any(each.whole_file for each in complaints) or (complaints and not skip_bad_rows):
        return HistoryReading(None, complaints, tuple(reader.context.findings.notes))
    try:
        history = reader.history(first, until)
    except ValueError as error:
        fault = Complaint(
            Place("all files"),
            str(error),
            "give files of a longer time, or --from and --until",
            whole_file=True,
        )
        return HistoryReading(None, (*complaints, fault), tuple(reader.context.findings.notes))
    return HistoryReading(history, (), tuple(reader.context.findings.notes), complaints)


_AS_HISTORY: dict[Layout[Any], Layout[Any]] = {
    release_history.LAYOUT: release_history.LAYOUT,
    matching_outcomes.LAYOUT: outcomes_history.LAYOUT,
    placements.LAYOUT: placements_history.LAYOUT,
}
"""Layouts as they are told apart, and as history reads them."""


@dataclass(slots=True)
class _Reader:
    context: Context
    latest: date
    synthetic: bool = False
    changes_known: bool = False
    _people: list[Past] = field(default_factory=list)
    _outcomes: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    """What came of placements, by the number of the request."""
    _first: dict[tuple[str, str], Place] = field(default_factory=dict)
    _late: int = 0
    _later: int = 0
    """Requests made after the date of the forecast."""
    _withdrawals_known: bool = True
    _layouts: dict[str, str] = field(default_factory=dict)
    """The first file of each layout."""

    def read(self, path: Path) -> None:
        findings = self.context.findings
        try:
            chosen = choose(open_tables(path), tuple(_AS_HISTORY), findings)
        except FileRefusedError as refusal:
            findings.refuse(Place(path.name, row=refusal.row), refusal.wrong, refusal.mend)
            return
        if chosen is None:
            return
        table, found = chosen
        layout = _AS_HISTORY[found]
        self._layouts.setdefault(layout.name, path.name)
        header = {name.casefold() for name in table.header}
        self.changes_known |= "changed_on" in header
        if layout is outcomes_history.LAYOUT:
            self._withdrawals_known &= bool(header & outcomes_history.WITHDRAWALS)
        sheet = read_table(table, layout, self.context.clock, findings)
        self.synthetic |= sheet.synthetic
        for entry in sheet.entries:
            try:
                self._add(entry)
            except BadRowError as bad:
                findings.complain(entry.place, bad.wrong, bad.mend, bad.column, bad.value)

    def _add(self, entry: Entry[Any]) -> None:
        """Raises BadRowError when the cells do not go together, or the number was there before."""
        row = entry.row
        if isinstance(row, PlacementHistoryRow):
            self._once(row.placement_id, "placement_id", entry)
            outcome = placements_history.outcome_of(row, self.context, self.latest)
            self._outcomes[outcome.request].append(outcome)
            return
        if isinstance(row, OutcomeHistoryRow):
            found = outcomes_history.past_of(row, self.context, self.latest)
            self._once(row.placement_request_id, "placement_request_id", entry)
        else:
            found = release_history.past_of(row, self.context, self.latest)
            self._once(row.referral_id, "referral_id", entry)
        if found is None:
            self._later += 1
            return
        past, late = found
        if not self._withdrawals_known:
            past = replace(past, followed=False)
        self._people.append(past)
        self._late += late

    def _once(self, number: str, column: str, entry: Entry[Any]) -> None:
        """Each number once, over all files."""
        first = self._first.setdefault((column, number), entry.place)
        if first is not entry.place:
            raise BadRowError(column, f"is also in {first}", "keep one of the rows", number)

    def refuse_what_does_not_go_together(self) -> None:
        """One person's request may be in two layouts, under two numbers."""
        ours = self._layouts.get(release_history.LAYOUT.name)
        requests = self._layouts.get(outcomes_history.LAYOUT.name)
        placed = self._layouts.get(placements_history.LAYOUT.name)
        refuse, place = self.context.findings.refuse, Place("all files")
        if ours and (requests or placed):
            wrong = f"{ours} and {requests or placed} are in two layouts, and count people twice"
            refuse(place, wrong, "give release histories, or the ministry's reports")
        elif placed and not requests:
            wrong = f"{placed} has only requests that were placed"
            refuse(place, wrong, "give the report on matching outcomes beside it")

    def history(self, first: date | None, until: date | None) -> History:
        """Sorted, so that the order of files and rows makes no difference."""
        if not self._people:
            before = f" up to {self.context.as_of}" if self._later else ""
            raise ValueError(f"nobody was referred{before} in these files")
        if self._later:
            self.context.findings.note(
                "made_later",
                "history",
                f"{counted(self._later, 'referral')} made after {self.context.as_of}, the date of "
                "the forecast, left out; and what came of the others later is taken as not known",
            )
        if self._late:
            text = (
                f"{counted(self._late, 'request')} made after the bed was first needed: read as "
                "needed from the day of asking"
            )
            self.context.findings.note("asked_late", "history", text)
        people = sorted(
            (self._with_outcomes(past) for past in self._people),
            key=lambda past: (past.coming.referred_on, past.coming.referral.id),
        )
        if outcomes_history.LAYOUT.name in self._layouts:
            found_first, found_until = self._span_of_report(people)
        else:
            found_first = people[0].coming.referred_on
            found_until = people[-1].coming.referred_on + timedelta(days=1)
        return History(
            people=tuple(people),
            first=first or found_first,
            until=min(until or found_until, self.context.as_of + timedelta(days=1)),
            synthetic=self.synthetic,
            changes_known=self.changes_known,
            left_out=len({complaint.place for complaint in self.context.findings.complaints}),
        )

    def _with_outcomes(self, past: Past) -> Past:
        found = self._outcomes.get(past.coming.referral.id)
        if found is None:
            return past
        return placements_history.with_outcomes(past, found, self.context.as_of)

    def _span_of_report(self, people: list[Past]) -> tuple[date, date]:
        """A report has the requests that arrive in its span; those made late in it may not be.

        The last days, as many as the notice that one request in a hundred exceeds, are left out.
        """
        arrivals = [past.coming.referral.release_date for past in people]
        notice = sorted(
            (past.coming.referral.release_date - past.coming.referred_on).days for past in people
        )
        longest = notice[min(len(notice) - 1, math.ceil((1 - LATE) * len(notice)) - 1)]
        first = min(arrivals)
        whole = max(arrivals) - timedelta(days=longest) + timedelta(days=1)
        until = min(whole, self.context.as_of + timedelta(days=1))
        self.context.findings.note(
            "report_by_arrival",
            "history",
            f"the report has requests that arrive from {first} to {max(arrivals)}: those made "
            f"before {until} are all in it but for 1 in 100, by their notice of up to "
            f"{counted(longest, 'day')}; later days are not counted",
        )
        return first, until
