"""Cell: one method on one setting, run to the end, as figures that can be kept."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pydantic import TypeAdapter

from allocator.closed import CLOSED
from allocator.errors import ModelError
from allocator.simulate.judge import breaches
from allocator.simulate.methods import METHODS
from allocator.simulate.setting import Setting, digest, futures_of, world_of
from allocator.simulate.tally import Tally, tally
from allocator.simulate.year import Year


@dataclass(frozen=True, slots=True)
class Cell:
    """A setting and the name of a method."""

    __pydantic_config__ = CLOSED

    setting: Setting
    method: str

    @property
    def key(self) -> str:
        """SHA-256 of all that the result depends on."""
        return digest(self.setting, self.method)


@dataclass(frozen=True, slots=True)
class Result:
    """What a cell came to. `seconds`: of processor time, futures and the referee included."""

    __pydantic_config__ = CLOSED

    cell: Cell
    tally: Tally
    seconds: float


RESULT = TypeAdapter(Result)


def run_cell(cell: Cell) -> Result:
    """Simulate. Raises ModelError when the referee finds anything unlawful in the year."""
    world = world_of(cell.setting)
    # Everyone's lawful beds are the world's and not the method's to pay for.
    _ = world.askers, world.residents
    begun = time.process_time()
    method = METHODS[cell.method]
    year = Year(world, method, futures_of(cell.setting, world, method.futures))
    year.run()
    found = breaches(year)
    if found:
        codes = ", ".join(sorted({breach.code for breach in found}))
        raise ModelError(f"the simulated year of {cell.method} breaches {codes}")
    return Result(cell, tally(year), round(time.process_time() - begun, 3))
