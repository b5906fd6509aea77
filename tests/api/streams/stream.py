"""Stream: random actions on one register, each compared with the model."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from pydantic import ValidationError
from sqlalchemy import event

from api.access.permissions import PERMISSIONS
from api.service.clock import Clock
from api.service.refusals import NotAllowedError, Refusal
from api.service.register import Register
from api.store.database import Database
from api.store.verify import verify
from tests.api.streams import (
    bed_actions,
    bid_actions,
    booking_actions,
    hold_actions,
    owner_actions,
    run_actions,
)
from tests.api.streams.action import Action, Verdict
from tests.api.streams.compare import DisagreementError, closings, compare, invariants, must
from tests.api.streams.look import Rows, difference, head, look
from tests.api.streams.model import Expected, Model
from tests.api.streams.telling import said
from tests.api.streams.tiny_estate import build

WEIGHTS: dict[type[Action] | None, int] = {
    None: 12,
    bid_actions.Create: 12,
    bid_actions.Alter: 9,
    bid_actions.Withdraw: 2,
    bid_actions.Release: 2,
    booking_actions.Book: 14,
    booking_actions.Cancel: 4,
    booking_actions.NotArrived: 3,
    booking_actions.Arrive: 9,
    booking_actions.Depart: 9,
    booking_actions.Extend: 6,
    booking_actions.Transfer: 6,
    bed_actions.Enter: 4,
    bed_actions.Alter: 3,
    bed_actions.TakeBack: 2,
    bed_actions.Estate: 2,
    hold_actions.Make: 14,
    hold_actions.LetGo: 2,
    hold_actions.Keep: 3,
    owner_actions.HandOver: 3,
    owner_actions.Have: 6,
    owner_actions.Review: 6,
    owner_actions.Know: 4,
    run_actions.Ask: 6,
    run_actions.Claim: 10,
    run_actions.Finish: 10,
    run_actions.Decide: 28,
}
"""How often each is drawn; None is time going by."""
STEPS = 60
CODES = {
    "bed": "bed-taken",
    "held": "held",
    "changed-since": "changed-since",
    "no way back": "no-bed-to-return-to",
    "actor": "not-allowed",
    "not there": "not-found",
    "version": "stale-version",
    "no reason": "invalid",
    "where to": "invalid",
}
"""The refusal's code where this alone is wrong; docs/service.md names the first two."""


@dataclass
class Tally:
    """What was done in streams."""

    streams: int = 0
    actions: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unsaid: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.streams += other.streams
        self.actions += other.actions
        self.done += other.done
        self.refused += other.refused
        self.unsaid += other.unsaid


Step = tuple[type[Action] | None, str]


def story(seed: int, steps: int = STEPS) -> list[Step]:
    """Which actions, and from what each draws its arguments."""
    rng = Random(seed)
    kinds = rng.choices(list(WEIGHTS), list(WEIGHTS.values()), k=steps)
    return [(kind, f"{seed}/{number}") for number, kind in enumerate(kinds)]


class Stage:
    """One register file, used again by stream after stream: statements stay compiled."""

    def __init__(self, folder: Path) -> None:
        self.template, self.path = folder / "template.db", folder / "register.db"
        build(self.template)
        self.database = Database(f"sqlite:///{self.path}")
        event.listen(self.database.engine, "connect", _in_a_hurry)

    def set_up(self) -> None:
        """A fresh register on the first day."""
        self.database.close()
        for each in self.path.parent.glob("register.db-*"):
            each.unlink()
        shutil.copyfile(self.template, self.path)

    def play(self, steps: Sequence[Step], tally: Tally, told: list[str] | None = None) -> None:
        """Raises DisagreementError, or whatever the register should not have raised."""
        self.set_up()
        model = Model()
        register = Register(self.database, clock=Clock(lambda: model.now))
        raw = sqlite3.connect(self.path)
        raw.row_factory = sqlite3.Row
        try:
            rows = look(raw)
            model.heads.append(head(rows))
            compare(model, rows, rows)
            for kind, words in steps:
                model.step += 1
                rows = _one(register, raw, model, kind, Random(words), rows, tally, told)
                model.heads.append(head(rows))
            with self.database.reading() as connection:
                verdict = verify(connection)
            must(verdict.sound, "not sound at the end", verdict.faults[:3])
            tally.streams += 1
        finally:
            raw.close()


@contextmanager
def stage() -> Iterator[Stage]:
    """In memory where the machine has a folder there."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        made = Stage(Path(folder))
        try:
            yield made
        finally:
            made.database.close()


def _one(
    register: Register,
    raw: sqlite3.Connection,
    model: Model,
    kind: type[Action] | None,
    rng: Random,
    before: Rows,
    tally: Tally,
    told: list[str] | None,
) -> Rows:
    if kind is None:
        days = rng.choice((0, 0.4, 1, 1, 1, 1, 2, 2, 3, 5, 9))
        model.now += timedelta(days=days, hours=rng.choice((0, 1, 5, 13)), microseconds=1)
        if told is not None:
            told.append(f"it is {model.now:%d %b %H:%M} UTC")
        return before
    action = kind.choose(model, rng)
    if action is None:
        return before
    model.expected = Expected()
    verdict = action.verdict(model)
    if told is not None:
        told.append(f"{said(action)}; must {verdict.must} {set(verdict.wrong) or ''}")
    tally.actions += 1
    key = f"key-{model.step}" if rng.random() < 0.2 else None
    try:
        if not PERMISSIONS[action.route].allows(action.actor):
            raise NotAllowedError("not in this role")
        row = action.perform(register, key)
    except Refusal as refusal:
        return _refused(raw, action, verdict, refusal.code, before, tally)
    except ValidationError:
        return _refused(raw, action, verdict, "invalid", before, tally)
    after = look(raw)
    must(verdict.must != "refuse", f"{action.name} was done", f"although {set(verdict.wrong)}")
    tally.done[action.name] += 1
    if verdict.must == "either":
        tally.unsaid.update(f"{action.name}, {why}: done" for why in verdict.unsaid)
    action.follow(model, row)
    compare(model, before, after)
    closings(raw, before, after, action.actor)
    if key is not None:
        action.perform(register, key)
        again = difference(after, look(raw))
        must(not again, "the same request again changes nothing", f"{action.name}: {again}")
    return after


def _refused(
    raw: sqlite3.Connection, action: Action, verdict: Verdict, code: str, before: Rows, tally: Tally
) -> Rows:
    after = look(raw)
    changed = difference(before, after)
    must(not changed, "a refused action changes nothing", f"{action.name}: {changed}")
    must(verdict.must != "do", f"{action.name} was refused", code)
    if verdict.must == "either":
        tally.unsaid.update(f"{action.name}, {why}: {code}" for why in verdict.unsaid)
    if len(verdict.wrong) == 1 and not verdict.unsaid - {"role"}:
        why = next(iter(verdict.wrong))
        right = CODES.get(why, code)
        must(code in (right, "not-allowed"), f"why {action.name} was refused", f"{code}, {why}")
    invariants(after)
    tally.refused[code] += 1
    return after


def _in_a_hurry(connection: sqlite3.Connection, record: object) -> None:
    """For tests only: nothing here must outlive the power going."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA secure_delete=OFF")


__all__ = ["DisagreementError", "Stage", "Step", "Tally", "stage", "story"]
