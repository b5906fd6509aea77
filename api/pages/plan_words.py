"""Plan words: what a plan is called, and its levels, as a page tells them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from allocator.export.words import AIM_WORDS, aim_words, amount, bound_amount, gap_words
from allocator.plan import LevelReached, Plan
from api.pages.words import moment, sentence
from api.service.plan_numbers import asked_for


def plans_called(connection: Connection, run_ids: Collection[str]) -> dict[str, str]:
    """By run, the moment at which it was asked for; with a number from the second of one minute on.

    One that there is not is called by its id.
    """
    found = asked_for(connection, run_ids)
    return {each: _called(*found[each]) if each in found else each for each in run_ids}


def _called(at: datetime, number: int) -> str:
    return moment(at) if number == 1 else f"{moment(at)} ({number})"


@dataclass(frozen=True, slots=True)
class LevelTold:
    """One level in words."""

    code: str
    aim: str
    value: str
    bound: str
    proof: str
    proven: bool


def levels_told(plan: Plan) -> list[LevelTold]:
    """Every level in its order."""
    return [level_told(level) for level in plan.levels]


def level_told(level: LevelReached) -> LevelTold:
    """One of them."""
    aim = aim_words(level)
    return LevelTold(
        level.code,
        sentence(aim),
        amount(level, level.value),
        bound_amount(level),
        gap_words(level),
        level.proven,
    )


def code_words(code: str) -> str:
    """What a level is about, from its code alone: that is all that a running solve tells."""
    aim, _, band = code.partition("/")
    words = AIM_WORDS.get(aim, aim.replace("_", " "))
    told = f"{words}, band {band}" if band else words
    return sentence(told)


def progress_told(progress: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How far a running solve is, a row a level; what it is at comes last."""
    return [
        {**level, "words": code_words(level["level"])}
        for level in progress
        if level["value"] is not None or level["bound"] is not None
    ]


def at_now(progress: list[dict[str, Any]]) -> str:
    """What a running solve is at, in words."""
    if not progress:
        return "Getting ready"
    last = progress[-1]
    return last.get("note") or code_words(last["level"])
