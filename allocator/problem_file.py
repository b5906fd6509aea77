"""problem.json and plan.json: the canonical files, read and written through Pydantic."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from allocator.errors import UnreadableFile
from allocator.plan import PLAN_VERSION, Plan
from allocator.problem import PROBLEM_VERSION, Problem

_PROBLEM = TypeAdapter(Problem)
_PLAN = TypeAdapter(Plan)
SHOWN_FAULTS = 20
T = TypeVar("T")


def problem_to_json(problem: Problem) -> bytes:
    """The canonical text of a problem: equal problems give equal bytes."""
    return _PROBLEM.dump_json(problem, indent=1)


def problem_hash(problem: Problem) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(problem_to_json(problem)).hexdigest()


def read_problem(path: Path) -> Problem:
    """A problem from its file. Raises UnreadableFile with every fault found."""
    return _read(path, _PROBLEM, "problem", PROBLEM_VERSION)


def write_problem(problem: Problem, path: Path) -> None:
    """Write the file whole or not at all."""
    _write(path, problem_to_json(problem))


def read_plan(path: Path) -> Plan:
    """A plan from its file. Raises UnreadableFile with every fault found."""
    return _read(path, _PLAN, "plan", PLAN_VERSION)


def write_plan(plan: Plan, path: Path) -> None:
    """Write the file whole or not at all."""
    _write(path, _PLAN.dump_json(plan, indent=1))


def problem_schema() -> dict[str, object]:
    """JSON Schema of problem.json."""
    return _PROBLEM.json_schema()


def plan_schema() -> dict[str, object]:
    """JSON Schema of plan.json."""
    return _PLAN.json_schema()


def _read(path: Path, adapter: TypeAdapter[T], kind: str, version: int) -> T:
    try:
        value = adapter.validate_json(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror})") from error
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


def _write(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(text)
    partial.replace(path)
