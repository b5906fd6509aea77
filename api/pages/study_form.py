"""Study form: ask what would be: a scenario file written from a form, and edited by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from allocator.scenario.file import USUAL_DAYS, USUAL_METHODS
from api.pages.estates import estates, first_day, names_of, places
from api.pages.study_size import size_of
from api.pages.study_words import ENOUGH, METHODS
from api.pages.study_writing import QUESTIONS, written
from api.pages.visit import Visit, Visiting, go
from api.pages.words import refused
from api.routes.asking import reading, sent
from api.routes.study_models import StartStudy
from api.routes.study_sent import sent_of
from api.service import studies
from api.service.change import Change
from api.service.leases import QueueLimits
from api.service.refusals import BusyError, ConflictError, InvalidError, TooManyError
from api.service.register import Answer
from api.service.study_asking import Terms, wanted_of
from api.store.tables import FORECASTS
from api.wire.bounds import LONG_TEXTS

router = APIRouter()
FIELDS = (
    *("name", "estate", "years", "days", "kind", "scenario_name", *QUESTIONS),
    *("close_premises", "close_since", "open_premises", "open_beds", "open_since", "demand"),
    *("release_days", "release_share", "release_first", "release_until"),
    *("stay_nights", "stay_instead", "broken"),
)


@router.get("/capacity/studies/new")
def page_new_study(visit: Visiting) -> HTMLResponse:
    """The form, with the file that it has written so far; `estate`: whose premises it offers."""
    estate = visit.asked("estate")
    return _form(visit, estate=estate)


@router.post("/capacity/studies/new")
def page_start_study(visit: Visiting) -> Response:
    """Write the form into the file; or start what the file asks."""
    said = {name: visit.said(name, 400) for name in FIELDS}
    text = visit.said("yaml", LONG_TEXTS["scenario_yaml"])
    try:
        if visit.said("do") == "estate":
            return _form(visit, said, text, counted=False)
        if visit.said("do") == "write":
            begins = first_day(said["estate"], visit.register.clock.today())
            with reading(visit.register, visit.actor) as change:
                names = names_of(change, said["estate"])
            text_now = written(text, said, begins, visit.all_said("method"), names)
            return _form(visit, said, text_now, written_now=True)
        _require_written(said)
        return go(f"/capacity/studies/{_started(visit, text, said['name'])}")
    except (InvalidError, TooManyError, BusyError, ConflictError) as refusal:
        counted = not said["kind"] and visit.said("do") != "write"
        return _form(visit, said, text, _wrong(refusal), status=_status(refusal), counted=counted)


def _begun(shown: dict[str, str], today: date) -> str:
    """The file before anything is asked; an estate that there is not has none."""
    try:
        return written("", shown, first_day(shown["estate"], today))
    except InvalidError:
        return ""


def _require_written(said: dict[str, str]) -> None:
    """Raise InvalidError for a scenario that was chosen and is not in the file."""
    if said["kind"]:
        wrong = "This scenario is not in the file yet: write it into the file, or choose None"
        told = {"where": f"kind-{said['kind']}", "message": wrong, "kind": "field"}
        raise InvalidError(wrong, [told])


def _started(visit: Visit, text: str, name: str) -> str:
    """The id of the study, which waits for a worker."""
    try:
        body = StartStudy(kind="scenario", name=name or None, scenario_yaml=text)
    except ValidationError:
        raise InvalidError("The name or the file is too long, or the file is empty") from None
    settings = visit.settings
    asked = {"body": sent(body), "path": dict(visit.request.path_params)}
    known = visit.register.answered(visit.actor, visit.route, visit.key, asked)
    wanted = None
    if known is None:
        terms = Terms(settings.data_folder, settings.policy, settings.study_years)
        wanted = wanted_of(visit.register, visit.actor, sent_of(body), terms)
    limits = QueueLimits(settings.queued_studies_per_person, settings.queued_studies)

    def start(change: Change) -> Answer:
        assert wanted is not None
        return Answer(202, {"id": studies.request(change, wanted, limits)["id"]})

    return str(visit.once(body, start).body["id"])


def _wrong(
    refusal: InvalidError | TooManyError | BusyError | ConflictError,
) -> list[dict[str, str]]:
    """Every complaint, with its line where there is one."""
    complaints: Any = refusal.extra.get("complaints") or []
    found = []
    for each in complaints:
        line = each.get("line")
        where = str(each.get("where", ""))
        known = where in (*FIELDS, "yaml") or where.startswith("kind-")
        place = f"Line {line}: " if line else "" if known else f"{where}: "
        href = f"#{where}" if known else "#yaml"
        message = str(each["message"])
        found.append({"text": f"{place}{refused(message)}", "href": href})
    if not found:
        found = [{"text": refused(refusal.detail), "href": "#yaml"}]
    return found


def _status(refusal: Exception) -> int:
    if isinstance(refusal, TooManyError):
        return 429
    if isinstance(refusal, ConflictError):
        return 409
    return 503 if isinstance(refusal, BusyError) else 422


def _form(
    visit: Visit,
    said: dict[str, str] | None = None,
    text: str | None = None,
    wrong: list[dict[str, str]] | None = None,
    *,
    status: int = 200,
    written_now: bool = False,
    estate: str = "",
    counted: bool = True,
) -> HTMLResponse:
    """`counted`: the form holds nothing that is not in the file, so that it may say how long that
    takes.
    """
    with reading(visit.register, visit.actor) as change:
        with_forecast = bool(change.outlines("forecast", [], FORECASTS.c.current))
        choices = estates(with_forecast)
        usual = {"estate": estate or choices[0][0], "years": f"{ENOUGH}", "days": f"{USUAL_DAYS}"}
        shown = {**dict.fromkeys(FIELDS, ""), **usual, **(said or {})}
        there = places(change, shown["estate"])
        text = _begun(shown, change.today) if text is None else text
        comes_to = size_of(text, change, visit.settings) if counted else None
    if written_now:
        # What is written is in the file now: the next change begins anew.
        shown |= {"kind": "", "scenario_name": ""}
    return visit.page(
        "new_study.html",
        status,
        title="What would be if",
        said=shown,
        yaml=text,
        comes_to=comes_to,
        ticked=visit.all_said("method") if said is not None else USUAL_METHODS,
        methods=METHODS,
        estates=choices,
        with_forecast=with_forecast,
        places=there,
        written_now=written_now,
        error_summary=wrong or [],
        wrong={each["href"][1:]: each["text"] for each in wrong or ()},
    )
