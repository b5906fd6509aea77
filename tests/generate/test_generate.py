"""The synthetic problem: the same for the same seed, of the size asked for, and possible."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from allocator.generate import SIZES, defaults, generate
from allocator.policy import load_policy
from allocator.problem import Problem
from allocator.problem_file import problem_hash
from allocator.vocabulary import Criterion, Gender, Offence


@pytest.fixture(scope="module")
def middle() -> Problem:
    return generate("M", 3)


def test_the_same_seed_gives_the_same_problem_and_another_gives_another() -> None:
    assert problem_hash(generate("S", 7)) == problem_hash(generate("S", 7))
    assert problem_hash(generate("S", 7)) != problem_hash(generate("S", 8))


@pytest.mark.parametrize("size", ["S", "M", "L"])
def test_a_size_has_its_numbers(size: str) -> None:
    problem = generate(size, 1)
    wanted = SIZES[size]
    assert len(problem.premises) == wanted.premises
    assert len(problem.beds) == wanted.beds
    assert len(problem.referrals) == wanted.referrals
    assert problem.synthetic


def test_one_in_ten_places_has_a_record_or_none_and_most_beds_are_taken(middle: Problem) -> None:
    tonight = middle.as_of
    in_service = sum(middle.bed_is_usable(bed.id, tonight) for bed in middle.beds)
    residents = sum(booking.resident for booking in middle.bookings)
    assert 0.9 <= in_service / len(middle.beds) < 1
    assert 0.86 <= residents / in_service <= 0.94


def test_no_premises_has_more_people_than_beds_in_service_on_any_night(middle: Problem) -> None:
    assert not crowded_nights(middle)


def test_an_overbooked_estate_has_more_people_than_beds_somewhere() -> None:
    assert crowded_nights(generate("S", 3, overbooked=True))


def test_no_two_bookings_name_one_bed_for_one_night(middle: Problem) -> None:
    stays = defaultdict(list)
    for booking in middle.bookings:
        if booking.bed_id is not None:
            stays[booking.bed_id].append(booking.stay)
    assert stays
    assert not any(
        one.meets(other)
        for together in stays.values()
        for n, one in enumerate(together)
        for other in together[:n]
    )


def test_separations_at_one_density_are_among_those_at_a_higher(middle: Problem) -> None:
    few = generate("M", 3, separations=0.01).separations
    many = generate("M", 3, separations=0.4).separations
    assert len(few) == 5 and len(many) == 200
    assert set(few) < set(middle.separations) < set(many)


def test_more_separations_change_nothing_else(middle: Problem) -> None:
    many = generate("M", 3, separations=0.4)
    assert many.referrals == middle.referrals
    assert many.bookings == middle.bookings
    assert many.zones == middle.zones


def test_wider_windows_change_only_the_latest_arrival(middle: Problem) -> None:
    fixed, long = generate("M", 3, windows="fixed"), generate("M", 3, windows="long")
    assert all(r.latest_arrival == r.release_date for r in fixed.referrals)
    assert all(r.latest_arrival == r.release_date + timedelta(days=28) for r in long.referrals)
    assert [(r.crn, r.release_date) for r in fixed.referrals] == [
        (r.crn, r.release_date) for r in middle.referrals
    ]


def test_at_twice_the_load_there_are_half_the_beds() -> None:
    assert len(generate("M", 1, load=2.2).beds) == 350


def test_the_national_list_is_more_than_the_free_nights_of_six_months() -> None:
    problem = generate("L", 1)
    asked = sum(referral.nights for referral in problem.referrals)
    assert 1.0 < asked / free_nights(problem, 180) < 1.2


def test_bands_have_about_their_shares() -> None:
    policy = load_policy()
    counts = Counter(policy.band_of(referral) for referral in generate("L", 1).referrals)
    shares = [counts[band] / 3000 for band in (1, 2, 3, 4)]
    # Unknown risk is read as the worst, which moves a few per cent up to band 1.
    assert shares == pytest.approx([0.155, 0.245, 0.425, 0.175], abs=0.02)


def test_every_trap_occurs_at_a_low_rate() -> None:
    problem = generate("L", 1)
    people = problem.referrals
    assert any(r.rosh is None for r in people) and any(r.tier is None for r in people)
    assert any(r.restriction_codes is None for r in people)
    assert all(any(kind in r.offences_unknown for r in people) for kind in Offence)
    assert any(r.sharing and r.sharing.suitable for r in people)
    assert any(
        r.licence_expiry and r.licence_expiry < r.release_date + timedelta(days=r.nights)
        for r in people
    )
    assert any(Criterion.IS_WHEELCHAIR_DESIGNATED in r.essential for r in people)
    assert sum(not site.open for site in problem.premises) == 3
    assert any(len(beds) == 2 for beds in problem.beds_in_room.values())
    assert any(site.mix_caps for site in problem.premises)
    assert sum(site.gender is Gender.WOMAN for site in problem.premises) == 8


def test_nobody_is_on_the_list_and_in_a_bed(middle: Problem) -> None:
    there = {booking.crn for booking in middle.bookings}
    assert not there & {referral.crn for referral in middle.referrals}
    assert len({r.crn for r in middle.referrals}) == len(middle.referrals)


@pytest.mark.parametrize("option", [{"windows": "wide"}, {"load": 0.0}, {"separations": 2.0}])
def test_an_option_out_of_range_is_refused(option: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        generate("S", 1, **option)  # type: ignore[arg-type]


def test_every_default_names_its_unit_and_its_source() -> None:
    rows = defaults.table()
    assert len(rows) > 40
    assert all(row.unit and row.source for row in rows.values())


def test_shares_that_are_a_whole_add_up_to_one() -> None:
    for shares in (defaults.BANDS.value, defaults.ZONE_KINDS.value, defaults.FAILED_ATTEMPTS.value):
        assert sum(shares) == pytest.approx(1)
    assert sum(defaults.OUT_OF_SERVICE_REASONS.value.values()) == pytest.approx(1)
    assert sum(share for _, share, _, _ in defaults.NOTICE.value) == pytest.approx(1)


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="XXL"):
        generate("XXL", 1)


def crowded_nights(problem: Problem) -> list[tuple[str, date]]:
    """Premises and nights with more people than beds in service."""
    found = []
    for site in problem.premises:
        beds = [b.id for b in problem.beds if problem.premises_of_bed(b.id).id == site.id]
        stays = [b.stay for b in problem.bookings if b.premises_id == site.id]
        for days in range(80):
            night = problem.as_of + timedelta(days=days)
            usable = sum(problem.bed_is_usable(bed, night) for bed in beds)
            if sum(stay.contains(night) for stay in stays) > usable:
                found.append((site.id, night))
    return found


def free_nights(problem: Problem, days: int) -> int:
    """Nights of the first days that no booking and no out-of-service record takes."""
    end = problem.as_of + timedelta(days=days)
    taken = [b.stay for b in problem.bookings] + [o.nights for o in problem.out_of_service]
    return len(problem.beds) * days - sum(
        max(0, (min(end, stay.departure) - max(problem.as_of, stay.arrival)).days) for stay in taken
    )
