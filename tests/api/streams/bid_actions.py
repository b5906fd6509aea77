"""What is asked of bids: made, changed, withdrawn, released without a bed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request

from allocator.referral import Referral, ShareAssessment
from allocator.vocabulary import Criterion, Gender, Offence, RiskTier, Rosh
from api.routes import referrals as routes
from api.service import referrals
from api.service.change import Change
from api.service.register import Register
from tests.api.streams.action import Action, Wrongs, one_of, someone
from tests.api.streams.model import Bid, Model
from tests.api.streams.rules import wake
from tests.api.streams.tiny_estate import MANAGER, PEOPLE, WOMAN

ALIVE = ("open", "placed")
RISK = (
    *("tier", "rosh", "mappa_level", "mappa_category"),
    *("offences", "offences_unknown", "restriction_codes"),
)


def a_referral(rng: Random, today: date, identifier: str, crn: str) -> Referral:
    """Someone who asks for a bed: mostly soon, for a few nights."""
    release = today + timedelta(days=rng.choice((-2, 0, 0, 1, 1, 2, 3, 4, 6, 9, 20, 30, 45)))
    arson = rng.random() < 0.2
    shares = ShareAssessment(rng.random() < 0.9, today + timedelta(days=rng.choice((2, 40, 400))))
    return Referral(
        id=identifier,
        crn=crn,
        gender=Gender.WOMAN if crn == WOMAN else Gender.MAN,
        release_date=release,
        latest_arrival=release + timedelta(days=rng.choice((0, 0, 2, 5, 9))),
        nights=rng.choice((1, 2, 3, 5, 8)),
        tier=rng.choice((RiskTier.A1, RiskTier.B2, RiskTier.C1, RiskTier.C1, None)),
        rosh=rng.choice((Rosh.VERY_HIGH, Rosh.HIGH, Rosh.MEDIUM, Rosh.LOW, None)),
        mappa_level=rng.choice((0, 0, 0, 1, 2, 3, None)),
        essential=frozenset({Criterion.IS_SINGLE}) if rng.random() < 0.1 else frozenset(),
        offences=frozenset({Offence.ARSON}) if arson else frozenset(),
        restriction_codes=frozenset(),
        sharing=rng.choice((shares, shares, None)),
        failed_attempts=rng.choice((0, 0, 0, 0, 1, 3)),
    )


@dataclass
class Create(Action):
    value: Referral
    name, route = "create referral", "create_referral"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Create:
        waiting = [bid.value.crn for bid in model.bids.values() if bid.status in ALIVE]
        crn = rng.choice([each for each in PEOPLE if each not in waiting] or PEOPLE)
        if rng.random() < 0.1:
            crn = rng.choice(PEOPLE)
        used = list(model.bids)
        identifier = rng.choice(used) if used and rng.random() < 0.05 else f"r{model.step}"
        return cls(someone(rng), a_referral(rng, model.today, identifier, crn))

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        wrongs.when(self.value.id in model.bids, "exists")

    def do(self, change: Change) -> dict[str, Any]:
        return referrals.create(change, self.value)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        bid = Bid(self.value, self.value.failed_attempts, model.step)
        model.bids[self.value.id] = bid
        model.expected.touched.add(self.value.id)


@dataclass
class Alter(Action):
    identifier: str
    value: Referral
    version: int | None
    name, route = "change referral", "change_referral"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Alter | None:
        identifier = one_of(rng, list(model.bids))
        if identifier is None:
            return None
        if identifier == "nobody":
            value = a_referral(rng, model.today, identifier, PEOPLE[0])
            return cls(someone(rng), identifier, value, 1)
        old = model.bids[identifier].value
        crn = rng.choice(PEOPLE) if rng.random() < 0.05 else old.crn
        new = a_referral(rng, model.today, identifier, crn)
        changed = rng.sample(
            ("tier", "rosh", "offences", "sharing", "release", "nights", "failed_attempts"),
            rng.choice((0, 1, 1, 2)),
        )
        facts = {name: getattr(new, name) for name in changed if name != "release"}
        if "release" in changed:
            facts |= {"release_date": new.release_date, "latest_arrival": new.latest_arrival}
        version = model.versions.get(("referrals", identifier), 1)
        stale = rng.random() < 0.1
        value = replace(old, crn=crn, gender=new.gender, **facts)
        return cls(someone(rng), identifier, value, version + rng.choice((-1, 1)) * stale)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        bid = model.bids.get(self.identifier)
        wrongs.when(bid is None, "not there")
        if bid is None:
            return
        wrongs.when(bid.status not in ALIVE, "closed")
        wrongs.when(self.value.crn != bid.value.crn, "another person")
        wrongs.when(self.version != model.versions["referrals", self.identifier], "version")

    def do(self, change: Change) -> dict[str, Any]:
        return referrals.update(change, self.identifier, self.value, self.version)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        bid = model.bids[self.identifier]
        old, bid.value = bid.value, self.value
        if old == self.value:
            bid.loose = model.step
        else:
            bid.facts = model.step
        model.expected.touched.add(self.identifier)
        if self.value.failed_attempts > bid.attempts:
            model.expected.may_count.add(self.identifier)
        flag = (self.identifier, "risk_changed")
        if any(getattr(old, name) != getattr(self.value, name) for name in RISK):
            model.expected.must_flag.add(flag)
        if old.sharing != self.value.sharing:
            model.expected.may_flag.add(flag)


@dataclass
class Close(Action):
    """Withdrawn, or released without a bed: asked of the route's own function, which is where a
    placed bid's booking is cancelled with it."""

    identifier: str
    reason: str
    status = "withdrawn"

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        bid = model.bids.get(self.identifier)
        wrongs.when(bid is None, "not there")
        wrongs.when(not self.reason.strip(), "no reason")
        if bid is not None:
            wrongs.when(bid.status not in ALIVE, "closed")

    def do(self, change: Change) -> dict[str, Any]:
        raise NotImplementedError

    def perform(self, register: Register, key: str | None) -> dict[str, Any]:
        path = {"identifier": self.identifier}
        scope = {"type": "http", "route": SimpleNamespace(name=self.route), "path_params": path}
        answer = self.ask(register, key, Request(scope))
        return {"id": self.identifier, "answer": answer}

    def ask(self, register: Register, key: str | None, request: Request) -> object:
        raise NotImplementedError

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        bid = model.bids[self.identifier]
        booking = model.bookings.get(bid.booking or "")
        if booking is not None:
            booking.status = "cancelled"
            model.failed(self.identifier)
        model.no_longer_open(self.identifier, self.status)
        bid.booking = None
        if booking is not None:
            wake(model, booking.bed, booking.arrival, booking.departure)


@dataclass
class Withdraw(Close):
    name, route = "withdraw", "withdraw_referral"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Withdraw | None:
        identifier = one_of(rng, list(model.bids))
        reason = rng.choice(("no longer needed", "no longer needed", "  "))
        return identifier and cls(someone(rng), identifier, reason)

    def ask(self, register: Register, key: str | None, request: Request) -> object:
        body = routes.Closing(reason=self.reason)
        return routes.withdraw_referral(self.identifier, register, self.actor, key, request, body)


@dataclass
class Release(Close):
    fallback: str
    name, route, only_a_manager = "release without bed", "release_without_bed", True
    status = "released_without_bed"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Release | None:
        identifier = one_of(rng, list(model.bids))
        actor = rng.choice((someone(rng), MANAGER))
        reason, fallback = rng.choice((("full", "a hostel"),) * 4 + (("", "x"), ("full", " ")))
        return identifier and cls(actor, identifier, reason, fallback)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        super().judge(model, wrongs)
        bid = model.bids.get(self.identifier)
        wrongs.when(not self.fallback.strip(), "where to")
        wrongs.when(bid is not None and bid.status == "placed", "placed")

    def ask(self, register: Register, key: str | None, request: Request) -> object:
        body = routes.WithoutBed(reason=self.reason, fallback=self.fallback)
        return routes.release_without_bed(self.identifier, register, self.actor, key, request, body)
