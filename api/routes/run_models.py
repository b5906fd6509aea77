"""Run models: a run as it is asked for, and as it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from allocator.plan import EndedBy
from api.service.leases import split_fault
from api.store.values import Row
from api.wire.words import Body, Day, Id, Shown

Effort = Literal["quick", "standard", "thorough"]
Status = Literal["queued", "running", "finished", "failed", "cancelled"]
Over = Literal["register", "problem"]
EndedByTold = Literal["proven", "effort", "time limit", "interrupted"]
"""As a plan says it (docs/plan.schema.json)."""


class StartRun(Body):
    """What to plan for, and how hard to try."""

    over: Over = Field(
        default="register", description="The register as it stands, or a problem that is sent."
    )
    problem: dict[str, Any] | None = Field(
        default=None, description="With `over: problem`, a problem as in docs/problem.schema.json."
    )
    effort: Effort = "standard"
    seed: Annotated[StrictInt, Field(ge=0, lt=2**31)] = 0
    time_limit_s: Annotated[StrictInt, Field(ge=1, le=86_400)] | None = Field(
        default=None, description="Then the best plan so far is taken. Null: the service's default."
    )
    displacement: StrictBool = Field(
        default=False, description="Whether bookings may be moved to other premises."
    )
    keep_run: Id | None = Field(
        default=None, description="A finished run, of which to change little."
    )
    hold_back: StrictBool = Field(
        default=False,
        description="Advise by the current forecast whom to make firm and which beds to hold.",
    )
    next_meeting: Day | None = Field(
        default=None, description="When it is asked again; in a week, if not said."
    )

    @model_validator(mode="after")
    def _has_its_problem(self) -> Self:
        if (self.over == "problem") != (self.problem is not None):
            raise ValueError("A problem goes with that kind of run, and with no other.")
        return self


class LevelProgress(Shown):
    """How far a running solve is with one level."""

    level: str
    value: int | None
    bound: int | None
    elapsed_s: float
    note: str = Field(default="", description="What the solver is at, before its first level.")


class Fault(Shown):
    """Why there is no plan, or no more than the best so far."""

    code: str
    text: str


class Replay(Shown):
    """Whether a replay came to the same. Null: one of the two has no plan, or not yet."""

    of: str
    same: bool | None
    same_versions: bool | None = Field(description="Whether the same solver made both.")
    repeatable: bool | None = Field(
        description="Whether it had to come to the same: the same versions made both, and neither "
        "was ended by the clock or stopped."
    )
    of_ended_by: EndedByTold | None = Field(description="What ended the run that was made again.")


class Run(Shown):
    """A run. `progress` is filled while it runs, `fault` when it did not end as it should."""

    id: str
    status: Status
    over: Over
    effort: Effort
    seed: int
    time_limit_s: int | None
    displacement: bool
    keep_run: str | None
    policy: str
    register_seq: int = Field(description="The last event that the snapshot holds.")
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None
    ended_by: EndedByTold | None = Field(
        default=None,
        description="What ended the work on its plan. After `time limit` and `interrupted` the "
        "same run again may come to another. Null: there is no plan, or it has been erased.",
    )
    fault: Fault | None
    attempt: int = 0
    cancel_asked: bool = False
    progress: list[LevelProgress] = Field(default_factory=list)
    replay: Replay | None = None


def run_shown(
    row: Row,
    state: Row | None = None,
    replay: Replay | None = None,
    ended_by: EndedBy | None = None,
) -> Run:
    """The run of a row, with what comes and goes, and what it came to, where that is given."""
    same = ("id", "status", "over", "effort", "seed", "time_limit_s", "displacement", "policy")
    if replay is None and row["replay_of"] is not None:
        replay = Replay(
            of=row["replay_of"], same=None, same_versions=None, repeatable=None, of_ended_by=None
        )
    told = {name: row[name] for name in same}
    told |= {name: row[name] for name in ("register_seq", "requested_by", "requested_at")}
    told |= {"keep_run": row["kept_run"], "ended_at": row["ended_at"], "fault": None}
    if row["fault"] is not None:
        code, text = split_fault(row["fault"])
        told["fault"] = Fault(code=code, text=text)
    if state is not None:
        told |= {name: state[name] for name in ("attempt", "cancel_asked", "progress")}
    return Run(**told, replay=replay, ended_by=None if ended_by is None else ended_by.value)
