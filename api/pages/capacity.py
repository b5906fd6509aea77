"""Capacity: who goes without a bed and what stands in the way, and what a bed more is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.export.table import Cell
from allocator.export.words import aim_words
from allocator.plan import LevelReached
from api.pages.disparity import finished_runs
from api.pages.plan_words import level_told, plans_called
from api.pages.tabs import CAPACITY, first_of
from api.pages.taking_away import taken_away
from api.pages.visit import Visit, Visiting, go
from api.pages.words import GENDERS, ap_type, sentence, spaced
from api.routes.asking import reading
from api.routes.run_models import run_shown
from api.service.bed_worth import Worth, bed_worth, levels_priced
from api.service.change import Change
from api.service.kept_answers import KeptAnswers
from api.service.refusals import ConflictError, InvalidError, NotThereError
from api.service.run_values import plan_of
from api.service.seeing import restricted, the_run
from api.service.unmet import BY, Person, among, lines, people_of, seen_by
from api.store.values import Row

router = APIRouter()
PEOPLE: KeptAnswers[tuple[Person, ...]] = KeptAnswers(4)
LEVELS: KeptAnswers[tuple[LevelReached, ...]] = KeptAnswers()
WORTH: KeptAnswers[Worth] = KeptAnswers()
MOST_PREMISES = 120
LEAST = 0.005
"""What is less than this would be told as nothing."""
BY_WORDS = {"band": "Band", "region": "Region of home", "gender": "Estate", "ap_type": "AP type"}
_VALUES: Mapping[str, Callable[[str], str]] = {
    "band": "Band {}".format,
    "gender": lambda code: GENDERS.get(code, code),
    "ap_type": ap_type,
}
"""By what people are counted by, what the page calls a value; regions are words already."""


@router.get("/capacity")
def page_capacity(visit: Visiting) -> Response:
    """On to the first page of the section."""
    return go(first_of(CAPACITY, visit.may))


@dataclass(frozen=True, slots=True)
class _Unmet:
    """A plan, the people of it whom the reader may know of, and those among them asked for."""

    runs: list[Row]
    run: Row | None
    wanted: Mapping[str, str]
    people: list[Person]
    found: list[Person]
    erased: bool

    @property
    def causes(self) -> list[str]:
        """What stands in anybody's way."""
        return sorted({each.cause for each in self.people if each.cause})


@router.get("/capacity/unmet")
def page_unmet(visit: Visiting) -> HTMLResponse:
    """Whom a plan leaves without a bed: by band, region, estate and AP type, and by cause."""
    told = _unmet(visit)
    if told.run is not None:
        visit.log([told.run["id"]], "combination")
    return visit.page(
        "unmet.html",
        title="Unmet need",
        runs=[run_shown(each) for each in told.runs],
        run=None if told.run is None else run_shown(told.run),
        wanted=told.wanted,
        file=f"/capacity/unmet.csv?{urlencode({**told.wanted, **_of_run(told.run)})}",
        causes=told.causes,
        choices={name: sorted({str(getattr(each, name)) for each in told.people}) for name in BY},
        by_words=BY_WORDS,
        tables=[(by, lines(told.found, by)) for by in BY],
        people=len(told.found),
        erased=told.erased,
        without=sum(each.cause is not None for each in told.found),
    )


@router.get("/capacity/unmet.csv")
def page_unmet_file(visit: Visiting) -> Response:
    """Its tables as one file: a line for each value of each."""
    told = _unmet(visit)
    if told.run is None or told.erased:
        raise NotThereError("There is no plan of which this can be told.")
    causes, run_id = told.causes, told.run["id"]
    with reading(visit.register, visit.actor) as change:
        called = plans_called(change.connection, [run_id])[run_id]
    rows: list[tuple[Cell, ...]] = [
        (
            *(called, run_id, BY_WORDS[by], _VALUES.get(by, str)(value), value),
            *(line.people, line.without, *(line.causes[cause] for cause in causes)),
        )
        for by in BY
        for value, line in lines(told.found, by)
    ]
    headings = (
        "plan",
        "plan_id",
        "by",
        "value",
        "code",
        "asked",
        "without_a_bed",
        *map(spaced, causes),
    )
    return taken_away(visit, "unmet-need", headings, rows, [run_id])


def _of_run(run: Row | None) -> dict[str, str]:
    return {} if run is None else {"run": run["id"]}


def _unmet(visit: Visit) -> _Unmet:
    wanted = {name: told for name in (*BY, "cause") if (told := visit.asked(name))}
    with reading(visit.register, visit.actor) as change:
        runs, run = _chosen(visit, change)
        people, erased = _people(visit, change, run)
    found = among(people, {k: v for k, v in wanted.items() if k != "cause"})
    if "cause" in wanted:
        found = [each for each in found if each.cause in (None, wanted["cause"])]
    return _Unmet(runs, run, wanted, people, found, erased)


def _people(visit: Visit, change: Change, run: Row | None) -> tuple[list[Person], bool]:
    """Those of a plan of whom this person may know; and whether the plan has been erased."""
    connection = change.connection
    if run is None:
        return [], False
    try:
        people = PEOPLE.of(connection, run, lambda: people_of(connection, run))
    except NotThereError:
        return [], True
    return seen_by(people, restricted(connection, visit.actor)), False


@router.get("/capacity/worth")
def page_worth(visit: Visiting) -> HTMLResponse:
    """What the proof of a plan charges for a bed, by premises and week."""
    with reading(visit.register, visit.actor) as change:
        runs, run = _chosen(visit, change)
        told: dict[str, Any] = {}
        if run is not None:
            try:
                told = _worth(visit, change, run)
            except NotThereError:
                told = {"erased": True}
    shown: dict[str, Any] = {
        "least": LEAST,
        "levels": [],
        "level": "",
        "worth": None,
        "rows": [],
        "nothing": 0,
        "all_proven": False,
        "some_proven": 0,
        "of_levels": 0,
        "erased": False,
        **told,
    }
    return visit.page(
        "worth.html",
        title="What a bed is worth",
        file=f"/capacity/worth.csv?{urlencode({**_of_run(run), 'level': shown['level']})}",
        runs=[run_shown(each) for each in runs],
        run=None if run is None else run_shown(run),
        **shown,
    )


@router.get("/capacity/worth.csv")
def page_worth_file(visit: Visiting) -> Response:
    """The same as a file: a column for all weeks and for each, blank where a price says nothing.

    To four digits after the point, and below 1 to four digits, however small: what is charged at
    all is not told as nothing.
    """
    with reading(visit.register, visit.actor) as change:
        _, run = _chosen(visit, change)
        told = {} if run is None else _worth(visit, change, run)
        called = {} if run is None else plans_called(change.connection, [run["id"]])
    if run is None or "worth" not in told:
        raise NotThereError("There is no plan with prices.")
    most = told["says_nothing_above"]
    rows = [
        (
            *(called[run["id"]], run["id"], told["of"].aim),
            *(place["id"], place["name"], place["area"]),
            *(None if each > most else _in_file(each) for each in (total, *weeks)),
        )
        for place, weeks, total in told["rows"]
    ]
    starts = (f"week_of_{start}" for start in told["worth"].starts)
    headings = ("plan", "plan_id", "aim", "premises", "name", "ap_area", "all_weeks", *starts)
    return taken_away(visit, "worth-of-a-bed", headings, rows, [run["id"]])


def _in_file(price: float) -> float:
    return round(price, 4) if price >= 1 else float(f"{price:.4g}")


def _worth(visit: Visit, change: Change, run: Row) -> dict[str, Any]:
    connection = change.connection

    def priced() -> tuple[LevelReached, ...]:
        return tuple(levels_priced(plan_of(connection, run)))

    levels = {each.code: each for each in LEVELS.of(connection, run, priced)}
    if not levels:
        proven = [each.proven for each in plan_of(connection, run).levels]
        return {"all_proven": all(proven), "some_proven": sum(proven), "of_levels": len(proven)}
    level = visit.asked("level") or next(iter(levels))
    if level not in levels:
        raise InvalidError("This plan has no prices for that level.")
    premises_of = {row["id"]: row["premises_id"] for row in change.outlines("bed", ["premises_id"])}
    worth = WORTH.of(
        connection,
        run,
        lambda: bed_worth(plan_of(connection, run), level, premises_of),
        level,
        change.today,
    )
    places = {row["id"]: row for row in change.outlines("premises", ["name", "area"])}
    most = _without(visit, change, run, levels[level])
    # A price of more than everybody without a bed says nothing: such premises stand last.
    ranked = sorted(
        worth.premises.items(), key=lambda each: (max(each[1]) > most, -sum(each[1]), each[0])
    )
    rows = [
        (places[name], weeks, sum(weeks))
        for name, weeks in ranked[:MOST_PREMISES]
        if name in places and sum(weeks) >= LEAST
    ]
    return {
        "levels": [(code, sentence(aim_words(each))) for code, each in levels.items()],
        "level": level,
        "worth": worth,
        "rows": rows,
        "nothing": len(places) - len(rows),
        "proven": levels[level].proven,
        "of": level_told(levels[level]),
        "most": max((each for _, weeks, _ in rows for each in weeks if each <= most), default=0.0),
        "says_nothing_above": most,
        "some_say_nothing": any(total > most for *_, total in rows),
    }


def _without(visit: Visit, change: Change, run: Row, level: LevelReached) -> float:
    """How many of the band a level counts have no bed: no bed more can bring it more than that."""
    if level.aim != "placed":
        return inf
    people, _ = _people(visit, change, run)
    return float(sum(each.band == level.band and each.cause is not None for each in people))


def _chosen(visit: Visit, change: Change) -> tuple[list[Row], Row | None]:
    """Plans over the register to choose from, and the one that is asked for; the last if none."""
    runs = [run for run in finished_runs(visit, change.connection) if run["over"] == "register"]
    asked = visit.asked("run")
    if not asked:
        return runs, runs[0] if runs else None
    run = the_run(change.connection, visit.actor, asked)
    if run["over"] != "register":
        raise NotThereError("This page is for plans over the register.")
    if run["status"] != "finished":
        raise ConflictError("This plan is not finished.", code="not-finished")
    return runs, run
