"""Inputs: what a simulated year is made from, as changes find it and leave it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from allocator.coming import Coming, Demand
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.simulate.ground import Closing

FEW = 20
"""So many premises are listed by id."""
LIKE = 0.3
"""Share of letters alike from which an id is near: two letters of a region are."""


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


def require_premises(problem: Problem, premises: str) -> None:
    """Raises ValueError, with the ids that there are or the nearest, where there is none such."""
    if premises in problem.premises_by_id:
        return
    there = sorted(problem.premises_by_id)
    near = get_close_matches(premises, there, n=5, cutoff=LIKE)
    words = f"no premises has the id {premises}"
    if len(there) <= FEW:
        raise ValueError(f"{words}; there are {', '.join(there)}")
    nearest = f"the nearest are {', '.join(near)}; " if near else ""
    raise ValueError(f"{words}; {nearest}there are {len(there)}, from {there[0]} to {there[-1]}")
