"""Year: the days of a world one after another, with one method deciding.

Order within a day: people leave, beds break, people withdraw or get another release date, referrals
come in, decisions are made, people arrive. A discrete-event simulation (SimPy).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import simpy

from allocator.booking import Booking
from allocator.coming import Coming
from allocator.nights import Stay
from allocator.simulate.asker import Asker, released_on
from allocator.simulate.board import NOBODY, Board, Slot
from allocator.simulate.decision import Decision, Desk, Method
from allocator.simulate.fit import BestFit, find
from allocator.simulate.futures import Futures
from allocator.simulate.record import Record
from allocator.simulate.world import World, nights_left

LEAVE, BREAK, CHANGE, REFER, DECIDE, ARRIVE = 0.0, 0.1, 0.2, 0.3, 0.5, 0.8
"""When in a day things happen."""
WEEK = 7
Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True)
class Decided:
    """A stay as it was decided, for the referee: who, in which bed, which nights."""

    crn: str
    number: int
    bed_id: str
    stay: Stay
    asking: Asker
    resident: bool = False


@dataclass(slots=True)
class Year:
    """One run. `run` once; then `records` and `decided` say what happened."""

    world: World
    method: Method
    futures: Futures
    records: dict[int, Record] = field(default_factory=dict)
    decided: list[Decided] = field(default_factory=list)
    last: Decision = field(default_factory=Decision)
    occupied_nights: int = 0
    board: Board = field(init=False)
    _env: simpy.Environment = field(init=False)
    _asking: dict[int, Asker] = field(default_factory=dict)
    _coming: dict[int, Coming] = field(default_factory=dict)
    _person_of: dict[int, int] = field(default_factory=dict)
    """The person whose stay goes on under another number."""
    _booking_of: dict[int, int] = field(default_factory=dict)
    """How many times each number has been booked: a stay whose booking is not the last is over."""
    _next_number: int = 0
    _asleep: set[int] = field(default_factory=set)

    def run(self) -> None:
        """From the first day until every release that counts has come to its end."""
        world = self.world
        self.board = Board.empty(world.ground)
        self._env = simpy.Environment()
        self._next_number = len(world.people) + len(world.residents)
        for asking, booking in world.residents:
            self._seat(asking, booking)
        for asking, coming in zip(world.askers, world.people, strict=True):
            self._coming[asking.number] = coming
            self._env.process(self._person(asking, coming))
        for breakage in world.breakages:
            bed = world.ground.number_of[breakage.bed_id]
            self._env.process(self._breakage(bed, breakage.first, breakage.end))
        self._env.process(self._days())
        self._env.run(until=self._last_day + 1)
        self._close()

    @property
    def _last_day(self) -> int:
        return self.world.ground.day(self.world.until) + 30

    @property
    def _taste(self) -> BestFit:
        """How a bed is found for someone who loses theirs, whatever the method."""
        return BestFit(np.zeros(len(self.world.ground.beds)))

    @property
    def today(self) -> int:
        return int(self._env.now)

    def _at(self, day: int, moment: float) -> simpy.Event:
        return self._env.timeout(max(0.0, day + moment - self._env.now))

    # ---- people ---------------------------------------------------------------------------

    def _person(self, asking: Asker, coming: Coming) -> Process:
        ground = self.world.ground
        referred = max(0, ground.day(coming.referred_on))
        yield self._at(referred, REFER)
        withdrawn = None if coming.withdrawn_on is None else ground.day(coming.withdrawn_on)
        self.records[asking.number] = Record(
            number=asking.number,
            band=asking.band,
            gender=asking.referral.gender,
            ap_type=asking.referral.ap_type,
            region=self._region(asking),
            referred=referred,
            release=asking.release,
            latest=asking.latest,
            comes=coming.arrives,
        )
        self._asking[asking.number] = asking
        if withdrawn is not None:
            self._env.process(self._withdraw(asking.number, withdrawn))
        if coming.changed_on is not None and coming.changed_release is not None:
            changed, release = ground.day(coming.changed_on), ground.day(coming.changed_release)
            self._env.process(self._change(asking, changed, release))

    def _region(self, asking: Asker) -> str:
        """The region of the nearest lawful bed; nobody's address is kept."""
        if not len(asking.beds):
            return ""
        site = self.world.ground.site_of_bed[asking.beds[asking.tenths.argmin()]]
        return self.world.problem.premises[int(site)].region

    def _withdraw(self, number: int, day: int) -> Process:
        yield self._at(day, CHANGE)
        record = self.records[number]
        if number in self._asleep or record.housed_on is not None:
            return
        if self._asking.pop(number, None) is None and number in self.board.slots:
            self.board.take_out(number)
        record.comes = False

    def _change(self, asking: Asker, day: int, release: int) -> Process:
        yield self._at(day, CHANGE)
        number, record = asking.number, self.records[asking.number]
        release = max(release, self.today)
        if record.housed_on is not None or release == record.release:
            return
        waiting = self._asking.get(number)
        if waiting is None and number not in self.board.slots:
            return
        changed = released_on(asking, release, self.world.ground)
        record.release, record.latest = changed.release, changed.latest
        if waiting is not None:
            self._asking[number] = changed
            return
        # The same bed when it is open on the new dates; else the question is open again.
        slot = self.board.take_out(number)
        wanted = Slot(slot.bed, release, release + changed.nights)
        rows = changed.beds[changed.beds == slot.bed]
        if (
            len(rows)
            and changed.latest >= release
            and self.board.is_free(wanted)
            and self.board.allows(changed, wanted)
        ):
            self._book(changed, wanted)
        else:
            record.disturbed += 1
            self._asking[number] = changed

    # ---- stays ----------------------------------------------------------------------------

    def _seat(self, asking: Asker, booking: Booking) -> None:
        """Someone who was there, or booked, before the first day."""
        ground, stay = self.world.ground, nights_left(booking, self.world.first)
        bed = ground.number_of[str(booking.bed_id)]
        slot = Slot(bed, ground.day(stay.arrival), ground.day(stay.departure))
        before = booking.stay.arrival < self.world.first
        self.board.seat(replace(asking, nights=stay.nights), slot, settled=before)
        self._begin(asking.number, slot, stay.nights, arrives=True)

    def _begin(self, number: int, slot: Slot, nights: int, *, arrives: bool) -> None:
        booking = self._booking_of.get(number, 0) + 1
        self._booking_of[number] = booking
        self._env.process(self._stay(number, slot, nights, booking, arrives=arrives))

    def _is_still(self, number: int, slot: Slot, booking: int) -> bool:
        """Whether the number has this bed, by this booking."""
        return self._booking_of[number] == booking and self.board.slots.get(number) == slot

    def _book(self, asking: Asker, slot: Slot) -> None:
        self.board.put(asking, slot)
        record = self.records.get(asking.number)
        coming = self._coming.get(asking.number)
        if record is not None and record.firm_on is None:
            record.firm_on = self.today
        nights = asking.nights if coming is None else coming.nights
        arrives = coming is None or coming.arrives
        self._begin(asking.number, slot, nights, arrives=arrives)

    def _stay(
        self, number: int, slot: Slot, nights: int, booking: int, *, arrives: bool
    ) -> Process:
        """The stay of a number in a bed; it ends by itself when the slot becomes another."""
        board = self.board
        yield self._at(slot.arrival, ARRIVE)
        if not self._is_still(number, slot, booking):
            return
        asking = board.people[number]
        record = self.records.get(self._person_of.get(number, number))
        if not arrives:
            # Found out on the day: the first night is lost.
            board.take_out(number, slot.arrival + 1)
            if record is not None:
                record.comes = False
            return
        self._asleep.add(number)
        if record is not None and record.housed_on is None:
            record.housed_on = slot.arrival
            record.tenths = int(asking.tenths[asking.beds == slot.bed].min(initial=10**6))
        end = slot.arrival + min(nights, self._licence_nights(asking, slot))
        yield self._at(min(end, slot.departure), LEAVE)
        if not self._is_still(number, slot, booking):
            return
        if end < slot.departure:
            self._leave(number, slot, end)
            return
        while self.today < end:
            if not self._one_more_night(number):
                break
            yield self._at(self.today + 1, LEAVE)
            if number not in self._asleep or board.slots[number].departure < self.today:
                return
        self._leave(number, slot, self.today)

    def _licence_nights(self, asking: Asker, slot: Slot) -> int:
        expiry = asking.referral.licence_expiry
        return 10**6 if expiry is None else max(1, self.world.ground.day(expiry) - slot.arrival)

    def _leave(self, number: int, slot: Slot, day: int) -> None:
        self._note(number, slot, min(day, slot.departure))
        self._asleep.discard(number)
        if day < self.board.slots[number].departure:
            self.board.take_out(number, day)

    def _one_more_night(self, number: int) -> bool:
        """Keep an overstayer in the bed tonight; whoever was to have it is found another."""
        slot = self.board.slots[number]
        bed, night = slot.bed, self.today
        if night >= self.world.ground.days - 1:
            return False
        for other in self.board.booked_on(bed, night, night + 1):
            self._give_way(other)
        if self.board.who[bed, night] != NOBODY:
            return False
        self.board.stay_on(number)
        return True

    def _give_way(self, number: int) -> None:
        """A booking loses its bed before arrival: another is found, or the bid is open again."""
        asking = self.board.people[number]
        self.board.take_out(number)
        person = self._person_of.get(number, number)
        if person in self.records:
            self.records[person].disturbed += 1
        elif number not in self._coming:
            return
        slot = find(self.board, asking, self.today, self._taste)
        if slot is not None:
            self._book(asking, slot)
        else:
            self._asking[number] = asking

    # ---- beds -----------------------------------------------------------------------------

    def _breakage(self, bed: int, first: int, end: int) -> Process:
        yield self._at(first, BREAK)
        board = self.board
        for number in board.booked_on(bed, first, end):
            if number in self._asleep:
                self._move(number)
            else:
                self._give_way(number)
        board.close(bed, first, end)

    def _move(self, number: int) -> None:
        """Someone asleep in a bed that breaks goes on in another, or leaves."""
        board = self.board
        slot = board.slots[number]
        asking = board.people[number]
        left = slot.departure - self.today
        self._note(number, slot, self.today)
        board.take_out(number, self.today)
        self._asleep.discard(number)
        person = self._person_of.get(number, number)
        record = self.records.get(person)
        if record is not None:
            record.disturbed += 1
        if left < 1:
            return
        going_on = replace(
            asking,
            number=self._next_number,
            release=self.today,
            latest=self.today,
            nights=left,
        )
        self._next_number += 1
        found = find(board, going_on, self.today, self._taste)
        if found is None:
            if record is not None:
                record.nights_lost += left
            return
        self._person_of[going_on.number] = person
        coming = self._coming.get(person)
        whole = asking.nights if coming is None else coming.nights
        slept = self.today - slot.arrival
        board.put(going_on, found)
        nights = max(1, min(left, whole - slept)) if coming is not None else left
        self._begin(going_on.number, found, nights, arrives=True)

    # ---- days -----------------------------------------------------------------------------

    def _days(self) -> Process:
        while True:
            yield self._at(self.today, DECIDE)
            self._decide()
            yield self._env.timeout(0.45)
            self._count_night()
            yield self._at(self.today + 1, LEAVE)

    def _count_night(self) -> None:
        counted_from = self.world.ground.day(self.world.counted_from)
        if counted_from <= self.today < self.world.ground.day(self.world.until):
            self.occupied_nights += int((self.board.who[:, self.today] >= 0).sum())

    def _decide(self) -> None:
        today = self.today
        for number in [n for n, asking in self._asking.items() if asking.latest < today]:
            del self._asking[number]
        meeting = today % WEEK == 0
        next_meeting = today + WEEK - today % WEEK
        asking = list(self._asking.values())
        if not (meeting or self.method.daily):
            asking = [a for a in asking if a.release < next_meeting]
        if not asking:
            return
        asking.sort(key=lambda a: (self._referred(a.number), a.number))
        desk = Desk(
            today=today,
            next_meeting=next_meeting,
            board=self.board,
            asking=tuple(asking),
            futures=self.futures,
            ground=self.world.ground,
            policy=self.world.policy,
            meeting=meeting or self.method.daily,
            pencilled=self.last.pencilled,
            carried=self.last.carried,
        )
        decision = self.method.decide(desk)
        for person, slot in decision.firm:
            if not self.board.allows(person, slot):
                raise ValueError(f"{self.method.name} chose a bed that the rules do not allow")
            del self._asking[person.number]
            self._book(person, slot)
        if meeting:
            self.last = decision

    def _referred(self, number: int) -> int:
        record = self.records.get(number)
        return -1 if record is None else record.referred

    # ---- the end --------------------------------------------------------------------------

    def _note(self, number: int, slot: Slot, end: int) -> None:
        """Keep the nights from arrival to `end` for the referee."""
        if end <= slot.arrival:
            return
        ground = self.world.ground
        asking = self.board.people[number]
        stay = Stay(ground.date(slot.arrival), ground.date(end))
        person = self._person_of.get(number, number)
        if person in self.records:
            self.records[person].nights_slept += stay.nights
        self.decided.append(
            Decided(
                asking.referral.crn,
                number,
                ground.beds[slot.bed],
                stay,
                asking,
                resident=number not in self.records and number not in self._person_of,
            )
        )

    def _close(self) -> None:
        """People still in bed at the end: what was decided for them counts too."""
        for number in sorted(self._asleep):
            slot = self.board.slots[number]
            self._note(number, slot, slot.departure)
