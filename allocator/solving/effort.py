"""Effort: how much work a solve does, counted so that a second run does the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Budgets of one effort. None of them is a time: a slow machine gives the same plan."""

    per_person: int
    """Options of each person that the relaxation starts from."""
    rounds: int
    """Rounds of pricing a level."""
    leap_options: int
    """Options that are looked at together for a whole stretch of levels."""
    part_options: int
    """Of how many options a part is, where they are first looked at part by part."""
    idle_leaps: int
    """Passes in a row that give nothing better before the search ends."""
    dives: int
    """Stretches of the map that are made anew after the first dive."""
    wishes: int
    """Taken places of each person of which it is asked whether their holder can move."""
    tries_of_way: int
    """Places of chance that each person is tried in, on average, with others making way."""
    one_by_one: int
    """With no more options than this, levels that come out short of their prices are searched
    for one by one."""
    first_stretch_only: int
    """With more options than this, the levels after who is placed are left as they come out."""
    candidates: int
    """Options that are looked at for one level."""
    nodes: int
    """Nodes of the tree of each look."""
    tries: int
    """Looks, each with the pairs of people that the one before broke."""


EFFORTS = {
    "quick": Effort(
        per_person=12,
        rounds=10,
        leap_options=12_000,
        part_options=2_400,
        idle_leaps=1,
        dives=12,
        wishes=15,
        tries_of_way=300,
        one_by_one=250_000,
        first_stretch_only=500_000,
        candidates=8_000,
        nodes=20,
        tries=4,
    ),
    "standard": Effort(
        per_person=20,
        rounds=16,
        leap_options=20_000,
        part_options=2_400,
        idle_leaps=3,
        dives=40,
        wishes=40,
        tries_of_way=1000,
        one_by_one=250_000,
        first_stretch_only=2_000_000,
        candidates=20_000,
        nodes=100,
        tries=8,
    ),
    "thorough": Effort(
        per_person=30,
        rounds=40,
        leap_options=40_000,
        part_options=2_400,
        idle_leaps=8,
        dives=120,
        wishes=100,
        tries_of_way=5000,
        one_by_one=10**9,
        first_stretch_only=10**9,
        candidates=60_000,
        nodes=20_000,
        tries=30,
    ),
}
