"""Each change does what it says, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from allocator.geography.point import Point
from allocator.simulate.changes import (
    AnotherPolicy,
    AnyChange,
    Close,
    CommitByDays,
    Convert,
    DemandFactor,
    EarlyRelease,
    OpenBeds,
    OpenPremises,
    OutOfServiceRate,
    StayLength,
    TierGate,
)
from allocator.simulate.changes.inputs import require_premises
from allocator.simulate.changes.tier_gate import Gate, gate_of, under_v3
from allocator.simulate.changes.who import Who, home_region
from allocator.simulate.ground import Closing
from allocator.vocabulary import ApType, Criterion, Gender, RiskTier, TierScheme
from tests.builders import a_referral
from tests.scenario.some_inputs import SITE, changed, day, inputs, people, usual

NOTHING: tuple[AnyChange, ...] = (
    DemandFactor(1.0),
    DemandFactor(
        0.0, who=Who(genders=frozenset({Gender.WOMAN}), bands=frozenset({1})), since=day(900)
    ),
    EarlyRelease(28, 0.0, day(0), day(300)),
    StayLength(112, instead_of=85),
)


@pytest.mark.parametrize("change", NOTHING, ids=lambda change: change.kind)
def test_a_change_about_nobody_leaves_everybody_as_they_were(change: AnyChange) -> None:
    assert people(changed(change)) == usual()


def test_a_closing_takes_no_bed_and_no_stay_that_has_begun() -> None:
    found = changed(Close(SITE, since=day(2)))
    before = inputs().problem
    assert found.closing == (Closing(SITE, day(2)),)
    assert (found.problem.premises, found.problem.beds) == (before.premises, before.beds)
    gone = {b.id for b in before.bookings} - {b.id for b in found.problem.bookings}
    booked_later = {
        b.id for b in before.bookings if b.premises_id == SITE and b.stay.arrival >= day(2)
    }
    assert gone == booked_later
    assert booked_later
    kept = {b.id: b for b in before.bookings}
    assert all(b == kept[b.id] for b in found.problem.bookings)


def test_whose_booking_is_closed_away_asks_again_for_the_same_stay() -> None:
    found = changed(Close(SITE, since=day(2)))
    before = {
        b.crn: b.stay
        for b in inputs().problem.bookings
        if b.premises_id == SITE and b.stay.arrival >= day(2)
    }
    asked = {c.referral.crn: (c.referral.release_date, c.referral.nights) for c in found.again}
    assert asked == {crn: (stay.arrival, stay.nights) for crn, stay in before.items()}


def test_a_closing_with_a_last_day_leaves_nobody_there_on_it() -> None:
    found = changed(Close(SITE, since=day(5), leave_by=day(10))).problem
    here = {bed.id for bed in found.beds if found.premises_of_bed(bed.id).id == SITE}
    assert {found.beds_by_id[bed].ends for bed in here} == {day(10)}
    assert max(b.stay.departure for b in found.bookings if b.premises_id == SITE) <= day(10)
    assert {b.ends for b in found.beds if b.id not in here} == {
        b.ends for b in inputs().problem.beds if b.id not in here
    }


def test_who_must_leave_before_the_end_of_the_stay_asks_again_for_the_rest_of_it() -> None:
    found = changed(Close(SITE, since=day(5), leave_by=day(10)))
    cut = {
        b.crn: (day(10), (b.stay.departure - day(10)).days)
        for b in inputs().problem.bookings
        if b.premises_id == SITE and b.stay.arrival < day(5) and b.stay.departure > day(10)
    }
    asked = {c.referral.crn: (c.referral.release_date, c.referral.nights) for c in found.again}
    assert cut
    assert {crn: asked[crn] for crn in cut} == cut
    assert len(found.again) == len(asked)


def test_a_closing_at_once_makes_everyone_there_ask_again_from_the_first_day() -> None:
    found = changed(Close(SITE, since=day(0), leave_by=day(0)))
    there = {b.crn: b.stay for b in inputs().problem.bookings if b.premises_id == SITE}
    asked = {c.referral.crn: (c.referral.release_date, c.referral.nights) for c in found.again}
    assert asked == {
        crn: (max(s.arrival, day(0)), (s.departure - max(s.arrival, day(0))).days)
        for crn, s in there.items()
    }
    assert not [b for b in found.problem.bookings if b.premises_id == SITE]


def test_beds_open_in_rooms_of_the_premises_commonest_kind() -> None:
    found = changed(OpenBeds(SITE, 3, since=day(40))).problem
    before = inputs().problem
    new = [bed for bed in found.beds if bed.id not in before.beds_by_id]
    assert [bed.starts for bed in new] == [day(40)] * 3
    assert len({bed.room_id for bed in new}) == 3
    kinds = Counter(r.characteristics for r in before.rooms if r.premises_id == SITE)
    features = {found.rooms_by_id[bed.room_id].characteristics for bed in new}
    assert {kinds[each] for each in features} == {max(kinds.values())}
    assert (found.premises, found.bookings) == (before.premises, before.bookings)


def test_two_openings_at_one_premises_do_not_share_a_bed() -> None:
    found = changed(OpenBeds(SITE, 2), OpenBeds(SITE, 2)).problem
    assert len(found.beds) == len(inputs().problem.beds) + 4


def test_a_premises_opens_where_and_as_it_was_asked_for() -> None:
    change = OpenPremises(
        "NEW1",
        Gender.WOMAN,
        Point(54.9, -1.6),
        4,
        characteristics=frozenset({Criterion.IS_CATERED}),
        room_characteristics=frozenset({Criterion.HAS_EN_SUITE}),
        since=day(9),
    )
    found = changed(change).problem
    site = found.premises[-1]
    assert (site.id, site.gender, site.location) == ("NEW1", Gender.WOMAN, Point(54.9, -1.6))
    assert site.characteristics == {Criterion.IS_CATERED}
    rooms = [room for room in found.rooms if room.premises_id == "NEW1"]
    assert [room.characteristics for room in rooms] == [frozenset({Criterion.HAS_EN_SUITE})] * 4
    assert found.premises[:-1] == inputs().problem.premises


def test_converting_changes_so_many_rooms_and_the_type() -> None:
    lift = frozenset({Criterion.HAS_CALL_FOR_ASSISTANCE})
    found = changed(Convert(SITE, frozenset({ApType.PIPE}), add=lift, rooms=2)).problem
    before = inputs().problem
    other = [r for r, was in zip(found.rooms, before.rooms, strict=True) if r != was]
    assert [(r.premises_id, lift <= r.characteristics) for r in other] == [(SITE, True)] * 2
    assert {p.id for p, was in zip(found.premises, before.premises, strict=True) if p != was} == {
        SITE
    }
    assert found.premises_by_id[SITE].ap_types == {ApType.PIPE}


def test_a_stay_that_ends_early_ends_at_the_same_share_of_more_nights() -> None:
    found = people(changed(StayLength(168, instead_of=84)))
    pairs = [(a, b) for a, b in zip(usual(), found, strict=True) if a.referral.nights == 84]
    assert {b.referral.nights for _, b in pairs} == {168}
    early = [(a, b) for a, b in pairs if a.nights_slept is not None]
    assert early
    assert all(b.nights_slept == 2 * (a.nights_slept or 0) for a, b in early)
    assert all(a == b for a, b in zip(usual(), found, strict=True) if a.referral.nights != 84)


def test_a_stay_length_is_of_the_people_it_names() -> None:
    who = Who(tier_schemes=frozenset({TierScheme.V2}), ap_types=frozenset({ApType.NORMAL}))
    found = people(changed(StayLength(7, who=who, since=day(20))))
    for was, now in zip(usual(), found, strict=True):
        asked = was.referral
        named = (
            asked.tier is not None
            and asked.tier.scheme is TierScheme.V2
            and asked.ap_type is ApType.NORMAL
            and asked.release_date >= day(20)
        )
        assert (now.referral.nights == 7) == named
        assert replace(now.referral, nights=asked.nights) == asked


def test_changes_are_made_one_after_another() -> None:
    """Nobody is in tier scheme v3 before everybody is put into it."""
    v3 = Who(tier_schemes=frozenset({TierScheme.V3}))
    longer = StayLength(112, instead_of=84, who=v3)
    assert people(changed(longer)) == usual()
    found = people(changed(TierGate(TierScheme.V3), longer))
    assert {e.referral.nights for e in found if e.referral.tier is not None}.isdisjoint({84})


def test_more_demand_is_the_same_people_and_others_of_the_kind() -> None:
    who = Who(bands=frozenset({1, 2}), regions=frozenset({"North East"}))
    found = people(changed(DemandFactor(2.5, who=who)))
    own = {each.referral.crn for each in usual()}
    assert [each for each in found if each.referral.crn in own] == list(usual())
    added = [each for each in found if each.referral.crn not in own]
    policy = inputs().policy
    assert all(who.takes(each.referral, policy) for each in added)
    assert {home_region(each.referral) for each in added} == {"North East"}
    asked = sum(who.takes(each.referral, policy) for each in usual())
    assert 0.8 * asked < len(added) < 2.2 * asked
    assert len({each.referral.id for each in found}) == len(found)
    assert [each.referred_on for each in found] == sorted(each.referred_on for each in found)


def test_who_comes_at_one_factor_also_comes_at_a_greater_one() -> None:
    sets = [
        {each.referral.crn for each in people(changed(DemandFactor(factor)))}
        for factor in (0.0, 0.4, 0.9, 1.0, 1.3, 2.2)
    ]
    assert not sets[0]
    assert all(a < b for a, b in pairwise(sets))


def test_an_early_release_moves_dates_of_its_share_and_gives_less_notice() -> None:
    change = EarlyRelease(28, 0.5, day(60), day(120))
    found = {each.referral.crn: each for each in people(changed(change))}
    moved = 0
    for was in usual():
        now, referral = found[was.referral.crn], was.referral
        if now == was:
            continue
        moved += 1
        assert day(60) <= referral.release_date < day(120)
        earlier = (referral.release_date - now.referral.release_date).days
        assert earlier == min(28, (referral.release_date - day(60)).days)
        assert now.referral.latest_arrival - now.referral.release_date == (
            referral.latest_arrival - referral.release_date
        )
        assert now.referred_on == min(was.referred_on, now.referral.release_date)
        assert now.referral.nights == referral.nights
    due = sum(day(60) < each.referral.release_date < day(120) for each in usual())
    assert 0.3 * due < moved < 0.7 * due


def test_tier_v3_lets_in_and_keeps_out_as_the_policys_gates_say() -> None:
    policy = inputs().policy

    def gate(tier: str, gender: Gender = Gender.MAN, agreed: bool = False) -> Gate:
        person = a_referral("a", tier=RiskTier(tier), gender=gender, exceptional_case=agreed)
        return gate_of(person, policy)

    assert gate("C3") is Gate.NEWLY
    assert gate("C3", Gender.WOMAN) is Gate.SAME
    assert gate("B0") is Gate.NEWLY
    assert gate("A1") is gate("D2") is gate("C") is Gate.SAME
    assert gate("C3", agreed=True) is Gate.SAME
    narrow = replace(policy, gate_v3=frozenset({"A"}))
    assert gate_of(a_referral("a", tier=RiskTier.B1), narrow) is Gate.NO_LONGER


def test_who_no_longer_qualifies_is_not_referred_and_the_others_are_as_they_were() -> None:
    narrow = replace(inputs(), policy=replace(inputs().policy, gate_v3=frozenset({"A"})))
    found = people(TierGate(TierScheme.V3).applied(narrow))
    stay = [e for e in usual() if gate_of(e.referral, narrow.policy) is not Gate.NO_LONGER]
    assert len(stay) < len(usual())
    assert {e.referral.crn for e in found} == {e.referral.crn for e in stay}
    assert {e.referral for e in found} == {under_v3(e.referral) for e in stay}
    assert all(e.referral.tier is None or e.referral.tier.scheme is TierScheme.V3 for e in found)


def test_a_policy_and_its_days_to_commit_by() -> None:
    found = changed(AnotherPolicy("2026-11"), CommitByDays((7, 7, 7, 7)))
    assert found.policy == replace(inputs().policy, commit_by_days=(7, 7, 7, 7))
    assert found.demand is inputs().demand


def test_factors_of_breaking_multiply() -> None:
    found = changed(OutOfServiceRate(0.5), OutOfServiceRate(3))
    assert found.breaks == 1.5
    assert replace(found, breaks=1.0, number=0) == inputs()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Close("XX", since=day(1)), "no premises has the id XX"),
        (OpenBeds("XX"), "no premises has the id XX"),
        (Convert("XX", add=frozenset({Criterion.HAS_LIFT})), "no premises has the id XX"),
        (Convert(SITE, add=frozenset({Criterion.HAS_LIFT}), rooms=400), "rooms that would change"),
        (OpenPremises(SITE, Gender.MAN, Point(54, -1), 1), "there already"),
        (DemandFactor(2, who=Who(bands=frozenset({9}))), "no band 9"),
        (DemandFactor(2, who=Who(regions=frozenset({"Walles"}))), "no region called 'Walles'"),
        (AnotherPolicy("none-such"), "none-such"),
        (CommitByDays((1, 2)), "4 bands"),
    ],
    ids=lambda each: each.kind if hasattr(each, "kind") else "",
)
def test_a_change_of_what_is_not_there_is_refused_in_words(change: AnyChange, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        changed(change)


def test_an_id_that_is_nobodys_is_told_with_the_nearest_of_many() -> None:
    problem = inputs().problem
    site = problem.premises_by_id[SITE]
    many = tuple(replace(site, id=f"NE{number:03}") for number in range(1, 101))
    problem = replace(problem, premises=many, rooms=(), beds=(), bookings=(), out_of_service=())
    require_premises(problem, "NE003")
    with pytest.raises(
        ValueError, match=r"id NE999; the nearest are NE0\d\d, .* there are 100, from"
    ):
        require_premises(problem, "NE999")
    with pytest.raises(ValueError, match="id XYZ; there are 100, from NE001 to NE100"):
        require_premises(problem, "XYZ")
