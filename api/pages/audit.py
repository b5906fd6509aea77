"""Audit: who looked at whom, and what happened in the register, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Table, select

from api.pages.at_fields import Summary, at, messages
from api.pages.days import day_from
from api.pages.listing import Listing
from api.pages.tabs import AUDIT, first_of
from api.pages.visit import Visit, Visiting, go
from api.service.oversight_lists import (
    COLUMNS,
    Wanted,
    actors_of,
    entries,
    how_many,
    subjects_shown,
    words_of,
)
from api.service.refusals import InvalidError, NotThereError
from api.store.tables import ACCESS_LOG, EVENTS
from api.store.values import Row

router = APIRouter()
SIZE = 25
TYPED = ("subject", "from", "to")
"""Filters that one writes, and may write wrongly."""
SUBJECTS = 8
"""Records named in a line; a view of a list can hold thousands."""


@router.get("/audit")
def page_audit(visit: Visiting) -> Response:
    """On to the first page of the section that this person may see."""
    return go(first_of(AUDIT, visit.may))


@router.get("/audit/accesses")
def page_accesses(visit: Visiting) -> HTMLResponse:
    """Who looked at which records, the newest first."""
    status, shown = _list(visit, ACCESS_LOG, ("actor", "verb", "what"))
    for row in shown["rows"]:
        row["named"] = subjects_shown(row["subjects"], SUBJECTS)
    return visit.page("accesses.html", status, title="Who looked", **shown)


@router.get("/audit/accesses/{number:int}")
def page_access(number: int, visit: Visiting) -> HTMLResponse:
    """One entry of the access log, with every record that it names."""
    with visit.register.reading() as connection:
        found = connection.execute(select(ACCESS_LOG).where(ACCESS_LOG.c.seq == number))
        row = found.mappings().first()
    if row is None:
        raise NotThereError(f"there is no entry {number} in the access log")
    return visit.page("access.html", title=f"Entry {number:,} of the access log", row=dict(row))


@router.get("/audit/timeline")
def page_register_timeline(visit: Visiting) -> HTMLResponse:
    """What happened in the register, the newest first, without the facts of a case."""
    status, shown = _list(visit, EVENTS, ("actor", "kind", "action"))
    return visit.page("register_timeline.html", status, title="What happened", **shown)


def _list(visit: Visit, log: Table, filters: tuple[str, ...]) -> tuple[int, dict[str, Any]]:
    """The status, and what the template is told: no entries where a filter is none."""
    listing = replace(Listing.of(visit, ("newest",), "newest", filters), size=SIZE)
    wanted, wrong = _wanted(visit, dict(listing.asked))
    typed = {name: told for name in TYPED if (told := visit.request.query_params.get(name, ""))}
    listing = replace(listing, asked={**listing.asked, **typed})
    rows: list[Row] = []
    with visit.register.reading() as connection:
        if not wrong:
            listing = listing.holding(how_many(connection, log, wanted))
            rows = entries(connection, log, wanted, limit=listing.size, offset=listing.offset)
        words: dict[str, Any] = {
            name: words_of(connection, log, COLUMNS[name]) for name in filters if name != "actor"
        }
        # By id: addresses are written to logs, and name nobody.
        words["actor"] = actors_of(connection, log)
    shown = {"listing": listing, "rows": rows, "words": words, "errors": messages(wrong)}
    return (422 if wrong else 200), {**shown, "error_summary": wrong}


def _wanted(visit: Visit, words: dict[str, str]) -> tuple[Wanted, Summary]:
    """What the filters ask for, and what is wrong with those that are typed, each at its field."""
    wrong: Summary = []
    days: dict[str, date | None] = {}
    subject = ""
    for name in TYPED:
        try:
            if name == "subject":
                subject = visit.asked(name)
            else:
                days[name] = day_from(visit.asked(name), name)
        except InvalidError as refusal:
            wrong += at(name, refusal.detail)
    return Wanted(words, subject, days.get("from"), days.get("to")), wrong
