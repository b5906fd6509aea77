"""Fault: one thing that is wrong in a scenario file, where it is, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and places (from 0) that lead to a value."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`line`: where it is known apart from the path."""

    path: Path
    text: str
    line: int | None = None


def place_of(path: Path, text: str, here: object) -> Path:
    """The path of the key with which a fault's words begin, where it is one of those here."""
    word = text.partition(" ")[0].rstrip(":")
    return (*path, word) if isinstance(here, Mapping) and word in here else path


def told(faults: Iterable[Fault], lines: Mapping[Path, int]) -> list[str]:
    """A line for each, in the order of the file: `line 12, scenarios[0].name: is missing`."""
    placed = sorted(
        ((_line(fault, lines), fault) for fault in faults),
        key=lambda each: (each[0] or 0, each[1].path and str(each[1].path), each[1].text),
    )
    return list(dict.fromkeys(_words(line, fault) for line, fault in placed))


def _line(fault: Fault, lines: Mapping[Path, int]) -> int | None:
    """Of the value, or of the nearest one around it."""
    if fault.line is not None:
        return fault.line
    for length in range(len(fault.path), 0, -1):
        if fault.path[:length] in lines:
            return lines[fault.path[:length]]
    return None


def _words(line: int | None, fault: Fault) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault.path)
    places = [f"line {line}"] if line is not None else []
    if where:
        places.append(where.removeprefix("."))
    return f"{', '.join(places)}: {fault.text}" if places else fault.text
