"""Soundness: what must hold of a register whatever was done to it at once; faults in words.

Reckoned here from the rows of stays alone, and not by the code that is tested.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Connection, select

from api.service.register import Register
from api.store import tables
from api.store.values import Row
from api.store.verify import verify
from tests.api.race.orders import Outcome

HOLDS = ("upcoming", "arrived")
LOST = {
    "decide": {"bed-taken", "bed-out-of-service", "decided"},
    "book": {"bed-taken", "bed-out-of-service"},
    "extend": {"bed-taken", "bed-out-of-service"},
    "transfer": {"bed-taken", "bed-out-of-service"},
    "close": {"bed-taken", "overlaps"},
    # An import keeps what finds no bed as surplus.
    "import": {""},
}
"""How each way of taking a bed may be told that somebody was quicker."""


def faults(register: Register) -> list[str]:
    """Everything wrong with the register itself."""
    with register.reading() as connection:
        return [
            *verify(connection).faults,
            *_nights(connection),
            *_bids(connection),
            *_proposals(connection),
        ]


def faults_of_race(register: Register, outcomes: list[Outcome]) -> list[str]:
    """The same, and what is wrong with what the racers were told."""
    with register.reading() as connection:
        return [
            *faults(register),
            *(f"{each.order.how}: {each.fault}" for each in outcomes if each.fault),
            *_winners(connection, outcomes),
            *_losers(connection, outcomes),
            *_events(connection, outcomes),
        ]


def _rows(connection: Connection, table) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _span(first: date, end: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((end - first).days)]


def _nights(connection: Connection) -> Iterator[str]:
    """Each night of a bed and of a person has one holder, and is written down as such."""
    beds, people = Counter(), Counter()
    for row in _rows(connection, tables.BOOKINGS):
        if row["status"] in HOLDS and not row["surplus"] and row["bed_id"] is not None:
            for night in _span(row["held_from"], row["departure"]):
                beds[row["bed_id"], night, row["id"]] += 1
                people[row["crn"], night, row["id"]] += 1
    for row in _rows(connection, tables.OUT_OF_SERVICE):
        if not row["cancelled"] and not row["in_conflict"]:
            for night in _span(row["first_night"], row["end"]):
                beds[row["bed_id"], night, row["id"]] += 1
    for what, held, table, key in (
        ("bed", beds, tables.BED_NIGHTS, "bed_id"),
        ("person", people, tables.PERSON_NIGHTS, "crn"),
    ):
        for (place, night), number in Counter((p, n) for p, n, _ in held).items():
            if number > 1:
                yield f"{what} {place} has {number} stays on {night}"
        written = {(row[key], row["night"], row["holder"]) for row in _rows(connection, table)}
        if written != set(held):
            yield f"nights written of a {what} are not those of stays: {written ^ set(held)}"


def _bids(connection: Connection) -> Iterator[str]:
    """A bid is placed with one booking that holds nights, or open without any: what is surplus
    holds none."""
    holding: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(connection, tables.BOOKINGS):
        holds = row["status"] in HOLDS and not row["surplus"]
        if holds and row["referral_id"] is not None:
            holding[row["referral_id"]].append(row)
    for bid in _rows(connection, tables.REFERRALS):
        there = holding[bid["id"]]
        named = [row["id"] for row in there]
        if bid["status"] == "open" and (there or bid["booking_id"] is not None):
            yield f"bid {bid['id']} is open and has bookings {named}, {bid['booking_id']}"
        if bid["status"] == "placed" and bid["booking_id"] not in named:
            yield f"bid {bid['id']} is placed in {bid['booking_id']}, which holds nothing"
        # Someone who changes beds in the middle of a stay has two, one linked to the other.
        whole = [row for row in there if row["transferred_from"] not in named]
        if bid["status"] == "placed" and len(whole) != 1:
            yield f"bid {bid['id']} is placed {len(whole)} times: {named}"


def _proposals(connection: Connection) -> Iterator[str]:
    """What was accepted is booked, and what is not is not."""
    bids = {row["id"]: row for row in _rows(connection, tables.REFERRALS)}
    booked = {row["id"] for row in _rows(connection, tables.BOOKINGS)}
    for row in _rows(connection, tables.PROPOSALS):
        taken = row["status"] in ("accepted", "changed")
        if taken != (row["booking_id"] in booked) or taken != (row["booking_id"] is not None):
            yield f"proposal {row['id']} is {row['status']} with booking {row['booking_id']}"
        if taken and (row["decided_by"] is None or row["decided_at"] is None):
            yield f"proposal {row['id']} was decided by nobody"
        if row["status"] == "proposed" and bids[row["referral_id"]]["status"] != "open":
            yield f"proposal {row['id']} waits, and its bid is not open"


def _winners(connection: Connection, outcomes: list[Outcome]) -> Iterator[str]:
    """Whoever was told yes has the nights, and nobody else was told yes for one of them."""
    held = {
        (row["bed_id"], row["night"]): row["holder"] for row in _rows(connection, tables.BED_NIGHTS)
    }
    told: dict[tuple[str, date], str] = {}
    for each in outcomes:
        if each.holder is None:
            continue
        for night in _span(each.order.stay.arrival, each.order.stay.departure):
            place = (each.order.bed_id, night)
            if place in told:
                yield f"two were told that they have {place}: {told[place]} and {each.holder}"
            told[place] = each.holder
            if held.get(place) != each.holder:
                yield f"{each.holder} was told yes for {place}, held by {held.get(place)}"
    for each in outcomes:
        wanted = _span(each.order.stay.arrival, each.order.stay.departure)
        mine = [night for night in wanted if (each.order.bed_id, night) in told]
        if not mine and each.code != "decided":
            yield f"nobody has what {each.order.how} {each.order.subject} lost ({each.code})"


def _losers(connection: Connection, outcomes: list[Outcome]) -> Iterator[str]:
    """Whoever was refused was told how, and by whom, and when."""
    stays = _rows(connection, tables.BOOKINGS)
    for each in outcomes:
        how, wanted = each.order.how, each.order.stay
        if each.holder is not None or each.fault:
            continue
        if each.code not in LOST[how] or each.kind not in ("", "ConflictError"):
            yield f"{how} was refused with {each.kind} {each.code}: {each.extra}"
        if each.code == "bed-taken":
            who = [
                row
                for row in stays
                if row["bed_id"] == each.order.bed_id
                and row["held_from"] < wanted.departure
                and wanted.arrival < row["departure"]
                and row["made_by"] == each.extra.get("taken_by")
                and row["made_at"].isoformat() == each.extra.get("taken_at")
            ]
            if each.extra.get("bed_id") != each.order.bed_id or len(who) < 1:
                yield f"{how} was told of a colleague who is not there: {each.extra}"
        if each.code == "decided" and not (
            each.extra.get("decided_by") and each.extra.get("decided_at")
        ):
            yield f"a decision was refused without saying who had decided: {each.extra}"


def _events(connection: Connection, outcomes: list[Outcome]) -> Iterator[str]:
    """Every event of a racer is in an answer, once: a refusal left nothing behind."""
    told = Counter(number for each in outcomes for number in each.events)
    racers = {each.actor.id for each in outcomes}
    written = {row["seq"] for row in _rows(connection, tables.EVENTS) if row["actor_id"] in racers}
    if set(told) != written or any(number > 1 for number in told.values()):
        yield f"events that no answer accounts for: {sorted(written ^ set(told))[:10]}"
    kept = len(_rows(connection, tables.ANSWERS))
    # An import that found no bed is answered too: what it brought is kept.
    answered = sum(not each.code and not each.fault for each in outcomes)
    if kept != answered:
        yield f"{kept} answers are kept, and {answered} were given"
