"""What is asked of bookings: made by hand, cancelled, come, not come, gone, longer, elsewhere."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from allocator.nights import Stay
from api.service import bookings
from api.service.change import Change
from api.service.referrals import the_bid
from tests.api.streams.action import Action, Wrongs, one_of, someone
from tests.api.streams.model import HOLDING, Bid, Booking, Model, barred
from tests.api.streams.rules import kept_out, new_stay, taken, wake, with_others
from tests.api.streams.tiny_estate import BEDS

DAY = timedelta(days=1)


def likely(model: Model, rng: Random, wanted: tuple[str, ...], kind: str) -> str | None:
    """A bid or booking; mostly one in a fitting status."""
    records: dict[str, Any] = getattr(model, kind)
    fitting = [key for key, record in records.items() if record.status in wanted]
    return one_of(rng, fitting if fitting and rng.random() < 0.85 else list(records))


def a_bed(rng: Random) -> str:
    return rng.choice(list(BEDS)) if rng.random() > 0.02 else "no bed"


def a_bed_wanted(model: Model, rng: Random) -> str:
    """Any bed, and often one that is held."""
    held = sorted({hold.bed for hold in model.in_force()})
    return rng.choice(held) if held and rng.random() < 0.5 else a_bed(rng)


def judge_new(
    model: Model,
    wrongs: Wrongs,
    bid: Bid,
    bed: str,
    arrival: date,
    departure: date,
    override: str,
) -> None:
    """A bed for a bid: free, lawful, and the bid open."""
    wrongs.when(bid.status != "open", "not open")
    wrongs.when(bed not in BEDS, "not there")
    wrongs.unsaid_when(bed not in BEDS, "what is said first")
    if bed in BEDS:
        wrongs.wrong |= taken(model, bid.value.crn, bed, arrival, departure)
        faults = new_stay(model, bid.value, bed, arrival, departure)
        wrongs.wrong |= faults.certain
        wrongs.unsaid |= faults.open_to_reading
        held = kept_out(model, bid.value, bed, arrival, departure)
        wrongs.when(held and not override.strip(), "held")


def a_word(rng: Random) -> str:
    """Why a hold is passed over; mostly nothing, now and then a blank."""
    return rng.choice(("", "", "", "", " ", "no other way"))


def made(model: Model, bid_id: str, booking_id: str, bed: str, first: date, end: date) -> None:
    """The bid is placed in that bed."""
    bid = model.bids[bid_id]
    model.bookings[booking_id] = Booking(bid_id, bid.value, bed, first, end)
    model.no_longer_open(bid_id, "placed")
    bid.booking = booking_id


@dataclass
class Book(Action):
    bid: str
    bed: str
    arrival: date
    departure: date
    override: str
    name, route, only_a_person = "manual booking", "create_booking", True

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Book | None:
        identifier = likely(model, rng, ("open",), "bids")
        if identifier is None:
            return None
        bid = model.bids.get(identifier)
        arrival, length = model.today, 2
        if bid is not None:
            earliest = max(bid.value.release_date, model.today)
            latest = max(bid.value.latest_arrival, earliest)
            arrival = earliest + DAY * rng.randint(0, (latest - earliest).days)
            length = bid.value.nights
        if rng.random() < 0.1:
            arrival += DAY * rng.choice((-3, -1, 1, 4))
        if rng.random() < 0.1:
            length = max(1, length + rng.choice((-1, 1)))
        end = arrival + DAY * length
        bed = a_bed_wanted(model, rng)
        return cls(someone(rng), identifier, bed, arrival, end, a_word(rng))

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        bid = model.bids.get(self.bid)
        wrongs.when(bid is None, "not there")
        if bid is not None:
            stay = (self.bed, self.arrival, self.departure)
            judge_new(model, wrongs, bid, *stay, self.override)

    def do(self, change: Change) -> dict[str, Any]:
        stay = Stay(self.arrival, self.departure)
        return bookings.book(
            change,
            the_bid(change, self.bid),
            self.bed,
            stay,
            override_hold=self.override,
            reason="by hand",
        )

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        made(model, self.bid, row["id"], self.bed, self.arrival, self.departure)


@dataclass
class OfBooking(Action):
    booking: str

    def judge(self, model: Model, wrongs: Wrongs) -> None:
        booking = model.bookings.get(self.booking)
        wrongs.when(booking is None, "not there")
        if booking is not None:
            self.judge_it(model, wrongs, booking)

    def judge_it(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        raise NotImplementedError

    def fell_through(self, model: Model, status: str) -> None:
        booking = model.bookings[self.booking]
        if booking.status in (status, "ended"):
            return
        before = model.going_on(self.booking)
        booking.status = status
        if model.bids[booking.bid].booking == self.booking:
            model.opened_again(booking.bid)
        for first in map(model.bookings.__getitem__, before):
            if booking.departure > model.today:
                first.departure = booking.departure
        wake(model, booking.bed, booking.arrival, booking.departure)
        model.look_for_beds_by_others(model.bids[booking.bid].value.crn)
        model.look_for_left_behind()

    def judge_the_way_back(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        """The booking before goes on where the second half of a stay comes to nothing."""
        trial = copy(model)
        trial.bookings = {**model.bookings, self.booking: replace(booking, status="cancelled")}
        for key in model.going_on(self.booking):
            first = model.bookings[key]
            if booking.departure <= model.today:
                continue
            mine = Wrongs()
            nights = (first.departure, booking.departure)
            mine.wrong |= taken(trial, first.value.crn, first.bed, *nights, key)
            judge_kept(trial, mine, key, first.bed, *nights)
            old = with_others(trial, first.value, first.bed, first.arrival, nights[1], key)
            mine.unsaid |= old.certain | old.open_to_reading
            wrongs.when(mine.wrong, "no way back")
            wrongs.unsaid_when(mine.unsaid, "no way back")


@dataclass
class Cancel(OfBooking):
    name, route = "cancel", "cancel_booking"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Cancel | None:
        identifier = likely(model, rng, ("upcoming",), "bookings")
        return identifier and cls(someone(rng), identifier)

    def judge_it(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        wrongs.when(booking.status not in ("upcoming", "cancelled", "ended"), "status")
        wrongs.unsaid_when(booking.status in ("cancelled", "ended"), "said again")
        if booking.status == "upcoming":
            self.judge_the_way_back(model, wrongs, booking)

    def do(self, change: Change) -> dict[str, Any]:
        return bookings.cancel(change, self.booking, "called off")

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        self.fell_through(model, "cancelled")


@dataclass
class NotArrived(OfBooking):
    name, route = "non-arrival", "record_non_arrival"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> NotArrived | None:
        identifier = likely(model, rng, ("upcoming",), "bookings")
        return identifier and cls(someone(rng), identifier)

    def judge_it(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        wrongs.when(booking.status not in ("upcoming", "notArrived"), "status")
        wrongs.unsaid_when(booking.status == "notArrived", "said again")
        wrongs.unsaid_when(model.today < booking.arrival, "before the day")
        if booking.status == "upcoming":
            self.judge_the_way_back(model, wrongs, booking)

    def do(self, change: Change) -> dict[str, Any]:
        return bookings.not_arrive(change, self.booking, "did not come")

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        self.fell_through(model, "notArrived")


@dataclass
class Arrive(OfBooking):
    day: date
    name, route = "arrival", "record_arrival"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Arrive | None:
        identifier = likely(model, rng, ("upcoming",), "bookings")
        booking = model.bookings.get(identifier or "")
        arrival = model.today if booking is None else booking.arrival
        days = (arrival, arrival, model.today, model.today, model.today - DAY, model.today + DAY)
        return identifier and cls(someone(rng), identifier, rng.choice(days))

    def judge_it(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        wrongs.when(booking.status not in HOLDING, "status")
        wrongs.unsaid_when(booking.status == "arrived", "said again")
        wrongs.unsaid_when(self.day > model.today, "in the future")
        wrongs.unsaid_when(not booking.arrival <= self.day < booking.departure, "outside the stay")
        sooner = booking.status == "upcoming" and self.day < booking.arrival
        release = model.bids[booking.bid].value.release_date
        wrongs.when(sooner and self.day < release, "before the release")

    def do(self, change: Change) -> dict[str, Any]:
        return bookings.arrive(change, self.booking, self.day)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        booking = model.bookings[self.booking]
        if booking.status == "arrived":
            return
        for first in map(model.bookings.__getitem__, model.first_halves(self.booking)):
            model.may_wake(first.bed, self.day, first.departure)
            first.status, first.departure = "departed", min(self.day, first.departure)
        booking.status = "arrived"
        if self.day != booking.arrival:
            booking.arrival = row["arrival"]
        if model.bids[booking.bid].status == "placed":
            model.no_longer_open(booking.bid, "arrived")
            model.bids[booking.bid].booking = None
        model.look_for_left_behind()


@dataclass
class Depart(OfBooking):
    day: date
    name, route = "departure", "record_departure"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Depart | None:
        identifier = likely(model, rng, ("arrived",), "bookings")
        days = (model.today, model.today, model.today, model.today - DAY, model.today + DAY)
        return identifier and cls(someone(rng), identifier, rng.choice(days))

    def judge_it(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        wrongs.when(booking.status not in ("arrived", "departed", "ended"), "status")
        wrongs.unsaid_when(booking.status in ("departed", "ended"), "said again")
        wrongs.unsaid_when(self.day > model.today, "in the future")
        wrongs.unsaid_when(self.day < booking.arrival, "before the arrival")

    def do(self, change: Change) -> dict[str, Any]:
        return bookings.depart(change, self.booking, self.day, "went home")

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        booking = model.bookings[self.booking]
        if booking.status in ("departed", "ended"):
            return
        end, booking.status = booking.departure, "departed"
        booking.departure = self.day
        wake(model, booking.bed, self.day, end)
        model.look_for_beds_by_others(model.bids[booking.bid].value.crn)
        model.look_for_left_behind()


@dataclass
class Extend(OfBooking):
    departure: date
    version: int
    override: str
    name, route = "extension", "extend_booking"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Extend | None:
        identifier = likely(model, rng, HOLDING, "bookings")
        booking = model.bookings.get(identifier or "")
        end = model.today if booking is None else booking.departure
        version = model.versions.get(("bookings", identifier or ""), 1) + (rng.random() < 0.1)
        days = DAY * rng.choice((-4, -1, 0, 1, 2, 3, 5))
        return identifier and cls(someone(rng), identifier, end + days, version, a_word(rng))

    def judge_it(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        first, end = booking.departure, self.departure
        wrongs.when(not booking.holds, "status")
        wrongs.when(self.departure <= booking.arrival, "no nights")
        wrongs.when(self.version != model.versions["bookings", self.booking], "version")
        wrongs.unsaid_when(end <= model.today, "in the past")
        wrongs.when(first == end, "no change")
        if booking.holds and end > first:
            wrongs.wrong |= taken(model, booking.value.crn, booking.bed, first, end, self.booking)
            judge_kept(model, wrongs, self.booking, booking.bed, first, end)
            old = with_others(model, booking.value, booking.bed, booking.arrival, end, self.booking)
            wrongs.unsaid |= old.certain | old.open_to_reading
            live = model.bids[booking.bid].value
            held = kept_out(model, live, booking.bed, max(first, model.today), end)
            wrongs.when(held and not self.override.strip(), "held")

    def do(self, change: Change) -> dict[str, Any]:
        return bookings.extend(
            change, self.booking, self.departure, "needed", self.version, self.override
        )

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        booking = model.bookings[self.booking]
        end, booking.departure = booking.departure, self.departure
        model.may_wake(booking.bed, self.departure, end)


@dataclass
class Transfer(OfBooking):
    bed: str
    day: date
    override: str
    name, route = "transfer", "transfer_booking"

    @classmethod
    def choose(cls, model: Model, rng: Random) -> Transfer | None:
        identifier = likely(model, rng, HOLDING, "bookings")
        booking = model.bookings.get(identifier or "")
        days = [model.today, model.today, model.today + DAY, model.today + 2 * DAY]
        if booking is not None and booking.status == "upcoming":
            days.append(booking.arrival)
        if identifier is None:
            return None
        bed = a_bed_wanted(model, rng)
        return cls(someone(rng), identifier, bed, rng.choice(days), a_word(rng))

    def judge_it(self, model: Model, wrongs: Wrongs, booking: Booking) -> None:
        wrongs.when(not booking.holds, "status")
        wrongs.when(self.bed not in BEDS, "not there")
        wrongs.when(self.day >= booking.departure, "no nights")
        wrongs.unsaid_when(self.day <= booking.arrival, "before a night was slept")
        wrongs.unsaid_when(self.bed == booking.bed, "same bed")
        wrongs.unsaid_when(self.day > model.today, "in the future")
        upcoming = booking.status == "upcoming"
        wrongs.when(upcoming and self.day != booking.arrival, "a stay not begun moves whole")
        wrongs.unsaid_when(upcoming and booking.arrival < model.today, "late")
        if booking.holds and self.bed in BEDS:
            first, end = max(self.day, booking.arrival), booking.departure
            wrongs.wrong |= taken(model, booking.value.crn, self.bed, first, end, self.booking)
            judge_kept(model, wrongs, self.booking, self.bed, first, end)
            held = kept_out(model, model.bids[booking.bid].value, self.bed, self.day, end)
            wrongs.when(held and not self.override.strip(), "held")

    def do(self, change: Change) -> dict[str, Any]:
        return bookings.transfer(change, self.booking, self.bed, self.day, "needed", self.override)

    def follow(self, model: Model, row: dict[str, Any]) -> None:
        old = model.bookings[self.booking]
        new = Booking(old.bid, old.value, self.bed, self.day, old.departure, old.status)
        new.arrival, new.follows = max(self.day, old.arrival), True
        if self.day > model.today and old.status == "arrived":
            new.status = row["status"]
        model.bookings[row["id"]] = new
        end, upcoming = old.departure, old.status == "upcoming"
        if self.day > model.today and not upcoming:
            old.departure = self.day
        else:
            # Someone who came and is moved before a night was slept: either word would do.
            slept = old.arrival < self.day
            old.status = "cancelled" if upcoming else "departed" if slept else "ended"
        bid = model.bids[old.bid]
        if bid.booking is not None:
            bid.booking = row["id"]
        model.may_wake(old.bed, model.today, end)
        model.look_for_left_behind()


def judge_kept(model: Model, wrongs: Wrongs, key: str, bed: str, first: date, end: date) -> None:
    """More nights, or another bed, for someone who is booked: on those nights as if new. What
    is so already where they are booked now may be read either way."""
    booking = model.bookings[key]
    live = model.bids[booking.bid].value
    sets = [with_others(model, value, bed, first, end, key) for value in (booking.value, live)]
    now = with_others(model, live, booking.bed, booking.arrival, booking.departure, key)
    certain = (sets[0].certain & sets[1].certain) - now.certain
    wrongs.wrong |= certain
    wrongs.unsaid |= (sets[0].certain | sets[1].certain) - certain
    wrongs.unsaid |= sets[0].open_to_reading | sets[1].open_to_reading
    bars = {barred(model, value, bed) for value in (booking.value, live)}
    wrongs.when(bars == {True} and bed != booking.bed, "barred")
    wrongs.unsaid_when(True in bars, "barred")
