"""The XML parts of a workbook, read as they come: only what must be known before it is opened."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from allocator.ingest import limits
from allocator.ingest.complaints import FileRefusedError

SAVE_PLAIN = "save it again as an Excel workbook (.xlsx), or as CSV"
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_NEVER_CALCULATED = "is a formula that was never calculated"
_ERROR = "is a formula with an error"

Attributes = dict[str, str]
Cells = dict[tuple[int, int], str]
"""Row from 1, column from 0."""


@dataclass(slots=True)
class Inspection:
    """What a workbook's parts say."""

    epoch: date = _EPOCH_1900
    sheets: dict[str, str] = field(default_factory=dict)
    """Sheet name to relationship id."""
    targets: dict[str, str] = field(default_factory=dict)
    """Relationship id to part."""
    unread: dict[str, Cells] = field(default_factory=dict)
    """Part to the cells whose value cannot be read."""

    def unread_on(self, sheet: str) -> Cells:
        """Cells of a sheet that readers give as blank though they are not."""
        return self.unread.get(self.targets.get(self.sheets.get(sheet, ""), ""), {})


class PartReader:
    """One part, as its first element says what it is. Most parts are only seen to be sound."""

    def __init__(self, name: str, found: Inspection) -> None:
        self._name, self._found = name, found
        self._strings = 0
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._start

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, tag: str, attributes: Attributes) -> None:
        root = _local(tag)
        handler: Callable[[str, Attributes], None] | None = None
        if root == "worksheet":
            unread = self._found.unread.setdefault(self._name, {})
            handler = _SheetReader(self._parser, unread).start
        elif root == "sst":
            handler = self._start_in_strings
        elif root == "workbook":
            handler = self._start_in_workbook
        elif root == "Relationships" and self._name.casefold() == _RELATIONSHIPS:
            handler = self._start_in_relationships
        self._parser.StartElementHandler = handler

    def _start_in_strings(self, tag: str, _: Attributes) -> None:
        self._strings += _local(tag) == "si"
        if self._strings > limits.SHARED_STRINGS:
            raise FileRefusedError(
                f"holds more than {limits.SHARED_STRINGS:,} different texts", "split the file"
            )

    def _start_in_workbook(self, tag: str, attributes: Attributes) -> None:
        name = _local(tag)
        if name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            self._found.epoch = _EPOCH_1904
        if name == "sheet":
            ids = [value for key, value in attributes.items() if _local(key) == "id"]
            self._found.sheets[attributes.get("name", "")] = ids[0] if ids else ""

    def _start_in_relationships(self, tag: str, attributes: Attributes) -> None:
        target = attributes.get("Target", "")
        if target and not target.casefold().endswith(".xml"):
            # Only parts that end so have been looked into, and this might be a sheet.
            raise FileRefusedError("has a part of an unknown kind", SAVE_PLAIN)
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        self._found.targets[attributes.get("Id", "")] = posixpath.normpath(path)


class _SheetReader:
    """Looks at every cell's place, and at the inside of those alone that hold a formula."""

    def __init__(self, parser: expat.XMLParserType, unread: Cells) -> None:
        self._parser, self._unread = parser, unread
        self._row, self._column = 0, -1
        self._kind = ""
        self._inside_value = self._has_value = False

    def start(self, tag: str, attributes: Attributes) -> None:
        name = _local(tag)
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row = _row(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = -1
            self._refuse_far()
        elif name == "v":
            self._inside_value = True
        elif name == "f":
            self._inside_value = self._has_value = False
            self._listen(True)

    def _start_cell(self, attributes: Attributes) -> None:
        if "r" in attributes:
            self._row, self._column = _row_and_column(attributes["r"])
        else:
            self._column += 1
        self._refuse_far()
        self._kind = attributes.get("t", "")
        if self._kind == "e":
            self._unread[self._row, self._column] = _ERROR

    def _listen(self, on: bool) -> None:
        """To text and to ends, from a formula to the end of its cell: both cost time."""
        self._parser.CharacterDataHandler = self._characters if on else None
        self._parser.EndElementHandler = self._end if on else None

    def _characters(self, _: str) -> None:
        self._has_value |= self._inside_value

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if name == "v":
            self._inside_value = False
        elif name == "c":
            self._listen(False)
            if not self._has_value and self._kind not in ("e", "str"):
                self._unread[self._row, self._column] = _NEVER_CALCULATED

    def _refuse_far(self) -> None:
        if self._row > limits.ROWS + 1:
            raise FileRefusedError(
                f"has a sheet with more than {limits.ROWS} rows",
                "split it; delete rows below the last one, which may only look empty",
            )
        if self._column >= limits.COLUMNS:
            raise FileRefusedError(
                f"has a sheet with more than {limits.COLUMNS} columns",
                "delete the columns that are not needed; some may only look empty",
            )


def _refuse_doctype(*_: object) -> None:
    raise FileRefusedError("holds a document type declaration", SAVE_PLAIN)


def _local(name: str) -> str:
    """The name without its namespace's prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def _row(text: str) -> int:
    if _ROW.fullmatch(text) is None:
        raise FileRefusedError("has a row without a number", SAVE_PLAIN)
    return int(text)


def _row_and_column(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise FileRefusedError("has a cell without a place", SAVE_PLAIN)
    return int(match.group(2)), _column(match.group(1).upper())


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
