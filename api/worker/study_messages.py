"""What a worker and the process of its study say to each other: one line of JSON a message."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from allocator.scenario.file import ScenarioFile
from allocator.simulate.cell import Result
from api.service.studies import Kind

FIGURES_FILE = "figures.json"
MADE_FOLDER = "made"
"""In the study's folder: the figures, and the folder of the files that may be taken away."""


@dataclass(frozen=True, slots=True)
class StudyRequest:
    """The child's first line. The files that the study names are in `folder`."""

    kind: Kind
    file: ScenarioFile
    folder: str
    processes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer to `wanted`: what was run before."""

    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a part of the study is: years done, of how many, and what is at hand."""

    step: str
    done: int
    of: int
    at: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line from the child. `wanted`: keys of years that are asked for; a `Kept` must follow.

    `result`: a year that has been run, with its `key`. `finished`: the files are in the folder.
    """

    step: Step | None = None
    wanted: tuple[str, ...] = ()
    key: str = ""
    result: Result | None = None
    finished: bool = False
    fault: str = ""
    out_of_memory: bool = False


REQUEST = TypeAdapter(StudyRequest)
KEPT = TypeAdapter(Kept)
SAID = TypeAdapter(Said)


def said_line(said: Said) -> bytes:
    """The message as one line."""
    return SAID.dump_json(said) + b"\n"


def read_said(line: bytes) -> Said:
    """The message in a line. Raises ValueError for half a line."""
    return SAID.validate_json(line)
