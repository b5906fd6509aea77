"""A folder of files: which is which, by their headers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from allocator.errors import UnreadableFile
from allocator.ingest.complaints import FileRefusedError
from allocator.ingest.recognise import recognise
from allocator.ingest.sources import Sources
from allocator.ingest.tables import open_tables

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
_SEVERAL = frozenset({"referrals", "out_of_service", "zones"})


def with_folder(folder: Path, sources: Sources) -> Sources:
    """The sources, with the folder's files where none was given by name.

    Only `.csv`, `.xlsx` and `.geojson` files are looked at. Raises UnreadableFile when one is in
    no known layout, or when two files are in a layout of which one is read.
    """
    found: dict[str, list[Path]] = defaultdict(list)
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise UnreadableFile(f"{folder}: cannot be read ({error.strerror})") from error
    for path in files:
        if path.suffix.casefold() == ".geojson":
            found["zones"].append(path)
        elif path.suffix.casefold() in (".csv", ".xlsx"):
            found[_FIELD[_layout_name(path)]].append(path)
    for field, paths in found.items():
        if field not in _SEVERAL and len(paths) > 1:
            names = " and ".join(path.name for path in paths)
            raise UnreadableFile(f"{folder}: {names} both hold {field}; give one by its option")
    given = {
        field: tuple(paths) if field in _SEVERAL else paths[0]
        for field, paths in found.items()
        if not getattr(sources, field)
    }
    return replace(sources, **given)  # type: ignore[arg-type]  # each field by its own kind


def _layout_name(path: Path) -> str:
    try:
        layouts = [recognise(table) for table in open_tables(path)]
    except FileRefusedError as refusal:
        raise UnreadableFile(f"{path.name}: {refusal.wrong}; {refusal.mend}") from refusal
    name = next((layout.name for layout in layouts if layout is not None), None)
    if name is None:
        raise UnreadableFile(
            f"{path.name}: its header is of no known layout; see docs/formats.md, "
            "or take it out of the folder"
        )
    return name
