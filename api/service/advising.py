"""Advising: what to make firm and what to hold, asked for with a run and kept as its document."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import ValidationError
from sqlalchemy import Connection, select

from allocator.holding import Advice, Standing, State
from allocator.holding.advise import MEETING_DAYS
from allocator.holding.file import advice_from_json, advice_to_json
from api.service import forecasts
from api.service.change import Change
from api.service.documents import document, put, require_kept
from api.service.holds import MOST_DAYS
from api.service.kept_answers import KeptAnswers
from api.service.refusals import ConflictError, InvalidError, NotThereError
from api.store.tables import ADVICE, RUNS
from api.store.values import Row

ASKED, MADE, FAILED = "asked", "made", "failed"
_STANDINGS: KeptAnswers[dict[str, Standing]] = KeptAnswers()


def ask(change: Change, run: Row, next_meeting: date | None) -> Row:
    """Have advice made with the run, by the forecast that is current."""
    forecast = forecasts.current(change)
    meeting = next_meeting or change.today + timedelta(days=MEETING_DAYS)
    if not change.today < meeting <= change.today + timedelta(days=MOST_DAYS):
        raise InvalidError(
            f"next_meeting must be after today, {change.today}, and at most {MOST_DAYS} days on"
        )
    row = {
        "id": run["id"],
        "version": 1,
        "forecast_id": forecast["id"],
        "next_meeting": meeting,
        "status": ASKED,
        "document": None,
        "fault": None,
    }
    return change.record("advice.asked", "advice", row)


def keep(change: Change, run_id: str, made: Advice | None, fault: str | None) -> Row:
    """The advice, which has been checked, or why there is none. The plan stands either way."""
    row = change.row("advice", run_id)
    after = {**row, "version": row["version"] + 1, "fault": fault}
    if made is None:
        return change.record("advice.failed", "advice", {**after, "status": FAILED})
    after |= {"status": MADE, "document": put(change.connection, advice_to_json(made))}
    return change.record("advice.made", "advice", after)


def asked(connection: Connection, run_id: str) -> Row | None:
    """What was asked of advice with the run, and what came of it."""
    found = connection.execute(select(ADVICE).where(ADVICE.c.id == run_id)).mappings().first()
    return None if found is None else dict(found)


def last_by(connection: Connection, forecast_id: str) -> str | None:
    """The last plan with advice by this forecast; None: there is none."""
    by_it = (
        select(ADVICE.c.id)
        .join(RUNS, RUNS.c.id == ADVICE.c.id)
        .where(ADVICE.c.forecast_id == forecast_id, ADVICE.c.status == MADE)
    )
    last = by_it.order_by(RUNS.c.requested_at.desc(), RUNS.c.id).limit(1)
    return connection.execute(last).scalar()


def standings_of(connection: Connection, run: Row) -> dict[str, Standing]:
    """How each placement of the run stands, by referral; nothing where there is no advice."""
    row = asked(connection, run["id"])
    if row is None or row["status"] != MADE:
        return {}

    def read() -> dict[str, Standing]:
        _, advice = advice_of(connection, run)
        return {each.referral_id: each for each in advice.standings}

    try:
        require_kept(connection, row["document"])
        return _STANDINGS.of(connection, run, read, row["document"])
    except (NotThereError, ConflictError):
        return {}


def advised_against(connection: Connection, run: Row, today: date) -> dict[str, Standing]:
    """Whose beds the advice on the run would hold back today, by referral. It bars nothing."""
    standings = standings_of(connection, run)
    return {
        name: each
        for name, each in standings.items()
        if each.state is State.HELD_BACK and today < each.until
    }


def advice_of(connection: Connection, run: Row) -> tuple[Row, Advice]:
    """The advice on a run. Raises NotThereError or ConflictError when there is none."""
    row = asked(connection, run["id"])
    if row is None:
        raise NotThereError(
            f"no advice was asked for with run {run['id']}: start one with hold_back",
            code="no-advice",
        )
    if row["status"] != MADE:
        why = row["fault"] or f"the run is {run['status']}"
        raise ConflictError(
            f"there is no advice on run {run['id']}: {why}",
            code="advice-failed" if row["status"] == FAILED else "not-finished",
            status_now=run["status"],
        )
    try:
        return row, advice_from_json(document(connection, row["document"]))
    except ValidationError:
        raise ConflictError(
            f"the advice on run {run['id']} was written by an earlier version and can no longer be "
            "read: start a new run with hold_back",
            code="advice-unreadable",
            status_now=run["status"],
        ) from None
