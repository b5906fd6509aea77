"""Disparity: how protected groups fare in a plan; for monitoring, and nobody can be found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import desc

from api.pages.taking_away import taken_away
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.routes.run_disparity import disparity_told
from api.routes.run_models import run_shown
from api.service.change import Change
from api.service.disparity import Group, disparity
from api.service.kept_answers import KeptAnswers
from api.service.lists import cut
from api.service.refusals import NotThereError
from api.service.run_values import plan_of, problem_of
from api.service.seeing import runs_seen_by, the_run
from api.store.tables import RUNS
from api.store.values import Row

router = APIRouter()
RUNS_TO_CHOOSE = 20
Groups = tuple[Group, dict[str, list[Group]]]
_HEADINGS = (
    *("characteristic", "group", "bids", "with_a_bed", "share_with_a_bed"),
    *("nights_waited_mean", "miles_from_home_mean"),
)
GROUPS_OF: KeptAnswers[Groups] = KeptAnswers()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Plans to choose from, the one that is asked for, and what it comes to; None: erased."""

    runs: list[Row]
    run: Row | None
    groups: Groups | None


@router.get("/oversight/disparity")
def page_disparity(visit: Visiting) -> HTMLResponse:
    """How protected groups fare in one plan."""
    chosen = _chosen(visit)
    told = None
    if chosen.run is not None and chosen.groups is not None:
        # The run stands for all who are in it: nobody is told of apart.
        visit.log([chosen.run["id"]], "combination")
        told = disparity_told(chosen.run["id"], *chosen.groups)
    return visit.page(
        "disparity.html",
        title="How groups fare in a plan",
        runs=[run_shown(each) for each in chosen.runs],
        run=None if chosen.run is None else run_shown(chosen.run),
        found=told,
        erased=chosen.run is not None and chosen.groups is None,
    )


@router.get("/oversight/disparity.csv")
def page_disparity_file(visit: Visiting) -> Response:
    """The same as a file; what is not told on the page is not told in it."""
    chosen = _chosen(visit)
    if chosen.run is None or chosen.groups is None:
        raise NotThereError("There is no plan of which this can be told.")
    told = disparity_told(chosen.run["id"], *chosen.groups)
    of = [("everyone", [told.everyone]), *told.groups.items()]
    rows = [
        (
            *(characteristic, each.group, each.people, each.placed, each.placement_rate),
            *(each.mean_wait_nights, each.mean_miles),
        )
        for characteristic, groups in of
        for each in groups
    ]
    return taken_away(visit, "how-groups-fare", _HEADINGS, rows, [chosen.run["id"]])


def _chosen(visit: Visit) -> _Chosen:
    with reading(visit.register, visit.actor) as change:
        runs = finished_runs(visit, change.connection)
        asked = visit.asked("run") or (runs[0]["id"] if runs else "")
        run = the_run(change.connection, visit.actor, asked) if asked else None
        try:
            found = (
                None if run is None else GROUPS_OF.of(change.connection, run, _groups(change, run))
            )
        except NotThereError:
            found = None
    return _Chosen(runs, run, found)


def _groups(change: Change, run: Row) -> Callable[[], Groups]:
    connection = change.connection
    return lambda: disparity(plan_of(connection, run), problem_of(connection, run))


def finished_runs(visit: Visit, connection: Any) -> list[Row]:
    """The last ones that this person may see."""
    return cut(
        connection,
        "run",
        [*runs_seen_by(visit.actor), RUNS.c.status == "finished", RUNS.c.replay_of.is_(None)],
        (desc(RUNS.c.ended_at),),
        limit=RUNS_TO_CHOOSE,
        offset=0,
    )
