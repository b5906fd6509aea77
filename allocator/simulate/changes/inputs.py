"""Inputs: what a simulated year is made from, as changes find it and leave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from allocator.coming import Coming, Demand
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.simulate.ground import Closing


@dataclass(frozen=True, slots=True)
class Inputs:
    """The estate with each resident in a named bed, where people come from, and the policy."""

    problem: Problem
    demand: Demand
    policy: Policy
    breaks: float = 1.0
    """How often beds go out of service, as a multiple of the usual rate."""
    closing: tuple[Closing, ...] = ()
    again: tuple[Coming, ...] = ()
    """People whose booking was taken away: they ask again from the first day on."""
    number: int = 0
    """Of the change being applied, from 1: so that two of a kind draw apart."""


class Applied(Protocol):
    """One change."""

    def applied(self, inputs: Inputs) -> Inputs:
        """The inputs with the change made, and nothing else. Raises ValueError, in words."""
        ...
