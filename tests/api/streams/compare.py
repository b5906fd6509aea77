"""Compare: what the register holds against the model, and what must always hold of it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from typing import Any

from api.access.actor import Actor
from tests.api.streams import ladder
from tests.api.streams.look import Rows, day, head, moment
from tests.api.streams.model import (
    HAS_A_BED,
    HAS_A_BED_IN_PART,
    HOLDING,
    UNRECORDED,
    Bid,
    Flag,
    Model,
    nights,
)

BY_ANOTHER = (HAS_A_BED, HAS_A_BED_IN_PART)
"""Flags that no run answers."""

CLOSED = ("arrived", "withdrawn", "released_without_bed")


class DisagreementError(AssertionError):
    """The register is not as the specification says. `kind` stays the same when a story shrinks."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(f"{kind}: {words}")
        self.kind = kind


def must(holds: object, kind: str, words: object = "") -> None:
    if not holds:
        raise DisagreementError(kind, str(words))


def compare(model: Model, before: Rows, after: Rows) -> None:
    """Everything after a change that was made."""
    bids(model, after)
    stays(model, after)
    runs(model, after)
    held(model, after)
    model.give_way()
    kept_for_others(model, after)
    flags(model, before, after)
    invariants(after)
    if model.expected.looked:
        nobody_dropped(model, after)
    for table in (
        "referrals",
        "bookings",
        "out_of_service",
        "premises",
        "rooms",
        "beds",
        "holds",
    ):
        for (key,), row in after[table].items():
            model.versions[table, key] = row["version"]


def bids(model: Model, after: Rows) -> None:
    """Status, attempts, owner, rung."""
    rows = {key: row for (key,), row in after["referrals"].items()}
    must(rows.keys() == model.bids.keys(), "which bids", rows.keys() ^ model.bids.keys())
    told = Counter(row["referral_id"] for row in after["attempts"].values())
    for key, bid in model.bids.items():
        row = rows[key]
        must(row["status"] == bid.status, "bid status", f"{key} {row['status']} not {bid.status}")
        must(row["band"] == ladder.band_of(bid.value), "band", key)
        attempts(model, key, bid, row, told[key])
        owner = (row["owner_id"], bool(row["owner_acknowledged"]))
        must(owner == (bid.owner, bid.acknowledged), "owner", f"{key} {owner}")
        if bid.status == "placed":
            must(row["booking_id"] == bid.booking, "booking of a placed bid", key)
        rung(model, key, bid, row)


def attempts(model: Model, key: str, bid: Bid, row: sqlite3.Row, told: int) -> None:
    if key in model.expected.may_count:
        must(row["failed_attempts"] >= bid.attempts, "attempts fell", key)
        bid.attempts, bid.told = row["failed_attempts"], told
        bid.last_day = row["last_attempt_day"] and day(row["last_attempt_day"])
    counts = f"{key} {row['failed_attempts']} not {bid.attempts}"
    must(row["failed_attempts"] == bid.attempts, "attempts counted", counts)
    must(told == bid.told, "attempts listed", f"{key} {told} not {bid.told}")


def rung(model: Model, key: str, bid: Bid, row: sqlite3.Row) -> None:
    """The rung, its due time and who knows, against what may have become of them."""
    expected, top = model.expected, len(ladder.rungs()) - 1
    now, found = model.now, row["rung"]
    since, due = moment(row["rung_since"]), moment(row["rung_due"])
    seen_by = row["rung_acknowledged_by"]
    words = f"{key} at rung {found}, before {bid.rung}"
    at_hand = key in expected.touched | expected.reopened | expected.reviewed
    if bid.status != "open" and key not in {*expected.reopened, *expected.reviewed}:
        # A placed bid that is withdrawn may have been open for a moment.
        must(found == bid.rung or key in expected.touched, "rung of a bid that is not open", words)
        if key in expected.seen_by:
            must(seen_by is not None, "acknowledged", words)
    else:
        low = high = bid.rung
        fresh = key in expected.reopened
        late = not fresh and bid.due is not None and bid.due <= now and bid.seen_by is None
        if at_hand:
            facts = ladder.reached(bid.value.release_date, model.today, bid.attempts)
            low = high = max(low, facts)
            if late and bid.due is not None:
                high = max(high, ladder.overdue_to(bid.rung, bid.due, now))
                if key in expected.reviewed:
                    low = max(low, min(bid.rung + 1, top))
        must(low <= found <= high, "rung", f"{words}, expected {low} to {high}")
        if fresh or found != bid.rung:
            must(seen_by is None, "acknowledged by nobody yet", words)
            must(bid.since is None or bid.since <= since <= now, "since", words)
            must(due == since + ladder.rungs()[found].within, "due", f"{words} {since} {due}")
            must(since == now or late, "since", words)
        elif key in expected.seen_by:
            must(seen_by == expected.seen_by[key], "acknowledged", words)
        elif not (at_hand and late):
            was = (bid.since, bid.due, bid.seen_by)
            must((since, due, seen_by) == was, "rung untouched", f"{words} {was}")
    bid.rung, bid.since, bid.due, bid.seen_by = found, since, due, seen_by


def stays(model: Model, after: Rows) -> None:
    """Bookings and out-of-service records."""
    rows = {key: row for (key,), row in after["bookings"].items()}
    must(rows.keys() == model.bookings.keys(), "which bookings")
    for key, stay in model.bookings.items():
        row = rows[key]
        words = f"{key} {row['status']} not {stay.status}"
        same = row["status"] == stay.status
        ended = stay.status == "ended" and row["status"] in ("cancelled", "departed")
        must(same or ended, "booking status", words)
        must(row["crn"] == stay.value.crn and row["referral_id"] == stay.bid, "whose booking", key)
        if stay.status in HOLDING:
            found = (row["bed_id"], day(row["arrival"]), day(row["departure"]))
            must(found == (stay.bed, stay.arrival, stay.departure), "booking", f"{key} {found}")
    records = {key: row for (key,), row in after["out_of_service"].items()}
    must(records.keys() == model.out_of_use.keys(), "which out-of-service records")
    for key, record in model.out_of_use.items():
        row = records[key]
        must(bool(row["cancelled"]) == record.cancelled, "out-of-service cancelled", key)
        if not record.cancelled:
            found = (day(row["first_night"]), day(row["end"]))
            must(found == (record.first, record.end), "out-of-service nights", f"{key} {found}")


def runs(model: Model, after: Rows) -> None:
    for key, run in model.runs.items():
        must(after["runs"][key,]["status"] == run.status, "run status", key)
    rows = {(row["run_id"], row["referral_id"]): row for row in after["proposals"].values()}
    for pair, proposal in model.proposals.items():
        if proposal.status == "superseded" and pair not in rows:
            continue
        must(pair in rows, "which proposals", pair)
        row = rows[pair]
        words = f"{pair[1]}: {row['status']} not {proposal.status}"
        must(row["status"] == proposal.status, "proposal status", words)
        must(day(row["decide_by"]) == proposal.decide_by, "decide by", pair)
    must(not rows.keys() - model.proposals.keys(), "which proposals")


def held(model: Model, after: Rows) -> None:
    """Who holds each bed and each person from today on; before, nobody who never could."""
    for table, column, wanted in (
        ("bed_nights", "bed_id", model.bed_nights()),
        ("person_nights", "crn", model.person_nights()),
    ):
        found: dict[Any, str] = {}
        for row in after[table].values():
            night = day(row["night"])
            if night >= model.today:
                found[row[column], night] = row["holder"]
            else:
                holder = row["holder"]
                must(holder in model.bookings or holder in model.out_of_use, "past holder", holder)
        if found != wanted:
            odd = sorted(
                (str(key), wanted.get(key), found.get(key))
                for key in found.keys() | wanted.keys()
                if found.get(key) != wanted.get(key)
            )
            raise DisagreementError(table, f"(what, expected, found) {odd[:4]}")


def kept_for_others(model: Model, after: Rows) -> None:
    """Holds: which nights from today on are left, until when, and whether they still count."""
    rows = {key: row for (key,), row in after["holds"].items()}
    must(rows.keys() == model.holds.keys(), "which holds")
    taken = {(row["bed_id"], row["night"]) for row in after["bed_nights"].values()}
    for key, hold in model.holds.items():
        row = rows[key]
        left = {
            night
            for first, end in json.loads(row["left"])
            for night in nights(day(first), day(end))
            if night >= model.today
        }
        to_come = {night for night in hold.nights if night >= model.today}
        must(day(row["until"]) == hold.until, "hold until", key)
        must(row["lowest_band"] == hold.lowest_band, "hold for", key)
        if hold.status != "current" or to_come:
            words = f"{key} {row['status']} not {hold.status}"
            must(row["status"] == hold.status, "hold status", words)
        if hold in model.in_force():
            must(left == to_come, "held nights", f"{key} {sorted(left ^ to_come)}")
            both = {(hold.bed, night.isoformat()) for night in left} & taken
            must(not both, "a held night that somebody has", both)


def flags(model: Model, before: Rows, after: Rows) -> None:
    """New flags, flags that must be there, and flags that may have gone."""
    expected = model.expected
    may_raise = expected.must_flag | expected.may_flag
    standing = set()
    for (key,), row in after["flags"].items():
        of = (row["referral_id"], row["why"])
        if key not in model.flags:
            raised = of in may_raise or of[0] in expected.may_clear
            must(raised, "flag without a reason", of)
            model.flags[key] = Flag(*of, model.step)
        flag = model.flags[key]
        if row["cleared"] and not flag.cleared:
            limit = None if flag.why in BY_ANOTHER else expected.clear_up_to
            may = flag.bid in expected.may_clear or expected.may_clear_all
            may = may or (limit is not None and flag.step <= limit) or of in expected.may_clear_of
            must(may, "flag cleared", of)
            flag.cleared = True
        elif not row["cleared"] and not flag.cleared:
            limit = None if flag.why in BY_ANOTHER else expected.clear_up_to
            overlooked = model.bids[flag.bid].status != "open" or flag.bid in expected.may_stay
            after_it = limit is None or flag.step > limit
            must(after_it or overlooked, "flag not cleared by a run", of)
        if not row["cleared"]:
            standing.add(of)
    missing = expected.must_flag - standing
    missing = {of for of in missing if of[0] not in expected.may_clear}
    must(not missing, "flag missing", missing)


def invariants(after: Rows) -> None:
    """What must hold whatever happened."""
    holding: dict[str, list[str]] = {}
    for (key,), row in after["bookings"].items():
        if row["status"] in HOLDING:
            holding.setdefault(row["referral_id"], []).append(key)
    for (key,), row in after["referrals"].items():
        mine = holding.get(key, [])
        if row["status"] == "open":
            must(not mine, "open bid with a booking", (key, mine))
            must(row["booking_id"] is None, "open bid with a booking", key)
            must(row["rung_due"] is not None, "open bid without a due time", key)
        if row["status"] == "placed":
            must(mine == [row["booking_id"]], "placed bid with one booking", (key, mine))
        if row["status"] in ("withdrawn", "released_without_bed"):
            must(not mine, "closed bid with a booking", key)


def nobody_dropped(model: Model, after: Rows) -> None:
    """After a review a placed bid has a booking that is to come, or somebody is told that it is
    not known whether the person came."""
    flagged = {
        row["referral_id"]
        for row in after["flags"].values()
        if row["why"] == UNRECORDED and not row["cleared"]
    }
    for (key,), row in after["referrals"].items():
        if row["status"] == "placed":
            booking = after["bookings"][row["booking_id"],]
            must(day(booking["departure"]) > model.today, "placed in a stay that is over", key)
            waits = day(booking["arrival"]) < model.today
            must(not waits or key in flagged, "an arrival that nobody asks about", key)


def closings(connection: sqlite3.Connection, before: Rows, after: Rows, actor: Actor) -> None:
    """Nothing closes without an actor and a reason in an event."""
    for (key,), row in after["referrals"].items():
        old = before["referrals"].get((key,))
        if old is None or row["status"] == old["status"] or row["status"] not in CLOSED:
            must(
                old is None or old["status"] not in CLOSED or old["status"] == row["status"],
                "a closed bid stays closed",
                key,
            )
            continue
        found = connection.execute(
            "SELECT actor_id, payload FROM events JOIN event_payloads USING (seq) "
            "WHERE seq > ? AND kind = 'referral' AND subject = ?",
            (head(before), key),
        ).fetchall()
        last = [each for each in found if _status(each["payload"]) == row["status"]]
        must(last and last[-1]["actor_id"] == actor.id, "closed by an actor", key)
        must(_reason(last[-1]["payload"]), f"closed with a reason ({row['status']})", key)


def _status(payload: str) -> str:
    found: str = json.loads(payload)["row"]["status"]
    return found


def _reason(payload: str) -> bool:
    facts = json.loads(payload)
    return bool((facts.get("reason") or facts["row"]["closed_reason"] or "").strip())
