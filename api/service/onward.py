"""Onward: bookings to which people were to move who have left, and that nobody has ended.

The bed is kept for somebody who may not come: a named person cancels the booking, or records the
arrival. Their bid is closed and on no other list, so it is flagged until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from api.service.change import Change
from api.service.moves import stay_of, stays
from api.service.referrals import raise_flag
from api.service.settle import clear
from api.store.apply import HOLDING
from api.store.by_many import by_many
from api.store.tables import BOOKINGS, FLAGS, REFERRALS
from api.store.values import Row

LEFT_BEFORE_MOVING = "left_before_moving"
"""The flag of a bid whose person has left, and is booked into another bed from a day on."""
MOVE_CALLED_OFF = "move_called_off"
"""The flag of a bid whose person is in a bed until the day of a move that was called off while they
were taken to have left; its nights were not to be had again."""
_TO_COME = BOOKINGS.c.status == "upcoming", BOOKINGS.c.transferred_from.is_not(None)


def to_follow(change: Change, row: Row) -> list[Row]:
    """Bookings to come to which the person was, or is, to move in the end; the first first."""
    stay = stay_of(change, row)
    return [each for each in stay if each["status"] == "upcoming" and each["id"] != row["id"]]


def left_behind(change: Change, crn: str | None = None) -> list[tuple[Row, Row]]:
    """The stay that somebody left, and each booking to come that was to follow it, the first to
    begin first. `crn`: of this person alone.
    """
    wanted = [*_TO_COME, *([] if crn is None else [BOOKINGS.c.crn == crn])]
    people = sorted({each["crn"] for each in change.outlines("booking", ["crn"], *wanted)})
    found = []
    for some in by_many(people):
        for stay in stays(change.rows("booking", BOOKINGS.c.crn.in_(some))):
            found += _left_behind(stay)
    return sorted(found, key=lambda each: (each[1]["arrival"], each[1]["id"]))


def ends_early(change: Change, row: Row) -> bool:
    """Whether a flag says so of the stay of this booking."""
    stay = {each["id"] for each in stay_of(change, row)}
    return any(flag["about"] in stay for flag in _flags(change, MOVE_CALLED_OFF, row["crn"]))


def review(change: Change, crn: str | None = None) -> None:
    """Flags for what is new, none for what is over. `crn`: of this person alone."""
    found = {
        (after["referral_id"], after["id"])
        for _, after in left_behind(change, crn)
        if after["referral_id"] is not None
    }
    told = _flags(change, LEFT_BEFORE_MOVING, crn)
    known = {(flag["referral_id"], flag["about"]): flag for flag in told}
    clear(change, [flag for of, flag in known.items() if of not in found])
    for bid_id, booking_id in sorted(found - known.keys()):
        raise_flag(change, [change.row("referral", bid_id)], LEFT_BEFORE_MOVING, booking_id)
    early = _flags(change, MOVE_CALLED_OFF, crn)
    clear(change, [flag for flag in early if not _ends_early(change, flag["about"])])


def _left_behind(stay: Iterable[Row]) -> list[tuple[Row, Row]]:
    """Of the bookings of one stay: none while the person is in one of them."""
    by_status: dict[str, list[Row]] = defaultdict(list)
    for each in stay:
        by_status[each["status"]].append(each)
    if by_status["arrived"] or not by_status["departed"]:
        return []
    left = max(by_status["departed"], key=lambda each: (each["departure"], each["made_at"]))
    return [(left, each) for each in by_status["upcoming"]]


def _ends_early(change: Change, booking_id: str) -> bool:
    """Whether it still ends on the day of a move, and nothing of the stay follows it."""
    row = change.find("booking", booking_id)
    if row is None or row["status"] not in HOLDING:
        return False
    stay = stay_of(change, row)
    last = [each for each in stay if each["status"] in HOLDING][-1]
    return last == row and any(each["arrival"] == row["departure"] for each in stay)


def _flags(change: Change, why: str, crn: str | None) -> list[Row]:
    """Those that stand; of this person alone, unless None."""
    wanted = [FLAGS.c.why == why, ~FLAGS.c.cleared]
    if crn is not None:
        theirs = select(REFERRALS.c.id).where(REFERRALS.c.crn == crn)
        wanted.append(FLAGS.c.referral_id.in_(theirs))
    return change.rows("flag", *wanted)
