"""What is asked of beds: out of service, and what is known of them changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from api.service import estate, out_of_service
from api.service.change import Change
from tests.api.streams import tiny_estate
from tests.api.streams.action import Action, Wrongs, one_of, someone
from tests.api.streams.booking_actions import a_bed
from tests.api.streams.model import Model, OutOfUse, nights
from tests.api.streams.rules import wake
from tests.api.streams.tiny_estate import ADMINISTRATOR, BEDS, ROOMS

DAY = timedelta(days=1)
TABLES = {"premises": "premises", "room": "rooms", "bed": "beds"}


def nights_drawn(model: Model, rng: Random) -> tuple[date, date]:
    """First and last night; now and then the wrong way round."""
    first = model.today + DAY * rng.choice((-1, 0, 0, 1, 2, 5, 9))
    return first, first + DAY * rng.choice((-1, 0, 1, 2, 4))


def judge_nights(
    model: Model, wrongs: Wrongs, bed: str, first: date, last: date, ignoring: str = ""
) -> None:
    """Nobody else has the bed there."""
    wrongs.when(last < first, "no nights")
    for night in nights(max(first, model.today), last + DAY):
        wrongs.when(model.holder(bed, night) not in (None, ignoring), "taken")
    wrongs.unsaid_when(first < model.today, "in the past")


@dataclass
class Enter(Action):
    bed: str
    first: date
    last: date
    name, route = "out of service: enter", "create_out_of_service"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Enter:
        return cls(someone(rng), a_bed(rng), *nights_drawn(model, rng))

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        wrongs.when(self.bed not in BEDS, "not there")
        if self.bed in BEDS:
            judge_nights(model, wrongs, self.bed, self.first, self.last)
            for booking in model.bookings.values():
                late = booking.status == "arrived" and booking.departure <= model.today
                wrongs.unsaid_when(late and booking.bed == self.bed, "overstay")

    def do(self, change: Change) -> dict[str, Any]:
        return out_of_service.enter(change, self.bed, self.first, self.last, "repairs")

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        model.out_of_use[row["id"]] = OutOfUse(self.bed, self.first, self.last + DAY)
        model.loose_beds[self.bed] = model.step


@dataclass
class Alter(Action):
    record: str
    first: date
    last: date
    version: int
    name, route = "out of service: alter", "change_out_of_service"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Alter | None:
        identifier = one_of(rng, list(model.out_of_use))
        first, last = nights_drawn(model, rng)
        old = model.out_of_use.get(identifier or "")
        if old is not None and rng.random() < 0.6:
            first, last = old.first, old.end - DAY + DAY * rng.choice((-2, -1, -1, 0, 1))
        version = model.versions.get(("out_of_service", identifier or ""), 1)
        stale = rng.random() < 0.1
        return identifier and cls(someone(rng), identifier, first, last, version + stale)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        record = model.out_of_use.get(self.record)
        wrongs.when(record is None, "not there")
        if record is not None:
            wrongs.when(self.version != model.versions["out_of_service", self.record], "version")
            wrongs.when(record.cancelled, "cancelled")
            judge_nights(model, wrongs, record.bed, self.first, self.last, self.record)
            wrongs.unsaid_when(record.end <= model.today, "over")
            for booking in model.bookings.values():
                late = booking.status == "arrived" and booking.departure <= model.today
                wrongs.unsaid_when(late and booking.bed == record.bed, "overstay")

    def do(self, change: Change) -> dict[str, Any]:
        return out_of_service.alter(
            change, self.record, self.first, self.last, "more repairs", self.version
        )

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        record = model.out_of_use[self.record]
        old = record.first, record.end
        record.first, record.end = self.first, self.last + DAY
        model.loose_beds[record.bed] = model.step
        wake(model, record.bed, old[0], min(old[1], self.first))
        wake(model, record.bed, max(old[0], self.last + DAY), old[1])


@dataclass
class TakeBack(Action):
    record: str
    name, route = "out of service: cancel", "cancel_out_of_service"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> TakeBack | None:
        identifier = one_of(rng, list(model.out_of_use))
        return identifier and cls(someone(rng), identifier)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        record = model.out_of_use.get(self.record)
        wrongs.when(record is None, "not there")
        wrongs.unsaid_when(record is not None and record.cancelled, "said again")

    def do(self, change: Change) -> dict[str, Any]:
        return out_of_service.cancel(change, self.record, "mended")

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        record = model.out_of_use[self.record]
        if not record.cancelled:
            record.cancelled = True
            model.loose_beds[record.bed] = model.step
            wake(model, record.bed, record.first, record.end)


@dataclass
class Estate(Action):
    """A bed or premises renamed, a premises shut or opened, a room made fit or unfit for arson."""

    kind: str
    identifier: str
    yes: bool
    version: int
    name, route = "estate changed", "change_beds"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Estate:
        kind = rng.choice(("premises", "room", "bed"))
        ids = {"premises": ["A", "B"], "room": list(ROOMS), "bed": list(BEDS)}[kind]
        identifier = rng.choice(ids)
        version = model.versions[TABLES[kind], identifier] + (rng.random() < 0.1)
        yes = rng.random() < (0.9 if kind == "premises" else 0.5)
        return cls(rng.choice((ADMINISTRATOR, someone(rng))), kind, identifier, yes, version)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        current = model.versions[TABLES[self.kind], self.identifier]
        wrongs.when(self.version != current, "version")
        wrongs.unsaid.add("role")

    def do(self, change: Change) -> dict[str, Any]:
        name = f"Changed {self.version}"
        values = {
            "premises": lambda: tiny_estate.premises(self.identifier, name=name, is_open=self.yes),
            "room": lambda: tiny_estate.room(self.identifier, arson=self.yes),
            "bed": lambda: tiny_estate.bed(self.identifier, name=name),
        }
        return estate.update(change, values[self.kind](), self.version)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        where = {"premises": model.open_premises, "room": model.arson}.get(self.kind)
        key = (self.kind, self.identifier)
        if where is not None:
            same = where[self.identifier] == self.yes and self.kind == "room"
            where[self.identifier] = self.yes
            if same:
                model.loose_beds |= dict.fromkeys(ROOMS[self.identifier][1], model.step)
                return
        model.facts[key] = model.step
