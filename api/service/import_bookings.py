"""Importing bookings: new ones, and those of which files say something else than before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from allocator.booking import Booking
from allocator.problem import Problem
from allocator.referral import Referral
from api.service.basis import Basis
from api.service.bookings import ARRIVED, new_booking
from api.service.change import Change
from api.service.held import Held
from api.service.imported import Imported
from api.service.placed_bids import follow
from api.service.referrals import new_bid, restricted_people
from api.store import records
from api.store.apply import HOLDING
from api.store.values import Row


def import_bookings(
    change: Change,
    problem: Problem,
    seats: Mapping[str, str],
    held: Held,
    basis: Basis | None,
    done: Imported,
) -> None:
    """Record them, with the bids they were made for.

    `seats`: beds, by booking, for those whose file names none.
    """
    there = {row["id"]: row for row in change.rows("booking")}
    moved = {row["transferred_from"] for row in there.values() if row["status"] in HOLDING}
    wanted = [value for value in problem.bookings if _differs(value, there.get(value.id))]
    # All that changes lets go first: two bookings may have changed beds with each other.
    for value in wanted:
        held.let_go(value.id)
    rows = {
        value.id: _row(change, value, there.get(value.id), value.id in moved) for value in wanted
    }
    # Who is there keeps the bed, whatever is booked; and what is known, whatever is new.
    wanted.sort(
        key=lambda b: (rows[b.id]["status"] != ARRIVED, b.id not in there, b.stay.arrival, b.id)
    )
    fresh: list[Row] = []
    changed: list[Row] = []
    for value in wanted:
        before = there.get(value.id)
        row = _seated(rows[value.id], value, seats, held)
        if row["surplus"]:
            done.surplus.append(value.id)
        if before is None:
            fresh.append(row)
        elif not _same(row, before):
            if basis is not None:
                basis.require_unchanged("booking", value.id, before)
            changed.append(row)
    _bids(change, [*fresh, *changed], problem.bookings)
    # Changes first: what is new may hold nights that they let go.
    change.record_all("booking.changed", "booking", changed, by="import")
    change.record_all("booking.recorded", "booking", fresh, by="import")
    done.recorded["booking"] += len(fresh)
    done.changed["booking"] += len(changed)
    follow(change, [*fresh, *changed])


def _differs(value: Booking, before: Row | None) -> bool:
    """Whether a file says what no import has said, or a bed may be free now that was not.

    A stay that is over stays as it was.
    """
    if before is None:
        return True
    if before["status"] not in HOLDING:
        return False
    known = before["referral_id"] is not None or value.referral is None
    same = before["details"] == records.details(replace(value, referral=None))
    return not (same and known) or bool(before["surplus"])


def _same(row: Row, before: Row) -> bool:
    ignored = {"version", "held_from"} if row["surplus"] else {"version"}
    return all(row[name] == before[name] for name in before.keys() - ignored)


def _row(change: Change, value: Booking, before: Row | None, is_half: bool) -> Row:
    """The booking as files and people leave it; whether a bed can hold it is not looked at yet.

    `is_half`: the person moves on to another bed from the day on which this booking ends.
    """
    row = new_booking(change, replace(value, referral=None))
    row["referral_id"] = None if value.referral is None else _bid_of(value).id
    if before is None:
        return _overstayed(change, row)
    said = records.read(Booking, before)
    kept = ["made_by", "made_at", "transferred_from"]
    if before["status"] == ARRIVED:
        # A file made before the person came must not send them away again.
        kept += ["status", "arrival"]
    says_when = value.stay.departure != said.stay.departure
    if is_half or not says_when:
        kept += ["departure"]
    if is_half or (value.bed_id, value.premises_id) == (said.bed_id, said.premises_id):
        kept += ["bed_id", "bed_inferred", "premises_id"]
    row |= {name: before[name] for name in kept}
    row |= {
        "version": before["version"] + 1,
        "referral_id": before["referral_id"] or row["referral_id"],
        "held_from": min(max(row["arrival"], change.today), row["departure"]),
    }
    return _overstayed(change, row) if says_when and not is_half else row


def _overstayed(change: Change, row: Row) -> Row:
    """Still there though due to leave: the nights to come are held as the policy supposes."""
    if row["status"] != ARRIVED or row["departure"] > change.today:
        return row
    stays_on = timedelta(days=max(1, change.policy.overstay_nights))
    return {**row, "departure": change.today + stays_on, "held_from": change.today}


def _seated(row: Row, value: Booking, seats: Mapping[str, str], held: Held) -> Row:
    """The booking in its bed, which holds its nights from now on; surplus when none can."""
    tries = [row] if row["bed_id"] is not None else []
    if value.bed_id is None and (row["bed_id"] is None or row["bed_inferred"]):
        tries.append({**row, "bed_id": seats.get(value.id), "bed_inferred": True})
    if row["held_from"] >= row["departure"]:
        return tries[0]
    for each in tries:
        if each["bed_id"] is not None and held.free(each):
            held.take(each)
            return each
    return {**tries[-1], "surplus": True}


def _bids(change: Change, rows: Iterable[Row], bookings: Iterable[Booking]) -> None:
    """The bids that bookings were made for, where they are new: open where no bed holds the
    booking."""
    restricted = restricted_people(change)
    known = {row["id"] for row in change.outlines("referral", [])}
    about = {b.id: _bid_of(b) for b in bookings if b.referral is not None}
    fresh = [
        new_bid(change, about[row["id"]], None if row["surplus"] else row["id"], restricted)
        for row in rows
        if row["id"] in about and about[row["id"]].id not in known
    ]
    change.record_all("referral.recorded", "referral", fresh, by="import")


def _bid_of(booking: Booking) -> Referral:
    """The bid that a booking was made for, under an id that can stand in an address."""
    assert booking.referral is not None
    return replace(booking.referral, id=f"{booking.id}.referral".replace("/", "."))
