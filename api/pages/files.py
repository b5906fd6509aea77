"""Files: the release list and the other files in, with every fault beside its row."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from allocator.ingest.recognise import LAYOUTS
from allocator.ingest.templates import write_template
from api.pages.at_fields import at, at_fields, messages
from api.pages.changed_words import told as changed_told
from api.pages.import_notes import notes_told
from api.pages.mending import MOST_ROWS, Sheet, elsewhere
from api.pages.visit import Visit, Visiting
from api.pages.words import counted
from api.routes.asking import reading
from api.routes.imports import MANY_FILES, ONE_FILE, brought_in
from api.service.bed_names import bed_names
from api.service.bid_changes import bid_changes
from api.service.contradictions import contradictions
from api.service.in_closed_beds import in_closed_beds
from api.service.reading_files import rows_apart
from api.service.refusals import BusyError, ConflictError, InvalidError, NotThereError
from api.service.register import Answer
from api.service.seeing import bids_of_hidden, hidden_people, is_pseudonymous
from api.store.tables import REFERRALS

router = APIRouter()
KINDS = (
    ("referrals", "Release list", "release-list", "Who is to be released, when, what they need."),
    ("premises", "Premises", "premises", "The ministry’s premises file."),
    ("rooms", "Rooms and beds", "rooms", "The ministry’s rooms file."),
    ("placements", "Placements", "placements", "The ministry’s report: residents and bookings."),
    ("out_of_service", "Out-of-service beds", "out-of-service", "A list or the ministry’s report."),
    ("separations", "Separations", "separations", "People who are kept apart."),
    ("zones", "Exclusion zones", "zones", "CSV or GeoJSON."),
    ("restrictions", "Local restrictions", "restrictions", "Coded by premises."),
    ("outcodes", "Outcodes", "outcodes", "Where outcodes are that ours does not have."),
)
"""Field, words, name of the template, and what the file holds; the first comes daily."""
WORDS_OF = {field: words for field, words, _, _ in KINDS}
AS_OF = "as_of-day"
"""The first of the fields of the files' day."""
TEMPLATES = {layout.name: layout for layout in LAYOUTS}
MEDIA = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


REST_SHOWN = 8
"""Other cells of a row to mend that stand open beside it: whose it is, and when, is among them."""
CARRIED = (*(f"as_of-{part}" for part in ("day", "month", "year")), "skip_bad_rows")
"""What was said beside the file, and holds for the mended one."""
LARGEST_WORKBOOK = 2**20
"""Bytes of a workbook that is mended in the page; what is larger would not go into one."""
CHANGED_SHOWN = 50
"""Bids of which it is said field by field what the files changed."""
PART = 40
"""Longest part of a day that is shown again as it was typed, with what is wrong with it."""


@router.get("/files")
def page_files(visit: Visiting) -> HTMLResponse:
    """Where files are sent from."""
    return _form(visit)


def _form(visit: Visit, status: int = 200, **more: Any) -> HTMLResponse:
    shown: dict[str, Any] = {"title": "Files", "kinds": KINDS, "complaints": [], "packed": None}
    shown |= more
    shown["said"] = {field: visit.said(field, PART) for field in CARRIED}
    shown["errors"] = messages(shown.get("error_summary", []))
    return visit.page("files.html", status, **shown)


@router.get("/files/templates/{name}")
def page_template(name: str, visit: Visiting) -> Response:
    """An empty file to fill in, as CSV or as a workbook that explains its columns."""
    path = Path(name)
    layout, media = TEMPLATES.get(path.stem), MEDIA.get(path.suffix)
    if layout is None or media is None:
        raise NotThereError("there is no such template")
    with tempfile.TemporaryDirectory(prefix="template-") as folder:
        to = Path(folder) / f"template{path.suffix}"
        write_template(layout, to)
        content = to.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{layout.name}{path.suffix}"'}
    return Response(content, media_type=media, headers=headers)


@router.post("/files")
def page_import_files(visit: Visiting) -> Response:
    """Bring files in, all of them or nothing; what was refused comes back to be mended."""
    sheet: Sheet | None = None
    given: dict[str, list[UploadFile]] = {}
    try:
        given = _given(visit)
        if visit.form.get("packed"):
            sheet = _from_the_page(visit)
            if visit.said("then") == "take_away":
                visit.log([], "disclosure")
                return _as_a_file(sheet)
            file = UploadFile(io.BytesIO(sheet.content()), filename=sheet.name)
            given = {_kind(visit): [file]}
        if not given:
            told = {"text": "Choose a file", "href": "#referrals"}
            return _form(visit, 422, error_summary=[told])
        skip = bool(visit.said("skip_bad_rows"))
        answer = brought_in(
            visit.register,
            visit.actor,
            visit.key,
            given,
            _as_of(visit),
            skip,
            visit.request,
            taken_out=0 if sheet is None else len(sheet.taken_out),
        )
    except (BusyError, ConflictError) as refusal:
        status = 503 if isinstance(refusal, BusyError) else 409
        kind = next(iter(given), "referrals")
        return _form(
            visit, status, error_summary=at(kind, refusal.detail), **_kept(sheet, kind, visit)
        )
    except InvalidError as refusal:
        complaints = [each for each in refusal.extra.get("complaints", []) if "wrong" in each]
        kind = next(iter(given), "referrals")
        return _refused(visit, refusal, complaints, sheet or _alone(given, complaints), kind)
    return _done(visit, answer, sheet)


def _as_a_file(sheet: Sheet) -> Response:
    """The file as it has been mended so far, to be kept where it came from."""
    headers = {"Content-Disposition": f'attachment; filename="{sheet.taken_away()}"'}
    return Response(sheet.content(), media_type=MEDIA[".csv"], headers=headers)


def _kept(mended: Sheet | None, kind: str, visit: Visit) -> dict[str, Any]:
    """What the page needs so that a file mended in it is not lost."""
    return {
        "packed": None if mended is None else mended.packed(),
        "name": "" if mended is None else mended.name,
        "kind": kind,
        "taken_out": () if mended is None else mended.taken_out,
        "carried": {field: said for field in CARRIED if (said := visit.said(field, PART))},
    }


def _given(visit: Visit) -> dict[str, list[UploadFile]]:
    """Files that were chosen, by field."""
    found: dict[str, list[UploadFile]] = {}
    for name, value in visit.form.multi_items():
        if isinstance(value, UploadFile) and value.filename and name in (*ONE_FILE, *MANY_FILES):
            found.setdefault(name, []).append(value)
    if twice := [name for name in found if name in ONE_FILE and len(found[name]) > 1]:
        told = [
            {"where": name, "message": f"Choose one file: {WORDS_OF[name]}", "kind": "repeated"}
            for name in twice
        ]
        raise InvalidError("Choose one file of each of these kinds", told)
    return found


def _kind(visit: Visit) -> str:
    kind = visit.said("kind", 40)
    if kind not in (*ONE_FILE, *MANY_FILES):
        raise InvalidError("The file in the page was lost: upload it again.")
    return kind


def _from_the_page(visit: Visit) -> Sheet:
    packed, name = str(visit.form["packed"]), visit.said("name", 120) or "list.csv"
    sheet = Sheet.unpacked(Path(name).name, packed, visit.settings.upload_bytes)
    return sheet.mended(visit.form.multi_items())


def _alone(
    given: Mapping[str, Sequence[UploadFile]], complaints: Sequence[Mapping[str, Any]]
) -> Sheet | None:
    """The file that came, if it was one and can be mended in a page; of a workbook the sheet that
    has the faults."""
    files = [file for files in given.values() for file in files]
    if len(files) != 1:
        return None
    name = Path(files[0].filename or "").name
    files[0].file.seek(0)
    content = files[0].file.read()
    if Path(name).suffix.casefold() != ".xlsx":
        return Sheet.of(name, content)
    sheets = {each["sheet"] for each in complaints if each["row"]}
    if len(sheets) != 1 or len(content) > LARGEST_WORKBOOK:
        return None
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        path = Path(folder) / "list.xlsx"
        path.write_bytes(content)
        rows = rows_apart(path, *sheets)
    return None if rows is None else Sheet(f"{Path(name).stem}.csv", rows)


def _as_of(visit: Visit) -> date | None:
    parts = [visit.said(f"as_of-{part}", PART) for part in ("day", "month", "year")]
    if not any(parts):
        return None
    try:
        day, month, year = map(int, parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        wrong = "The files’ day must be a real date, such as 2 11 2026"
        raise InvalidError(wrong, [{"where": AS_OF, "message": wrong, "kind": "date"}]) from None


def _refused(
    visit: Visit,
    refusal: InvalidError,
    complaints: Sequence[Mapping[str, Any]],
    sheet: Sheet | None,
    kind: str,
) -> HTMLResponse:
    """The form again, with every fault beside its row."""
    kept = _kept(sheet, kind, visit)
    rows = sheet.faulty(complaints) if sheet is not None else []
    told = at_fields(refusal, (*WORDS_OF, AS_OF), "faults" if complaints else kind)
    return _form(
        visit,
        422,
        error_summary=told,
        complaints=complaints[:500],
        left_off=max(0, len(complaints) - 500),
        faulty=rows[:MOST_ROWS] if kept["packed"] is not None else [],
        rest_shown=REST_SHOWN,
        more_rows=max(0, len(rows) - MOST_ROWS),
        of_no_row=elsewhere(complaints),
        **kept,
    )


def _done(visit: Visit, answer: Answer, mended: Sheet | None) -> HTMLResponse:
    """What came in, and what was left out; a file of which nothing came in is not said to be in.

    `mended`: the file that was mended in the page, and is wrong still where it came from.
    """
    done = answer.body
    came = sum(done["recorded"].values()) + sum(done["changed"].values())
    rows = len({(each["file"], each["sheet"], each["row"]) for each in done["left_out"]})
    title = "The files are in"
    taken_out = () if mended is None else mended.taken_out
    if missing := rows + len(taken_out):
        title += f", but for {counted(missing, 'row')}"
    if missing and not came:
        title = "Nothing was taken in"
    return visit.page(
        "imported.html",
        200,
        title=title,
        done=done,
        **_changed(visit, done),
        came=came,
        rows=rows,
        taken_out=taken_out,
        notes=notes_told(done["notes"]),
        **_contradicted(visit, done),
        **_closed(visit, done),
        packed=None if mended is None else mended.packed(),
        name="" if mended is None else mended.name,
    )


def _closed(visit: Visit, done: Mapping[str, Any]) -> dict[str, Any]:
    """Who is in, or booked into, a bed that the files take out of service; `known`: bookings whose
    person may be named to the reader."""
    if not done["in_conflict"]:
        return {"closed": []}
    with reading(visit.register, visit.actor) as change:
        closed = [e for e in in_closed_beds(change) if e.closed["id"] in done["in_conflict"]]
        beds = bed_names(change, {each.booking["bed_id"] for each in closed})
        hidden = hidden_people(change.connection, visit.actor)
    nobody = is_pseudonymous(visit.actor)
    known = {e.booking["id"] for e in closed if not nobody and e.booking["crn"] not in hidden}
    visit.log(known)
    return {"closed": closed, "bed_names": beds, "known": known, "one_day": timedelta(days=1)}


def _contradicted(visit: Visit, done: Mapping[str, Any]) -> dict[str, Any]:
    """Of the bids that say otherwise of risk than another of the person: which, of what, by whom.

    Nothing of them for whom people are pseudonyms.
    """
    if is_pseudonymous(visit.actor):
        return {"contradicted": [], "more_contradicted": 0}
    with reading(visit.register, visit.actor) as change:
        hidden = bids_of_hidden(change.connection, visit.actor)
        noted = {each["subject"] for each in done["notes"] if each["code"] == "risk_contradicted"}
        bids = sorted(noted - hidden)
        ids = bids[:CHANGED_SHOWN]
        rows = change.rows("referral", REFERRALS.c.id.in_(ids))
        told = [(row["id"], row["crn"], contradictions(change, row)) for row in rows]
    told = [each for each in told if each[2]]
    visit.log({name for bid, _, said in told for name in (bid, *(o.referral_id for o in said))})
    return {"contradicted": told, "more_contradicted": len(bids) - len(ids)}


def _changed(visit: Visit, done: Mapping[str, Any]) -> dict[str, Any]:
    """Of the bids that the files changed: whose they are, and what was and is known of each.

    Nothing of them for whom people are pseudonyms.
    """
    if is_pseudonymous(visit.actor):
        return {"changed_bids": [], "more_changed": 0}
    until = range(done["register_seq"] + 1)
    with reading(visit.register, visit.actor) as change:
        hidden = bids_of_hidden(change.connection, visit.actor)
        # An answer that an earlier version stored does not say which.
        ids = [each for each in done.get("changed_referrals", ()) if each not in hidden]
        rows = change.rows("referral", REFERRALS.c.id.in_(ids[:CHANGED_SHOWN]))
        names = {each["id"]: each["name"] for each in change.outlines("premises", ["name"])}
        told = []
        for row in sorted(rows, key=lambda row: row["crn"]):
            found = bid_changes(change, row["id"], until)
            if found:
                told.append((row["id"], row["crn"], changed_told(found[max(found)], names)))
    visit.log([identifier for identifier, _, _ in told])
    return {"changed_bids": told, "more_changed": len(ids) - len(told)}
