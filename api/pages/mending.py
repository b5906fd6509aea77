"""Mending: a CSV file that was refused, with its wrong cells to be written anew in the page.

The file itself travels in the page, packed: nothing of it is kept here until all of it is right.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from allocator.ingest.complaints import FileRefusedError
from allocator.ingest.csv_file import decode, delimiter_of
from api.pages.taken_out import TakenOut, as_it_came, taken_before
from api.pages.words import mend
from api.service.refusals import InvalidError

LARGEST_PACKED = 140_000
"""Characters: a page that held more would take long to load."""
MOST_ROWS = 100
"""Rows to mend in one go."""
_CELL = re.compile(r"cell-(\d{1,6})-(\d{1,3})")
_LEFT_OUT = re.compile(r"leave-(\d{1,6})")
_WHO = ("crn", "CRN", "id", "referral_id")


@dataclass(frozen=True)
class Cell:
    """One cell to write anew: its name in the form, its column, and what is wrong with it."""

    name: str
    column: str
    value: str
    wrong: str
    mend: str


@dataclass
class Faulty:
    """One row with faults: its number in the file, and who it is about."""

    row: int
    who: str
    cells: list[Cell] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Faults of the row that are in no one cell."""
    row_says: list[tuple[str, str]] = field(default_factory=list)
    """The row's cells that hold something, by column: whose row it is, one sees from them."""

    def add(self, cell: Cell) -> bool:
        """One cell more to write anew; False where it is among them already."""
        if any(each.name == cell.name for each in self.cells):
            return False
        self.cells.append(cell)
        return True

    @property
    def rest(self) -> list[tuple[str, str]]:
        """Those of them that are not to be mended."""
        wrong = {cell.column for cell in self.cells}
        return [(column, value) for column, value in self.row_says if column not in wrong]


@dataclass(frozen=True)
class Sheet:
    """A CSV file as rows; `rows[0]` is row 1."""

    name: str
    rows: list[list[str]]
    taken_out: tuple[TakenOut, ...] = ()
    """Rows that are no more in it, because somebody took them out in the page."""

    @classmethod
    def of(cls, name: str, content: bytes) -> Sheet | None:
        """The file's rows; None for what is no CSV."""
        if not name.casefold().endswith((".csv", ".txt", ".tsv")):
            return None
        try:
            text, _ = decode(content)
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
            return cls(name, [list(row) for row in reader])
        except (FileRefusedError, csv.Error):
            return None

    @classmethod
    def unpacked(cls, name: str, packed: str, most: int) -> Sheet:
        """The file from a page. Raises InvalidError for what never was one."""
        try:
            content = base64.b64decode(packed, validate=True)
            reader = zlib.decompressobj()
            text = reader.decompress(content, most)
            if reader.unconsumed_tail:
                raise InvalidError("The file is too large.")
            found = cls.of("list.csv", text)
        except (binascii.Error, zlib.error, ValueError):
            found = None
        if found is None:
            raise InvalidError("The file in the page was lost: upload it again.")
        return cls(name, found.rows)

    def content(self) -> bytes:
        """As a CSV file, which Excel too reads as UTF-8."""
        to = io.StringIO()
        csv.writer(to, lineterminator="\n").writerows(self.rows)
        return to.getvalue().encode("utf-8-sig")

    def packed(self) -> str | None:
        """For a page; None where it is too large for one."""
        packed = base64.b64encode(zlib.compress(self.content(), 9)).decode()
        return packed if len(packed) <= LARGEST_PACKED else None

    def taken_away(self) -> str:
        """What the file is called where it is taken away as it has been mended."""
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", self.name.rsplit(".", 1)[0]).strip("-.")
        return f"{stem or 'list'}-mended.csv"

    def mended(self, said: Iterable[tuple[str, Any]]) -> Sheet:
        """The same with the cells that were written anew, and without the rows left out."""
        rows = [list(row) for row in self.rows]
        left_out: set[int] = set()
        told = list(said)
        for name, value in told:
            if (leaves := _LEFT_OUT.fullmatch(name)) is not None:
                left_out.add(int(leaves.group(1)))
            found = _CELL.fullmatch(name)
            if found is None or not isinstance(value, str):
                continue
            row, column = int(found.group(1)) - 1, int(found.group(2))
            if 0 < row < len(rows) and column < len(self.header):
                rows[row] += [""] * (column + 1 - len(rows[row]))
                rows[row][column] = value.strip()
        first = self._header_at() + 2
        out = [n for n in sorted(left_out) if first <= n <= len(rows)]
        before = taken_before(told)
        header = [name.strip() for name in self.header]
        # As the row was before it was mended: that is how it is known where it came from.
        now = [TakenOut(as_it_came(n, before), _who(header, self.rows[n - 1])) for n in out]
        kept = [row for n, row in enumerate(rows, start=1) if n not in out]
        return Sheet(self.name, kept, tuple(sorted([*before, *now])))

    def _header_at(self) -> int:
        """Where in `rows` the header is."""
        found = (n for n, row in enumerate(self.rows) if any(cell.strip() for cell in row))
        return next(found, 0)

    @property
    def header(self) -> list[str]:
        """The first row that is not blank."""
        return next((row for row in self.rows if any(cell.strip() for cell in row)), [])

    def faulty(self, complaints: Sequence[Mapping[str, Any]]) -> list[Faulty]:
        """Rows with faults, in the order of the file; of two that contradict each other both."""
        found: dict[int, Faulty] = {}
        for each in complaints:
            self._add(found, each["row"], each, each["wrong"])
            if each.get("also_row"):
                self._add_other(found, each["also_row"], each["row"])
        return [found[number] for number in sorted(found)]

    def _add(
        self, found: dict[int, Faulty], number: int | None, each: Mapping[str, Any], wrong: str
    ) -> None:
        """One fault to its row, at its cell where it is about one."""
        if not number or number > len(self.rows):
            return
        header = [name.strip() for name in self.header]
        row = self.rows[number - 1]
        fault = self._of_row(found, number)
        if each["column"] in header:
            column = header.index(each["column"])
            value = row[column] if column < len(row) else ""
            cell = Cell(f"cell-{number}-{column}", each["column"], value, wrong, each["mend"])
            if fault.add(cell):
                return
        fault.others.append(f"{each['column']}: {wrong}; {mend(each['mend'])}")

    def _add_other(self, found: dict[int, Faulty], number: int, of: int) -> None:
        """The row that another contradicts: the fault is one, and is counted there."""
        if number <= len(self.rows):
            told = f"Is also in row {of}: take one of the two out, or mend it there"
            self._of_row(found, number).others.append(told)

    def _of_row(self, found: dict[int, Faulty], number: int) -> Faulty:
        header, row = [name.strip() for name in self.header], self.rows[number - 1]
        fresh = Faulty(number, _who(header, row), row_says=_says(header, row))
        return found.setdefault(number, fresh)


def _who(header: Sequence[str], row: Sequence[str]) -> str:
    """Whom the row is about, where a column says so."""
    at = next((header.index(name) for name in _WHO if name in header), None)
    return row[at].strip() if at is not None and at < len(row) else ""


def _says(header: Sequence[str], row: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (column, value.strip())
        for column, value in zip(header, row, strict=False)
        if column and value.strip()
    ]


def elsewhere(complaints: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Complaints that are about no row."""
    return [each for each in complaints if not each.get("row")]
