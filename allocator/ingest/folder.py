"""A folder of files: which is which, by their headers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from allocator.errors import UnreadableFile
from allocator.ingest.complaints import Complaint, FileRefusedError, Place
from allocator.ingest.recognise import recognise
from allocator.ingest.sources import Sources
from allocator.ingest.tables import open_tables
from allocator.problem import Note

READ = (".csv", ".xlsx", ".geojson")
LOOK_LIKE_DATA = frozenset({*READ, ".tsv", ".txt", ".xlsm", ".xlsb", ".xls", ".ods", ".json"})
"""Endings of files that a person may think are read."""
OUTPUTS = frozenset(
    {
        "plan.json",
        "plan.csv",
        "spaces.csv",
        "unplaced.csv",
        "bookings.csv",
        "plan.xlsx",
        "problem.json",
        "rejected-plan.json",
        "rejected-plan-breaches.json",
        "standings.csv",
        "holds.csv",
        "advice.json",
    }
)
"""Names under which this program writes. Some of their headers look like those of files to read."""
LOCK = "~$"
"""How the name of a file begins that a spreadsheet keeps while a workbook is open."""
ABOUT = frozenset({"readme", "licence", "license", "notice"})
"""Text files that say something of a folder and hold no data."""
_FIELD = {
    "premises": "premises",
    "rooms": "rooms",
    "release-list": "referrals",
    "matching-outcomes": "referrals",
    "placements": "placements",
    "out-of-service": "out_of_service",
    "out-of-service-report": "out_of_service",
    "separations": "separations",
    "zones": "zones",
    "restrictions": "restrictions",
    "outcodes": "outcodes",
}
HISTORY = "release-history"
"""The layout of the past: `allocator forecast` reads it, and nobody in it asks for a bed."""
_SEVERAL = frozenset({"referrals", "out_of_service", "zones"})


def with_folder(folder: Path, sources: Sources) -> Sources:
    """The sources, with the folder's files where none was given by name.

    Raises UnreadableFile, naming every file at fault, when one looks like data and would not be
    read, is in no known layout, or when two are in a layout of which one is read. Subfolders, and
    files that one given by name stands in for, are noted.
    """
    found: dict[str, list[Path]] = defaultdict(list)
    faults: list[Complaint] = []
    notes = []
    for path in _entries(folder):
        if path.is_dir():
            text = f"{path.name}: a folder in the folder; nothing in it was read"
            notes.append(Note("folder_not_read", path.name, text))
        elif not _is_given(path, sources) and _looks_like_data(path):
            try:
                field = _field_of(path)
                if field == HISTORY:
                    text = f"{path.name}: not read: a release history is for allocator forecast"
                    notes.append(Note("file_not_read", path.name, text))
                else:
                    found[field].append(path)
            except FileRefusedError as refusal:
                faults.append(_fault(path, refusal.wrong, refusal.mend))
    given: dict[str, Path | tuple[Path, ...]] = {}
    for field, paths in found.items():
        if getattr(sources, field):
            notes += [_set_aside(path, field) for path in paths]
        elif field in _SEVERAL:
            given[field] = tuple(paths)
        else:
            given[field] = paths[0]
            if len(paths) > 1:
                names = " and ".join(path.name for path in paths)
                wrong = f"{names} both hold {field}"
                faults.append(_fault(folder, wrong, "give one by its option, and move the other"))
    if faults:
        raise UnreadableFile("\n".join(str(fault) for fault in faults))
    chosen = replace(sources, **given)  # type: ignore[arg-type]  # each field by its own kind
    return replace(chosen, notes=(*sources.notes, *notes))


def _entries(folder: Path) -> list[Path]:
    """What is in the folder, without hidden files and those of a spreadsheet that is open."""
    try:
        return sorted(p for p in folder.iterdir() if not p.name.startswith((".", LOCK)))
    except OSError as error:
        raise UnreadableFile(f"{folder}: cannot be read ({error.strerror})") from error


def _is_given(path: Path, sources: Sources) -> bool:
    """Whether an option names this very file."""
    one = (getattr(sources, field) for field in _FIELD.values() if field not in _SEVERAL)
    several = (path for field in sorted(_SEVERAL) for path in getattr(sources, field))
    return _is_among(path, (*(each for each in one if each is not None), *several))


def _is_among(path: Path, others: Iterable[Path]) -> bool:
    return path.resolve() in {other.resolve() for other in others}


def _looks_like_data(path: Path) -> bool:
    suffix = path.suffix.casefold()
    if suffix == ".txt" and path.stem.casefold() in ABOUT:
        return False
    return suffix in LOOK_LIKE_DATA


def _field_of(path: Path) -> str:
    """The field of `Sources` that the file goes into, or HISTORY. Raises FileRefusedError."""
    suffix = path.suffix.casefold()
    if path.name.casefold() in OUTPUTS:
        raise FileRefusedError(
            "has the name of an output of this program",
            "choose another folder for output; a file of yours with this name needs another name",
        )
    if suffix not in READ:
        raise FileRefusedError(
            f"would not be read: it is a {suffix} file",
            "give it as .csv, .xlsx or .geojson, or move it away",
        )
    if suffix == ".geojson":
        return "zones"
    layouts = [recognise(table) for table in open_tables(path)]
    name = next((layout.name for layout in layouts if layout is not None), None)
    if name is None:
        raise FileRefusedError(
            "is of no known layout by its header", "see docs/formats.md, or move it away"
        )
    return HISTORY if name == HISTORY else _FIELD[name]


def _set_aside(path: Path, field: str) -> Note:
    option = f"--{field.replace('_', '-')}"
    text = f"{path.name}: not read, because {option} names another file"
    return Note("file_not_read", path.name, text)


def _fault(path: Path, wrong: str, mend: str) -> Complaint:
    return Complaint(Place(path.name), wrong, mend, whole_file=True)
