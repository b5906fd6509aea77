"""Model: what the register must hold, kept in plain Python from docs/service.md alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allocator.referral import Referral
from tests.api.streams import ladder
from tests.api.streams.tiny_estate import BEDS, ROOMS, START

LONDON = ZoneInfo("Europe/London")
OVERSTAY = timedelta(days=ladder.policy_file()["stay"]["overstay_nights"]["value"])
HOLDING = ("upcoming", "arrived")
UNRECORDED = "arrival_not_recorded"
HAS_A_BED = "bed_by_another_bid"
HAS_A_BED_IN_PART = "bed_by_another_in_part"
LEFT_BEFORE_MOVING = "left_before_moving"


@dataclass
class Bid:
    """One bid. `told`: how many attempts must be listed; `facts`: the step they last changed."""

    value: Referral
    attempts: int
    facts: int
    status: str = "open"
    booking: str | None = None
    told: int = 0
    last_day: date | None = None
    owner: str | None = None
    acknowledged: bool = False
    rung: int = -1
    since: datetime | None = None
    due: datetime | None = None
    seen_by: str | None = None
    told_of: str | None = None
    """The booking of which a review has said that no arrival was recorded."""
    bed_by: tuple[str, str] | None = None
    """Of which booking by another bid a review has said that the person has a bed, and how."""
    left_behind: frozenset[str] = frozenset()
    """Bookings to come of somebody who left the stay that they were to follow."""
    loose: int = -1
    """The step of the last change of which the specification does not say whether it is a fact."""


@dataclass
class Booking:
    """A stay made. `value`: what was known of the person when it was made. `follows`: it began
    with a transfer."""

    bid: str
    value: Referral
    bed: str
    arrival: date
    departure: date
    status: str = "upcoming"
    follows: bool = False

    @property
    def holds(self) -> bool:
        return self.status in HOLDING

    def sleeps(self, night: date) -> bool:
        """Whether this night is held."""
        return self.holds and self.arrival <= night < self.departure


@dataclass
class OutOfUse:
    """Nights [first, end) on which a bed is out of service."""

    bed: str
    first: date
    end: date
    cancelled: bool = False


@dataclass
class Hold:
    """Nights of a bed kept for people known to be of bands 1 to `lowest_band`.

    `cut`: something else has had nights of it.
    """

    bed: str
    nights: set[date]
    lowest_band: int
    until: date
    status: str = "current"
    cut: bool = False


@dataclass
class Proposal:
    """One placement proposed by a run."""

    bed: str
    arrival: date
    departure: date
    decide_by: date
    status: str = "proposed"


@dataclass
class Run:
    """A run over the register; `step` is when its snapshot was taken."""

    step: int
    placements: dict[str, Proposal]
    unplaced: tuple[str, ...]
    status: str = "queued"


@dataclass
class Flag:
    """Why a bid should be looked at again."""

    bid: str
    why: str
    step: int
    cleared: bool = False


@dataclass
class Expected:
    """What the last action must have brought, and what it may have: checked, then forgotten."""

    reviewed: set[str] = field(default_factory=set)
    looked: bool = False
    """Whether the review was done, which drops nobody."""
    touched: set[str] = field(default_factory=set)
    reopened: set[str] = field(default_factory=set)
    seen_by: dict[str, str] = field(default_factory=dict)
    must_flag: set[tuple[str, str]] = field(default_factory=set)
    may_flag: set[tuple[str, str]] = field(default_factory=set)
    may_clear: set[str] = field(default_factory=set)
    may_clear_of: set[tuple[str, str]] = field(default_factory=set)
    clear_up_to: int | None = None
    may_clear_all: bool = False
    may_count: set[str] = field(default_factory=set)
    may_stay: set[str] = field(default_factory=set)


@dataclass
class Model:
    """The whole. `step` numbers the actions; `heads[step]` is the last event after each."""

    now: datetime = START
    step: int = 0
    heads: list[int] = field(default_factory=list)
    bids: dict[str, Bid] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    out_of_use: dict[str, OutOfUse] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    proposals: dict[tuple[str, str], Proposal] = field(default_factory=dict)
    flags: dict[str, Flag] = field(default_factory=dict)
    open_premises: dict[str, bool] = field(default_factory=lambda: {"A": True, "B": True})
    arson: dict[str, bool] = field(
        default_factory=lambda: {room: arson for room, (_, _, arson) in ROOMS.items()}
    )
    facts: dict[tuple[str, str], int] = field(default_factory=dict)
    loose_beds: dict[str, int] = field(default_factory=dict)
    expected: Expected = field(default_factory=Expected)
    versions: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def open_bids(self) -> Iterator[tuple[str, Bid]]:
        return ((key, bid) for key, bid in self.bids.items() if bid.status == "open")

    def in_force(self) -> list[Hold]:
        """Holds whose day has not come, and that nobody has let go of."""
        return [
            hold
            for hold in self.holds.values()
            if hold.status == "current" and hold.until > self.today
        ]

    def give_way(self) -> None:
        """No night is held that somebody has: facts are facts."""
        for hold in self.in_force():
            taken = {night for bed, night in self.bed_nights() if bed == hold.bed} & hold.nights
            hold.nights -= taken
            hold.cut = hold.cut or bool(taken)

    def unrecorded(self) -> dict[str, str]:
        """Bids whose booking was to begin, and of which nobody has said so: the booking of each."""
        return {
            booking.bid: key
            for key, booking in self.bookings.items()
            if booking.status == "upcoming" and booking.arrival < self.today
        }

    def on_the_ladder(self, key: str) -> bool:
        """Whether somebody must know of the bid."""
        bid = self.bids[key]
        if bid.status == "open":
            return bid.bed_by is None or bid.bed_by[0] != HAS_A_BED
        return bid.status == "placed" and key in self.unrecorded()

    def bed_by_another(self, key: str) -> tuple[str, str] | None:
        """The first booking by another bid that each stay which this one allows would meet, one
        that lasts as long as the bid asks before others, and which of the two flags it brings.
        """
        found = []
        bid = self.bids[key]
        first = max(bid.value.release_date, self.today)
        last = max(bid.value.latest_arrival, first)
        for name, booking in sorted(self.bookings.items()):
            mine = booking.value.crn == bid.value.crn and booking.bid != key
            came = booking.status == "arrived"
            there = came or (booking.status == "upcoming" and booking.arrival >= self.today)
            begins = booking.arrival < first + timedelta(days=bid.value.nights)
            if bid.status == "open" and mine and there and begins and booking.departure > last:
                late = max(0, (booking.arrival - bid.value.release_date).days)
                wanted_until = bid.value.release_date + timedelta(days=late + bid.value.nights)
                lasts = booking.arrival <= first and booking.departure >= wanted_until
                found.append((not lasts, name))
        if not found:
            return None
        in_part, name = min(found)
        return HAS_A_BED_IN_PART if in_part else HAS_A_BED, name

    def look_for_beds_by_others(self, crn: str | None = None) -> None:
        """What is told of beds that people have by another booking. `crn`: of this person alone."""
        for key, bid in self.bids.items():
            if crn not in (None, bid.value.crn):
                continue
            before, bid.bed_by = bid.bed_by, self.bed_by_another(key)
            if bid.bed_by is not None:
                self.expected.must_flag.add((key, bid.bed_by[0]))
            if before is not None and before != bid.bed_by:
                self.expected.may_clear_of.add((key, before[0]))
                if before[0] == HAS_A_BED and bid.status == "open" and self.on_the_ladder(key):
                    self.expected.reopened.add(key)

    def look_for_left_behind(self) -> None:
        """What is told of bookings to which people were to move who have left."""
        for key, bid in self.bids.items():
            before, bid.left_behind = bid.left_behind, self.bookings_left_behind(key)
            if bid.left_behind:
                self.expected.must_flag.add((key, LEFT_BEFORE_MOVING))
            if before - bid.left_behind:
                self.expected.may_clear_of.add((key, LEFT_BEFORE_MOVING))

    def bookings_left_behind(self, key: str) -> frozenset[str]:
        """Those that follow, of a person who has been in a bed by the bid, and is in none now."""
        mine = {name: each for name, each in self.bookings.items() if each.bid == key}
        statuses = {each.status for each in mine.values()}
        if "arrived" in statuses or "departed" not in statuses:
            return frozenset()
        to_come = {name for name, each in mine.items() if each.status == "upcoming"}
        return frozenset(name for name in to_come if mine[name].follows)

    def first_halves(self, key: str) -> list[str]:
        """Stays under way that this booking was to follow."""
        mine = self.bookings[key]
        return [
            other
            for other, each in self.bookings.items()
            if mine.follows
            and each.bid == mine.bid
            and each.status == "arrived"
            and other != key
            and each.departure <= mine.arrival
        ]

    def going_on(self, key: str) -> list[str]:
        """What has the nights of this booking, should it come to nothing."""
        mine = self.bookings[key]
        stay = {
            other: each
            for other, each in self.bookings.items()
            if each.bid == mine.bid and each.holds and other != key
        }
        if not mine.follows or "arrived" not in {each.status for each in stay.values()}:
            return []
        return [other for other, each in stay.items() if each.departure == mine.arrival]

    def holder(self, bed: str, night: date) -> str | None:
        """Who has the bed that night."""
        for key, booking in self.bookings.items():
            if booking.bed == bed and booking.sleeps(night):
                return key
        for key, record in self.out_of_use.items():
            if not record.cancelled and record.bed == bed and record.first <= night < record.end:
                return key
        return None

    def sleeping(self, crn: str, night: date) -> str | None:
        """Under which booking the person sleeps that night."""
        for key, booking in self.bookings.items():
            if booking.value.crn == crn and booking.sleeps(night):
                return key
        return None

    def bed_nights(self) -> dict[tuple[str, date], str]:
        """Who holds each bed from today on."""
        held: dict[tuple[str, date], str] = {}
        for key, booking in self.bookings.items():
            if booking.holds:
                for night in nights(max(booking.arrival, self.today), booking.departure):
                    held[booking.bed, night] = key
        for key, record in self.out_of_use.items():
            if not record.cancelled:
                for night in nights(max(record.first, self.today), record.end):
                    held[record.bed, night] = key
        return held

    def person_nights(self) -> dict[tuple[str, date], str]:
        """Under which booking each person sleeps from today on."""
        return {
            (booking.value.crn, night): key
            for key, booking in self.bookings.items()
            if booking.holds
            for night in nights(max(booking.arrival, self.today), booking.departure)
        }

    def failed(self, key: str) -> None:
        """An attempt that failed: listed every time, counted once a day."""
        bid = self.bids[key]
        bid.told += 1
        bid.loose = self.step
        if bid.last_day != self.today:
            bid.attempts += 1
            bid.last_day = self.today
        self.expected.touched.add(key)

    def no_longer_open(self, key: str, status: str) -> None:
        """The bid is placed or closed: proposals for it are superseded."""
        self.bids[key].status, self.bids[key].bed_by = status, None
        self.expected.may_clear.add(key)
        for (_, bid), proposal in self.proposals.items():
            if bid == key and proposal.status == "proposed":
                proposal.status = "superseded"

    def opened_again(self, key: str) -> None:
        """The booking fell through: the bid is open, with an attempt."""
        bid = self.bids[key]
        bid.status, bid.booking = "open", None
        self.expected.reopened.add(key)
        self.expected.may_clear_of.add((key, UNRECORDED))
        self.failed(key)

    def may_wake(self, bed: str, first: date, end: date) -> None:
        """The specification does not say whether freeing these nights flags anybody."""
        for key, bid in self.open_bids():
            if not barred(self, bid.value, bed):
                self.expected.may_flag.add((key, "bed_freed"))


def nights(first: date, end: date) -> Iterator[date]:
    """The nights from `first` up to the one before `end`."""
    for number in range(max(0, (end - first).days)):
        yield first + timedelta(days=number)


def barred(model: Model, value: Referral, bed: str) -> bool:
    """Whether the bed's own rules bar the person: gender, arson, premises closed."""
    room = BEDS[bed]
    premises = ROOMS[room][0]
    offences: Any = value.offences | value.offences_unknown
    return (
        value.gender.value != "man"
        or (any(offence.value == "arson" for offence in offences) and not model.arson[room])
        or not model.open_premises[premises]
    )
