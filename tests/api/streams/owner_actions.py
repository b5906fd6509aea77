"""Who has a bid, who must know of it, and days going by."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from api.access.actor import Actor
from api.service import escalation, referrals, review
from api.service.change import Change
from api.service.referrals import the_bid
from tests.api.streams.action import Action, Wrongs, one_of, someone
from tests.api.streams.booking_actions import likely
from tests.api.streams.hold_actions import run_out
from tests.api.streams.model import UNRECORDED, Model
from tests.api.streams.tiny_estate import COORDINATORS, MANAGER, SYSTEM


@dataclass
class HandOver(Action):
    bid: str
    owner: Actor
    name, route = "owner: hand over", "set_owner"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> HandOver | None:
        identifier = one_of(rng, list(model.bids))
        return identifier and cls(someone(rng), identifier, rng.choice((*COORDINATORS, MANAGER)))

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        bid = model.bids.get(self.bid)
        wrongs.when(bid is None, "not there")
        wrongs.unsaid_when(bid is not None and bid.status not in ("open", "placed"), "closed")

    def do(self, change: Change) -> dict[str, Any]:
        return referrals.set_owner(change, self.bid, self.owner.id, self.owner.name)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        bid = model.bids[self.bid]
        bid.loose = model.step
        bid.owner, bid.acknowledged = self.owner.id, False
        if self.owner == self.actor:
            bid.acknowledged = row["owner_acknowledged"]


@dataclass
class Have(Action):
    bid: str
    name, route = "owner: acknowledge", "acknowledge_owner"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Have | None:
        identifier = one_of(rng, list(model.bids))
        bid = model.bids.get(identifier or "")
        people = {each.id: each for each in (*COORDINATORS, MANAGER)}
        actor = someone(rng)
        if bid is not None and bid.owner is not None and rng.random() < 0.6:
            actor = people[bid.owner]
        return identifier and cls(actor, identifier)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        bid = model.bids.get(self.bid)
        wrongs.when(bid is None, "not there")
        if bid is not None:
            wrongs.when(bid.owner != self.actor.id, "another's")
            wrongs.unsaid_when(bid.status not in ("open", "placed"), "closed")

    def do(self, change: Change) -> dict[str, Any]:
        return referrals.acknowledge_owner(change, self.bid)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        model.bids[self.bid].acknowledged = True
        model.bids[self.bid].loose = model.step


@dataclass
class Review(Action):
    name, route, only_a_role = "escalation: review", "review_escalations", True

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Review:
        return cls(rng.choice((MANAGER, SYSTEM, SYSTEM, someone(rng))))

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        return

    def do(self, change: Change) -> dict[str, Any]:
        return {"risen": [row["id"] for row in review.review(change)]}

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        expected = model.expected
        expected.looked = True
        for key, booking in model.unrecorded().items():
            if model.bookings[booking].departure <= model.today:
                model.bookings[booking].status = "notArrived"
                if model.bids[key].booking == booking:
                    model.opened_again(key)
        run_out(model)
        waiting = model.unrecorded()
        for key, bid in model.bids.items():
            told = bid.told_of
            bid.told_of = waiting.get(key)
            if bid.told_of != told:
                expected.may_clear_of.add((key, UNRECORDED))
            if bid.told_of is not None:
                expected.must_flag.add((key, UNRECORDED))
                if bid.told_of != told and bid.status == "placed":
                    expected.reopened.add(key)
        model.look_for_beds_by_others()
        model.look_for_left_behind()
        expected.reviewed |= {key for key in model.bids if model.on_the_ladder(key)}


@dataclass
class Know(Action):
    bid: str
    name, route, only_a_person = "escalation: acknowledge", "acknowledge_escalation", True

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Know | None:
        identifier = likely(model, rng, ("open",), "bids")
        return identifier and cls(rng.choice((MANAGER, someone(rng))), identifier)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        bid = model.bids.get(self.bid)
        wrongs.when(bid is None, "not there")
        if bid is not None:
            wrongs.when(not model.on_the_ladder(self.bid), "not on the list")
            wrongs.when(bid.rung > 0 and self.actor != MANAGER, "a manager's rung")
            wrongs.when(bid.seen_by not in (None, self.actor.name), "another was first")
            wrongs.unsaid_when(bid.due is not None and bid.due <= model.now, "too late")

    def do(self, change: Change) -> dict[str, Any]:
        return escalation.acknowledge(change, the_bid(change, self.bid))

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        model.expected.seen_by[self.bid] = self.actor.name
        model.bids[self.bid].loose = model.step
