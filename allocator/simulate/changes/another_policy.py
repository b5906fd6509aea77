"""Another policy: other bands, weights, gates, limits or days to commit by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from allocator.closed import CLOSED
from allocator.errors import PolicyError
from allocator.policy import load_policy
from allocator.simulate.changes.inputs import Inputs


@dataclass(frozen=True, slots=True)
class AnotherPolicy:
    """A policy by name, or by the path of its file. The nights that people ask for stay theirs."""

    __pydantic_config__ = CLOSED

    policy: str
    kind: Literal["policy"] = "policy"

    def applied(self, inputs: Inputs) -> Inputs:
        try:
            policy = load_policy(self.policy)
        except PolicyError as error:
            raise ValueError(str(error)) from error
        return replace(inputs, policy=policy)
