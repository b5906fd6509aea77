"""Shrink: the shortest story found that still ends in the same disagreement."""

from __future__ import annotations

from dataclasses import dataclass

from tests.api.streams.compare import DisagreementError
from tests.api.streams.stream import Stage, Step, Tally, story


@dataclass(frozen=True)
class Failure:
    """A stream that failed, why, and the story told by its shortest form."""

    seed: int
    kind: str
    words: str
    told: tuple[str, ...]


def run(stage: Stage, seed: int, tally: Tally, *, shrunk: bool = True) -> Failure | None:
    """Play one stream; what went wrong, if anything."""
    steps = story(seed)
    found = _failure(stage, steps, tally)
    if found is None:
        return None
    if shrunk:
        steps = _shorter(stage, steps, found[0])
    told: list[str] = []
    found = _failure(stage, steps, Tally(), told) or found
    return Failure(seed, *found, tuple(told))


def _failure(
    stage: Stage, steps: list[Step], tally: Tally, told: list[str] | None = None
) -> tuple[str, str] | None:
    try:
        stage.play(steps, tally, told)
    except DisagreementError as error:
        return error.kind, str(error)
    except Exception as error:  # whatever the register should not have raised is a finding
        return type(error).__name__, f"{type(error).__name__}: {error}"
    return None


def _shorter(stage: Stage, steps: list[Step], kind: str) -> list[Step]:
    """Leave out whatever can be left out, larger pieces first."""
    size = len(steps) // 2
    while size:
        start = 0
        while start < len(steps):
            fewer = steps[:start] + steps[start + size :]
            found = _failure(stage, fewer, Tally())
            if found is not None and found[0] == kind:
                steps = fewer
            else:
                start += size
        size //= 2
    return steps
