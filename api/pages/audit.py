"""Audit: who looked at whom, and what happened in the register, by whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Table, select

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
from api.service.refusals import NotThereError
from api.store.tables import ACCESS_LOG, EVENTS
from api.store.values import Row

router = APIRouter()
SIZE = 25
SUBJECTS = 8
"""Records named in a line; a view of a list can hold thousands."""


@router.get("/audit")
def page_audit(visit: Visiting) -> Response:
    """On to the first page of the section that this person may see."""
    return go(first_of(AUDIT, visit.may))


@router.get("/audit/accesses")
def page_accesses(visit: Visiting) -> HTMLResponse:
    """Who looked at which records, the newest first."""
    listing, rows, words = _list(visit, ACCESS_LOG, ("actor", "verb", "what"))
    shown = [{**row, "named": subjects_shown(row["subjects"], SUBJECTS)} for row in rows]
    return visit.page("accesses.html", title="Who looked", listing=listing, rows=shown, words=words)


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
    listing, rows, words = _list(visit, EVENTS, ("actor", "kind", "action"))
    return visit.page(
        "register_timeline.html", title="What happened", listing=listing, rows=rows, words=words
    )


def _list(
    visit: Visit, log: Table, filters: tuple[str, ...]
) -> tuple[Listing, list[Row], dict[str, Any]]:
    names = (*filters, "subject", "from", "to")
    listing = replace(Listing.of(visit, ("newest",), "newest", names), size=SIZE)
    asked = listing.asked
    wanted = Wanted(
        {name: asked[name] for name in filters if name in asked},
        visit.asked("subject", 410),
        day_from(asked.get("from", ""), "from"),
        day_from(asked.get("to", ""), "to"),
    )
    with visit.register.reading() as connection:
        listing = listing.holding(how_many(connection, log, wanted))
        rows = entries(connection, log, wanted, limit=listing.size, offset=listing.offset)
        words: dict[str, Any] = {
            name: words_of(connection, log, COLUMNS[name]) for name in filters if name != "actor"
        }
        # By id: addresses are written to logs, and name nobody.
        words["actor"] = actors_of(connection, log)
    return listing, rows, words
