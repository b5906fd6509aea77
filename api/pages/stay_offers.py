"""Stay offers: what the page of a booking offers, as the link to it says."""

from __future__ import annotations

from api.pages.visit import Visit
from api.service.change import Change
from api.service.departure_day import may_leave_another_day
from api.service.move_day import may_move
from api.service.withdrawing import outcome_of
from api.store.values import Row

_RECORDED = {
    "upcoming": ("page_record_arrival", "record the arrival or a non-arrival"),
    "arrived": ("page_record_departure", "record the departure"),
}
"""By the status of a booking, what comes of it next, and the page that records it."""
_OVER = {
    "departed": "look at the stay that ended",
    "notArrived": "look at the booking that came to nothing",
}
_WITHDRAWN = {"arrived": "arrival", "notArrived": "non-arrival", "departed": "departure"}


def offers(visit: Visit, change: Change, row: Row) -> str:
    """In words, with a small letter: nothing that the page would not have for whoever looks."""
    status = row["status"]
    page, recorded = _RECORDED.get(status, ("", ""))
    found = [_OVER[status]] if status in _OVER else []
    found += [recorded] if page and visit.may(page) else []
    if visit.may("page_last_day") and may_leave_another_day(change, row):
        found.append("change the last day")
    if visit.may("page_transfer") and may_move(row, change.today):
        found.append("move to another bed")
    if status == "upcoming" and visit.may("page_cancel_booking"):
        found.append("cancel the booking")
    if visit.may("page_withdraw_recorded") and outcome_of(change, row) is not None:
        found.append(f"withdraw the {_WITHDRAWN[status]}")
    *first, last = found or ["look at the booking"]
    return f"{', '.join(first)}, or {last}" if first else last
