"""What is looked at in a workbook before a reader is let near it.

An XLSX file is a zip file of XML parts. Every part is inflated here in small pieces and counted,
because the sizes in the directory may lie; each sheet's furthest cell is found, because one cell
in the last corner makes a reader set aside the whole rectangle; formulas whose result was never
stored and cells with an error are found, because readers give them as blank.
"""

from __future__ import annotations

import copy
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from allocator.ingest import limits
from allocator.ingest.complaints import FileRefusedError
from allocator.ingest.workbook_parts import SAVE_PLAIN, Inspection, PartReader

_CHUNK = 64 * 1024
# What zipfile raises for directories and parts that make no sense.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    ValueError,
)


def inspect(data: bytes) -> Inspection:
    """Look at every part. Raises FileRefusedError at the first thing that must not be read on."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _refuse_parts(parts.infolist())
            _refuse_bombs(parts, len(data))
            found = Inspection()
            for part in parts.infolist():
                if part.filename.casefold().endswith((".xml", ".rels")):
                    _read_part(parts, part, found)
            return found
    except expat.ExpatError as error:
        raise FileRefusedError("holds XML that cannot be read", SAVE_PLAIN) from error
    except _BROKEN as error:
        raise FileRefusedError("is not a sound Excel workbook", SAVE_PLAIN) from error


def _refuse_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.casefold() for part in parts]
    if len(names) > limits.PARTS or len(set(names)) < len(names):
        raise FileRefusedError("has too many parts for a workbook", SAVE_PLAIN)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefusedError("holds macros", "save it as .xlsx without macros, or as CSV")
    if any("externallinks/" in name for name in names):
        raise FileRefusedError(
            "is linked to other workbooks", "paste the values, or save it as CSV"
        )
    if "xl/workbook.xml" not in names:
        raise FileRefusedError("is not an Excel workbook (.xlsx)", SAVE_PLAIN)


def _refuse_bombs(parts: zipfile.ZipFile, packed: int) -> None:
    """Before any XML is read, which takes far longer than to inflate it."""
    most = min(limits.UNPACKED_BYTES, packed * limits.UNPACKED_RATIO)
    total = 0
    for part in parts.infolist():
        before = total
        for piece in _inflated(parts, part):
            total += len(piece)
            if total > most:
                raise FileRefusedError("unpacks to far more than a workbook does", SAVE_PLAIN)
        if total - before != part.file_size:
            raise FileRefusedError("has a part that is not as large as it says", SAVE_PLAIN)


def _read_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo, found: Inspection) -> None:
    reader = PartReader(part.filename, found)
    for piece in _inflated(parts, part):
        reader.feed(piece)
    reader.close()


def _inflated(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    honest = copy.copy(part)
    # zipfile stops at the size the directory gives; this makes it go on to the real end.
    honest.file_size = limits.UNPACKED_BYTES + 1
    with parts.open(honest) as file:
        while piece := file.read(_CHUNK):
            yield piece
