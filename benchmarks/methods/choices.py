"""What each person may have: beds and arrival days, and what each choice adds to every level.

People are referrals and open bookings. Bookings that name their bed are facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocator.booking import Booking
from allocator.nights import Stay
from allocator.referral import Referral, ShareAssessment
from allocator.rules import needs
from allocator.rules.place import place_of
from allocator.vocabulary import Criterion
from benchmarks.methods.attributes import attributes_of, attributes_of_booking
from benchmarks.methods.ledger import Ledger
from benchmarks.methods.situation import Situation

Days = NDArray[np.int64]


@dataclass(frozen=True)
class Person:
    """A referral or an open booking. `beds` and `days` are its choices, side by side."""

    id: str
    crn: str
    beds: Days
    days: Days
    nights: int
    alone: bool
    sharing: ShareAssessment | None
    attributes: frozenset[str]
    referral: Referral | None = None
    booking: Booking | None = None

    @cached_property
    def last_shared(self) -> int | None:
        """The last night (a proleptic day number) on which they may share; None: never."""
        if self.alone or self.sharing is None or not self.sharing.suitable:
            return None
        return self.sharing.valid_until.toordinal()


def people(situation: Situation) -> list[Person]:
    """Everyone to be given a bed: bookings first."""
    settled = {b.id: b.bed_id for b in situation.settled.kept if b.bed_id is not None}
    ledger = Ledger(situation, settled)
    found = [_booked(situation, booking) for booking in situation.settled.open]
    return found + [_asking(situation, ledger, r) for r in situation.problem.referrals]


def _booked(situation: Situation, booking: Booking) -> Person:
    span = situation.span(booking.stay)
    here = situation.site_of_bed == situation.site_index[booking.premises_id]
    beds = np.flatnonzero(here & situation.free[:, span].all(axis=1))
    return Person(
        id=booking.id,
        crn=booking.crn,
        beds=beds,
        days=np.full(len(beds), span.start, dtype=np.int64),
        nights=span.stop - span.start,
        alone=Criterion.IS_SINGLE in booking.essential,
        sharing=booking.sharing,
        attributes=attributes_of_booking(booking, situation.policy),
        booking=booking,
    )


def _asking(situation: Situation, ledger: Ledger, referral: Referral) -> Person:
    beds, days = ledger.open_starts(referral)
    keep = ledger.may_arrive_at(beds, days)
    for n in np.flatnonzero(keep & ledger.needs_a_look(referral, beds)):
        keep[n] = ledger.takes(referral, int(beds[n]), int(days[n]))
    return Person(
        id=referral.id,
        crn=referral.crn,
        beds=beds[keep],
        days=days[keep],
        nights=referral.nights,
        alone=Criterion.IS_SINGLE in referral.essential,
        sharing=referral.sharing,
        attributes=attributes_of(referral, situation.policy),
        referral=referral,
    )


def gains(situation: Situation, person: Person) -> dict[str, Days]:
    """What each choice adds to each level, by code; levels it adds nothing to are left out."""
    if person.booking is not None:
        return _gains_of_booking(situation, person, person.booking)
    assert person.referral is not None
    return _gains_of_referral(situation, person, person.referral)


def level_codes(situation: Situation) -> list[tuple[str, bool]]:
    """Levels in the policy's order, and whether most is wanted."""
    fewest = {"uncovered_nights", "miles_beyond", "miles", "scarce_features"}
    found = []
    for code in situation.policy.aims:
        if code in ("bookings_disturbed", "least_change"):
            continue
        by_band = code in ("placed", "uncovered_nights")
        bands = [f"{code}/{b.number}" for b in situation.policy.bands] if by_band else [code]
        found += [(name, code not in fewest) for name in bands]
    return found


def stay_of(situation: Situation, person: Person, day: int) -> Stay:
    """The nights of a choice."""
    return Stay.of(situation.date(day), person.nights)


def _gains_of_booking(situation: Situation, person: Person, booking: Booking) -> dict[str, Days]:
    ones = np.ones(len(person.beds), dtype=np.int64)
    suited = np.array(
        [_is_suited(situation, booking, int(bed)) for bed in person.beds], dtype=np.int64
    )
    kept = "residents_kept" if booking.resident else "bookings_kept"
    return {kept: ones, "bookings_suited": suited}


def _is_suited(situation: Situation, booking: Booking, bed: int) -> bool:
    place = place_of(situation.beds[bed], situation.problem)
    return all(
        place.only_bed if c is Criterion.IS_SINGLE else c in place.features
        for c in booking.essential
    )


def _gains_of_referral(situation: Situation, person: Person, r: Referral) -> dict[str, Days]:
    policy = situation.policy
    band = policy.band_of(r)
    ones = np.ones(len(person.beds), dtype=np.int64)
    tenths = situation.tenths[r.id][situation.site_of_bed[person.beds]]
    aimed = 10 * (r.aimed_radius_miles or policy.aimed_radius_miles)
    needed = r.essential | needs.of_room(r.possible_offences)
    spare = np.array([c not in needed for c in policy.scarce_features], dtype=np.bool_)
    points = {
        situation.site_index[site]: 5 - n
        for n, site in enumerate(r.preferred_premises)
        if site in situation.site_index
    }
    by_site = np.array([points.get(n, 0) for n in range(len(situation.sites))], dtype=np.int64)
    far = np.maximum(0, tenths - aimed) if r.location is not None else 0 * ones
    return {
        f"placed/{band}": ones,
        "urgent_first": policy.urgency(r, situation.problem.as_of) * ones,
        f"uncovered_nights/{band}": person.days - situation.day(r.release_date),
        "miles_beyond": far,
        "miles": tenths,
        "preferred_premises": by_site[situation.site_of_bed[person.beds]],
        "desirable_criteria": _desired(situation, person, r),
        "scarce_features": situation.scarce[person.beds][:, spare].sum(axis=1),
    }


def _desired(situation: Situation, person: Person, r: Referral) -> Days:
    if not r.desirable:
        return np.zeros(len(person.beds), dtype=np.int64)
    counts = {
        int(bed): sum(
            place_of(situation.beds[bed], situation.problem).offers(c) for c in r.desirable
        )
        for bed in np.unique(person.beds)
    }
    return np.array([counts[int(bed)] for bed in person.beds], dtype=np.int64)
