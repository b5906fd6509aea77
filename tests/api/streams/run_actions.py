"""Runs made by hand, and what people decide of their proposals."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from allocator.nights import Stay
from allocator.plan import EndedBy, Placement, Plan, PlanStatus
from api.service import run_ends, runs
from api.service.change import Change
from api.service.decisions import Action as What
from api.service.decisions import Decision, decide
from api.service.leases import QueueLimits
from api.service.run_values import Why
from api.worker.claim import claim
from tests.api.streams import ladder
from tests.api.streams.action import Action, Wrongs, one_of, someone
from tests.api.streams.booking_actions import a_bed_wanted, a_word, judge_new, made
from tests.api.streams.model import Booking, Model, Proposal, Run
from tests.api.streams.rules import new_stay, taken
from tests.api.streams.tiny_estate import BEDS, MANAGER, ROOMS, SYSTEM

DAY = timedelta(days=1)
LONG = 10.0**8
LIMITS = QueueLimits(per_person=10**6, in_all=10**6)


def a_plan(model: Model, rng: Random) -> dict[str, Proposal]:
    """A lawful plan by hand: for some of the open bids a bed, one after the other."""
    trial = copy(model)
    trial.bookings = dict(model.bookings)
    found = {}
    for key, bid in model.open_bids():
        if rng.random() < 0.25:
            continue
        earliest = max(bid.value.release_date, model.today)
        latest = max(bid.value.latest_arrival, earliest)
        arrival = earliest + DAY * rng.randint(0, (latest - earliest).days)
        departure = arrival + DAY * bid.value.nights
        for bed in rng.sample(list(BEDS), len(BEDS)):
            faults = new_stay(trial, bid.value, bed, arrival, departure)
            if not any(faults) and not taken(trial, bid.value.crn, bed, arrival, departure):
                day = ladder.decide_by(bid.value, arrival, model.today)
                found[key] = Proposal(bed, arrival, departure, day)
                trial.bookings[f"plan {key}"] = Booking(key, bid.value, bed, arrival, departure)
                break
    return found


@dataclass
class Ask(Action):
    placements: dict[str, Proposal]
    unplaced: tuple[str, ...]
    name, route = "run: ask", "start_run"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Ask | None:
        if sum(run.status in ("queued", "running") for run in model.runs.values()) > 2:
            return None
        plan = a_plan(model, rng)
        return cls(someone(rng), plan, tuple(k for k, _ in model.open_bids() if k not in plan))

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        return

    def do(self, change: Change) -> dict[str, Any]:
        return runs.request(change, limits=LIMITS)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        model.runs[row["id"]] = Run(model.step, self.placements, self.unplaced)


@dataclass
class Claim(Action):
    name, route = "run: claim", "start_run"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Claim | None:
        waiting = any(run.status == "queued" for run in model.runs.values())
        return cls(SYSTEM) if waiting else None

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        return

    def do(self, change: Change) -> dict[str, Any]:
        found = claim(change, "worker", LONG)
        assert found is not None, "a run waits and is not claimed"
        return {**found.row, "attempt": found.attempt}

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        assert model.runs[row["id"]].status == "queued", "a run was claimed that did not wait"
        model.runs[row["id"]].status = "running"


@dataclass
class Finish(Action):
    run: str
    attempt: int
    plan: Plan
    name, route = "run: finish", "start_run"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Finish | None:
        under_way = [key for key, run in model.runs.items() if run.status == "running"]
        others = list(model.runs) if rng.random() < 0.1 else under_way
        if not others:
            return None
        key = rng.choice(others)
        run = model.runs[key]
        plan = Plan(
            as_of=model.today,
            problem_hash="0" * 64,
            policy_name="2026-11",
            policy_hash="0" * 64,
            status=PlanStatus.FEASIBLE,
            ended_by=EndedBy.EFFORT,
            placements=tuple(
                Placement(
                    bid,
                    each.bed,
                    Stay(each.arrival, each.departure),
                    ladder.band_of(model.bids[bid].value),
                    each.decide_by,
                )
                for bid, each in run.placements.items()
            ),
            unplaced=run.unplaced,
        )
        return cls(SYSTEM, key, rng.choice((1,) * 9 + (2,)), plan)

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        wrongs.when(model.runs[self.run].status != "running", "status")
        wrongs.when(self.attempt != 1, "another attempt")

    def do(self, change: Change) -> dict[str, Any]:
        why = {key: Why("beds_full", "no bed", "every bed is taken") for key in self.plan.unplaced}
        return run_ends.finish(change, self.run, self.attempt, self.plan, why)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        run = model.runs[self.run]
        run.status = "finished"
        overtaken = any(
            other.status == "finished" and other.step > run.step for other in model.runs.values()
        )
        if overtaken:
            model.expected.may_clear_all = True
            model.expected.may_count |= {
                key for key in run.unplaced if model.bids[key].status == "open"
            }
        else:
            model.expected.clear_up_to = run.step
            model.expected.may_stay = model.bids.keys() - {*run.unplaced, *run.placements}
            for proposal in model.proposals.values():
                if proposal.status == "proposed":
                    proposal.status = "superseded"
            for key in run.unplaced:
                if model.bids[key].status == "open":
                    model.failed(key)
        for key, proposal in run.placements.items():
            mine = copy(proposal)
            if overtaken or model.bids[key].status != "open":
                mine.status = "superseded"
            model.proposals[self.run, key] = mine


@dataclass
class Decide(Action):
    run: str
    bid: str
    what: What
    reason: str
    bed: str | None
    arrival: date | None
    departure: date | None
    seen_at: int | None
    seen_through: int | None
    override: str
    name, route, only_a_person = "decide", "decide", True

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Decide | None:
        waiting = [key for key, each in model.proposals.items() if each.status == "proposed"]
        keys = waiting if waiting and rng.random() < 0.9 else list(model.proposals)
        if not keys:
            return None
        run, bid = rng.choice(keys)
        proposal = model.proposals[run, bid]
        if one_of(rng, ["x"]) == "nobody":
            bid = "nobody"
        what = rng.choice((What.ACCEPT, What.ACCEPT, What.CHANGE, What.REFUSE))
        seen_at = None
        if rng.random() < 0.5:
            seen_at = rng.choice((model.step - 1, model.step - 1, rng.randrange(model.step)))
        reason = "looked at together" if rng.random() < 0.7 or what is not What.ACCEPT else ""
        bed = arrival = departure = None
        if what is What.CHANGE:
            bed = a_bed_wanted(model, rng) if rng.random() < 0.8 else None
            if bed is None or rng.random() < 0.4:
                arrival = proposal.arrival + DAY * rng.choice((-1, 1, 1, 2))
                if rng.random() < 0.7:
                    length = (proposal.departure - proposal.arrival).days
                    departure = arrival + DAY * rng.choice((length, length, length, 0, length + 1))
        heads = model.heads
        seen = None if seen_at is None else heads[seen_at]
        actor = rng.choice((someone(rng), MANAGER))
        stay = (bed, arrival, departure)
        return cls(actor, run, bid, what, reason, *stay, seen_at, seen, a_word(rng))

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        proposal = model.proposals.get((self.run, self.bid))
        wrongs.when(proposal is None, "not there")
        if proposal is None:
            return
        wrongs.when(proposal.status != "proposed", "status")
        # A refusal books nothing: it is taken whatever has changed.
        lenient = self.what is What.REFUSE
        changed = self.changed(model, proposal.bed)
        wrongs.when(changed and not lenient, "changed-since")
        wrongs.unsaid_when(changed and lenient, "changed-since")
        wrongs.unsaid_when(self.loosely_changed(model, proposal.bed), "changed-since")
        if self.what is What.REFUSE:
            return
        early = model.today < proposal.decide_by and not self.reason.strip()
        wrongs.when(early, "provisional")
        bed, arrival, departure = self.stay(proposal)
        wrongs.when(departure <= arrival, "no nights")
        if departure > arrival:
            bid = model.bids[self.bid]
            judge_new(model, wrongs, bid, bed, arrival, departure, self.override)
        as_proposed = (proposal.bed, proposal.arrival, proposal.departure)
        same = (bed, arrival, departure) == as_proposed
        wrongs.unsaid_when(self.what is What.CHANGE and same, "changes nothing")
        if self.what is What.CHANGE and bed in BEDS:
            wrongs.unsaid_when(self.changed(model, bed), "changed-since")

    def stay(self, proposal: Proposal) -> tuple[str, date, date]:
        bed, arrival = self.bed or proposal.bed, self.arrival or proposal.arrival
        length = proposal.departure - proposal.arrival
        return bed, arrival, self.departure or arrival + length

    def changed(self, model: Model, bed: str) -> bool:
        """Facts of the referral, bed, room or premises, since the snapshot or what was seen."""
        room = BEDS[bed]
        steps = [
            model.bids[self.bid].facts,
            model.facts.get(("bed", bed), -1),
            model.facts.get(("room", room), -1),
            model.facts.get(("premises", ROOMS[room][0]), -1),
        ]
        return max(steps) > self.since(model)

    def loosely_changed(self, model: Model, bed: str) -> bool:
        """Changes of which it is not said whether they are facts."""
        loose = max(model.bids[self.bid].loose, model.loose_beds.get(bed, -1))
        return loose > self.since(model)

    def since(self, model: Model) -> int:
        seen = -1 if self.seen_at is None else self.seen_at
        return max(model.runs[self.run].step, seen)

    def do(self, change: Change) -> dict[str, Any]:
        wanted = Decision(
            self.what,
            self.reason,
            self.bed,
            self.arrival,
            self.departure,
            self.seen_through,
            self.override,
            seen_otherwise=True,
        )
        proposal, booking, _ = decide(change, self.run, self.bid, wanted)
        return {"id": proposal["id"], "booking": booking and booking["id"]}

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        proposal = model.proposals[self.run, self.bid]
        if self.what is What.REFUSE:
            proposal.status = "refused"
            model.failed(self.bid)
            return
        proposal.status = "accepted" if self.what is What.ACCEPT else "changed"
        made(model, self.bid, row["booking"], *self.stay(proposal))
