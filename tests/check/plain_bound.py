"""A certificate added up as docs/model.md#certificate writes it, term by term and night by night.

No arrays, no groups of beds, no running sums: what the referee's quick sum is held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from allocator.booking import Booking
from allocator.check import one_place_a_person_night, room_sharing, separation
from allocator.check.bed_rules import BED_RULES
from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.levels import Level, levels_of, of_settled, value
from allocator.check.place import Place
from allocator.nights import Stay
from allocator.plan import Certificate, Placement, PriceRun, Seat
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.vocabulary import Criterion, MixAttribute

HORIZON = 40


def price_on(runs: tuple[PriceRun, ...], night: date) -> int:
    return next((run.price for run in reversed(runs) if run.first <= night), 0)


class Plain:
    """One certificate of one plan; small problems only."""

    def __init__(self, certificate: Certificate, facts: Facts) -> None:
        self.certificate, self.facts, self.problem = certificate, facts, facts.problem
        self.levels = {level.code: level for level in levels_of(facts.plan, facts.policy)}
        self.sides = {(side.kind, side.key): side.runs for side in certificate.sides}
        self.beds = {bed: priced.runs for priced in certificate.beds for bed in priced.bed_ids}
        self.nights = list(Stay.of(self.problem.as_of, self._last_night()))

    def bound(self) -> int:
        level = self.levels[self.certificate.level]
        total = self._bed_capacity() + self._side_capacity()
        total += sum(max([0, *self._worths(r)]) for r in self.problem.referrals)
        total += sum(
            max([0, *self._worths(b)]) for b in self.facts.bookings if not self.facts.is_settled(b)
        )
        for code, weight in self.certificate.earlier:
            other = self.levels[code]
            reached = value(other, self.facts) - of_settled(other, self.facts)
            total -= weight * other.sign * reached
        return level.sign * (total // self.certificate.scale) + of_settled(level, self.facts)

    def _last_night(self) -> int:
        """No night after the last that anyone can sleep has a price."""
        last = [
            max(r.latest_arrival, self.problem.as_of) + timedelta(days=r.nights)
            for r in self.problem.referrals
        ]
        last += [b.stay.departure for b in self.facts.bookings if not self.facts.is_settled(b)]
        return max([(day - self.problem.as_of).days for day in last], default=1)

    def _free(self, bed: str, night: date) -> bool:
        return self.problem.bed_is_usable(bed, night) and not any(
            booking.stay.contains(night) for booking in self.facts.settled_by_bed.get(bed, ())
        )

    def _bed_capacity(self) -> int:
        return sum(
            price_on(runs, night)
            for bed, runs in self.beds.items()
            for night in self.nights
            if self._free(bed, night)
        )

    def _side_capacity(self) -> int:
        return sum(
            price_on(runs, night) * max(0, self._limit(kind, key, night))
            for (kind, key), runs in self.sides.items()
            for night in self.nights
        )

    def _limit(self, kind: str, key: str, night: date) -> int:
        premises = self.problem.premises_by_id[key.split("/")[0]]
        there = [b for b in self.facts.bookings if b.premises_id == premises.id]
        if kind == "arrivals":
            assert premises.arrivals_per_day is not None
            return premises.arrivals_per_day - sum(b.stay.arrival == night for b in there)
        attribute = MixAttribute(key.split("/")[1])
        (limit,) = [cap.limit for cap in premises.mix_caps if cap.attribute == attribute]
        people = [self.facts.person_of(b) for b in there if b.stay.contains(night)]
        return limit - sum(p.has(attribute, self.facts.policy) for p in people)

    def _worths(self, party: Referral | Booking) -> list[int]:
        """What each option of the party is worth."""
        if isinstance(party, Booking):
            stays = [self.facts.nights_of(party)]
        else:
            first = max(party.release_date, self.problem.as_of)
            last = max(party.latest_arrival, first)
            days = range((last - first).days + 1)
            stays = [Stay.of(first + timedelta(days=n), party.nights) for n in days]
        return [
            self._worth(party, place, stay)
            for place in self.facts.places.values()
            for stay in stays
            if all(self._free(place.bed.id, night) for night in stay)
            and self._lawful(party, place, stay)
        ]

    def _lawful(self, party: Referral | Booking, place: Place, stay: Stay) -> bool:
        if isinstance(party, Booking):
            if party.premises_id == place.premises.id:
                holds = self.problem.held_by_bed.get(place.bed.id, ())
                return party.bed_id is not None or not any(
                    hold.nights.contains(night) for hold in holds for night in stay
                )
            if not self.facts.is_movable(party):
                return False
        known = party.referral if isinstance(party, Booking) else party
        assert known is not None
        return all(rule.allows(known, place, stay, self.facts) for rule in BED_RULES) and not any(
            self._breaches(party, place, stay)
        )

    def _breaches(self, party: Referral | Booking, place: Place, stay: Stay) -> Iterator[Breach]:
        """What the plan rules have against the option beside bookings that will not move.

        The rules are asked about a plan of the option alone, for a problem of those bookings.
        """
        staying = [b for b in self.problem.bookings if not self.facts.is_movable(b)]
        seats = tuple(
            Seat(b.id, str(b.bed_id), inferred=False)
            for b in staying
            if b.id in self.facts.kept_ids
        )
        alone = replace(self.facts.plan, placements=(), seats=seats)
        if isinstance(party, Referral):
            alone = replace(
                alone, placements=(Placement(party.id, place.bed.id, stay, 0, stay.arrival),)
            )
            yield from one_place_a_person_night.breaches(
                Facts(alone, self.problem, self.facts.policy)
            )
        else:
            staying.append(party)
            alone = replace(alone, seats=(*seats, Seat(party.id, place.bed.id, False, moved=True)))
        facts = Facts(alone, self.problem.with_bookings(staying), self.facts.policy)
        yield from separation.breaches(facts)
        yield from room_sharing.breaches(facts)

    def _worth(self, party: Referral | Booking, place: Place, stay: Stay) -> int:
        weights = dict(self.certificate.earlier) | {self.certificate.level: self.certificate.scale}
        gains = sum(
            weight * self.levels[code].sign * self._gain(self.levels[code], party, place, stay)
            for code, weight in weights.items()
        )
        return gains - self._cost(party, place, stay)

    def _gain(self, level: Level, party: Referral | Booking, place: Place, stay: Stay) -> int:
        if isinstance(party, Booking):
            moved = party.premises_id != place.premises.id
            return level.of_booking(party, place, moved, self.facts)
        day = (stay.arrival - self.problem.as_of).days
        return level.of_referral(party, place, day, self.facts)

    def _cost(self, party: Referral | Booking, place: Place, stay: Stay) -> int:
        total = 0
        for night in stay:
            total += price_on(self.beds.get(place.bed.id, ()), night)
            if self._keeps_room_to_itself(party, place, night):
                total += self._other_beds(place, night)
        if isinstance(party, Referral):
            person = self.facts.person_of_referral(party)
            for attribute in MixAttribute:
                runs = self.sides.get(("mix", f"{place.premises.id}/{attribute.value}"), ())
                if person.has(attribute, self.facts.policy):
                    total += sum(price_on(runs, night) for night in stay)
            total += price_on(self.sides.get(("arrivals", place.premises.id), ()), stay.arrival)
        return total

    def _keeps_room_to_itself(self, party: Referral | Booking, place: Place, night: date) -> bool:
        if isinstance(party, Booking) and party.premises_id == place.premises.id:
            return False
        if Criterion.IS_SINGLE in party.essential or party.sharing is None:
            return True
        return not (party.sharing.suitable and night <= party.sharing.valid_until)

    def _other_beds(self, place: Place, night: date) -> int:
        return sum(
            price_on(self.beds.get(bed.id, ()), night)
            for bed in self.problem.beds
            if bed.room_id == place.room.id and bed.id != place.bed.id
            if self._free(bed.id, night)
        )


def plain_bound(certificate: Certificate, plan: object, problem: Problem, policy: object) -> int:
    """What the certificate proves, added up the long way."""
    return Plain(certificate, Facts(plan, problem, policy)).bound()  # type: ignore[arg-type]
