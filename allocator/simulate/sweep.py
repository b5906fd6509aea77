"""Sweep: many cells, side by side and kept as they come, so that a sweep can go on after a stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from allocator.simulate.cell import RESULT, Cell, Result, run_cell
from allocator.whole_file import write_whole

Told = Callable[[int, int, Result], None]
"""How many are done, of how many, and the last one."""


def sweep(
    cells: Sequence[Cell],
    kept: Path,
    *,
    executor: Executor | None = None,
    workers: int = 2,
    told: Told = lambda done, of, last: None,
) -> tuple[Result, ...]:
    """Results in the order of the cells. Those in the folder `kept` are not run again.

    `executor`: where they run; None: so many processes of this machine. Whatever it is, a cell's
    figures are the same. Raises what a cell raises, after the others have been kept.
    """
    kept.mkdir(parents=True, exist_ok=True)
    found: dict[Cell, Result] = {}
    for cell in cells:
        result = _kept(kept / f"{cell.key}.json")
        if result is not None:
            found[cell] = result
            told(len(found), len(cells), result)
    missing = [cell for cell in dict.fromkeys(cells) if cell not in found]
    if missing:
        own = executor is None
        pool = executor or ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        try:
            for result in _run(pool, missing):
                found[result.cell] = result
                write_whole(kept / f"{result.cell.key}.json", RESULT.dump_json(result))
                told(len(found), len(cells), result)
        finally:
            if own:
                pool.shutdown(cancel_futures=True)
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


def _kept(path: Path) -> Result | None:
    """A result of an earlier sweep; what cannot be read is made again."""
    try:
        return RESULT.validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None
