"""Estates: whose beds a study may simulate, and the premises that a scenario can name of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache

from allocator.problem import Problem
from allocator.simulate.setting import Setting, inputs_of
from api.pages.study_writing import LOAD, SEED, SIZES
from api.pages.words import counted
from api.service.change import Change
from api.service.studies import REGISTER

MADE_UP = {"S": "A small one, made up", "M": "A middling one, made up", "L": "One of national size"}
Choices = list[tuple[str, str]]


def estates(with_forecast: bool) -> Choices:
    """Those to choose from: the register's needs a forecast of who comes."""
    made_up = [(size, f"{MADE_UP[size]}, {len(_made_up(size))} premises") for size in SIZES]
    register = [(REGISTER, "The register’s, with its forecast")]
    return [*register, *made_up] if with_forecast else made_up


def places(change: Change, estate: str) -> tuple[str, Choices]:
    """The words of an estate and its premises; the value says of which estate they are."""
    if estate in MADE_UP:
        return MADE_UP[estate], list(_made_up(estate))
    if estate != REGISTER:
        return "", []
    names = names_of(change, estate).items()
    beds = Counter(row["premises_id"] for row in change.outlines("bed", ["premises_id"]))
    return "The register", _told(REGISTER, names, beds)


def names_of(change: Change, estate: str) -> dict[str, str]:
    """What its premises are called, by their ids."""
    if estate in MADE_UP:
        return {each.id: each.name for each in _problem(estate).premises}
    return {row["id"]: row["name"] for row in change.outlines("premises", ["name"])}


def first_day(estate: str, today: date) -> date:
    """On which simulated years over this estate begin."""
    return _problem(estate).as_of if estate in MADE_UP else today


@cache
def _made_up(size: str) -> tuple[tuple[str, str], ...]:
    """Those of the estate that the form writes into the file: the same number, the same estate."""
    problem = _problem(size)
    names = [(each.id, each.name) for each in problem.premises]
    of_room = {room.id: room.premises_id for room in problem.rooms}
    return tuple(_told(size, names, Counter(of_room[bed.room_id] for bed in problem.beds)))


@cache
def _problem(size: str) -> Problem:
    return inputs_of(Setting(size=size, seed=SEED, load=LOAD)).problem


def _told(estate: str, names: Iterable[tuple[str, str]], beds: Counter[str]) -> Choices:
    ordered = sorted(names, key=lambda each: (each[1], each[0]))
    return [
        (f"{estate}/{identifier}", f"{name} ({identifier}), {counted(beds[identifier], 'bed')}")
        for identifier, name in ordered
    ]
