"""A layout: the columns of one kind of file, and what comes of a table read by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from allocator.ingest.cells import Column, Row
from allocator.ingest.complaints import Place

R = TypeVar("R", bound=Row)
SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class Layout(Generic[R]):
    """One kind of file. `header` spells every column that it usually has, read or not."""

    name: str
    title: str
    row: type[R]
    marks: frozenset[str]
    """Columns that together tell this layout from the others."""
    header: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    """YES/NO columns that the row model takes as one mapping, `flags`."""
    repeated: frozenset[str] = frozenset()
    """Columns that may occur twice; the first is read."""
    protective: frozenset[str] = frozenset()
    """Columns without which someone is protected less, or placed otherwise than was meant: where
    one is missing, a name that is near to it is a fault."""
    leave_out: Callable[[Mapping[str, object]], str | None] = lambda _: None
    """Why a row (field name to text) is none of ours, before it is read; None: it is ours."""

    @property
    def columns(self) -> dict[str, Column]:
        """What is read, by field name."""
        return {
            name: column
            for name, info in self.row.model_fields.items()
            for column in info.metadata
            if isinstance(column, Column)
        }

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that must be there, and be filled in every row."""
        fields = self.row.model_fields
        return tuple(
            column.name or name
            for name, column in self.columns.items()
            if fields[name].is_required()
        )

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The usual header, then our own columns: what a template offers."""
        own = (column.name or name for name, column in self.columns.items())
        return tuple(dict.fromkeys((*self.header, *own)))

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a header has this layout's marks."""
        return not self.lacking(header)

    def lacking(self, header: Sequence[str]) -> list[str]:
        """The marks that a header has not, in order."""
        found = {name.casefold() for name in header}
        return sorted(mark for mark in self.marks if mark.casefold() not in found)


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """A row that was read, and where it stands."""

    place: Place
    row: R


class BadRowError(Exception):
    """Cells that are well written but do not go together.

    `follows`: only because another row has a fault, which is told there. `also_row`: the row that
    it contradicts.
    """

    def __init__(
        self,
        column: str,
        wrong: str,
        mend: str,
        value: str = "",
        *,
        follows: bool = False,
        also_row: int | None = None,
    ) -> None:
        super().__init__(wrong)
        self.column, self.wrong, self.mend, self.value = column, wrong, mend, value
        self.follows, self.also_row = follows, also_row


@dataclass(slots=True)
class Sheet(Generic[R]):
    """A table as its layout reads it."""

    entries: list[Entry[R]] = field(default_factory=list)
    synthetic: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    columns: frozenset[str] = frozenset()
    """What the table has a column for: field names, and `flags.` with the flag's name."""
    faulty: list[Mapping[str, object]] = field(default_factory=list)
    """Rows that could not be read, field name to text: what other rows may name all the same."""
    not_ours: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    """Rows left out by the layout: why, and field name to text."""
