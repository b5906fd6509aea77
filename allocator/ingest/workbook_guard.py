"""What is looked at in a workbook before a reader is let near it.

An XLSX file is a zip file of XML parts. Every part is inflated here in small pieces and counted,
because the sizes in the directory may lie; each sheet's furthest cell is found, because one cell
in the last corner makes a reader set aside the whole rectangle; formulas whose result was never
stored and cells with an error are found, because readers give them as blank.
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from allocator.ingest import limits
from allocator.ingest.complaints import FileRefused

_CHUNK = 64 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SAVE_PLAIN = "save it again as an Excel workbook (.xlsx), or as CSV"
_NEVER_CALCULATED = "is a formula that was never calculated"
_ERROR = "is a formula with an error"


@dataclass(slots=True)
class Inspection:
    """What a workbook's parts say. Cells are (row from 1, column from 0)."""

    epoch: date = _EPOCH_1900
    sheets: dict[str, str] = field(default_factory=dict)
    """Sheet name to relationship id."""
    targets: dict[str, str] = field(default_factory=dict)
    """Relationship id to part."""
    unread: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    """Part to the cells whose value cannot be read."""

    def unread_on(self, sheet: str) -> dict[tuple[int, int], str]:
        """Cells of a sheet that readers give as blank though they are not."""
        return self.unread.get(self.targets.get(self.sheets.get(sheet, ""), ""), {})


def inspect(data: bytes) -> Inspection:
    """Look at every part. Raises FileRefused at the first thing that must not be read on."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _refuse_parts(parts.infolist())
            found = Inspection()
            total = 0
            for part in parts.infolist():
                total += _look_at(parts, part, found, total, len(data))
            return found
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileRefused("is not a sound Excel workbook", _SAVE_PLAIN) from error
    except expat.ExpatError as error:
        raise FileRefused("holds XML that cannot be read", _SAVE_PLAIN) from error


def _refuse_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.casefold() for part in parts]
    if len(names) > limits.PARTS or len(set(names)) < len(names):
        raise FileRefused("has too many parts for a workbook", _SAVE_PLAIN)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefused("holds macros", "save it as .xlsx without macros, or as CSV")
    if any("externallinks/" in name for name in names):
        raise FileRefused("is linked to other workbooks", "paste the values, or save it as CSV")
    if "xl/workbook.xml" not in names:
        raise FileRefused("is not an Excel workbook (.xlsx)", _SAVE_PLAIN)


def _look_at(
    parts: zipfile.ZipFile, part: zipfile.ZipInfo, found: Inspection, before: int, packed: int
) -> int:
    """Inflate one part, and read it if it is XML. The bytes it came to."""
    is_xml = part.filename.casefold().endswith((".xml", ".rels", ".vml"))
    reader = _PartReader(part.filename, found) if is_xml else None
    size = 0
    for piece in _inflated(parts, part):
        size += len(piece)
        if before + size > min(limits.UNPACKED_BYTES, packed * limits.UNPACKED_RATIO):
            raise FileRefused("unpacks to far more than a workbook does", _SAVE_PLAIN)
        if reader is not None:
            reader.feed(piece)
    if size != part.file_size:
        raise FileRefused("has a part that is not as large as it says", _SAVE_PLAIN)
    if reader is not None:
        reader.close()
    return size


def _inflated(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    honest = copy.copy(part)
    # zipfile stops at the size the directory gives; this makes it go on to the real end.
    honest.file_size = limits.UNPACKED_BYTES + 1
    with parts.open(honest) as file:
        while piece := file.read(_CHUNK):
            yield piece


class _PartReader:
    """Reads one XML part as it comes, keeping only what `Inspection` asks for."""

    def __init__(self, name: str, found: Inspection) -> None:
        self._name, self._found = name, found
        self._root = ""
        self._row = self._column = 0
        self._kind = ""
        self._formula = self._value = False
        self._inside_value = False
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _refuse_doctype(self, *_: object) -> None:
        raise FileRefused("holds a document type declaration", _SAVE_PLAIN)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._root:
            self._root = name
            self._stop_listening()
        if self._root == "worksheet":
            self._start_in_sheet(name, attributes)
        elif self._root == "workbook":
            self._start_in_workbook(name, attributes)
        elif self._root == "Relationships" and self._name == "xl/_rels/workbook.xml.rels":
            target = attributes.get("Target", "")
            self._found.targets[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            )

    def _stop_listening(self) -> None:
        if self._root not in ("worksheet", "workbook", "Relationships"):
            self._parser.StartElementHandler = None
        if self._root != "worksheet":
            self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None

    def _start_in_workbook(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            self._found.epoch = _EPOCH_1904
        if name == "sheet":
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
            self._found.sheets[attributes.get("name", "")] = ids[0] if ids else ""

    def _start_in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = -1
            self._refuse_far()
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._inside_value = True

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference is not None:
            self._row, self._column = int(reference.group(2)), _column(reference.group(1))
        else:
            self._column += 1
        self._refuse_far()
        self._kind = attributes.get("t", "")
        self._formula = self._value = self._inside_value = False

    def _characters(self, text: str) -> None:
        if self._inside_value:
            self._value = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("v", "is"):
            self._inside_value = False
        if name != "c":
            return
        unread = self._found.unread.setdefault(self._name, {})
        if self._kind == "e":
            unread[self._row, self._column] = _ERROR
        elif self._formula and not self._value and self._kind != "str":
            unread[self._row, self._column] = _NEVER_CALCULATED

    def _refuse_far(self) -> None:
        if self._row > limits.ROWS + 1:
            raise FileRefused(
                f"has a sheet with more than {limits.ROWS} rows",
                "split it; delete rows below the last one, which may only look empty",
            )
        if self._column >= limits.COLUMNS:
            raise FileRefused(
                f"has a sheet with more than {limits.COLUMNS} columns",
                "delete the columns that are not needed; some may only look empty",
            )


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
