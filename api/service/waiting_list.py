"""The waiting list: everyone without a bed, most urgent first, by the columns people filter by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from allocator.vocabulary import ApType, Gender, RiskTier
from api.service.bid_filters import of_owner
from api.service.change import Change
from api.service.lists import Orders, counted, cut, in_order
from api.service.referrals import OPEN
from api.service.refusals import InvalidError
from api.service.seeing import restricted
from api.store.by_many import by_many
from api.store.tables import PROPOSALS, REFERRALS
from api.store.values import Row

_R = REFERRALS.c
ORDERS: Orders = {
    "urgency": (_R.band, _R.release_date, -_R.failed_attempts),
    "release_date": (_R.release_date, _R.band),
    "attempts": (_R.failed_attempts, _R.band),
    "due": (_R.rung_due, _R.band),
}
_WAITING = PROPOSALS.c.status == "proposed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them; None or empty: all. `owner`: mine, nobody or unacknowledged."""

    band: int | None = None
    gender: str = ""
    ap_type: str = ""
    tier: str = ""
    rung: int | None = None
    acknowledged: bool | None = None
    owner: str = ""
    within_days: int | None = None
    proposed: bool | None = None
    """Whether a bed is proposed that nobody has decided on yet, and that can be had still."""
    lost: Collection[str] = ()
    """Proposals that cannot be accepted any more (`plan_needs`): as if nothing were proposed."""

    def conditions(self, change: Change) -> list[Any]:
        """As the database takes them. Raises InvalidError for a word that is none of those."""
        found: list[Any] = [_R.status == OPEN]
        if self.band is not None:
            found.append(_R.band == self.band)
        if self.rung is not None:
            top = len(change.policy.escalation) - 1
            found.append(_R.rung >= top if self.rung >= top else _R.rung == self.rung)
        if self.acknowledged is not None:
            known = _R.rung_acknowledged_by.is_not(None)
            found.append(known if self.acknowledged else ~known)
        if self.within_days is not None:
            found.append(_R.release_date <= change.today + timedelta(days=self.within_days))
        private = self._private(change)
        if self.proposed is not None:
            there = (_WAITING, PROPOSALS.c.id.not_in(sorted(self.lost)))
            waiting = _R.id.in_(select(PROPOSALS.c.referral_id).where(*there))
            private.append(waiting if self.proposed else ~waiting)
        if private:
            # To be in the list would tell what is not shown of a restricted bid.
            found += [*private, _R.id.not_in(sorted(restricted(change.connection, change.actor)))]
        return found

    def _private(self, change: Change) -> list[Any]:
        found: list[Any] = []
        words = (
            ("gender", self.gender, {each.value for each in Gender}, _R.gender),
            ("AP type", self.ap_type, {each.value for each in ApType}, _R.ap_type),
            ("tier", self.tier, {each.value for each in RiskTier}, _R.details["tier"].as_string()),
        )
        for name, value, known, column in words:
            if value and value not in known:
                raise InvalidError(f"There is no {name} of this name.")
            if value:
                found.append(column == value)
        if self.owner:
            found.append(of_owner(self.owner, change.actor))
        return found


def how_many(change: Change, wanted: Wanted) -> int:
    """How many people are without a bed."""
    return counted(change.connection, "referral", wanted.conditions(change))


def some(change: Change, wanted: Wanted, sort: str, *, limit: int, offset: int) -> list[Row]:
    """A page of their bids."""
    return cut(
        change.connection,
        "referral",
        wanted.conditions(change),
        in_order(ORDERS, sort),
        limit=limit,
        offset=offset,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """People of one band without a bed. `proposed`: of those, how many have a proposal to decide.

    Of restricted bids that the actor may not see, none has: a count would tell of them.
    """

    everyone: int = 0
    proposed: int = 0

    @property
    def nothing(self) -> int:
        """Those for whom nothing waits to be decided."""
        return self.everyone - self.proposed


def by_band(change: Change, lost: Collection[str]) -> dict[int, Waiting]:
    """How many of each band are without a bed, and for how many of them one is proposed.

    `lost`: as of those wanted.
    """
    found = select(_R.band, func.count()).group_by(_R.band)
    proposed = Wanted(proposed=True, lost=lost).conditions(change)
    everyone, some = (
        {int(band): int(number) for band, number in change.connection.execute(found.where(*each))}
        for each in ([_R.status == OPEN], proposed)
    )
    return {band: Waiting(number, some.get(band, 0)) for band, number in everyone.items()}


def proposed_to(change: Change, ids: list[str]) -> dict[str, Row]:
    """The proposal that waits for a decision, by bid."""
    return {
        row["referral_id"]: row
        for some_ids in by_many(ids)
        for row in change.rows("proposal", PROPOSALS.c.referral_id.in_(some_ids), _WAITING)
    }
