"""Sweep: many cells, side by side and kept as they come, so that a sweep can go on after a stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from allocator.simulate.cell import RESULT, Cell, Result, run_cell
from allocator.simulate.processes import Processes
from allocator.whole_file import write_whole

Told = Callable[[int, int, Result], None]
"""How many are done, of how many, and the last one."""


class Kept(Protocol):
    """Where results stay, so that a cell is not run twice."""

    def found(self, keys: Sequence[str]) -> Iterator[Result]:
        """Results of those cells that were run before."""
        ...

    def keep(self, key: str, result: Result) -> None:
        """Keep a result that has just been made."""
        ...


@dataclass(frozen=True, slots=True)
class InFolder:
    """Results as files of a folder, each named by the cell's key."""

    folder: Path

    def found(self, keys: Sequence[str]) -> Iterator[Result]:
        for key in keys:
            # What cannot be read is made again.
            with suppress(OSError, ValueError):
                yield RESULT.validate_json((self.folder / f"{key}.json").read_bytes())

    def keep(self, key: str, result: Result) -> None:
        write_whole(self.folder / f"{key}.json", RESULT.dump_json(result))


def sweep(
    cells: Sequence[Cell],
    kept: Path | Kept,
    *,
    executor: Executor | None = None,
    workers: int = 2,
    told: Told = lambda done, of, last: None,
) -> tuple[Result, ...]:
    """Results in the order of the cells. Those that `kept` has (a folder) are not run again.

    `executor`: where they run; None: so many processes of this machine. Whatever it is, a cell's
    figures are the same. Raises what a cell raises, after the others have been kept.
    """
    if isinstance(kept, Path):
        kept.mkdir(parents=True, exist_ok=True)
        kept = InFolder(kept)
    keys = {cell: cell.key for cell in cells}
    found: dict[Cell, Result] = {}
    for result in kept.found(list(keys.values())):
        if result.cell in keys:
            found[result.cell] = result
            told(len(found), len(cells), result)
    missing = [cell for cell in dict.fromkeys(cells) if cell not in found]
    if missing:
        with Processes(workers) if executor is None else nullcontext(executor) as pool:
            for result in _run(pool, missing):
                found[result.cell] = result
                kept.keep(keys[result.cell], result)
                told(len(found), len(cells), result)
    return tuple(found[cell] for cell in cells)


def _run(pool: Executor, cells: Sequence[Cell]) -> Iterator[Result]:
    fault: BaseException | None = None
    waiting: list[Future[Result]] = [pool.submit(run_cell, cell) for cell in cells]
    for future in as_completed(waiting):
        raised = future.exception()
        if raised is None:
            yield future.result()
        else:
            fault = fault or raised
    if fault is not None:
        raise fault
