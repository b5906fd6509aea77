"""Explanations of a finished plan: why, why not, and what would change it.

Make one Situation of a lawful plan, then ask it as often as you like:

    situation = Situation(plan, problem, policy)
    print(unplaced_text(explain_unplaced(referral, situation)))

Everything said is exact: a change is shown to the referee before it is told, and a kind of change
that is not told was looked through whole. Nothing names another person.
"""

from __future__ import annotations

from allocator.explain.as_json import placed_json, unplaced_json
from allocator.explain.change import Change, Kind
from allocator.explain.insertion import best_insertion
from allocator.explain.level_up import LevelUp, level_up
from allocator.explain.placed import Placed, explain_placed
from allocator.explain.reason import Main, Reason, reason_of
from allocator.explain.reasons import reasons
from allocator.explain.situation import Situation
from allocator.explain.told import placed_text, unplaced_text
from allocator.explain.unplaced import Unplaced, explain_unplaced

__all__ = [
    "Change",
    "Kind",
    "LevelUp",
    "Main",
    "Placed",
    "Reason",
    "Situation",
    "Unplaced",
    "best_insertion",
    "explain_placed",
    "explain_unplaced",
    "level_up",
    "placed_json",
    "placed_text",
    "reason_of",
    "reasons",
    "unplaced_json",
    "unplaced_text",
]
