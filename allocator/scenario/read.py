"""Reading a scenario file: the whole of it, or every fault at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from allocator.errors import UnreadableFile
from allocator.plain_words import counted
from allocator.scenario.fault import Fault, told
from allocator.scenario.file import SCENARIO_VERSION, ScenarioFile
from allocator.scenario.meaning_faults import as_json, base_faults, found_from, name_faults
from allocator.scenario.shape_faults import shape_faults
from allocator.scenario.yaml_text import read_yaml
from allocator.simulate.changes import with_paths_from

_FILE = TypeAdapter(ScenarioFile)
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Looked:
    """What a scenario file came to: the file as it was written, or every fault of it."""

    file: ScenarioFile | None
    faults: tuple[Fault, ...] = ()


def look_at(data: object, folder: Path | None) -> Looked:
    """A file's keys and values. `folder`: from which the files that it names are found; None: only
    at what can be seen without the base, where something is wrong with that already.
    """
    if not isinstance(data, dict):
        return Looked(None, (Fault((), "the file must hold keys and values, version: 1 first"),))
    version = data.get("version")
    if isinstance(version, bool) or (isinstance(version, int) and version != SCENARIO_VERSION):
        # What another version holds would be told as so many faults.
        text = f"scenario version {version}; this allocator reads version {SCENARIO_VERSION}"
        return Looked(None, (Fault(("version",), text),))
    try:
        text = as_json(data)
    except (TypeError, ValueError, RecursionError):
        return Looked(None, (Fault((), "a key is no word, or a number has too many digits"),))
    faults: list[Fault] = []
    found = None
    try:
        found = _FILE.validate_json(text, strict=True)
    except ValidationError as error:
        faults += shape_faults(error, data)
    faults += name_faults(data)
    if folder is not None:
        faults += base_faults(data, folder)
    return Looked(None if faults else found, tuple(faults))


def read_scenario(path: Path) -> ScenarioFile:
    """The file with its paths made whole. Raises UnreadableFile, with a line for each fault."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(f"{path}: more than {MOST_BYTES:,} bytes is no scenario file")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: is not text in UTF-8") from error
    read = read_yaml(text)
    if read.faults:
        raise _refused(path, told(read.faults, read.lines))
    looked = look_at(read.data, path.parent)
    if looked.file is None:
        raise _refused(path, told(looked.faults, read.lines))
    return _with_paths(looked.file, path.parent)


def _with_paths(found: ScenarioFile, folder: Path) -> ScenarioFile:
    return replace(
        found,
        base=found_from(found.base, folder),
        scenarios=tuple(
            replace(each, changes=tuple(with_paths_from(change, folder) for change in each.changes))
            for each in found.scenarios
        ),
    )


def _refused(path: Path, lines: list[str]) -> UnreadableFile:
    count = counted(len(lines), "fault")
    return UnreadableFile(f"{path}: {count}; nothing was run.\n  " + "\n  ".join(lines))
