"""Files of the past to one history: every complaint at once, and the days covered whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allocator.history import History, Past
from allocator.ingest import matching_outcomes, outcomes_history, release_history
from allocator.ingest.complaints import Complaint, FileRefusedError, Place, counted
from allocator.ingest.context import Context
from allocator.ingest.layout import BadRowError, Entry, Layout
from allocator.ingest.recognise import choose
from allocator.ingest.table_reader import read_table
from allocator.ingest.tables import open_tables
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
    progress: Progress = lambda _: None,
) -> HistoryReading:
    """The history in the files. `first`, `until`: the days covered, where a person knows better.

    Complaints never stand beside half a history: all of it is read, or none.
    """
    reader = _Reader(Context(as_of, policy, policy.overstay_nights, skip_bad_rows))
    for path in paths:
        progress(path.name)
        reader.read(path)
    reader.refuse_two_layouts()
    complaints = tuple(reader.context.findings.complaints)
    if any(each.whole_file for each in complaints) or (complaints and not skip_bad_rows):
        return HistoryReading(None, complaints, tuple(reader.context.findings.notes))
    try:
        history = reader.history(first, until)
    except ValueError as error:
        fault = Complaint(
            Place("all files"),
            str(error),
            "give files of a longer time, or --first and --until",
            whole_file=True,
        )
        return HistoryReading(None, (*complaints, fault), tuple(reader.context.findings.notes))
    return HistoryReading(history, (), tuple(reader.context.findings.notes), complaints)


@dataclass(slots=True)
class _Reader:
    context: Context
    people: list[Past] = field(default_factory=list)
    synthetic: bool = False
    changes_known: bool = False
    _first: dict[str, Place] = field(default_factory=dict)
    _late: int = 0
    _layouts: dict[str, str] = field(default_factory=dict)
    """The first file of each layout."""

    def read(self, path: Path) -> None:
        findings = self.context.findings
        try:
            wanted = (release_history.LAYOUT, matching_outcomes.LAYOUT)
            chosen = choose(open_tables(path), wanted, findings)
        except FileRefusedError as refusal:
            findings.refuse(Place(path.name, row=refusal.row), refusal.wrong, refusal.mend)
            return
        if chosen is None:
            return
        table, found = chosen
        is_report = found is matching_outcomes.LAYOUT
        layout: Layout[Any] = outcomes_history.LAYOUT if is_report else release_history.LAYOUT
        self._layouts.setdefault(layout.title, path.name)
        self.changes_known |= "changed_on" in {name.casefold() for name in table.header}
        sheet = read_table(table, layout, self.context.clock, findings)
        self.synthetic |= sheet.synthetic
        for entry in sheet.entries:
            self._add(entry)

    def _add(self, entry: Entry[Any]) -> None:
        row, context = entry.row, self.context
        is_report = isinstance(row, outcomes_history.OutcomeHistoryRow)
        column = "placement_request_id" if is_report else "referral_id"
        try:
            past, late = (outcomes_history if is_report else release_history).past_of(row, context)
        except BadRowError as bad:
            context.findings.complain(entry.place, bad.wrong, bad.mend, bad.column, bad.value)
            return
        number = past.coming.referral.id
        first = self._first.setdefault(number, entry.place)
        if first is not entry.place:
            context.findings.complain(
                entry.place, f"is also in {first}", "keep one of the rows", column, number
            )
            return
        self.people.append(past)
        self._late += late

    def refuse_two_layouts(self) -> None:
        """One person's request may be in both, under two numbers."""
        if len(self._layouts) > 1:
            names = " and ".join(self._layouts.values())
            self.context.findings.refuse(
                Place("all files"),
                f"{names} are in two layouts, and would count people twice",
                "give files of one layout",
            )

    def history(self, first: date | None, until: date | None) -> History:
        """Sorted, so that the order of files and rows makes no difference."""
        if not self.people:
            raise ValueError("nobody was referred in these files")
        if self._late:
            text = (
                f"{counted(self._late, 'request')} made after the bed was first needed: read as "
                "needed from the day of asking"
            )
            self.context.findings.note("asked_late", "history", text)
        people = sorted(self.people, key=lambda p: (p.coming.referred_on, p.coming.referral.id))
        if outcomes_history.LAYOUT.title in self._layouts:
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
        )

    def _span_of_report(self, people: list[Past]) -> tuple[date, date]:
        """A report has the requests that arrive in its span; those made late in it may not be.

        The last days, as many as the notice that one request in a hundred exceeds, are left out.
        """
        arrivals = [past.coming.referral.release_date for past in people]
        notice = sorted(
            (past.coming.referral.release_date - past.coming.referred_on).days for past in people
        )
        longest = notice[min(len(notice) - 1, math.ceil((1 - LATE) * len(notice)) - 1)]
        first, until = min(arrivals), max(arrivals) - timedelta(days=longest) + timedelta(days=1)
        self.context.findings.note(
            "report_by_arrival",
            "history",
            f"the report has requests that arrive from {first} to {max(arrivals)}: those made "
            f"before {until} are all in it but for 1 in 100, by their notice of up to "
            f"{counted(longest, 'day')}; later days are not counted",
        )
        return first, until
