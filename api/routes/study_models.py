"""Study models: a study as it is asked for, and as it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictInt, model_validator

from api.routes.run_models import Fault, Status
from api.service.leases import split_fault
from api.service.studies import Kind, Over
from api.store.values import Row
from api.wire.bounds import LONG_TEXTS
from api.wire.words import Body, Id, Named, Shown

Most = Annotated[StrictInt, Field(ge=1, le=500)] | None
USUAL_METHODS = ["first-come", "commit-all", "commit-by", "look-ahead"]


class SimulationSettings(Body):
    """Ways to decide on simulated years, as `allocator simulate` takes them."""

    estate: Over = Field(
        default="synthetic",
        description="Made up, the register as it stands, or the `problem` that is sent. The last "
        "two need a forecast: it says who comes.",
    )
    size: Literal["S", "M", "L"] = Field(default="S", description="Of a synthetic estate.")
    seed: Annotated[StrictInt, Field(ge=0, lt=2**31)] = 1
    load: Annotated[float, Field(ge=0.2, le=10)] = Field(
        default=1.1, description="Nights asked for against beds, of a synthetic estate."
    )
    windows: Literal["fixed", "mixed", "long"] = "mixed"
    known: Literal["history", "true"] = "history"
    methods: list[Id] = Field(
        default_factory=lambda: list(USUAL_METHODS),
        min_length=1,
        max_length=20,
        description="Ways to decide; the others are compared with the first.",
    )
    years: Annotated[StrictInt, Field(ge=1, le=1_000)] = 5
    days: Annotated[StrictInt, Field(ge=28, le=1_820)] = 364
    warm_up_days: Annotated[StrictInt, Field(ge=0, le=728)] = 91
    forecast_factor: Annotated[float, Field(ge=0, le=10)] = 1.0
    policy: Id | None = Field(
        default=None, description="A packaged policy by name. Null: the one in force here."
    )


class StudyQuestions(Body):
    """Questions asked of the base; each goes before what a scenario file asks."""

    method: Id | None = None
    best_sites: Most = Field(
        default=None, description="What one bed more is worth, at so many premises."
    )
    closures: Most = Field(default=None, description="Which closing hurts least, of so many.")
    enough_beds: Most = Field(
        default=None, description="How few beds more, at most so many, until nobody of band 1 goes."
    )


class StartStudy(Body):
    """A scenario file, as its keys or as text, or the settings of a simulation."""

    kind: Kind
    name: Named | None = Field(default=None, description="What to call it in lists. Nobody's name.")
    scenario: dict[str, Any] | None = Field(
        default=None,
        description="The keys of a scenario file (docs/scenarios.md). `base.problem` may be "
        "`register`: the register as it stands. Any other name is of the `problem` that is sent. "
        f"At most {LONG_TEXTS['scenario_yaml']:,} characters as JSON.",
    )
    scenario_yaml: Annotated[str, Field(max_length=LONG_TEXTS["scenario_yaml"])] | None = Field(
        default=None, description="The same as YAML, in place of `scenario`."
    )
    questions: StudyQuestions = Field(default_factory=StudyQuestions)
    simulation: SimulationSettings | None = None
    problem: dict[str, Any] | None = Field(
        default=None, description="A problem as in docs/problem.schema.json."
    )
    forecast: dict[str, Any] | None = Field(
        default=None, description="A forecast as `allocator forecast` writes it."
    )
    history: Annotated[str, Field(max_length=LONG_TEXTS["history"])] | None = Field(
        default=None,
        description="In place of a forecast, the text of a release history (docs/formats.md), to "
        "which one is fitted as of today.",
    )

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        scenarios = [each for each in (self.scenario, self.scenario_yaml) if each is not None]
        if self.history is not None and self.forecast is not None:
            raise ValueError("A forecast comes in one way.")
        if len(scenarios) != (self.kind == "scenario") or (
            (self.simulation is not None) != (self.kind == "simulation")
        ):
            raise ValueError("A study is asked for in one way.")
        return self


class StepTold(Shown):
    """How far a running study is with one part of it."""

    step: Literal["years", "best_sites", "closures", "enough_beds", "files"]
    done: int = Field(description="Simulated years, those that were kept from before included.")
    of: int = Field(description="Grows while it is searched how many beds are enough.")
    at: str = Field(description="The first year that is not done.")


class Study(Shown):
    """A study. `progress` is filled while it runs, `fault` when it did not end as it should."""

    id: str
    kind: Kind
    name: str | None
    status: Status
    over: Over
    policy: str
    register_seq: int = Field(description="The last event of the register that it knows of, or 0.")
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None
    fault: Fault | None
    attempt: int = 0
    cancel_asked: bool = False
    progress: list[StepTold] = Field(default_factory=list)


class FileTold(Shown):
    """A file that may be taken away."""

    name: str
    bytes: int
    media_type: str


class FilesTold(Shown):
    """Those of a study: what was asked, and once it has finished what came of it."""

    study_id: str
    files: list[FileTold]


MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "yaml": "application/yaml",
}


def media_type(name: str) -> str:
    """What kind of file it is."""
    return MEDIA_TYPES[name.rpartition(".")[2]]


def study_shown(row: Row, state: Row | None = None) -> Study:
    """The study of a row, with what comes and goes where that is given."""
    same = ("id", "kind", "name", "status", "over", "policy", "register_seq")
    told = {name: row[name] for name in (*same, "requested_by", "requested_at", "ended_at")}
    fault = None
    if row["fault"] is not None:
        code, text = split_fault(row["fault"])
        fault = Fault(code=code, text=text)
    if state is not None:
        told |= {name: state[name] for name in ("attempt", "cancel_asked", "progress")}
    return Study(**told, fault=fault)


def files_shown(row: Row) -> FilesTold:
    """The files of a row."""
    return FilesTold(
        study_id=row["id"],
        files=[
            FileTold(name=each["name"], bytes=each["bytes"], media_type=media_type(each["name"]))
            for each in row["files"]
        ],
    )
