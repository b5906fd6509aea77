"""Holds: made, let go of, kept for longer; and whom a held night is kept from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from allocator.nights import Stay
from api.service import holds
from api.service.change import Change
from tests.api.streams.action import Action, Wrongs, one_of, someone
from tests.api.streams.booking_actions import a_bed
from tests.api.streams.model import Hold, Model, nights
from tests.api.streams.rules import wake
from tests.api.streams.tiny_estate import BEDS

DAY = timedelta(days=1)


@dataclass
class Make(Action):
    bed: str
    first: date
    end: date
    lowest_band: int
    until: date
    name, route, only_a_person = "hold: make", "create_hold", True

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Make:
        first = model.today + DAY * rng.choice((-1, 0, 0, 0, 1, 2, 3))
        end = first + DAY * rng.choice((1, 4, 8, 12))
        until = model.today + DAY * rng.choice((0, 1, 3, 5, 9, 9, 14, 14, 40))
        return cls(someone(rng), a_bed(rng), first, end, rng.choice((1, 1, 1, 2, 3, 4)), until)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        wrongs.when(self.bed not in BEDS, "not there")
        wrongs.when(self.first < model.today, "in the past")
        wrongs.when(self.lowest_band > 3, "for everybody")
        wrongs.when(not 1 <= (self.until - model.today).days <= 31, "until")
        if self.bed not in BEDS:
            return
        mine = set(nights(self.first, self.end))
        wrongs.when(any(model.holder(self.bed, night) for night in mine), "taken")
        others = [hold for hold in model.in_force() if hold.bed == self.bed]
        wrongs.when(any(hold.nights & mine for hold in others), "held already")

    def do(self, change: Change) -> dict[str, Any]:
        stay = Stay(self.first, self.end)
        wanted = holds.Wanted(self.bed, stay, self.lowest_band, self.until, "expected")
        return holds.make(change, wanted)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        mine = set(nights(self.first, self.end))
        model.holds[row["id"]] = Hold(self.bed, mine, self.lowest_band, self.until)


@dataclass
class OfHold(Action):
    hold: str

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        hold = model.holds.get(self.hold)
        wrongs.when(hold is None, "not there")
        if hold is not None:
            self.judge_it(model, wrongs, hold)

    def judge_it(self, model: Model, wrongs: Wrongs, hold: Hold) -> None:
        over = hold not in model.in_force() or not hold.nights
        wrongs.when(over and hold.status != "released", "status")
        # With nights before today alone, it may be over or not.
        wrongs.unsaid_when(hold.nights and max(hold.nights) < model.today, "past nights")


@dataclass
class LetGo(OfHold):
    name, route, only_a_person = "hold: release", "release_hold", True

    @classmethod
    def choose(cls, model: Model, rng: Random) -> LetGo | None:
        identifier = one_of(rng, list(model.holds))
        return identifier and cls(someone(rng), identifier)

    def do(self, change: Change) -> dict[str, Any]:
        return holds.release(change, self.hold, "no longer needed")

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        hold = model.holds[self.hold]
        if hold.status != "released":
            hold.status = "released"
            woken(model, hold)


@dataclass
class Keep(OfHold):
    until: date
    version: int
    name, route, only_a_person = "hold: extend", "extend_hold", True

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Keep | None:
        identifier = one_of(rng, list(model.holds))
        version = model.versions.get(("holds", identifier or ""), 1) + (rng.random() < 0.1)
        until = model.today + DAY * rng.choice((0, 1, 3, 6, 31, 32))
        return identifier and cls(someone(rng), identifier, until, version)

    def judge_it(self, model: Model, wrongs: Wrongs, hold: Hold) -> None:
        super().judge_it(model, wrongs, hold)
        wrongs.when(hold.status == "released", "status")
        wrongs.when(self.version != model.versions["holds", self.hold], "version")
        wrongs.when(not 1 <= (self.until - model.today).days <= 31, "until")

    def do(self, change: Change) -> dict[str, Any]:
        return holds.extend(change, self.hold, self.until, "still to come", self.version)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        model.holds[self.hold].until = self.until


def woken(model: Model, hold: Hold) -> None:
    """The nights that it kept are to be had: open bids are flagged."""
    to_come = sorted(night for night in hold.nights if night >= model.today)
    if to_come:
        model.may_wake(hold.bed, to_come[0], to_come[-1] + DAY)
    for night in to_come:
        wake(model, hold.bed, night, night + DAY)


def run_out(model: Model) -> None:
    """A review ends the holds whose day has come."""
    for hold in model.holds.values():
        past = not hold.nights or max(hold.nights) < model.today
        if hold.status == "current" and (hold.until <= model.today or past) and hold.nights:
            if hold.until <= model.today or not hold.cut:
                hold.status = "expired"
            woken(model, hold)
