"""Decided list: the proposals that a figure of the decision report counts, one by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from api.service.decision_report import By
from api.service.lists import Orders, counted, cut, in_order
from api.service.oversight_lists import midnight
from api.service.proposal_lists import of_status
from api.service.refusals import InvalidError
from api.store.tables import PREMISES, PROPOSALS, REFERRALS, RUNS
from api.store.values import Row

_P, _R, _A = PROPOSALS.c, REFERRALS.c, PREMISES.c
ORDERS: Orders = {
    "decided": (_P.decided_at, RUNS.c.ended_at),
    "band": (_P.band, _P.decided_at),
    "premises": (_A.name, _P.decided_at),
    "who": (_P.decided_by, _P.decided_at),
}
_JOINED = (
    PROPOSALS.join(RUNS, _P.run_id == RUNS.c.id)
    .join(REFERRALS, _P.referral_id == _R.id)
    .join(PREMISES, _P.premises_id == _A.id)
)
_MORE = (_A.name.label("premises_name"), _R.crn)


@dataclass(frozen=True, slots=True)
class Decided:
    """Proposals of plans that ended on these days of London; `group` of `by`; empty: all, as by
    person always.

    `hidden`: of whom nothing may be told. `lost`: those that cannot be accepted any more, which
    are not to decide, but of a status LOST.
    """

    first: date
    last: date
    status: str = ""
    by: By = "band"
    group: str = ""
    hidden: Collection[str] = ()
    lost: Collection[str] = ()

    def conditions(self) -> list[Any]:
        """As the database takes them. Raises InvalidError for a group that can be none."""
        first, last = self.first, self.last
        found: list[Any] = []
        if self.group and self.by == "month":
            begin = _month(self.group)
            first, last = max(first, begin), min(last, _next_month(begin) - timedelta(days=1))
        elif self.group and self.by == "band":
            if not (self.group.isdecimal() and len(self.group) < 3):
                raise InvalidError("A band is a number.")
            found.append(_P.band == int(self.group))
        elif self.group:
            found.append(_P.premises_id == self.group)
        if self.status:
            found += of_status(self.status, self.lost)
        if self.hidden:
            found.append(_P.referral_id.not_in(sorted(self.hidden)))
        ended = RUNS.c.ended_at
        return [*found, ended >= midnight(first), ended < midnight(last + timedelta(days=1))]


def how_many(connection: Connection, wanted: Decided) -> int:
    """How many there are."""
    return counted(connection, "proposal", wanted.conditions(), _JOINED)


def some(
    connection: Connection, wanted: Decided, sort: str, *, limit: int, offset: int
) -> list[Row]:
    """A page of them, with whose bid it is and what the premises are called."""
    return cut(
        connection,
        "proposal",
        wanted.conditions(),
        in_order(ORDERS, sort),
        limit=limit,
        offset=offset,
        joined=_JOINED,
        more=_MORE,
    )


def _month(text: str) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidError("A month is written as YYYY-MM.") from None
    if found.year == date.max.year:
        raise InvalidError("No plan ended in that month.")
    return found


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
