"""Limits: the plan rules that are more than a count of beds.

docs/model.md#plan-rules has each rule in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from allocator.booking import Booking
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solving.limit import Limit, Term
from allocator.solving.options import Options, Premises
from allocator.solving.parties import ALWAYS, Party, booking_attributes
from allocator.solving.settled import Settled, ahead
from allocator.solving.stock import Stock, usable_nights

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.int8]


class Limits:
    """Every limit of a problem: those that stand, and those that pairs of people make."""

    def __init__(
        self,
        problem: Problem,
        policy: Policy,
        settled: Settled,
        stock: Stock,
        parties: Sequence[Party],
        *,
        some_unseated: bool = False,
    ) -> None:
        self.problem, self.policy, self.stock, self.parties = problem, policy, stock, parties
        self._some_unseated = some_unseated
        self.premises = Premises(problem, stock)
        self._home = [p.booking.premises_id if p.booking else "" for p in parties]
        self._booked_at: dict[str, list[int]] = defaultdict(list)
        for index, home in enumerate(self._home):
            if home:
                self._booked_at[home].append(index)
        self._share_until = np.array([p.share_until for p in parties], dtype=np.int32)
        self._shares_at: dict[str, npt.NDArray[np.int32]] = {}
        moving = {p.id for p in parties if p.movable}
        self._fixed: dict[str, list[Booking]] = defaultdict(list)
        self._moving: dict[str, list[Booking]] = defaultdict(list)
        for booking in problem.bookings:
            if ahead(booking, problem):
                kind = self._moving if booking.id in moving else self._fixed
                kind[booking.premises_id].append(booking)
        self._movable = bool(moving)
        self.standing: tuple[Limit, ...] = (
            *self._rooms(settled),
            *self._mixes(),
            *self._arrivals(),
            *self._counts(),
        )
        self.pairs: tuple[tuple[int, int, float | None], ...] = tuple(self._pairs())
        self.people: tuple[Limit, ...] = tuple(self._people())
        self.every: tuple[Limit, ...] = (*self.standing, *self.people)
        """All that hold whatever the plan; prices know them by their number here."""
        self._made: dict[tuple[object, ...], Limit] = {}
        self.party_index = {(p.is_new, p.id): i for i, p in enumerate(parties)}

    # ---- standing limits ------------------------------------------------------------------

    def _rooms(self, settled: Settled) -> Iterator[Limit]:
        everyone = np.ones(len(self.parties), dtype=np.int8)
        kept: dict[str, list[Booking]] = defaultdict(list)
        for booking in settled.kept:
            assert booking.bed_id is not None
            kept[self.problem.beds_by_id[booking.bed_id].room_id].append(booking)
        for room, pools in sorted(self.premises.pools_in.items()):
            beds = len(self.problem.beds_in_room[room])
            nights = np.full(self.stock.days, beds, dtype=np.int64)
            for booking in kept[room]:
                nights[self._span(booking)] -= 1
            home = self.problem.rooms_by_id[room].premises_id
            yield Limit(
                "room",
                room,
                np.maximum(0, nights),
                (Term(everyone, self._mask(pools)),),
                sole=beds,
                share_until=self._shares_until_at(home),
            )

    def _mixes(self) -> Iterator[Limit]:
        having = {
            name: np.array([name in p.attributes for p in self.parties], dtype=np.int8)
            for name in sorted(
                {c.attribute.value for p in self.problem.premises for c in p.mix_caps}
            )
        }
        for premises in self.problem.premises:
            for cap in premises.mix_caps:
                name = cap.attribute.value
                nights = np.full(self.stock.days, cap.limit, dtype=np.int64)
                for booking in self._here(premises.id):
                    if name in booking_attributes(booking, self.policy):
                        nights[self._span(booking)] -= 1
                mask = self._mask(self.premises.pools_at.get(premises.id, ()))
                yield Limit(
                    "mix",
                    f"{premises.id}/{name}",
                    np.maximum(0, nights),
                    (Term(having[name] * self._comers(premises.id), mask),),
                )

    def _arrivals(self) -> Iterator[Limit]:
        for premises in self.problem.premises:
            cap = premises.arrivals_per_day
            cap = self.policy.arrivals_per_day if cap is None else cap
            if premises.arrivals_per_day is None and cap == 0:
                continue
            days = np.full(self.stock.days, cap, dtype=np.int64)
            for booking in self._here(premises.id):
                day = self.stock.day(booking.stay.arrival)
                if 0 <= day < self.stock.days:
                    days[day] -= 1
            mask = self._mask(self.premises.pools_at.get(premises.id, ()))
            yield Limit(
                "arrivals",
                premises.id,
                np.maximum(0, days),
                (Term(self._comers(premises.id), mask),),
                on_arrival=True,
            )

    def _counts(self) -> Iterator[Limit]:
        """New people where bookings leave room: matters where a premises is overbooked."""
        usable = {p.id: np.zeros(self.stock.days, dtype=np.int64) for p in self.problem.premises}
        for bed in self.problem.beds:
            premises_id = self.problem.rooms_by_id[bed.room_id].premises_id
            usable[premises_id] += usable_nights(bed.id, self.problem, self.stock.days)
        able = np.array([p.is_new or p.movable for p in self.parties], dtype=np.int8)
        for premises in self.problem.premises:
            nights = usable[premises.id]
            pools = self.premises.pools_at.get(premises.id, [])
            open_beds = self.stock.capacity[pools].sum(axis=0).astype(np.int64)
            for booking in self._fixed[premises.id]:
                nights[self._span(booking)] -= 1
                if booking.bed_id is None:
                    open_beds[self._span(booking)] -= 1
            # Where every booking has a bed of its own, the beds themselves say as much.
            if (nights < open_beds).any() or self._some_unseated or self._movable:
                yield Limit(
                    "count",
                    premises.id,
                    np.maximum(0, nights),
                    (Term(able, self._mask(pools)),),
                )

    def _comers(self, premises_id: str) -> Weights:
        """1 for referrals, and for bookings that would be moved to the premises from another."""
        found = np.ones(len(self.parties), dtype=np.int8)
        found[self._booked_at.get(premises_id, [])] = 0
        return found

    def _shares_until_at(self, premises_id: str) -> npt.NDArray[np.int32]:
        """Last night on which each party may share a room there; those booked there always may."""
        if premises_id not in self._shares_at:
            found = self._share_until.copy()
            found[self._booked_at.get(premises_id, [])] = ALWAYS
            self._shares_at[premises_id] = found
        return self._shares_at[premises_id]

    def _here(self, premises_id: str) -> list[Booking]:
        """Bookings of the premises, as if none of them were moved away: the cautious count."""
        return self._fixed[premises_id] + self._moving[premises_id]

    def _span(self, booking: Booking) -> slice:
        stay = ahead(booking, self.problem)
        assert stay is not None
        return slice(self.stock.day(stay.arrival), self.stock.day(stay.departure))

    def _mask(self, pools: Sequence[int]) -> Flags:
        mask = np.zeros(len(self.stock.pools), dtype=bool)
        mask[list(pools)] = True
        return mask

    # ---- pairs ----------------------------------------------------------------------------

    def _pairs(self) -> Iterator[tuple[int, int, float | None]]:
        """Parties kept apart, at least one of them able to be new somewhere."""
        of: dict[str, list[int]] = defaultdict(list)
        for index, party in enumerate(self.parties):
            if party.is_new or party.movable:
                of[party.crn].append(index)
        for pair in self.problem.separations:
            for a in of.get(pair.crn, ()):
                for b in of.get(pair.other_crn, ()):
                    yield a, b, pair.radius_miles

    def _people(self) -> Iterator[Limit]:
        """One person referred more than once is in one place at a time."""
        of: dict[str, list[int]] = defaultdict(list)
        for index, party in enumerate(self.parties):
            if party.is_new:
                of[party.crn].append(index)
        everywhere = np.ones(len(self.stock.pools), dtype=bool)
        one = np.ones(self.stock.days, dtype=np.int64)
        for crn, indexes in sorted(of.items()):
            if len(indexes) > 1:
                yield Limit("person", crn, one, (Term(self._only(*indexes), everywhere),))

    def apart(self, a: int, b: int, premises_id: str, radius_miles: float | None) -> Limit:
        """The limit that a at the premises and b near it do not share a night."""
        key = ("separation", a, b, premises_id)
        if key not in self._made:
            here = self._mask(self.premises.pools_at.get(premises_id, ()))
            near = np.zeros_like(here)
            for other in self.premises.near(premises_id, radius_miles):
                near |= self._mask(self.premises.pools_at.get(other, ()))
            self._made[key] = Limit(
                "separation",
                f"{self.parties[a].id}/{self.parties[b].id}/{premises_id}",
                np.ones(self.stock.days, dtype=np.int64),
                (Term(self._only(a), here), Term(self._only(b), near)),
            )
        return self._made[key]

    def company(self, booking: int, room_id: str) -> Limit:
        """The limit that nobody new joins a booking's person who may not share the room."""
        key = ("company", booking, room_id)
        if key not in self._made:
            pools = self._mask(self.premises.pools_in[room_id])
            beds = len(self.problem.beds_in_room[room_id])
            home = self.problem.rooms_by_id[room_id].premises_id
            concerned = self._comers(home)
            concerned[booking] = 1
            self._made[key] = Limit(
                "company",
                f"{self.parties[booking].id}/{room_id}",
                np.full(self.stock.days, beds, dtype=np.int64),
                (Term(concerned, pools),),
                sole=beds,
                share_until=self._share_until,
            )
        return self._made[key]

    def companies(self, options: Options, which: npt.NDArray[np.int64]) -> list[Limit]:
        """Company limits of the bookings that these options could put into a shared room."""
        found: list[Limit] = []
        for room, pools in sorted(self.premises.pools_in.items()):
            home = self.problem.rooms_by_id[room].premises_id
            who = np.unique(options.party[which[np.isin(options.pool[which], pools)]])
            found += [self.company(int(p), room) for p in who if self._home[int(p)] == home]
        return found

    def not_roommates(self, a: int, b: int, room_id: str) -> Limit:
        """The limit that a and b are not in one room on a night on which they may not share it."""
        a, b = min(a, b), max(a, b)
        key = ("roommates", a, b, room_id)
        if key not in self._made:
            nights = np.ones(self.stock.days, dtype=np.int64)
            until = min(self.parties[a].share_until, self.parties[b].share_until)
            if until >= 0 and self.may_share(a, b, room_id, until):
                nights[: until + 1] = 2
            self._made[key] = Limit(
                "roommates",
                f"{self.parties[a].id}/{self.parties[b].id}/{room_id}",
                nights,
                (Term(self._only(a, b), self._mask(self.premises.pools_in[room_id])),),
            )
        return self._made[key]

    def _only(self, *indexes: int) -> Weights:
        found = np.zeros(len(self.parties), dtype=np.int8)
        found[list(indexes)] = 1
        return found

    def broken_pairs(self, options: Options, option_of: npt.NDArray[np.int64]) -> list[Limit]:
        """Limits on pairs of people that a choice breaks: people kept apart, and room-mates."""
        broken = []
        for a, b, radius in self.pairs:
            one, other = int(option_of[a]), int(option_of[b])
            if one >= 0 and other >= 0 and _meet(options, one, other):
                here = self.stock.pools[int(options.pool[one])].premises_id
                there = self.stock.pools[int(options.pool[other])].premises_id
                if there in self.premises.near(here, radius):
                    broken.append(self.apart(a, b, here, radius))
        in_room: dict[str, list[int]] = defaultdict(list)
        for option in option_of[option_of >= 0]:
            room = self.stock.pools[int(options.pool[option])].room_id
            if room is not None:
                in_room[room].append(int(option))
        for room, chosen in sorted(in_room.items()):
            for k, one in enumerate(chosen):
                for other in chosen[k + 1 :]:
                    night = int(min(options.ends(one), options.ends(other))) - 1
                    a, b = int(options.party[one]), int(options.party[other])
                    if _meet(options, one, other) and not self.may_share(a, b, room, night):
                        broken.append(self.not_roommates(a, b, room))
        return broken

    def may_share(self, a: int, b: int, room_id: str, night: int) -> bool:
        """Whether two parties may be in one room on the night; two bookings at home always may."""
        one, other = self.parties[a], self.parties[b]
        home = self.problem.rooms_by_id[room_id].premises_id
        if self._home[a] == home and self._home[b] == home:
            return True
        return (
            one.may_share(night)
            and other.may_share(night)
            and not any(
                frozenset((mine, theirs)) in self.policy.never_share
                for mine in one.attributes
                for theirs in other.attributes
            )
        )


def _meet(options: Options, one: int, other: int) -> bool:
    """Whether two options have a night in common."""
    return bool(
        options.arrival[one] < options.ends(other) and options.arrival[other] < options.ends(one)
    )
