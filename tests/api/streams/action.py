"""Action: what somebody asks of the register, what must come of it, and what it leaves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar

from api.access.actor import Actor
from api.service.change import Change
from api.service.register import Answer, Register
from tests.api.streams.model import Model
from tests.api.streams.tiny_estate import COORDINATORS, MANAGER, SYSTEM


@dataclass(frozen=True)
class Verdict:
    """`wrong`: why it must be refused. `unsaid`: why either would be right."""

    wrong: frozenset[str] = frozenset()
    unsaid: frozenset[str] = frozenset()

    @property
    def must(self) -> str:
        return "refuse" if self.wrong else "either" if self.unsaid else "do"


@dataclass
class Wrongs:
    """Gathers a verdict."""

    wrong: set[str] = field(default_factory=set)
    unsaid: set[str] = field(default_factory=set)

    def when(self, condition: object, why: str) -> None:
        if condition:
            self.wrong.add(why)

    def unsaid_when(self, condition: object, why: str) -> None:
        if condition:
            self.unsaid.add(why)

    def verdict(self) -> Verdict:
        return Verdict(frozenset(self.wrong), frozenset(self.unsaid))


@dataclass
class Action(ABC):
    """One thing asked by someone. `route`: its name in the table of permissions."""

    actor: Actor
    name: ClassVar[str]
    route: ClassVar[str]
    only_a_person: ClassVar[bool] = False
    only_a_manager: ClassVar[bool] = False
    only_a_role: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def choose(cls, model: Model, rng: Random) -> Action | None:
        """Arguments drawn on what there is; None when there is nothing to do it to."""

    @abstractmethod
    def judge(self, model: Model, wrongs: Wrongs) -> None:
        """What is wrong with it, whoever asks."""

    @abstractmethod
    def do(self, change: Change) -> dict[str, Any]:
        """Ask the register."""

    @abstractmethod
    def follow(self, model: Model, row: dict[str, Any]) -> None:
        """What it leaves, now that it was done."""

    def verdict(self, model: Model) -> Verdict:
        wrongs = Wrongs()
        self.judge(model, wrongs)
        wrongs.when(self.only_a_person and self.actor == SYSTEM, "actor")
        wrongs.when(self.only_a_manager and self.actor != MANAGER, "actor")
        if self.actor != MANAGER and (self.actor not in COORDINATORS or self.only_a_role):
            wrongs.unsaid.add("role")
        return wrongs.verdict()

    def perform(self, register: Register, key: str | None) -> dict[str, Any]:
        """One transaction, through the register's own way of doing a thing once."""
        kept: dict[str, Any] = {}

        def command(change: Change) -> Answer:
            kept.update(self.do(change))
            return Answer(200, {"id": kept.get("id")})

        answer = register.perform(self.actor, self.route, key, {"asked": str(self)}, command)
        return {**kept, "answer": answer}


def someone(rng: Random) -> Actor:
    """Mostly people, sometimes a system."""
    return rng.choice((*COORDINATORS, *COORDINATORS, MANAGER, MANAGER, SYSTEM))


def one_of(rng: Random, ids: list[str], *, missing: float = 0.02) -> str | None:
    """One of these, or now and then one that is not there."""
    if rng.random() < missing:
        return "nobody"
    return rng.choice(ids) if ids else None
