"""Situation: a finished plan made ready for questions. Made once, asked many times."""

from __future__ import annotations

from functools import cached_property

from allocator.explain.board import Board, Opening
from allocator.explain.part import Parts
from allocator.explain.way import Way
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem


class Situation(Board):
    """The board with what helps to look at moves. Not for use by two threads at once."""

    def __init__(self, plan: Plan, problem: Problem, policy: Policy) -> None:
        super().__init__(plan, problem, policy)
        self.known: dict[str, tuple[Opening, ...]] = {}
        """Where else a placed person might be, by referral: see `moves.elsewhere`."""
        self.known_beds: dict[str, tuple[str, ...]] = {}
        """Where else in its premises a booking might be: see `moves.other_beds`."""

    @cached_property
    def way(self) -> Way:
        """Who is in the way of whom."""
        return Way(self)

    @cached_property
    def parts(self) -> Parts:
        """The plan and the problem, premises by premises."""
        return Parts(self.facts)
