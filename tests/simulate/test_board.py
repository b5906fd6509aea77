"""The board: its short cuts against looking at every night, and its rules one at a time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.simulate.asker import Asker, asker
from allocator.simulate.board import CLOSED, NOBODY, Board, Slot
from allocator.simulate.fit import BestFit, find, nearest
from allocator.simulate.ground import Ground
from allocator.simulate.setting import Setting, world_of

SMALL = Setting(size="S", days=28, warm_up_days=0)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return world_of(SMALL).ground


def _runs_hold(board: Board) -> bool:
    """Whether the free runs are what the nights say."""
    again = board.copy()
    for bed in range(len(board.who)):
        again._look_again(bed)
    return bool((again.until == board.until).all() and (again.since == board.since).all())


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_free_runs_stay_true_whatever_happens(data: st.DataObject) -> None:
    world = world_of(SMALL)
    board = Board.empty(world.ground)
    askers = world.askers[:30]
    for _ in range(data.draw(st.integers(5, 40))):
        what = data.draw(st.sampled_from(["put", "out", "leave", "close", "stay on"]))
        there = sorted(board.slots)
        if what == "put":
            person = data.draw(st.sampled_from(askers))
            slot = find(board, person, 0, nearest)
            if person.number not in board.slots and slot is not None:
                board.put(person, slot)
        elif what == "close":
            bed = data.draw(st.integers(0, len(board.who) - 1))
            first = data.draw(st.integers(0, 100))
            board.close(bed, first, first + data.draw(st.integers(1, 40)))
        elif there:
            number = data.draw(st.sampled_from(there))
            slot = board.slots[number]
            if what == "out":
                board.take_out(number)
            elif what == "leave" and slot.departure - slot.arrival > 1:
                board.take_out(number, slot.arrival + 1)
            elif what == "stay on" and board.who[slot.bed, slot.departure] == NOBODY:
                board.stay_on(number)
    assert _runs_hold(board)
    for number, slot in board.slots.items():
        assert (board.who[slot.bed, slot.arrival : slot.departure] == number).all()
    assert int((board.who >= 0).sum()) == sum(s.departure - s.arrival for s in board.slots.values())
    for (site, attribute), counts in board.mix.items():
        beds = world.ground.beds_of_site[site]
        has = {n for n, person in board.people.items() if attribute in person.attributes}
        there_now = np.isin(board.who[beds], list(has)).sum(axis=0)
        assert (counts == there_now).all()


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_trial_begins_as_the_board_is_and_leaves_nothing_on_it(data: st.DataObject) -> None:
    world = world_of(SMALL)
    board = Board.empty(world.ground)
    askers = world.askers[:40]
    for _ in range(data.draw(st.integers(1, 6))):
        first = data.draw(st.integers(0, 60))
        before = board.copy()
        with board.trial(first) as tried:
            for mine, theirs in ((tried.who, board.who), (tried.until, board.until)):
                assert (mine[:, first:] == theirs[:, first:]).all()
            assert (tried.since[:, first:] == board.since[:, first:]).all()
            assert (tried.arrivals[:, first:] == board.arrivals[:, first:]).all()
            assert tried.slots == board.slots and tried.number_of == board.number_of
            for key, counts in board.mix.items():
                assert (tried.mix[key][first:] == counts[first:]).all()
            for person in data.draw(st.lists(st.sampled_from(askers), max_size=8)):
                slot = find(tried, person, first, nearest)
                if slot is not None:
                    tried.offer(person, slot)
        assert (board.who == before.who).all() and board.slots == before.slots
        person = data.draw(st.sampled_from(askers))
        slot = find(board, person, 0, nearest)
        if slot is not None:
            board.offer(person, slot)
    assert _runs_hold(board)


def test_a_bed_with_somebody_in_it_is_not_given_twice(ground: Ground) -> None:
    world = world_of(SMALL)
    board = Board.empty(ground)
    one, other = world.askers[:2]
    slot = Slot(int(one.beds[0]), 5, 15)
    board.put(one, slot)
    with pytest.raises(ValueError, match="taken"):
        board.put(other, slot._replace(arrival=14, departure=20))
    board.put(other, slot._replace(arrival=15, departure=20))


def test_the_nearest_open_bed_is_the_nearest(ground: Ground) -> None:
    world = world_of(SMALL)
    person = next(a for a in world.askers if len(a.beds) > 10)
    board = Board.empty(ground)
    slot = find(board, person, 0, nearest)
    assert slot is not None
    open_beds = [
        tenths
        for bed, tenths in zip(person.beds.tolist(), person.tenths.tolist(), strict=True)
        if board.is_free(slot._replace(bed=bed)) and board.allows(person, slot._replace(bed=bed))
    ]
    assert person.tenths[person.beds == slot.bed][0] == min(open_beds)


def test_the_best_fit_leaves_no_short_gap_where_it_need_not(ground: Ground) -> None:
    """Two beds as near as each other: the one whose last stay ends that day is taken."""
    world = world_of(SMALL)
    person, beds = next(
        (a, two) for a in world.askers if a.release > 28 and (two := _two_alike(a, ground))
    )
    board = Board.empty(ground)
    for other in range(len(board.who)):
        if other not in beds:
            board.close(other, 0, ground.days)
    board.close(beds[1], 0, person.release)
    slot = find(board, person, 0, BestFit(np.zeros(len(ground.beds))))
    assert slot is not None
    assert slot.bed == beds[1]


def _two_alike(person: Asker, ground: Ground) -> list[int]:
    """Two beds of one premises that differ in nothing the person is asked about, or none."""
    plain = [bed for bed in person.beds.tolist() if not ground.others_in_room[bed]]
    for one, other in combinations(plain, 2):
        alike = (ground.site_of_bed[one], ground.scarce[one])
        usable = ground.usable[[one, other], 20:200].all()
        if alike == (ground.site_of_bed[other], ground.scarce[other]) and usable:
            return [one, other]
    return []


def test_a_dear_bed_is_left_to_others(ground: Ground) -> None:
    world = world_of(SMALL)
    person = next(a for a in world.askers if len(np.unique(ground.site_of_bed[a.beds])) > 3)
    board = Board.empty(ground)
    free = BestFit(np.zeros(len(ground.beds)))
    first = find(board, person, 0, free)
    assert first is not None
    prices = np.zeros(len(ground.beds))
    prices[ground.site_of_bed == ground.site_of_bed[first.bed]] = 1.0
    second = find(board, person, 0, BestFit(prices))
    assert second is not None
    assert ground.site_of_bed[second.bed] != ground.site_of_bed[first.bed]


def test_closed_nights_are_kept_closed(ground: Ground) -> None:
    board = Board.empty(ground)
    assert ((board.who == CLOSED) == ~ground.usable).all()


def test_a_person_asks_for_the_beds_that_the_rules_allow(ground: Ground) -> None:
    world = world_of(SMALL)
    for n, coming in enumerate(world.people[:20]):
        asking = asker(n, coming.referral, ground, world.policy)
        for bed in asking.beds.tolist():
            site = world.problem.premises_of_bed(ground.beds[bed])
            assert site.gender is coming.referral.gender
            assert site.open
