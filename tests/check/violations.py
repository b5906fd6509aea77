"""Ways to spoil a lawful plan, each against one rule: the plan changes, or the world beneath it.

Each takes dice and a lawful `Spoilable` and gives a spoilt one, or None when there is nothing to
spoil in that way. None of them asks the referee.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from allocator.held import HeldNights
from allocator.nights import Stay
from allocator.plan import Placement, Plan, PlanStatus, Surplus
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import problem_hash
from allocator.safeguards import ExclusionZone
from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute, Offence
from tests.builders import a_booking, a_cap, a_restriction, a_separation, day
from tests.plans import a_placement, with_levels

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spoilable:
    """A plan with its problem and policy."""

    plan: Plan
    problem: Problem
    policy: Policy

    def with_plan(self, **changes: Any) -> Spoilable:
        """Another plan, which is honest about what it reaches."""
        plan = with_levels(replace(self.plan, **changes), self.problem, self.policy)
        return replace(self, plan=plan)

    def with_problem(self, **changes: Any) -> Spoilable:
        """Another problem, of which the plan says that it is its own."""
        problem = replace(self.problem, **changes)
        plan = replace(self.plan, problem_hash=problem_hash(problem))
        return replace(self, problem=problem, plan=with_levels(plan, problem, self.policy))

    def some_placement(self, dice: Random) -> Placement | None:
        return dice.choice(self.plan.placements) if self.plan.placements else None

    def with_placement(self, old: Placement, **changes: Any) -> Spoilable:
        """One placement changed."""
        placements = [replace(p, **changes) if p == old else p for p in self.plan.placements]
        return self.with_plan(placements=tuple(placements))

    def with_premises_of(self, placement: Placement, **changes: Any) -> Spoilable:
        """The premises of a placement changed."""
        spoilt = self.problem.premises_of_bed(placement.bed_id).id
        premises = [replace(p, **changes) if p.id == spoilt else p for p in self.problem.premises]
        return self.with_problem(premises=tuple(premises))

    def with_referral_of(self, placement: Placement, **changes: Any) -> Spoilable:
        """The referral of a placement changed."""
        referrals = [
            replace(r, **changes) if r.id == placement.referral_id else r
            for r in self.problem.referrals
        ]
        return self.with_problem(referrals=tuple(referrals))


Spoil = Callable[[Random, Spoilable], Spoilable | None]
SPOILERS: dict[str, list[Spoil]] = {}


def against(code: str) -> Callable[[Spoil], Spoil]:
    """Lists the function under the code of the breach that must follow."""

    def listed(spoil: Spoil) -> Spoil:
        SPOILERS.setdefault(code, []).append(spoil)
        return spoil

    return listed


def of_a_placement(code: str) -> Callable[[Callable[..., Spoilable | None]], Spoil]:
    """The same, for what spoils one placement."""

    def listed(spoil: Callable[..., Spoilable | None]) -> Spoil:
        def with_some(dice: Random, case: Spoilable) -> Spoilable | None:
            placement = case.some_placement(dice)
            return None if placement is None else spoil(dice, case, placement)

        with_some.__name__ = spoil.__name__
        return against(code)(with_some)

    return listed


@of_a_placement("placement_lawful")
def arrives_a_day_too_late(dice, case, placement):
    referral = case.problem.referrals_by_id[placement.referral_id]
    last = max(referral.latest_arrival, referral.release_date, case.problem.as_of)
    return case.with_placement(placement, stay=Stay.of(last + ONE_DAY, referral.nights))


@of_a_placement("placement_lawful")
def arrives_a_day_too_early(dice, case, placement):
    referral = case.problem.referrals_by_id[placement.referral_id]
    first = max(referral.release_date, case.problem.as_of)
    return case.with_placement(placement, stay=Stay.of(first - ONE_DAY, referral.nights))


@of_a_placement("placement_lawful")
def stays_a_night_longer(dice, case, placement):
    stay = placement.stay
    return case.with_placement(placement, stay=Stay(stay.arrival, stay.departure + ONE_DAY))


@of_a_placement("placement_lawful")
def is_put_in_another_band(dice, case, placement):
    return case.with_placement(placement, band=placement.band % 4 + 1)


@of_a_placement("placement_lawful")
def is_decided_a_day_later(dice, case, placement):
    return case.with_placement(placement, decide_by=placement.decide_by + ONE_DAY)


@of_a_placement("placement_lawful")
def is_in_a_bed_that_is_not_there(dice, case, placement):
    return case.with_placement(placement, bed_id="P9-R9-B9")


@of_a_placement("one_placement_a_referral")
def is_dropped(dice, case, placement):
    return case.with_plan(placements=tuple(p for p in case.plan.placements if p != placement))


@of_a_placement("one_placement_a_referral")
def is_unplaced_as_well(dice, case, placement):
    return case.with_plan(unplaced=(*case.plan.unplaced, placement.referral_id))


@against("one_placement_a_referral")
def an_unplaced_referral_is_dropped(dice, case):
    return case.with_plan(unplaced=case.plan.unplaced[1:]) if case.plan.unplaced else None


@of_a_placement("one_person_a_bed_night")
def a_bed_is_booked_twice(dice, case, placement):
    """Somebody not placed is put into the same bed on a night of the placement."""
    for referral in case.problem.referrals:
        first = max(referral.release_date, case.problem.as_of)
        stay = Stay.of(first, referral.nights)
        if referral.id in case.plan.unplaced and stay.meets(placement.stay):
            second = a_placement(
                case.problem, case.policy, referral.id, placement.bed_id, stay.arrival
            )
            return case.with_plan(
                placements=(*case.plan.placements, second),
                unplaced=tuple(r for r in case.plan.unplaced if r != referral.id),
            )
    return None


@of_a_placement("one_person_a_bed_night")
def a_resident_turns_up_in_the_bed(dice, case, placement):
    premises_id = case.problem.premises_of_bed(placement.bed_id).id
    resident = a_booking(
        "bkg-new",
        premises_id=premises_id,
        bed_id=placement.bed_id,
        resident=True,
        stay=Stay(case.problem.as_of - ONE_DAY, placement.stay.departure),
    )
    return case.with_problem(bookings=(*case.problem.bookings, resident))


@of_a_placement("one_place_a_person_night")
def a_booking_of_the_same_person_turns_up(dice, case, placement):
    crn = case.problem.referrals_by_id[placement.referral_id].crn
    premises_id = dice.choice(case.problem.premises).id
    booking = a_booking("bkg-new", crn=crn, premises_id=premises_id, stay=placement.stay)
    return case.with_problem(bookings=(*case.problem.bookings, booking))


@against("one_place_a_person_night")
def two_who_are_placed_are_one_person(dice, case):
    for one in case.plan.placements:
        for other in case.plan.placements:
            if one != other and one.stay.meets(other.stay):
                crn = case.problem.referrals_by_id[other.referral_id].crn
                return case.with_referral_of(one, crn=crn)
    return None


@against("residents_stay_put")
def a_booking_is_forgotten(dice, case):
    if not case.plan.seats:
        return None
    return case.with_plan(seats=case.plan.seats[1:])


@against("residents_stay_put")
def a_booking_is_seated_and_surplus(dice, case):
    if not case.plan.seats:
        return None
    booking = case.problem.bookings_by_id[case.plan.seats[0].booking_id]
    surplus = (*case.plan.surplus, Surplus(booking.id, booking.premises_id))
    return case.with_plan(surplus=surplus)


@against("residents_stay_put")
def a_resident_changes_beds(dice, case):
    for seat in case.plan.seats:
        booking = case.problem.bookings_by_id[seat.booking_id]
        beds = [bed.id for bed in case.problem.beds if bed.id != seat.bed_id]
        if booking.resident and booking.bed_id and beds:
            moved = replace(seat, bed_id=dice.choice(beds))
            return case.with_plan(seats=tuple(moved if s == seat else s for s in case.plan.seats))
    return None


@against("residents_stay_put")
def an_inferred_bed_is_called_a_fact(dice, case):
    for seat in case.plan.seats:
        changed = replace(seat, inferred=not seat.inferred)
        return case.with_plan(seats=tuple(changed if s == seat else s for s in case.plan.seats))
    return None


@of_a_placement("premises_count")
def the_premises_is_booked_beyond_its_beds(dice, case, placement):
    premises = case.problem.premises_of_bed(placement.bed_id)
    rooms = [room.id for room in case.problem.rooms if room.premises_id == premises.id]
    beds = sum(bed.room_id in rooms for bed in case.problem.beds)
    more = [
        a_booking(f"bkg-new-{n}", premises_id=premises.id, stay=placement.stay) for n in range(beds)
    ]
    spoilt = case.with_problem(bookings=(*case.problem.bookings, *more))
    surplus = [Surplus(booking.id, premises.id) for booking in more]
    return spoilt.with_plan(surplus=(*spoilt.plan.surplus, *surplus))


@against("room_sharing")
def one_who_shares_has_no_assessment(dice, case):
    for one in case.plan.placements:
        for other in case.plan.placements:
            rooms = {case.problem.beds_by_id[p.bed_id].room_id for p in (one, other)}
            if one.bed_id != other.bed_id and len(rooms) == 1 and one.stay.meets(other.stay):
                return case.with_referral_of(one, sharing=None)
    return None


@against("separation")
def two_at_one_premises_are_kept_apart(dice, case):
    return _kept_apart(case, same_premises=True, radius=None)


@against("separation")
def two_at_two_premises_are_kept_far_apart(dice, case):
    return _kept_apart(case, same_premises=False, radius=9000.0)


def _kept_apart(case, *, same_premises, radius):
    for one in case.plan.placements:
        for other in case.plan.placements:
            crns = [case.problem.referrals_by_id[p.referral_id].crn for p in (one, other)]
            places = {case.problem.premises_of_bed(p.bed_id).id for p in (one, other)}
            is_same = len(places) == 1
            if one.stay.meets(other.stay) and crns[0] != crns[1] and is_same == same_premises:
                more = a_separation(*crns, radius)
                return case.with_problem(separations=(*case.problem.separations, more))
    return None


@of_a_placement("mix_cap")
def nobody_of_the_band_may_live_there(dice, case, placement):
    if placement.band != 1:
        return None
    caps = (a_cap(MixAttribute.TOP_BAND, 0),)
    return case.with_premises_of(placement, mix_caps=caps)


@of_a_placement("mix_cap")
def nobody_with_the_offence_may_live_there(dice, case, placement):
    offences = case.problem.referrals_by_id[placement.referral_id].possible_offences
    caps = tuple(a_cap(MixAttribute(offence.value), 0) for offence in sorted(offences))
    return case.with_premises_of(placement, mix_caps=caps) if caps else None


@of_a_placement("arrivals_per_day")
def nobody_may_arrive_that_day(dice, case, placement):
    return case.with_premises_of(placement, arrivals_per_day=0)


@of_a_placement("estate")
def the_premises_changes_estate(dice, case, placement):
    gender = case.problem.referrals_by_id[placement.referral_id].gender
    other = Gender.WOMAN if gender is Gender.MAN else Gender.MAN
    return case.with_premises_of(placement, gender=other)


@of_a_placement("ap_type")
def another_ap_type_is_asked_for(dice, case, placement):
    return case.with_referral_of(placement, ap_type=ApType.ESAP)


@of_a_placement("essential_criteria")
def a_criterion_becomes_essential(dice, case, placement):
    essential = case.problem.referrals_by_id[placement.referral_id].essential
    return case.with_referral_of(placement, essential=essential | {Criterion.HAS_HEARING_LOOP})


@of_a_placement("offences")
def the_premises_stops_taking_an_offence(dice, case, placement):
    referral = case.problem.referrals_by_id[placement.referral_id]
    spoilt = case.with_referral_of(placement, offences=referral.offences | {Offence.HATE})
    premises = spoilt.problem.premises_of_bed(placement.bed_id)
    without = premises.characteristics - {Criterion.ACCEPTS_HATE_CRIME_OFFENDERS}
    return spoilt.with_premises_of(placement, characteristics=without)


@of_a_placement("local_restriction")
def a_local_restriction_applies(dice, case, placement):
    spoilt = case.with_referral_of(placement, restriction_codes=dice.choice((None, {"new"})))
    return spoilt.with_premises_of(placement, local_restrictions=(a_restriction("new"),))


@of_a_placement("exclusion_zone")
def the_premises_is_named_in_a_zone(dice, case, placement):
    crn = case.problem.referrals_by_id[placement.referral_id].crn
    premises_id = case.problem.premises_of_bed(placement.bed_id).id
    zone = ExclusionZone(crn=crn, premises_ids=frozenset({premises_id}))
    return case.with_problem(zones=(*case.problem.zones, zone))


@of_a_placement("consented_radius")
def the_person_consents_to_no_place_that_is_known(dice, case, placement):
    return case.with_referral_of(placement, consented_radius_miles=9, location=None)


@of_a_placement("premises_closed")
def the_premises_closes(dice, case, placement):
    return case.with_premises_of(placement, open=False)


@of_a_placement("licence_expiry")
def the_licence_expires_a_day_before(dice, case, placement):
    return case.with_referral_of(placement, licence_expiry=placement.stay.departure - ONE_DAY)


@of_a_placement("bed_in_service")
def the_bed_goes_on_the_last_night(dice, case, placement):
    ends = placement.stay.departure - ONE_DAY
    beds = [replace(b, ends=ends) if b.id == placement.bed_id else b for b in case.problem.beds]
    return case.with_problem(beds=tuple(beds))


@of_a_placement("held_bed")
def the_last_night_is_held_for_a_higher_band(dice, case, placement):
    referral = case.problem.referrals_by_id[placement.referral_id]
    band = case.policy.known_band(referral)
    if band == 1:
        return None
    night = Stay.of(placement.stay.departure - ONE_DAY, 1)
    hold = HeldNights(placement.bed_id, night, band - 1)
    return case.with_problem(held=(*case.problem.held, hold))


@against("plan_complete")
def the_problem_has_changed(dice, case):
    referrals = [replace(r, nights=r.nights + 1) for r in case.problem.referrals]
    unlike = replace(case.problem, referrals=tuple(referrals))
    return replace(case, plan=replace(case.plan, problem_hash=problem_hash(unlike)))


@against("plan_complete")
def the_policy_is_another(dice, case):
    return replace(case, plan=replace(case.plan, policy_hash="another"))


@against("plan_complete")
def the_plan_is_of_another_day(dice, case):
    return replace(case, plan=replace(case.plan, as_of=day(1)))


@against("plan_complete")
def a_level_is_left_out(dice, case):
    return replace(case, plan=replace(case.plan, levels=case.plan.levels[:-1]))


@against("aim:")
def a_level_is_overstated(dice, case):
    number = dice.randrange(len(case.plan.levels))
    levels = list(case.plan.levels)
    levels[number] = replace(levels[number], value=levels[number].value + dice.choice((-1, 1)))
    return replace(case, plan=replace(case.plan, levels=tuple(levels)))


@against("aim:")
def the_plan_is_called_optimal(dice, case):
    return replace(case, plan=replace(case.plan, status=PlanStatus.OPTIMAL))
