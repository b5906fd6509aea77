"""Reading a table by its layout: the header first, then every row, with all complaints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Generic

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from allocator.ingest.complaints import FileRefusedError, Findings, Place
from allocator.ingest.layout import SYNTHETIC, Entry, Layout, R, Sheet
from allocator.ingest.near_columns import near_columns
from allocator.ingest.tables import Table
from allocator.ingest.unusual_crns import note_crn
from allocator.ingest.values import BadValueError, Clock, truly_wrong
from allocator.plain_words import counted

_FLAG = "flags."
_OF_PEOPLE = frozenset({"crn", "other_crn"})
"""Fields that hold a case reference number."""
RECALCULATE = "open the workbook, recalculate and save it; or paste the value"


def read_table(table: Table, layout: Layout[R], clock: Clock, findings: Findings) -> Sheet[R]:
    """Every row that can be read; complaints for the others, or for the whole table."""
    return _TableReader(table, layout, clock, findings).read()


class _TableReader(Generic[R]):
    def __init__(self, table: Table, layout: Layout[R], clock: Clock, findings: Findings) -> None:
        self._table, self._layout, self._findings = table, layout, findings
        self._clock = Clock(clock.as_of, table.epoch)
        self._wanted = _wanted(table.header, layout)
        self._columns = layout.columns

    def read(self) -> Sheet[R]:
        sheet: Sheet[R] = Sheet(columns=frozenset(self._wanted.values()))
        if not self._header_is_good():
            return sheet
        file, findings = self._table.place.file, self._findings
        if self._table.about:
            findings.note("encoding", file, f"{self._table.place}: {self._table.about}")
        told = len(findings.complaints)
        try:
            for number, cells in self._table.rows:
                self._read_row(Place(file, self._table.place.sheet, number), cells, sheet)
        except FileRefusedError as refusal:
            del findings.complaints[told:]  # beside a refused file its rows are of no interest
            place = Place(file, self._table.place.sheet, refusal.row)
            findings.refuse(place, refusal.wrong, refusal.mend)
        return sheet

    def _header_is_good(self) -> bool:
        place, header = self._table.place, self._table.header
        found = {name.casefold(): name for name in header if name}
        known = {name.casefold() for name in (*self._layout.all_columns, *self._layout.flags)}
        missing = [name for name in self._layout.required if name.casefold() not in found]
        for name in missing:
            near = get_close_matches(name.casefold(), found, n=1)
            mend = f"the nearest found is {found[near[0]]}" if near else "add the column"
            self._findings.refuse(place, f"the column {name} is missing", mend, name)
        times = Counter(name.casefold() for name in header)
        once = known - {name.casefold() for name in self._layout.repeated}
        twice = sorted(found[name] for name in once if times[name] > 1)
        for name in twice:
            wrong = f"the column {name} is there twice"
            self._findings.refuse(place, wrong, "delete one of them", name)
        others = sorted(name for key, name in found.items() if key not in known | {SYNTHETIC})
        misspelt = bool(missing) or self._protection_is_misspelt(others, found)
        if others and not misspelt:
            self._note_unread(others, found)
        return not misspelt and not twice

    def _protection_is_misspelt(self, others: Sequence[str], found: Mapping[str, str]) -> bool:
        """Whether a column is near to one that protects people and that is not there."""
        lacking = [name for name in self._layout.protective if name.casefold() not in found]
        misspelt = False
        for name in others:
            near = near_columns(name, lacking)
            if near:
                mend = f"rename the column to {' or '.join(near[:2])}, or delete it"
                wrong = f"would not be read; it looks like {near[0]}, which protects people"
                self._findings.refuse(self._table.place, wrong, mend, name)
                misspelt = True
        return misspelt

    def _note_unread(self, others: Sequence[str], found: Mapping[str, str]) -> None:
        """Every column that is not read, with the one it may have been meant for."""
        place = self._table.place
        lacking = [name for name in self._layout.all_columns if name.casefold() not in found]
        words = []
        for name in others:
            near = near_columns(name, lacking)
            words.append(f"{name} (did you mean {near[0]}?)" if near else name)
        text = f"{place}: {counted(len(words), 'column')} not read: {', '.join(words)}"
        self._findings.note("columns_not_read", place.file, text)

    def _read_row(self, place: Place, cells: Sequence[str], sheet: Sheet[R]) -> None:
        raw = self._raw(cells)
        if str(raw.pop(SYNTHETIC, "")).casefold() in ("yes", "y", "true"):
            sheet.synthetic = True
        if not self._cells_are_good(place, cells):
            sheet.faulty.append(raw)
            return
        reason = self._layout.leave_out(raw)
        if reason is not None:
            sheet.left_out[reason] += 1
            sheet.not_ours.append((reason, raw))
            return
        try:
            row = self._layout.row.model_validate(raw, context=self._clock)
        except ValidationError as error:
            sheet.faulty.append(raw)
            for fault in error.errors(include_url=False):
                self._complain(fault, place)
        else:
            sheet.entries.append(Entry(place, row))
            self._note_unusual_crns(place, row)

    def _note_unusual_crns(self, place: Place, row: R) -> None:
        for name in _OF_PEOPLE & self._columns.keys():
            note_crn(getattr(row, name), place, self._columns[name].name or name, self._findings)

    def _raw(self, cells: Sequence[str]) -> dict[str, object]:
        """Field name to text, blanks left out."""
        raw: dict[str, object] = {}
        flags: dict[str, str] = {}
        for position, name in self._wanted.items():
            text = cells[position] if position < len(cells) else ""
            if text and name.startswith(_FLAG):
                flags[name.removeprefix(_FLAG)] = text
            elif text:
                raw[name] = text
        return raw | {"flags": flags} if flags else raw

    def _cells_are_good(self, place: Place, cells: Sequence[str]) -> bool:
        """Whether no cell is beyond the header, and none is a formula without a value."""
        header = self._table.header
        if any(cells[len(header) :]):
            wrong = f"has {len(cells)} cells, and the header {len(header)}"
            mend = "put text that holds the delimiter in quotation marks"
            self._findings.complain(place, wrong, mend)
            return False
        bad = [
            (position, why)
            for position in (self._wanted if self._table.unread else ())
            if (why := self._table.unread.get((place.row or 0, position)))
        ]
        for position, why in bad:
            self._findings.complain(place, why, RECALCULATE, header[position])
        return not bad

    def _complain(self, fault: ErrorDetails, place: Place) -> None:
        name = str(fault["loc"][-1])
        column = self._columns.get(name)
        spelt = (column.name if column else "") or name
        reason = fault.get("ctx", {}).get("error")
        if fault["type"] == "missing":
            mend = f"fill it: {column.values}" if column else "fill it"
            self._findings.complain(place, "is blank", mend, spelt)
        elif isinstance(reason, BadValueError):
            value = "" if fault["input"] is None else str(fault["input"])
            bad = truly_wrong(reason, value)
            self._findings.complain(place, bad.wrong, bad.mend, spelt, value)
        else:
            self._findings.complain(place, fault["msg"], "see docs/formats.md", spelt)


def _wanted(header: Sequence[str], layout: Layout[R]) -> dict[int, str]:
    """Position in the table to field name, or to `flags.` and the flag's name."""
    fields = {(column.name or name).casefold(): name for name, column in layout.columns.items()}
    fields |= {flag.casefold(): f"{_FLAG}{flag}" for flag in layout.flags}
    fields[SYNTHETIC] = SYNTHETIC
    wanted: dict[str, int] = {}
    for position, name in enumerate(header):
        if name.casefold() in fields:
            wanted.setdefault(fields[name.casefold()], position)
    return {position: name for name, position in wanted.items()}
