"""Decisions: what people made of proposals and holds, and how protected groups fare in a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy import desc

from api.access.actor import Role
from api.pages.days import day_from
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.routes.decision_report import decision_report
from api.routes.holds import hold_figures
from api.routes.run_disparity import disparity_told
from api.routes.run_models import run_shown
from api.service.change import Change
from api.service.decision_report import By
from api.service.disparity import Group, disparity
from api.service.kept_answers import KeptAnswers
from api.service.lists import cut
from api.service.refusals import InvalidError, NotThereError
from api.service.run_values import plan_of, problem_of
from api.service.seeing import runs_seen_by, the_run
from api.store.tables import PREMISES, RUNS
from api.store.values import Row

router = APIRouter()
GROUPS = {"band": "Band", "month": "Month", "person": "Who decided", "premises": "Premises"}
RUNS_TO_CHOOSE = 20
Groups = tuple[Group, dict[str, list[Group]]]
GROUPS_OF: KeptAnswers[Groups] = KeptAnswers()


@router.get("/oversight/decisions")
def page_decision_report(visit: Visiting) -> HTMLResponse:
    """How many proposals were accepted, changed or refused, how soon, and holds passed over."""
    first, last = (day_from(visit.asked(name), name) for name in ("from", "to"))
    manager = Role.MANAGER in visit.actor.roles
    by: Any = visit.asked("by") or "band"
    if by not in get_args(By):
        raise InvalidError(f"Groups are by {', '.join(GROUPS)}.")
    told = decision_report(visit.register, visit.actor, first, last, by)
    held = hold_figures(visit.register, visit.actor, told.first, told.last)
    with reading(visit.register, visit.actor) as change:
        names = {}
        if by == "premises":
            ids = [each.group for each in told.groups]
            rows = change.outlines("premises", ["name"], PREMISES.c.id.in_(ids))
            names = {row["id"]: row["name"] for row in rows}
    return visit.page(
        "decisions.html",
        title="What was decided",
        told_of=told,
        held=held,
        names=names,
        by=by,
        groups=[(k, v) for k, v in GROUPS.items() if manager or k != "person"],
        group_word=GROUPS[by],
    )


@router.get("/oversight/disparity")
def page_disparity(visit: Visiting) -> HTMLResponse:
    """How protected groups fare in one plan; for monitoring, and nobody can be found in it."""
    with reading(visit.register, visit.actor) as change:
        runs = finished_runs(visit, change.connection)
        asked = visit.asked("run") or (runs[0]["id"] if runs else "")
        run = the_run(change.connection, visit.actor, asked) if asked else None
        found, erased = None, False
        try:
            if run is not None:
                found = GROUPS_OF.of(change.connection, run, _groups(change, run))
        except NotThereError:
            erased = True
    told = None
    if run is not None and found is not None:
        # The run stands for all who are in it: nobody is told of apart.
        visit.log([run["id"]], "combination")
        told = disparity_told(run["id"], *found)
    return visit.page(
        "disparity.html",
        title="How groups fare in a plan",
        runs=[run_shown(each) for each in runs],
        run=None if run is None else run_shown(run),
        found=told,
        erased=erased,
    )


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
        turned=False,
        limit=RUNS_TO_CHOOSE,
        offset=0,
    )
