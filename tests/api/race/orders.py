"""Orders: one change that takes a bed, as a client process is told to make it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allocator.nights import Stay
from allocator.problem import Problem
from api.access.actor import Actor
from api.service import bookings, decisions, importing, out_of_service
from api.service.change import Change
from api.service.referrals import the_bid
from api.service.refusals import Refusal
from api.service.register import Answer, Register
from api.store.values import Row


@dataclass(frozen=True)
class Order:
    """What to do (`how`), about whom or what (`subject`), and the nights it wants of a bed."""

    how: str
    subject: str
    bed_id: str
    stay: Stay
    run_id: str = ""
    problem: Problem | None = None


@dataclass
class Outcome:
    """What came of an order. `fault` is an exception that is no refusal: there must be none."""

    order: Order
    actor: Actor
    holder: str | None = None
    """Who holds the nights now: a booking, or an out-of-service record."""
    repeated: bool = False
    events: list[int] = field(default_factory=list)
    code: str = ""
    kind: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    seconds: float = 0.0


def carry_out(register: Register, actor: Actor, order: Order, key: str) -> Outcome:
    """Do it as a route does, once and whole."""
    outcome = Outcome(order, actor)
    made: list[Change] = []

    def command(change: Change) -> Answer:
        made.append(change)
        return Answer(200, {"holder": _COMMANDS[order.how](change, order)})

    began = time.monotonic()
    try:
        answer = register.perform(actor, order.how, key, {"subject": order.subject}, command)
        outcome.holder, outcome.repeated = answer.body["holder"], answer.repeated
        outcome.events = [] if answer.repeated else made[-1].events
    except Refusal as refusal:
        outcome.code, outcome.extra = refusal.code, refusal.extra
        outcome.kind = type(refusal).__name__
    except Exception as fault:  # the very thing that is looked for
        outcome.fault = f"{type(fault).__name__}: {fault}"
    outcome.seconds = time.monotonic() - began
    return outcome


def _decide(change: Change, order: Order) -> str:
    decision = decisions.Decision(decisions.Action.ACCEPT, "a race")
    _, booking, _ = decisions.decide(change, order.run_id, order.subject, decision)
    assert booking is not None
    return str(booking["id"])


def _book(change: Change, order: Order) -> str:
    bid = the_bid(change, order.subject)
    return _id(bookings.book(change, bid, order.bed_id, order.stay, reason="a race", by="hand"))


def _extend(change: Change, order: Order) -> str:
    return _id(bookings.extend(change, order.subject, order.stay.departure, "a race", 1))


def _transfer(change: Change, order: Order) -> str:
    row = bookings.transfer(change, order.subject, order.bed_id, order.stay.arrival, "a race")
    return _id(row)


def _close(change: Change, order: Order) -> str:
    last: date = order.stay.departure - timedelta(days=1)
    return _id(out_of_service.enter(change, order.bed_id, order.stay.arrival, last, "a race"))


def _import(change: Change, order: Order) -> str | None:
    assert order.problem is not None
    done = importing.import_problem(change, order.problem, {})
    # What finds no bed is kept and listed: that is how an import loses.
    return None if order.subject in done.surplus else order.subject


def _id(row: Row) -> str:
    return str(row["id"])


_COMMANDS: dict[str, Callable[[Change, Order], str | None]] = {
    "decide": _decide,
    "book": _book,
    "extend": _extend,
    "transfer": _transfer,
    "close": _close,
    "import": _import,
}
