"""Complaints: what is wrong with a file, where, and how to mend it. All are collected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from allocator.problem import Note

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the files something was read. `row` is the file's own: the header is row 1."""

    file: str
    sheet: str = ""
    row: int | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        return ", ".join(parts)


class FileRefusedError(Exception):
    """A file that cannot be read on: too large, broken, or not what it should be."""

    def __init__(self, wrong: str, mend: str, row: int | None = None) -> None:
        super().__init__(wrong)
        self.wrong, self.mend, self.row = wrong, mend, row


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong. `whole_file`: no row can be left out to get round it.

    `protects`: nor can this one, because it protects people. `follows`: it is wrong only because
    another row has a fault, so it is told only where rows are left out, and this one with them.
    `also_row`: the row of the same file that it contradicts, of which one has to go.
    """

    place: Place
    wrong: str
    mend: str
    column: str = ""
    value: str = ""
    whole_file: bool = False
    protects: bool = False
    follows: bool = False
    also_row: int | None = None

    def __str__(self) -> str:
        where = f"{self.place}, column {self.column}" if self.column else str(self.place)
        shown = f"{shorten(self.value)!r} " if self.value else ""
        return f"{where}: {shown}{self.wrong}; {self.mend}"


@dataclass(slots=True)
class Findings:
    """Everything found while reading: complaints to mend, notes to know."""

    complaints: list[Complaint] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def complain(
        self,
        place: Place,
        wrong: str,
        mend: str,
        column: str = "",
        value: str = "",
        *,
        follows: bool = False,
        also_row: int | None = None,
    ) -> None:
        """A row is wrong; the others can go on without it."""
        self.complaints.append(
            Complaint(place, wrong, mend, column, value, follows=follows, also_row=also_row)
        )

    @contextmanager
    def protecting(self, *, though_it_follows: bool = False) -> Iterator[None]:
        """While this lasts, what is complained of are rows that protect people.

        Rows that only follow from another's fault may be left out with it: what they protect is
        then not in the problem either. `though_it_follows`: not even they.
        """
        told = len(self.complaints)
        yield
        self.complaints[told:] = [
            replace(each, protects=though_it_follows or not each.follows)
            for each in self.complaints[told:]
        ]

    def refuse(self, place: Place, wrong: str, mend: str, column: str = "") -> None:
        """The whole file is wrong."""
        self.complaints.append(Complaint(place, wrong, mend, column, whole_file=True))

    def note(self, code: str, subject: str, text: str) -> None:
        self.notes.append(Note(code, subject, text))


def shorten(text: str) -> str:
    """The beginning of a long value."""
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def listed(words: Iterable[str], most: int = 8) -> str:
    """Words in a row with commas, the first few of many."""
    every = list(words)
    more = [f"and {len(every) - most} more"] if len(every) > most else []
    return ", ".join(every[:most] + more)
