"""Forecasts: who may yet be referred, as somebody put it into the register; one is current."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, func, select

from allocator.forecast import Forecast, forecast_from_json, forecast_to_json
from allocator.forecast.cautions import cautions
from allocator.plain_words import counted
from allocator.policy import Policy
from api.service.change import Change
from api.service.documents import document, put
from api.service.import_files import as_told
from api.service.new_id import new_id
from api.service.reading_files import fit_apart
from api.service.refusals import ConflictError, InvalidError
from api.store.marks import is_synthetic
from api.store.tables import ERASURES, FORECASTS, RUN_DOCUMENTS, STUDIES
from api.store.values import Row
from api.store.verify_documents import FORECAST_NEEDED


@dataclass(frozen=True, slots=True)
class Warning:
    """Why a forecast may mislead; it is used all the same, unless the policy is another."""

    code: str
    text: str


def keep(change: Change, forecast: Forecast) -> Row:
    """Take it in; it is the current one from now on. Raises InvalidError for one of days to come.

    Its bands must be those of the policy in force: ConflictError otherwise.
    """
    basis = forecast.basis
    if basis.policy_digest != change.policy.digest:
        raise ConflictError(
            f"the forecast is of policy {basis.policy_name}, whose bands may differ from those of "
            f"{change.policy.name}, which is in force: make it again under that policy",
            code="another-policy",
        )
    if basis.until > change.today + timedelta(days=1):
        raise InvalidError(f"the history ends on {basis.until}, which is to come")
    if basis.as_of > change.today:
        raise InvalidError(
            f"it begins on {basis.as_of}, which is to come: make it again as of today"
        )
    before = change.rows("forecast", FORECASTS.c.current)
    change.record_all(
        "forecast.replaced",
        "forecast",
        [{**row, "current": False, "version": row["version"] + 1} for row in before],
    )
    row = {
        "id": new_id(),
        "version": 1,
        "made_by": change.actor.name,
        "made_at": change.at,
        "history_from": basis.first,
        "history_until": basis.until,
        "referrals": basis.referrals,
        "policy_name": basis.policy_name,
        "policy_digest": basis.policy_digest,
        "synthetic": basis.synthetic,
        "current": True,
        "document": put(change.connection, forecast_to_json(forecast)),
    }
    kept = change.record("forecast.kept", "forecast", row)
    _delete_needless(change, before)
    return kept


def _delete_needless(change: Change, replaced: Sequence[Row]) -> None:
    """Delete the documents of forecasts that nothing rests on: no erasure finds people in them."""
    for row in replaced:
        name = row["document"]
        needed = (
            select(FORECASTS.c.id).where(FORECASTS.c.document == name, FORECAST_NEEDED),
            select(STUDIES.c.id).where(STUDIES.c.forecast == name),
        )
        if all(change.connection.execute(each.limit(1)).first() is None for each in needed):
            change.connection.execute(delete(RUN_DOCUMENTS).where(RUN_DOCUMENTS.c.hash == name))


def fitted(paths: Sequence[Path], policy: Policy, today: date) -> Forecast:
    """A forecast from files of the past. Raises InvalidError with every fault in them."""
    reading, forecast = fit_apart(tuple(paths), policy, today)
    if forecast is None:
        raise InvalidError(
            f"{counted(len(reading.complaints), 'fault')}; no forecast was made",
            [as_told(complaint) for complaint in reading.complaints],
        )
    return forecast


def current(change: Change) -> Row:
    """The forecast that advice rests on. Raises ConflictError when there is none to be used."""
    rows = change.rows("forecast", FORECASTS.c.current)
    if not rows:
        raise ConflictError(
            "there is no forecast to hold beds by: put one in with POST /v1/forecasts",
            code="no-forecast",
        )
    if rows[0]["policy_digest"] != change.policy.digest:
        raise ConflictError(
            f"the current forecast is of policy {rows[0]['policy_name']}, and "
            f"{change.policy.name} is in force: put in one made under it",
            code="another-policy",
        )
    return rows[0]


def forecast_of(connection: Connection, row: Row) -> Forecast:
    """The forecast itself. It holds personal data in substance, and is given to nobody."""
    return forecast_from_json(document(connection, row["document"]))


def warnings(connection: Connection, row: Row, today: date, policy: Policy) -> list[Warning]:
    """Everything that should make one think twice about the forecast."""
    return list(_warnings(connection, row, today, policy))


def _warnings(connection: Connection, row: Row, today: date, policy: Policy) -> Iterator[Warning]:
    for code, text in cautions(row["history_until"], row["referrals"], today):
        yield Warning(code, text)
    if row["policy_digest"] != policy.digest:
        yield Warning("another-policy", f"It is of policy {row['policy_name']}: no run can use it.")
    if row["synthetic"] != is_synthetic(connection):
        one, other = ("invented", "real") if row["synthetic"] else ("real", "invented")
        yield Warning("foreign", f"Its people are {one}, and those of the register {other}.")
    last = connection.execute(select(func.max(ERASURES.c.at))).scalar()
    if last is not None and last > row["made_at"]:
        yield Warning(
            "erased-since",
            "Somebody has been erased since it was put in: make it again without them.",
        )
