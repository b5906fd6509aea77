"""Runs: plans asked for, as they go and as they ended."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError
from sqlalchemy import desc

from allocator.export.words import AIM_WORDS, status_words
from api.pages.at_fields import at, at_fields, messages
from api.pages.listing import Listing
from api.pages.plan_words import at_now, levels_told, progress_told
from api.pages.visit import Visit, Visiting, go
from api.routes.asking import reading
from api.routes.run_models import StartRun
from api.routes.runs_told import run_told, runs_told
from api.routes.watching import watched
from api.service import advising, forecasts, leases, runs
from api.service.asked_by import called_off
from api.service.change import Change
from api.service.documents import are_kept
from api.service.lists import counted, cut
from api.service.plan_needs import lost_in
from api.service.proposal_lists import by_status, closed_meanwhile
from api.service.refusals import ConflictError, InvalidError, NotThereError, TooManyError
from api.service.register import Answer
from api.service.replaced import Waiting, replaced_by, waiting
from api.service.run_values import plan_of
from api.service.seeing import runs_seen_by, the_run
from api.store.tables import RUNS
from api.store.values import Row

router = APIRouter()
EFFORTS = (
    ("quick", "Quick", "A first plan within a few minutes; less is proven."),
    ("standard", "Standard", "The usual."),
    ("thorough", "Thorough", "Longer, for the plan that decisions are made on."),
)
MOST_MINUTES = 1_440
_FIELDS = ("effort-standard", "minutes", "seed")
_NO_FORECAST = {
    "no-forecast": "There is no forecast of who is yet to come: nobody has put one in.",
    "another-policy": "The forecast that is there was made under another policy.",
}


@router.get("/runs")
def page_runs(visit: Visiting) -> HTMLResponse:
    """Plans, the newest first, those under way among them, and the form to ask for one."""
    return _listed(visit)


def _listed(visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    listing = Listing.of(visit, ("newest",), "newest", ())
    wanted = runs_seen_by(visit.actor)
    with reading(visit.register, visit.actor) as change:
        listing = listing.holding(counted(change.connection, "run", wanted))
        rows = cut(
            change.connection,
            "run",
            wanted,
            (desc(RUNS.c.requested_at),),
            limit=listing.size,
            offset=listing.offset,
        )
        told = runs_told(change.connection, visit.actor, rows)
        finished = _finished(change, visit)
        policy = change.policy.name
        no_forecast = _no_forecast(change)
        overtakes = waiting(change)
        kept_to = _kept_to(change, overtakes, finished)
    shown: dict[str, Any] = {
        "title": "Plans",
        "listing": listing,
        "runs": told,
        "finished": finished,
        "efforts": EFFORTS,
        "policy": policy,
        "no_forecast": no_forecast,
        "overtakes": overtakes,
        "kept_to": kept_to,
        "said": {},
        **more,
    }
    shown["errors"] = messages(shown.get("error_summary", []))
    return visit.page("runs.html", status, **shown)


def _no_forecast(change: Change) -> str:
    """Why no advice on what to hold back can be asked for; empty where it can."""
    try:
        forecasts.current(change)
    except ConflictError as refusal:
        return _NO_FORECAST.get(refusal.code, "There is no forecast that it could rest on.")
    return ""


def _kept_to(change: Change, overtakes: Waiting | None, finished: list[Row]) -> str:
    """The plan that a new one changes little from, unless another is chosen; empty: none."""
    if overtakes is None or not are_kept(change.connection, overtakes.run["plan"]):
        return ""
    name = str(overtakes.run["id"])
    return name if any(each["id"] == name for each in finished) else ""


def _finished(change: Change, visit: Visit) -> list[Row]:
    """The last ones that can be compared, or kept to."""
    return cut(
        change.connection,
        "run",
        [*runs_seen_by(visit.actor), RUNS.c.status == leases.FINISHED],
        (desc(RUNS.c.ended_at),),
        limit=20,
        offset=0,
    )


@router.post("/runs")
def page_start_run(visit: Visiting) -> Response:
    """Ask for a plan over the register as it stands."""
    said = {
        name: visit.said(name, 200)
        for name in ("effort", "seed", "minutes", "keep_run", "hold_back", "displacement")
    }
    try:
        asked = _asked(visit, said)
        limits = leases.QueueLimits(
            visit.settings.queued_runs_per_person, visit.settings.queued_runs
        )

        def start(change: Change) -> Answer:
            row = runs.request(
                change,
                effort=asked.effort,
                seed=asked.seed,
                time_limit_s=asked.time_limit_s or visit.settings.default_time_limit_s,
                displacement=asked.displacement,
                keep_run=asked.keep_run,
                hold_back=asked.hold_back,
                limits=limits,
            )
            return Answer(202, {"id": row["id"]})

        answer = visit.once(asked, start)
    except (ConflictError, NotThereError) as refusal:
        told = at("keep_run", "The plan to change little from is not there, or never came to be")
        if refusal.code in _NO_FORECAST:
            told = at("hold_back", _NO_FORECAST[refusal.code])
        return _listed(visit, 409, error_summary=told, said=said)
    except (InvalidError, TooManyError) as refusal:
        told = at_fields(refusal, _FIELDS, "ask")
        status = 429 if isinstance(refusal, TooManyError) else 422
        return _listed(visit, status, error_summary=told, said=said)
    return go(f"/runs/{answer.body['id']}")


def _asked(visit: Visit, said: dict[str, str]) -> StartRun:
    minutes, seed = said["minutes"], said["seed"] or "0"
    wrong = {}
    if minutes and not (
        minutes.isdecimal() and len(minutes) < 5 and 1 <= int(minutes) <= MOST_MINUTES
    ):
        wrong["minutes"] = f"Minutes must be a whole number, from 1 to {MOST_MINUTES:,}"
    if not (seed.isdecimal() and len(seed) < 10):
        wrong["seed"] = "Repeat number must be a whole number, of at most nine digits"
    if said["effort"] not in ("", *(each for each, _, _ in EFFORTS)):
        wrong["effort-standard"] = "Choose an effort"
    if wrong:
        told = [{"where": name, "message": text, "kind": "field"} for name, text in wrong.items()]
        raise InvalidError("The form is not valid", told)
    try:
        return StartRun(
            effort=said["effort"] or "standard",  # type: ignore[arg-type]
            seed=int(seed),
            time_limit_s=int(minutes) * 60 if minutes else None,
            displacement=bool(said["displacement"]),
            keep_run=said["keep_run"] or None,
            hold_back=bool(said["hold_back"]),
        )
    except ValidationError:
        raise InvalidError("This form is not as it was shown: load the page again") from None


@router.get("/runs/{run_id}")
def page_run(run_id: str, visit: Visiting) -> HTMLResponse:
    """One plan: how far it is, or what it came to."""
    with reading(visit.register, visit.actor) as change:
        row = the_run(change.connection, visit.actor, run_id)
        run = run_told(change.connection, visit.actor, row)
        plan, gone = None, False
        if row["status"] == leases.FINISHED and visit.may("run_plan"):
            try:
                plan = plan_of(change.connection, row)
            except NotThereError:
                gone = True
        decided = by_status(change.connection, run_id, len(lost_in(change, run_id)))
        closed = closed_meanwhile(change.connection, row)
        finished = [each for each in _finished(change, visit) if each["id"] != run_id]
        queued_before = _before(change, row)
        replaced = replaced_by(change.connection, row)
        comparable = replaced is not None and are_kept(change.connection, replaced.run["plan"])
        advice = advising.asked(change.connection, run_id)
        called_off_by = called_off(change.connection, "run", run_id)
    progress = [level.model_dump() for level in run.progress]
    return visit.page(
        "run.html",
        title="Plan",
        run=run,
        going=run.status in (leases.QUEUED, leases.RUNNING),
        progress=progress_told(progress),
        aim_words=AIM_WORDS,
        at_now=at_now(progress),
        plan=plan,
        levels=levels_told(plan) if plan is not None else [],
        how_it_ended=status_words(plan) if plan is not None else "",
        called_off_by=called_off_by,
        gone=gone,
        decided=decided,
        closed=closed,
        finished=finished,
        waiting=queued_before,
        replaced=replaced,
        comparable=comparable,
        replay=row["replay_of"],
        advice=advice,
    )


def _before(change: Change, row: Row) -> int:
    """How many runs are worked on before this one."""
    if row["status"] != leases.QUEUED:
        return 0
    ahead = RUNS.c.status.in_((leases.QUEUED, leases.RUNNING))
    return counted(change.connection, "run", [ahead, RUNS.c.requested_at < row["requested_at"]])


@router.get("/runs/{run_id}/events")
def page_watch_run(run_id: str, visit: Visiting) -> Response:
    """The run as it goes, for the script of its page."""
    with visit.register.reading() as connection:
        the_run(connection, visit.actor, run_id)
    return watched(visit.register, visit.actor, runs.RUN_LEASES, run_id, "level")


@router.post("/runs/{run_id}/cancellation")
def page_cancel_run(run_id: str, visit: Visiting) -> Response:
    """Call a run off."""
    with visit.register.changing(visit.actor) as change:
        runs.cancel(change, run_id)
    return visit.go(f"/runs/{run_id}", "called-off")
