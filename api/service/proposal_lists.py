"""Proposal lists: what a run proposes, by what people filter by, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from allocator.estate import Premises
from allocator.geography.distance import miles_between
from allocator.referral import Referral
from api.access.actor import Actor
from api.service.kept_answers import KeptAnswers
from api.service.leases import FINISHED
from api.service.lists import Orders, counted, cut, in_order
from api.service.refusals import NotThereError
from api.service.run_values import plan_of
from api.store.records import read
from api.store.tables import ACCESS_LOG, PREMISES, PROPOSALS, REFERRALS
from api.store.values import Row

_P, _R, _A = PROPOSALS.c, REFERRALS.c, PREMISES.c
ORDERS: Orders = {
    "band": (_P.band, _R.release_date),
    "release_date": (_R.release_date, _P.band),
    "arrival": (_P.arrival, _P.band),
    # Most of a plan is due at once: of these the arrival that comes first presses most.
    "decide_by": (_P.decide_by, _P.arrival, _P.band),
    "premises": (_A.name, _P.arrival),
}
LOST = "lost"
_CLOSED: KeptAnswers[int] = KeptAnswers()
"""By run too: two may come to the same plan, and propose of it what was open at the end of each."""
_JOINED = PROPOSALS.join(REFERRALS, _P.referral_id == _R.id).join(PREMISES, _P.premises_id == _A.id)
_MORE = (
    _A.name.label("premises_name"),
    _A.area,
    _A.region,
    _A.details.label("premises_details"),
    _R.crn,
    _R.release_date,
    _R.ap_type,
    _R.gender,
    _R.details.label("referral_details"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which proposals of a run; empty or None: all. `hidden`: of whom nothing may be told.

    `lost`: those that cannot be accepted any more. They are not to decide, but of a status LOST.
    """

    run_id: str
    band: int | None = None
    status: str = ""
    area: str = ""
    tier: str = ""
    ap_type: str = ""
    hidden: Collection[str] = ()
    lost: Collection[str] = ()

    def conditions(self) -> list[Any]:
        """As the database takes them."""
        found: list[Any] = [_P.run_id == self.run_id]
        if self.hidden:
            found.append(_P.referral_id.not_in(sorted(self.hidden)))
        if self.status:
            found += of_status(self.status, self.lost)
        columns = (
            (_P.band, self.band),
            (_A.area, self.area),
            (_R.details["tier"].as_string(), self.tier),
            (_R.ap_type, self.ap_type),
        )
        return found + [column == value for column, value in columns if value not in (None, "")]


def of_status(status: str, lost: Collection[str]) -> list[Any]:
    """Conditions on proposals of a status; `lost`: those that are LOST, and not to decide."""
    if status not in ("proposed", LOST):
        return [_P.status == status]
    gone = _P.id.in_(sorted(lost))
    return [_P.status == "proposed", gone if status == LOST else ~gone]


def how_many(connection: Connection, wanted: Wanted) -> int:
    """How many proposals there are."""
    return counted(connection, "proposal", wanted.conditions(), _JOINED)


def some(
    connection: Connection, wanted: Wanted, sort: str, *, limit: int, offset: int
) -> list[Row]:
    """A page of them, with who it is for, where it is, and how many miles that is."""
    rows = cut(
        connection,
        "proposal",
        wanted.conditions(),
        in_order(ORDERS, sort),
        limit=limit,
        offset=offset,
        joined=_JOINED,
        more=_MORE,
    )
    return [_with_miles(row) for row in rows]


def next_to_decide(
    connection: Connection, wanted: Wanted, sort: str, referral_id: str
) -> tuple[str | None, int]:
    """Of these proposals the next after this one that nobody has decided, from the beginning again
    at the end; and how many there are besides it. Those that are lost are not among them."""
    found = connection.execute(
        select(_P.referral_id, _P.status, _P.id)
        .select_from(_JOINED)
        .where(*replace(wanted, status="").conditions())
        .order_by(*in_order(ORDERS, sort), _P.id)
    )
    rows = [
        (str(name), LOST if identifier in wanted.lost else str(status))
        for name, status, identifier in found
    ]
    here = next((n for n, (name, _) in enumerate(rows) if name == referral_id), -1)
    after = [*rows[here + 1 :], *rows[: max(here, 0)]]
    waiting = [name for name, status in after if status == "proposed" and name != referral_id]
    return (waiting[0] if waiting else None), len(waiting)


def one(connection: Connection, run_id: str, referral_id: str) -> Row | None:
    """One proposal of the run in the same form."""
    wanted = [_P.run_id == run_id, _P.referral_id == referral_id]
    rows = cut(
        connection,
        "proposal",
        wanted,
        (_P.id,),
        limit=1,
        offset=0,
        joined=_JOINED,
        more=_MORE,
    )
    return _with_miles(rows[0]) if rows else None


def by_status(connection: Connection, run_id: str, lost: int = 0) -> dict[str, int]:
    """How many of the run's proposals have been decided, and how; `lost`: how many of those that
    have not cannot be accepted any more."""
    wanted = select(_P.status, func.count()).where(_P.run_id == run_id).group_by(_P.status)
    found = {str(status): int(number) for status, number in connection.execute(wanted)}
    if lost:
        found |= {"proposed": found["proposed"] - lost, LOST: lost}
    return found


def closed_meanwhile(connection: Connection, run: Row) -> int:
    """How many beds of a plan over the register are proposed to nobody: their bids were booked or
    closed while it was made. 0 where that cannot be told any more."""
    if run["status"] != FINISHED or run["over"] != "register" or run["replay_of"] is not None:
        return 0

    def looked() -> int:
        placed = len(plan_of(connection, run).placements)
        return placed - sum(by_status(connection, run["id"]).values())

    try:
        return _CLOSED.of(connection, run, looked, run["id"])
    except NotThereError:
        return 0


def areas(connection: Connection) -> list[str]:
    """Areas that premises are in."""
    wanted = select(_A.area).distinct().order_by(_A.area)
    return [str(area) for area in connection.execute(wanted).scalars() if area]


def opened_by(connection: Connection, actor: Actor, page: str, since: datetime) -> set[str]:
    """Ids that the actor has seen on a page since then, as the access log has it."""
    wanted = select(ACCESS_LOG.c.subjects).where(
        ACCESS_LOG.c.what == page, ACCESS_LOG.c.actor_id == actor.id, ACCESS_LOG.c.at >= since
    )
    return {str(name) for subjects in connection.execute(wanted).scalars() for name in subjects}


def _with_miles(row: Row) -> Row:
    home = read(Referral, {"details": row["referral_details"]})
    return {**row, "referral": home, "miles": miles_of(row, home)}


def miles_of(row: Row, home: Referral) -> float | None:
    """To the premises of a proposal in this form, by what a bid says; None: not known."""
    there = read(Premises, {"details": row["premises_details"]})
    known = home.location is not None and there.location is not None
    miles = miles_between(home.location, there.location) if known else None  # type: ignore[arg-type]
    return None if miles is None else round(miles, 1)
