"""Answers: those kept for idempotency keys go when nobody will send the request again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from api.service.change import Change
from api.store.tables import ANSWERS


def forget_answers(change: Change, days: int) -> None:
    """Delete the answers that are older than so many days; their requests would be done anew."""
    oldest = change.at - timedelta(days=days)
    change.connection.execute(delete(ANSWERS).where(ANSWERS.c.at < oldest))
