"""Audit: who looked at whom, and what happened in the register, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Table, select

from allocator.export.table import Cell
from api.pages.at_fields import Summary, at, messages
from api.pages.bid import LONGEST_CRN
from api.pages.days import days_asked
from api.pages.listing import Listing
from api.pages.looked_words import looked_words
from api.pages.tabs import AUDIT, first_of
from api.pages.taking_away import require_few, streamed_away
from api.pages.timeline import happened, kind_of
from api.pages.visit import Visit, Visiting, go
from api.pages.words import moment_in_file
from api.routes.asking import reading
from api.service.oversight_lists import (
    COLUMNS,
    Wanted,
    actors_of,
    entries,
    how_many,
    in_pages,
    subjects_shown,
    words_of,
)
from api.service.person_events import records_of, records_with, side_of
from api.service.refusals import InvalidError, NotThereError
from api.store.tables import ACCESS_LOG, EVENTS
from api.store.values import Row

router = APIRouter()
SIZE = 25
TYPED = ("subject", "side", "from", "to")
"""Filters that one writes, and may write wrongly; `side`: which of the two of a separation."""
FILTERS = {ACCESS_LOG.name: ("actor", "verb", "what"), EVENTS.name: ("actor", "kind", "action")}
"""Of each log, those that one chooses."""
FOUND_BY = ("referral", "booking", "zone", "separation")
"""Kinds of records by whose id a person's events are found, the first that there is."""
_ACCESS_HEADINGS = ("number", "at", "who", "who_id", "how", "at_what", "records")
_EVENT_HEADINGS = ("number", "at", "what", "kind", "record", "who", "who_id", "hash")
SUBJECTS = 8
"""Records named in a line; a view of a list can hold thousands."""


@router.get("/audit")
def page_audit(visit: Visiting) -> Response:
    """On to the first page of the section that this person may see."""
    return go(first_of(AUDIT, visit.may))


@router.get("/audit/accesses")
def page_accesses(visit: Visiting) -> HTMLResponse:
    """Who looked at which records, the newest first."""
    found = _found(visit, ACCESS_LOG)
    rows = found.page(visit)
    for row in rows:
        row["named"] = subjects_shown(row["subjects"], SUBJECTS)
    return found.shown(visit, "accesses.html", "Who looked", rows)


@router.get("/audit/accesses.csv")
def page_accesses_file(visit: Visiting) -> Response:
    """The same as a file: every entry that matches, with all records that it names."""
    pages = _found(visit, ACCESS_LOG).whole(visit)
    told = (map(_looked, rows) for rows in pages)
    return streamed_away(visit, "who-looked", _ACCESS_HEADINGS, told)


def _looked(row: Row) -> tuple[Cell, ...]:
    return (
        *(row["seq"], moment_in_file(row["at"]), row["actor_name"], row["actor_id"]),
        *(row["verb"], looked_words(row["what"]), " ".join(row["subjects"])),
    )


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
    return _timeline(visit)


@router.post("/audit/timeline")
def page_person_timeline(visit: Visiting) -> Response:
    """On to what happened to one person. The CRN comes in a form: addresses are written to logs."""
    try:
        crn = visit.said("crn", LONGEST_CRN).upper()
    except InvalidError as refusal:
        return _timeline(visit, at("crn", refusal.detail), str(visit.form.get("crn", "")))
    with reading(visit.register, visit.actor) as change:
        theirs = records_of(change, crn) if crn else {}
        ids = next((sorted(theirs[kind]) for kind in FOUND_BY if kind in theirs), [])
        side = side_of(change.connection, ids[0], crn) if ids else ""
    visit.log(ids[:1])
    if not ids:
        wrong = "The register holds nothing of a person with this CRN that you may see"
        return _timeline(visit, at("crn", wrong if crn else "Write a CRN"), crn)
    found = {"subject": ids[0]} | ({"side": side} if side else {})
    return go(f"/audit/timeline?{urlencode(found)}")


@router.get("/audit/timeline.csv")
def page_timeline_file(visit: Visiting) -> Response:
    """The same as a file: every event that matches."""
    found = _found(visit, EVENTS)
    told = (map(_happened, rows) for rows in found.whole(visit))
    return streamed_away(visit, "what-happened", _EVENT_HEADINGS, told, found.people)


def _happened(row: Row) -> tuple[Cell, ...]:
    return (
        *(row["seq"], moment_in_file(row["at"]), happened(row["action"])),
        *(kind_of(row["kind"]), row["subject"], row["actor_name"], row["actor_id"]),
        row["hash"],
    )


def _timeline(visit: Visit, wrong: Summary | None = None, crn: str = "") -> HTMLResponse:
    found = _found(visit, EVENTS, wrong)
    if found.people:
        visit.log(found.people)
    rows = found.page(visit)
    return found.shown(
        visit, "register_timeline.html", "What happened", rows, crn=crn, people=found.people
    )


@dataclass(frozen=True)
class _Found:
    """Entries of a log that the address asks for; none where a filter is none."""

    log: Table
    listing: Listing
    wanted: Wanted
    wrong: Summary

    @property
    def people(self) -> list[str]:
        """Ids of the records of the person who is asked for."""
        return sorted({each for ids in self.wanted.theirs.values() for each in ids})

    def shown(
        self, visit: Visit, template: str, title: str, rows: list[Row], **more: Any
    ) -> HTMLResponse:
        """The page. What is wrong with a filter stands at its field."""
        with visit.register.reading() as connection:
            words: dict[str, Any] = {
                name: words_of(connection, self.log, COLUMNS[name])
                for name in FILTERS[self.log.name]
                if name != "actor"
            }
            # By id: addresses are written to logs, and name nobody.
            words["actor"] = actors_of(connection, self.log)
        return visit.page(
            template,
            422 if self.wrong else 200,
            title=title,
            listing=self.listing,
            rows=rows,
            words=words,
            errors=messages(self.wrong),
            error_summary=self.wrong,
            **more,
        )

    def page(self, visit: Visit) -> list[Row]:
        """Those of one page."""
        if self.wrong:
            return []
        size, offset = self.listing.size, self.listing.offset
        with visit.register.reading() as connection:
            return entries(connection, self.log, self.wanted, limit=size, offset=offset)

    def whole(self, visit: Visit) -> Iterator[list[Row]]:
        """Every entry, in pages. Raises InvalidError for a filter that is none, and where they
        are too many."""
        if self.wrong:
            raise InvalidError(self.wrong[0]["text"])
        require_few(self.listing.total)
        return in_pages(visit.register, self.log, self.wanted)


def _found(visit: Visit, log: Table, refused: Summary | None = None) -> _Found:
    """`refused`: what is wrong besides; then nothing is looked for."""
    listing = replace(Listing.of(visit, ("newest",), "newest", FILTERS[log.name]), size=SIZE)
    wanted, wrong = _wanted(visit, dict(listing.asked))
    wrong += refused or []
    typed = {name: told for name in TYPED if (told := visit.request.query_params.get(name, ""))}
    listing = replace(listing, asked={**listing.asked, **typed})
    with reading(visit.register, visit.actor) as change:
        if wanted.subject and log is EVENTS:
            wanted = replace(
                wanted, theirs=records_with(change, wanted.subject, visit.asked("side"))
            )
        if not wrong:
            listing = listing.holding(how_many(change.connection, log, wanted))
    return _Found(log, listing, wanted, wrong)


def _wanted(visit: Visit, words: dict[str, str]) -> tuple[Wanted, Summary]:
    """What the filters ask for, and what is wrong with those that are typed, each at its field."""
    wrong: Summary = []
    subject = ""
    try:
        subject = visit.asked("subject")
    except InvalidError as refusal:
        wrong += at("subject", refusal.detail)
    (first, last), of_days = days_asked(visit)
    return Wanted(words, subject, first=first, last=last), wrong + of_days
