"""Bed by another: open bids of people who have a bed by another booking, on all nights it could be.

Somebody must withdraw such a bid, or cancel the booking: it is flagged. Where the booking begins in
time and lasts as long as the bid asks, nobody waits without a bed: it leaves the ladder until then.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import and_, null, or_, select

from api.service.change import Change
from api.service.escalation import HAS_A_BED, HAS_A_BED_IN_PART, anew
from api.service.referrals import OPEN, raise_flag
from api.service.settle import clear
from api.store.tables import BOOKINGS, FLAGS, REFERRALS


class _Beside(NamedTuple):
    """What an open bid asks for, and a booking of the same person that is not by it."""

    bid_id: str
    release_date: date
    latest_arrival: date
    nights: int
    booking_id: str
    arrival: date
    departure: date

    def meets_all(self, today: date) -> bool:
        """Whether each stay that the bid allows from today on would meet the booking."""
        first = max(self.release_date, today)
        last = max(self.latest_arrival, first)
        return self.departure > last and self.arrival < first + timedelta(days=self.nights)

    def lasts(self, today: date) -> bool:
        """Whether it begins by the first day wanted, and has as many nights from then as asked."""
        begins = max(self.arrival, self.release_date)
        in_time = self.arrival <= max(self.release_date, today)
        return in_time and self.departure >= begins + timedelta(days=self.nights)


def review(change: Change, crn: str | None = None) -> None:
    """Flags for what is new, none for what is over; a bid back on the ladder begins its rung anew.

    `crn`: of this person alone.
    """
    found = _found(change, crn)
    theirs = [FLAGS.c.why.in_((HAS_A_BED, HAS_A_BED_IN_PART)), ~FLAGS.c.cleared]
    if crn is not None:
        bids = select(REFERRALS.c.id).where(REFERRALS.c.crn == crn)
        theirs.append(FLAGS.c.referral_id.in_(bids))
    raised = change.rows("flag", *theirs)
    known = {(flag["referral_id"], flag["why"], flag["about"]): flag for flag in raised}
    over = [flag for of, flag in known.items() if of not in found]
    clear(change, over)
    for bid_id, why, booking_id in sorted(found - known.keys()):
        raise_flag(change, [change.row("referral", bid_id)], why, booking_id)
    has_a_bed = {bid_id for bid_id, why, _ in found if why == HAS_A_BED}
    had = {flag["referral_id"] for flag in over if flag["why"] == HAS_A_BED}
    without = [change.row("referral", bid_id) for bid_id in sorted(had - has_a_bed)]
    back = [
        {**bid, **anew(change, bid), "version": bid["version"] + 1}
        for bid in without
        if bid["status"] == OPEN
    ]
    change.record_all("escalation.begun", "referral", back)


def _found(change: Change, crn: str | None) -> set[tuple[str, str, str]]:
    """The flags that must be: open bid, why, booking; one a bid, of what lasts if any does.

    A booking that no bed holds, or to which nobody is known to have come in time, is no bed. Of
    people with a restricted bid there is none: to leave the ladder would tell of the other bid.
    """
    there = or_(
        BOOKINGS.c.status == "arrived",
        and_(BOOKINGS.c.status == "upcoming", BOOKINGS.c.arrival >= change.today),
    )
    restricted = select(REFERRALS.c.crn).where(REFERRALS.c.restricted_to.is_not(null()))
    wanted = (
        select(
            *(REFERRALS.c.id, REFERRALS.c.release_date, REFERRALS.c.latest_arrival),
            REFERRALS.c.details["nights"].as_integer(),
            *(BOOKINGS.c.id, BOOKINGS.c.arrival, BOOKINGS.c.departure),
        )
        .join(BOOKINGS, BOOKINGS.c.crn == REFERRALS.c.crn)
        .where(REFERRALS.c.status == OPEN, there, ~BOOKINGS.c.surplus)
        .where(or_(BOOKINGS.c.referral_id.is_(None), BOOKINGS.c.referral_id != REFERRALS.c.id))
        .where(REFERRALS.c.crn.not_in(restricted))
        .order_by(REFERRALS.c.id, BOOKINGS.c.id)
    )
    if crn is not None:
        wanted = wanted.where(REFERRALS.c.crn == crn)
    lasting: dict[str, str] = {}
    in_part: dict[str, str] = {}
    for each in map(_Beside._make, change.connection.execute(wanted)):
        if each.meets_all(change.today):
            bookings = lasting if each.lasts(change.today) else in_part
            bookings.setdefault(each.bid_id, each.booking_id)
    return {(bid_id, HAS_A_BED, booking_id) for bid_id, booking_id in lasting.items()} | {
        (bid_id, HAS_A_BED_IN_PART, booking_id)
        for bid_id, booking_id in in_part.items()
        if bid_id not in lasting
    }
