"""Studies: ask what would be, look how it goes, call it off, and take away what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse
from starlette.responses import StreamingResponse

from api.access.actor import Actor
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import After, Key, Limit, TheRegister, reading, reply, seen, sent, shown
from api.routes.lists import page
from api.routes.run_models import Status
from api.routes.study_models import (
    FilesTold,
    StartStudy,
    Study,
    files_shown,
    media_type,
    study_shown,
)
from api.routes.study_sent import sent_of
from api.routes.watching import EVENTS, watched
from api.service import studies
from api.service.change import Change
from api.service.leases import QueueLimits
from api.service.register import Answer, Register
from api.service.seeing import may_see
from api.service.studies import STUDY_LEASES, SYNTHETIC, Kind, the_study
from api.service.study_asking import Terms, wanted_of
from api.settings import Settings
from api.store.tables import STUDIES
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.shown import Page
from api.wire.study_figures import StudyFigures
from api.wire.words import Id

router = APIRouter(prefix="/v1", tags=["Studies"])
StudyId = Annotated[Id, Path(description="The study.")]
FileName = Annotated[str, Path(max_length=60, description="A file, as `files` names it.")]
_ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "It waits for a worker."}}
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_VALUES: dict[str, Any] = {"schema": {}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {
            "text/csv": _TEXT,
            "text/html": _TEXT,
            "image/svg+xml": _TEXT,
            "application/json": _VALUES,
            "application/yaml": _VALUES,
        },
    }
}


@dataclass(frozen=True, slots=True)
class SeenStudy:
    """A study that the actor may see."""

    register: Register
    actor: Actor
    request: Request
    study: Row

    def log(self, verb: str) -> None:
        """Write who sees what was made from people. Called before anything is answered.

        Every file that is given is written, as pages do it; a made-up estate has nobody's records.
        """
        of_people = self.study["over"] != SYNTHETIC
        if of_people or verb == "disclosure":
            subjects = [self.study["id"]] if of_people else []
            seen(self.register, self.actor, self.request, subjects, verb)


def _the_study(
    request: Request, register: TheRegister, actor: Permitted, study_id: StudyId
) -> SeenStudy:
    with register.reading() as connection:
        return SeenStudy(register, actor, request, the_study(connection, actor, study_id))


TheStudy = Annotated[SeenStudy, Depends(_the_study)]
"""The study of the path; 404 for one that the actor may not see."""


@router.post(
    "/studies",
    status_code=202,
    response_model=Study,
    responses=_ACCEPTED | problems(409, 413, 429, 503),
    openapi_extra=described(StartStudy),
)
def start_study(
    request: Request,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    body: Annotated[StartStudy, Depends(body_of(StartStudy))],
) -> Response:
    """Ask for scenarios or simulated years. A worker takes it up when its turn comes.

    A file with faults is refused with all of them, and nothing is run.
    """
    settings: Settings = request.app.state.settings
    route, asked = request.scope["route"].name, {"body": sent(body), "path": {}}
    known = register.answered(actor, route, key, asked)
    if known is not None:
        return reply(known)
    terms = Terms(settings.data_folder, settings.policy, settings.study_years)
    wanted = wanted_of(register, actor, sent_of(body), terms)
    limits = QueueLimits(settings.queued_studies_per_person, settings.queued_studies)

    def start(change: Change) -> Answer:
        row = studies.request(change, wanted, limits)
        return shown(study_shown(row), 202, location=f"/v1/studies/{row['id']}")

    return reply(register.perform(actor, route, key, asked, start))


@router.get("/studies", responses=problems())
def list_studies(
    register: TheRegister,
    actor: Permitted,
    limit: Limit = 50,
    after: After = None,
    status: Annotated[Status | None, Query()] = None,
    kind: Annotated[Kind | None, Query()] = None,
    mine: Annotated[bool, Query(description="Only those that you asked for.")] = False,
) -> Page[Study]:
    """Studies that you may see, the newest first."""
    conditions = [
        column == value
        for column, value in ((STUDIES.c.status, status), (STUDIES.c.kind, kind))
        if value is not None
    ]
    if mine:
        conditions.append(STUDIES.c.requested_by == actor.id)
    with reading(register, actor) as change:
        rows = [row for row in change.rows("study", *conditions) if may_see(row, actor)]
        some = page(rows, ("-requested_at", "-register_seq"), limit, after, lambda row: row)
        states = STUDY_LEASES.states_of(change.connection, [row["id"] for row in some.records])
    records = [study_shown(row, states[row["id"]]) for row in some.records]
    return Page(records=records, after=some.after, total=some.total)


@router.get("/studies/{study_id}", responses=problems(404))
def get_study(found: TheStudy) -> Study:
    """A study: how far it is, and how it ended."""
    with found.register.reading() as connection:
        state = STUDY_LEASES.state_of(connection, found.study["id"])
    return study_shown(found.study, state)


@router.post("/studies/{study_id}/cancellation", responses=problems(404, 409))
def cancel_study(register: TheRegister, actor: Permitted, study_id: StudyId) -> Study:
    """Call a study off. One that is running is cancelled within seconds; look again.

    Years that it has run are kept: the same study asked for again goes on from there.
    """
    with register.changing(actor) as change:
        row = STUDY_LEASES.cancel(change, the_study(change.connection, actor, study_id))
        return study_shown(row, STUDY_LEASES.state_of(change.connection, study_id))


# Not response_class=EventSourceResponse: see watch_run.
@router.get(
    "/studies/{study_id}/events",
    response_class=StreamingResponse,
    responses=EVENTS | problems(404, 429),
)
def watch_study(found: TheStudy) -> EventSourceResponse:
    """Server-sent events: each step with years done and of how many, then the final status."""
    return watched(found.register, found.actor, STUDY_LEASES, found.study["id"], "step")


@router.get("/studies/{study_id}/figures", responses=problems(404, 409))
def study_figures(found: TheStudy) -> StudyFigures:
    """What a finished study came to: figures, differences, who had no bed and why, answers."""
    with found.register.reading() as connection:
        text = studies.figures_of(connection, found.study)
    found.log("consultation")
    return StudyFigures.model_validate_json(text)


@router.get("/studies/{study_id}/files", responses=problems(404))
def list_study_files(found: TheStudy) -> FilesTold:
    """What may be taken away: what was asked, and once it has finished all that came of it."""
    return files_shown(found.study)


@router.get(
    "/studies/{study_id}/files/{name}",
    responses=_FILE | problems(404),
    response_class=Response,
)
def get_study_file(found: TheStudy, name: FileName) -> Response:
    """One of the files. Tables and pages say themselves that people and years are simulated."""
    with found.register.reading() as connection:
        content = studies.file_of(connection, found.study, name)
    found.log("disclosure")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type(name), headers=headers)
