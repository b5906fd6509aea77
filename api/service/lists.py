"""Lists: a page of records in an order, counted and cut by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from api.service.change import Change
from api.service.referrals import ATTEMPT_WITHDRAWN
from api.store.by_many import by_many
from api.store.tables import ATTEMPTS, OF_KIND
from api.store.values import Row

Orders = Mapping[str, Sequence[ColumnElement[Any]]]
"""By the name of an order, the columns; each list ends with its id, so that ties stay put."""


def in_order(orders: Orders, sort: str) -> list[ColumnElement[Any]]:
    """The columns of an order by its name; with a minus before it, turned round."""
    turned = sort.startswith("-")
    return [each.desc() if turned else each for each in orders[sort.removeprefix("-")]]


def counted(
    connection: Connection, kind: str, conditions: Sequence[Any], joined: Any = None
) -> int:
    """How many records there are."""
    table = OF_KIND[kind]
    wanted = select(func.count()).select_from(table if joined is None else joined)
    return int(connection.execute(wanted.where(*conditions)).scalar_one())


def cut(
    connection: Connection,
    kind: str,
    conditions: Sequence[Any],
    order: Sequence[ColumnElement[Any]],
    *,
    limit: int,
    offset: int,
    joined: Any = None,
    more: Sequence[ColumnElement[Any]] = (),
) -> list[Row]:
    """Some of them, whole; `joined`: with tables that conditions, order or `more` speak of."""
    table = OF_KIND[kind]
    wanted = (
        select(table, *more)
        .select_from(table if joined is None else joined)
        .where(*conditions)
        .order_by(*order, table.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]


def last_attempts(change: Change, ids: Sequence[str]) -> dict[str, Row]:
    """The last attempt of each of these bids that failed, by bid."""
    kept = ATTEMPTS.c.code != ATTEMPT_WITHDRAWN
    rows = [
        row
        for some_ids in by_many(ids)
        for row in change.rows("attempt", ATTEMPTS.c.referral_id.in_(some_ids), kept)
    ]
    rows.sort(key=lambda row: (row["day"], row["id"]))
    return {row["referral_id"]: row for row in rows}
