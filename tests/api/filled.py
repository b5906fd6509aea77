"""Registers that hold something, made quickly: no files, no solver, a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from allocator.generate import generate
from allocator.nights import Stay
from allocator.plan import EndedBy, Placement, Plan, PlanStatus, Seat
from allocator.problem import Problem
from allocator.problem_file import problem_hash
from api.access.actor import Actor, Role
from api.service.change import Change
from api.service.clock import Clock
from api.service.documents import put
from api.service.imported import Imported
from api.service.importing import import_problem
from api.service.register import Register
from api.service.run_values import plan_text
from api.store.database import Database
from api.store.migrate import upgrade
from api.store.values import Row
from tests.api.copies import have
from tests.builders import AS_OF, default_policy

NOW = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 9, tzinfo=UTC)
"""Nine in the morning of the builders' day."""


def a_person(name: str = "A. Coordinator", *roles: Role) -> Actor:
    """A named person, a coordinator unless told otherwise."""
    return Actor(f"person:{name}", name, frozenset(roles or (Role.COORDINATOR,)))


def a_system(name: str = "A system") -> Actor:
    """A client system, which imports and never decides."""
    return Actor(f"system:{name}", name, frozenset({Role.SERVICE}))


IMPORTER = a_system("The import")


def register_at(url: str, now: datetime = NOW) -> Register:
    """The register at this address as another process would open it, at a moment that stays."""
    return Register(Database(url), default_policy(), Clock(lambda: now))


def an_empty_register(url: str, now: datetime = NOW) -> Register:
    """A register with its tables and nothing in them."""
    return replace(register_at(url, now), database=have(url, "an empty register", upgrade))


def fill(register: Register, problem: Problem, seats: Mapping[str, str] | None = None) -> Imported:
    """Bring a problem in as an import would; `seats` for bookings whose bed it does not name."""
    with register.changing(IMPORTER) as change:
        return import_problem(change, problem, seats or {})


def a_filled_register(url: str, problem: Problem, now: datetime = NOW) -> Register:
    """A register that holds this problem."""
    register = register_at(url, now)

    def make(database: Database) -> None:
        upgrade(database)
        fill(replace(register, database=database), problem)

    kind = ("a filled register", problem_hash(problem), now)
    return replace(register, database=have(url, kind, make))


def a_synthetic_problem(seed: int = 1, *, bookings: bool = True) -> Problem:
    """The generator's small problem on the builders' day.

    Its bookings name no bed: without `seats` they are surplus, so they can be left out.
    """
    problem = generate("S", seed, as_of=AS_OF)
    return problem if bookings else problem.with_bookings(())


def in_beds(problem: Problem) -> Problem:
    """The same with every booking in some bed of its premises that is free; lawful or not.

    Bookings for which no bed is free are left out.
    """
    taken: dict[str, list[Stay]] = {}
    seated = []
    for booking in problem.bookings:
        for bed in problem.beds:
            there = problem.premises_of_bed(bed.id).id == booking.premises_id
            if not there or any(_meet(stay, booking.stay) for stay in taken.get(bed.id, ())):
                continue
            taken.setdefault(bed.id, []).append(booking.stay)
            seated.append(replace(booking, bed_id=bed.id))
            break
    return problem.with_bookings(seated)


def _meet(one: Stay, other: Stay) -> bool:
    return one.arrival < other.departure and other.arrival < one.departure


@dataclass(frozen=True, slots=True)
class Proposed:
    """A bid, and where and when a run would put it. `decide_by`: provisional before that day."""

    referral_id: str
    bed_id: str
    stay: Stay
    band: int = 4
    decide_by: date = AS_OF


def propose(
    register: Register,
    proposed: Iterable[Proposed],
    *,
    run_id: str = "run-1",
    seats: Mapping[str, str] | None = None,
) -> str:
    """A finished run over the register as it is, with these proposals; its id.

    `seats`: where its plan put bookings whose bed nobody named.
    """
    with register.changing(a_system("A worker")) as change:
        record_run(change, run_id, list(proposed), seats or {})
    return run_id


def record_run(
    change: Change, run_id: str, proposed: list[Proposed], seats: Mapping[str, str]
) -> None:
    """The same within a change."""
    run = {**_run(change, run_id), "plan": put(change.connection, _plan(change, proposed, seats))}
    change.record("run.requested", "run", run)
    change.record_all("proposal.made", "proposal", [_row(change, run_id, p) for p in proposed])


def _run(change: Change, run_id: str) -> Row:
    return {
        "id": run_id,
        "status": "finished",
        "over": "register",
        "effort": "quick",
        "seed": 1,
        "time_limit_s": None,
        "displacement": False,
        "kept_run": None,
        "replay_of": None,
        "policy": change.policy.name,
        "register_seq": change.register_seq,
        "requested_by": change.actor.id,
        "requested_at": change.at,
        "snapshot": put(change.connection, b"{}"),
        "reasons": None,
        "fault": None,
        "ended_at": change.at,
    }


def _plan(change: Change, proposed: list[Proposed], seats: Mapping[str, str]) -> bytes:
    return plan_text(
        Plan(
            as_of=change.today,
            problem_hash="",
            policy_name=change.policy.name,
            policy_hash=change.policy.digest,
            status=PlanStatus.FEASIBLE,
            ended_by=EndedBy.EFFORT,
            placements=tuple(
                Placement(p.referral_id, p.bed_id, p.stay, p.band, p.decide_by) for p in proposed
            ),
            unplaced=(),
            seats=tuple(Seat(booking, bed, inferred=True) for booking, bed in seats.items()),
        )
    )


def _row(change: Change, run_id: str, proposed: Proposed) -> Row:
    return {
        "id": f"{run_id}/{proposed.referral_id}",
        "run_id": run_id,
        "referral_id": proposed.referral_id,
        "status": "proposed",
        "band": proposed.band,
        "bed_id": proposed.bed_id,
        "premises_id": change.row("bed", proposed.bed_id)["premises_id"],
        "arrival": proposed.stay.arrival,
        "departure": proposed.stay.departure,
        "decide_by": proposed.decide_by,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "booking_id": None,
    }
