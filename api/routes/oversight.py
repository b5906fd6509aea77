"""Routes of oversight: what happened, who looked, whether it is whole, and why there was no bed."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from allocator.export.safe_text import safe_for_csv
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import TheRegister, reading, seen
from api.service.referrals import ATTEMPT_WITHDRAWN, visible
from api.service.refusals import InvalidError
from api.store.tables import ACCESS_LOG, ATTEMPTS, EVENTS
from api.store.verify import verify
from api.wire.shown import EventShown
from api.wire.words import Day, Shown

router = APIRouter(prefix="/v1", tags=["Oversight"])
From = Annotated[int, Query(ge=0, lt=2**53, description="Only what has a higher number.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
LONGEST_DAYS = 400


class Verdict(Shown):
    """Whether chain and rows are what they should be; `head` is to be kept somewhere else."""

    sound: bool
    events: int
    accesses: int
    rows: int
    erased: int
    head: str
    access_head: str
    faults: list[str]


class Access(Shown):
    """Someone who saw, was given, or joined data about these records."""

    seq: int
    at: datetime
    actor_id: str
    actor_name: str
    verb: str
    what: str
    subjects: list[str]


@router.get("/events", responses=problems())
def list_events(
    register: TheRegister, actor: Permitted, after: From = 0, limit: Limit = 100
) -> list[EventShown]:
    """The feed for other systems: events in order, from a number on, without what they hold.

    Every event is in it once, and stays: ask again from the last number you have dealt with.
    """
    with register.reading() as connection:
        wanted = select(EVENTS).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq).limit(limit)
        rows = connection.execute(wanted).mappings().all()
    left_out = {"payload_hash", "prev"}
    return [EventShown(**{k: v for k, v in row.items() if k not in left_out}) for row in rows]


@router.get("/audit/verification", responses=problems())
def verify_register(
    register: TheRegister,
    actor: Permitted,
    head: Annotated[
        str | None, Query(pattern="^[0-9a-f]{64}$", description="A head kept from earlier.")
    ] = None,
) -> Verdict:
    """Recompute the chain, make every row again from the events, and compare."""
    with register.reading() as connection:
        found = verify(connection, head)
    return Verdict(
        sound=found.sound,
        events=found.events,
        accesses=found.accesses,
        rows=found.rows,
        erased=found.erased,
        head=found.head,
        access_head=found.access_head,
        faults=found.faults,
    )


@router.get("/audit/accesses", responses=problems())
def access_log(
    register: TheRegister, actor: Permitted, after: From = 0, limit: Limit = 100
) -> list[Access]:
    """Who looked at what: collection and alteration are in the timeline, the rest is here."""
    with register.reading() as connection:
        wanted = select(ACCESS_LOG).where(ACCESS_LOG.c.seq > after)
        rows = connection.execute(wanted.order_by(ACCESS_LOG.c.seq).limit(limit)).mappings().all()
    told = ("seq", "at", "actor_id", "actor_name", "verb", "what", "subjects")
    return [Access(**{name: row[name] for name in told}) for row in rows]


@router.get(
    "/no-bed-record.csv",
    responses={**problems(), 200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
def no_bed_record(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    first: Day | None = None,
    last: Day | None = None,
) -> Response:
    """Day by day, why there was no bed for each bid: a row for each attempt that failed."""
    end = last or register.clock.today()
    begin = first or end - timedelta(days=30)
    if not begin <= end <= begin + timedelta(days=LONGEST_DAYS):
        raise InvalidError(
            f"first must not be after last, nor more than {LONGEST_DAYS} days before"
        )
    with reading(register, actor) as change:
        bids = {row["id"]: row for row in change.rows("referral")}
        rows = change.rows(
            "attempt",
            ATTEMPTS.c.day >= begin,
            ATTEMPTS.c.day <= end,
            ATTEMPTS.c.code != ATTEMPT_WITHDRAWN,
        )
        shown = [row for row in rows if visible(bids[row["referral_id"]], actor)]
    shown.sort(key=lambda row: (row["day"], row["referral_id"], row["id"]))
    seen(register, actor, request, {row["referral_id"] for row in shown}, verb="disclosure")
    return Response(_csv(shown, bids), media_type="text/csv; charset=utf-8")


def _csv(rows: list[dict[str, Any]], bids: dict[str, dict[str, Any]]) -> str:
    to = io.StringIO()
    write = csv.writer(to)
    write.writerow(["day", "referral_id", "band", "days_to_release", "code", "reason", "run_id"])
    for row in rows:
        bid = bids[row["referral_id"]]
        day: date = row["day"]
        write.writerow(
            [
                day.isoformat(),
                safe_for_csv(row["referral_id"]),
                bid["band"],
                (bid["release_date"] - day).days,
                safe_for_csv(row["code"]),
                safe_for_csv(row["text"]),
                row["run_id"] or "",
            ]
        )
    return to.getvalue()
