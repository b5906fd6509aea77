"""Out-of-service rate: beds break more or less often."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from allocator.closed import CLOSED
from allocator.simulate.changes.inputs import Inputs


@dataclass(frozen=True, slots=True)
class OutOfServiceRate:
    """Beds in service go out of it `factor` times as often, for as long as before.

    What is out of service on the first day stays so as recorded.
    """

    __pydantic_config__ = CLOSED

    factor: float
    kind: Literal["out_of_service_rate"] = "out_of_service_rate"

    def __post_init__(self) -> None:
        if not 0 <= self.factor <= 10:
            raise ValueError("factor must be from 0 to 10")

    def applied(self, inputs: Inputs) -> Inputs:
        return replace(inputs, breaks=inputs.breaks * self.factor)
