"""Studies: what would be: those asked for, as they go, and what came of them."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import desc

from allocator.scenario import in_words
from allocator.scenario.file import BASE
from api.pages.estates import names_of
from api.pages.listing import Listing
from api.pages.study_series import (
    HEADINGS,
    HEIGHT,
    LEFT,
    WIDTH,
    Series,
    drawn,
    rows_of,
    series_of,
)
from api.pages.study_words import METHODS, doubts, made_up, measure, method, period
from api.pages.taking_away import taken_away
from api.pages.visit import Visiting
from api.pages.words import moment
from api.routes.asking import reading
from api.routes.study_models import files_shown, media_type, study_shown
from api.service import studies
from api.service.change import Change
from api.service.documents import document
from api.service.leases import FINISHED, QUEUED, RUNNING
from api.service.lists import counted, cut
from api.service.refusals import NotThereError
from api.service.seeing import studies_seen_by
from api.service.studies import ASKED, STUDY_LEASES, SYNTHETIC, the_study
from api.store.tables import STUDIES
from api.store.values import Row
from api.wire.study_figures import IntervalTold, StudyFigures

router = APIRouter()
STEPS = {
    "years": "Simulated years",
    "best_sites": "What a bed more is worth",
    "closures": "Which closing hurts least",
    "enough_beds": "How few beds are enough",
    "files": "Tables and pictures",
}
OVER = {"synthetic": "A made-up estate", "register": "The register", "problem": "A file"}
MOST_CAUSES = 60
_BAND = re.compile(r"\bband (\d+)\b")


@router.get("/capacity/studies")
def page_studies(visit: Visiting) -> HTMLResponse:
    """Studies, the newest first."""
    listing = Listing.of(visit, ("newest",), "newest", ())
    conditions = studies_seen_by(visit.actor)
    with reading(visit.register, visit.actor) as change:
        listing = listing.holding(counted(change.connection, "study", conditions))
        rows = cut(
            change.connection,
            "study",
            conditions,
            (desc(STUDIES.c.requested_at),),
            limit=listing.size,
            offset=listing.offset,
        )
    return visit.page(
        "studies.html",
        title="What would be if",
        listing=listing,
        studies=[study_shown(row) for row in rows],
        over=OVER,
    )


@router.get("/capacity/studies/{study_id}")
def page_study(study_id: str, visit: Visiting) -> HTMLResponse:
    """One study: how far it is, or what it came to."""
    with reading(visit.register, visit.actor) as change:
        row = the_study(change.connection, visit.actor, study_id)
        study = study_shown(row, STUDY_LEASES.state_of(change.connection, study_id))
        figures, series, gone = None, list[Series](), False
        if row["status"] == FINISHED:
            try:
                figures, series = _figures(change, row)
            except NotThereError:
                gone = True
    if figures is not None and row["over"] != SYNTHETIC:
        visit.log(_seen(row))
    return visit.page(
        "study.html",
        title=study.name or f"Study of {moment(study.requested_at)}",
        study=study,
        going=study.status in (QUEUED, RUNNING),
        steps=STEPS,
        over=OVER,
        files=files_shown(row).files,
        figures=figures,
        gone=gone,
        pictures=_pictures(figures) if figures else [],
        series=[(each, drawn(each, figures)) for each in series] if figures else [],
        series_size=(WIDTH, HEIGHT, LEFT),
        doubts=doubts(figures) if figures else [],
        methods=_methods(figures) if figures else [],
        period=period(figures.days) if figures else "",
        made_up=made_up(study.over, figures.synthetic_estate) if figures else "",
        less=_less(figures) if figures else "",
        called=method,
        premises_called=partial(in_words.called, names=figures.names if figures else {}),
        ledger=_ledger(figures) if figures else [],
        most_causes=MOST_CAUSES,
    )


@router.post("/capacity/studies/{study_id}/cancellation")
def page_cancel_study(study_id: str, visit: Visiting) -> Response:
    """Call it off. Years that it has run are kept."""
    with visit.register.changing(visit.actor) as change:
        STUDY_LEASES.cancel(change, the_study(change.connection, visit.actor, study_id))
    return visit.go(f"/capacity/studies/{study_id}", "study-called-off")


@router.get("/capacity/studies/{study_id}/files/{name}")
def page_study_file(study_id: str, name: str, visit: Visiting) -> Response:
    """One of its files, to be taken away."""
    with visit.register.reading() as connection:
        row = the_study(connection, visit.actor, study_id)
        content = studies.file_of(connection, row, name)
    visit.log(_seen(row), "disclosure")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type(name), headers=headers)


@router.get("/capacity/studies/{study_id}/sizes.csv")
def page_study_sizes_file(study_id: str, visit: Visiting) -> Response:
    """Every figure of the scenarios that differ in the size of one change alone."""
    with reading(visit.register, visit.actor) as change:
        row = the_study(change.connection, visit.actor, study_id)
        figures, series = _figures(change, row)
    return taken_away(visit, "sizes-compared", HEADINGS, rows_of(series, figures), _seen(row))


def _figures(change: Change, row: Row) -> tuple[StudyFigures, list[Series]]:
    """What a finished study came to. Raises NotThereError once it has been erased."""
    connection = change.connection
    figures = StudyFigures.model_validate_json(studies.figures_of(connection, row))
    if not figures.names and row["over"] == studies.REGISTER:
        # It finished before names were kept with what it came to.
        figures = figures.model_copy(update={"names": names_of(change, studies.REGISTER)})
    asked = ASKED.validate_json(document(connection, row["asked"]))
    return figures, series_of(asked, figures.names)


def _seen(row: Row) -> list[str]:
    """Whose records are in it, for the access log; a made-up estate has nobody's."""
    return [] if row["over"] == SYNTHETIC else [row["id"]]


def _pictures(figures: StudyFigures) -> list[dict[str, Any]]:
    """A figure at a time: each scenario and method with its mean, interval and difference."""
    found = []
    for told in figures.figures:
        lines = []
        for each in figures.outcomes:
            mean = each.figures.get(told.name)
            change = (each.differences or {}).get(told.name)
            if mean is not None:
                lines.append({"of": each, "mean": mean, "change": change})
        if lines:
            band = _BAND.search(told.words)
            found.append(
                {
                    "told": told,
                    "measure": measure(told.name),
                    "band": band[1] if band else "",
                    "lines": lines,
                    "scale": _scale(lines),
                }
            )
    return found


def _less(figures: StudyFigures) -> str:
    """What differences are to, as it stands in a heading."""
    return "the base" if figures.less == BASE else method(figures.less).lower()


def _methods(figures: StudyFigures) -> list[tuple[str, str]]:
    """What the ways of placing that were tried are called, and what they do."""
    names = dict.fromkeys(each.method for each in figures.outcomes)
    return [METHODS[name] for name in names if name in METHODS]


def _scale(lines: list[dict[str, Any]]) -> float:
    """How far from nothing the differences of a figure go."""
    ends = [abs(end) for each in lines for end in _ends(each["change"])]
    return max(ends, default=0.0)


def _ends(change: IntervalTold | None) -> tuple[float, ...]:
    if change is None:
        return ()
    return tuple(end for end in (change.low, change.mean, change.high) if end is not None)


def _ledger(figures: StudyFigures) -> list[tuple[tuple[str, str, str], float]]:
    """People without a bed in a year, by scenario, method and cause."""
    found: dict[tuple[str, str, str], int] = {}
    for each in figures.ledger:
        key = (each.scenario, each.method, each.cause)
        found[key] = found.get(key, 0) + each.people
    return [(key, people / figures.replications) for key, people in found.items()]
