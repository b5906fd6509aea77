"""problem.json and plan.json: the canonical files, read and written through Pydantic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from allocator.errors import UnreadableFile
from allocator.plan import PLAN_VERSION, Plan
from allocator.problem import PROBLEM_VERSION, Problem
from allocator.whole_file import write_whole

_PROBLEM = TypeAdapter(Problem)
_PLAN = TypeAdapter(Plan)
SHOWN_FAULTS = 20
KEYS = {
    "problem": ("version", "as_of", "premises"),
    "plan": ("version", "problem_hash", "placements"),
}
"""What tells each kind of file from any other JSON, and has to be there."""
T = TypeVar("T")


def problem_to_json(problem: Problem) -> bytes:
    """The canonical text of a problem: equal problems give equal bytes."""
    # Left out where there is none, so that a problem from before there were holds keeps its hash.
    return _PROBLEM.dump_json(problem, indent=1, exclude=None if problem.held else {"held"})


def problem_hash(problem: Problem) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(problem_to_json(problem)).hexdigest()


def read_problem(path: Path) -> Problem:
    """A problem from its file. Raises UnreadableFile with every fault found."""
    return _read(path, _PROBLEM, "problem", PROBLEM_VERSION)


def write_problem(problem: Problem, path: Path) -> None:
    """Write the file whole or not at all."""
    write_whole(path, problem_to_json(problem))


def read_plan(path: Path) -> Plan:
    """A plan from its file. Raises UnreadableFile with every fault found."""
    return _read(path, _PLAN, "plan", PLAN_VERSION)


def write_plan(plan: Plan, path: Path) -> None:
    """Write the file whole or not at all."""
    write_whole(path, _PLAN.dump_json(plan, indent=1))


def problem_schema() -> dict[str, object]:
    """JSON Schema of problem.json."""
    return _with_keys(_PROBLEM.json_schema(), KEYS["problem"])


def plan_schema() -> dict[str, object]:
    """JSON Schema of plan.json."""
    return _with_keys(_PLAN.json_schema(), KEYS["plan"])


def _with_keys(schema: dict[str, object], keys: Iterable[str]) -> dict[str, object]:
    required = schema.get("required", [])
    assert isinstance(required, list)
    return {**schema, "required": [*required, *(key for key in keys if key not in required)]}


def _read(path: Path, adapter: TypeAdapter[T], kind: str, version: int) -> T:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror})") from error
    _refuse_another_kind(path, data, kind)
    try:
        value = adapter.validate_json(data)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)[:SHOWN_FAULTS]
        ]
        more = error.error_count() - len(faults)
        tail = [f"and {more} more"] if more > 0 else []
        raise UnreadableFile(
            f"{path} is not a {kind} file:\n  " + "\n  ".join(faults + tail)
        ) from error
    found = getattr(value, "version", None)
    if found != version:
        raise UnreadableFile(
            f"{path}: {kind} version {found}; this allocator reads version {version}"
        )
    return value


def _refuse_another_kind(path: Path, data: bytes, kind: str) -> None:
    """Raises UnreadableFile for JSON that is another kind of file, or none that we know.

    Without this an object that lacks everything would pass for a problem of nothing.
    """
    try:
        found = from_json(data)
    except ValueError:
        return  # that it is no JSON at all is told with its line
    keys = set(found) if isinstance(found, dict) else set()
    missing = [key for key in KEYS[kind] if key not in keys]
    if not missing:
        return
    other = next((name for name, own in KEYS.items() if name != kind and keys.issuperset(own)), "")
    wrong = f"this is a {other} file" if other else f"it lacks {', '.join(missing)}"
    raise UnreadableFile(f"{path} is not a {kind} file: {wrong}")
