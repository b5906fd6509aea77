"""Unowned: bids without a bed that nobody has in hand."""

from __future__ import annotations

from typing import Any

from api.service.change import Change
from api.service.referrals import OPEN
from api.service.seeing import restricted
from api.store.tables import REFERRALS

_R = REFERRALS.c


def unowned(change: Change) -> list[Any]:
    """Open bids without an owner, or whose owner has not said that they have them; as conditions.

    Whoever has a booking is looked after by it: until it ends, or a day goes by on which nobody
    said that they came, which puts the bid on the ladder. Who owns those that the actor may not
    see is not told, so that they are in no list of it.
    """
    return [
        _R.status == OPEN,
        _R.owner_id.is_(None) | ~_R.owner_acknowledged,
        _R.id.not_in(sorted(restricted(change.connection, change.actor))),
    ]
