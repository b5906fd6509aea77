"""The simulation against what is known exactly of beds that are all alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest

from allocator.coming import Coming
from allocator.estate import Bed, Premises, Room
from allocator.policy import load_policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.simulate.board import NOBODY
from allocator.simulate.decision import Decision, Desk
from allocator.simulate.futures import Futures
from allocator.simulate.methods.fill import fill
from allocator.simulate.methods.first_come import FirstCome
from allocator.simulate.tally import tally
from allocator.simulate.theory import accepted, best_reservation, erlang_b
from allocator.simulate.world import World
from allocator.simulate.year import Year
from allocator.vocabulary import ApType, Gender, RiskTier, Rosh

FIRST = date(2030, 1, 7)
STAY = 40


@pytest.mark.parametrize(
    ("servers", "load", "blocked"),
    [
        (20, 0.8, 0.06441),
        (20, 1.0, 0.15889),
        (25, 0.9, 0.09356),
        (100, 1.0, 0.07570),
        (300, 0.9, 0.00477),
        (2200, 1.0, 0.01682),
        (2200, 1.2, 0.16851),
    ],
)
def test_blocking_is_what_the_recursion_gives(servers: int, load: float, blocked: float) -> None:
    assert erlang_b(servers, servers * load) == pytest.approx(blocked, abs=6e-6)


@pytest.mark.parametrize(
    ("servers", "high", "low", "ratio", "reserved", "shares", "reward"),
    [
        (20, 8, 14, 10, 4, (0.9905, 0.5151), 86.4533),
        (20, 8, 14, 4, 2, (0.9604, 0.6261), 39.4971),
        (25, 10, 20, 10, 4, (0.9909, 0.5103), 109.2931),
        (100, 40, 80, 10, 5, (0.9977, 0.6598), 451.8747),
        (10, 4, 8, 10, 3, (0.9689, 0.3668), 41.6910),
    ],
)
def test_value_iteration_finds_the_beds_to_reserve(
    servers: int,
    high: float,
    low: float,
    ratio: float,
    reserved: int,
    shares: tuple[float, float],
    reward: float,
) -> None:
    assert best_reservation(servers, high, low, ratio) == (
        reserved,
        pytest.approx(reward, abs=1e-3),
    )
    assert accepted(servers, high, low, reserved) == pytest.approx(shares, abs=6e-5)


@pytest.mark.parametrize(("beds", "load"), [(20, 0.8), (20, 1.2), (100, 1.0)])
def test_first_come_first_served_loses_as_many_as_erlang_says(beds: int, load: float) -> None:
    """Stays of one length: the formula does not mind. Days are short beside a stay."""
    people = _people(beds * load, 0.0, days=6_000, seed=beds, fixed=True)
    year = _run(FirstCome(), people, beds, 6_000)
    asked = tally(year).band(1).asked
    lost = tally(year).band(1).unmet / asked
    expected = erlang_b(beds, beds * load)
    # Losses come in runs as long as a stay: about `beds` people share their fate.
    spread = sqrt(expected * (1 - expected) / asked) * sqrt(beds)
    assert lost == pytest.approx(expected, abs=3 * spread)


@dataclass(frozen=True)
class Reserve:
    """Whoever is not of band 1 is refused while so many beds or fewer are free."""

    reserved: int
    name: str = "reserve"
    daily: bool = True
    futures: int = 0

    def decide(self, desk: Desk) -> Decision:
        board, found = desk.board.copy(), []
        for person in desk.asking:
            free = int((board.who[:, desk.today] == NOBODY).sum())
            if person.band == 1 or free > self.reserved:
                found += fill(board, [person], desk.today, desk.taste)
        return Decision(tuple(found))


def test_reserved_beds_keep_the_higher_class_as_theory_says() -> None:
    people = _people(8.0, 14.0, days=12_000, seed=3, fixed=False)
    counted = tally(_run(Reserve(4), people, 20, 12_000))
    shares = [1 - counted.band(n).unmet / counted.band(n).asked for n in (1, 4)]
    assert shares == pytest.approx(accepted(20, 8.0, 14.0, 4), abs=0.03)
    open_to_all = tally(_run(Reserve(0), people, 20, 12_000))
    assert 1 - open_to_all.band(1).unmet / open_to_all.band(1).asked == pytest.approx(
        accepted(20, 8.0, 14.0, 0)[0], abs=0.03
    )


def _people(high: float, low: float, *, days: int, seed: int, fixed: bool) -> tuple[Coming, ...]:
    """Poisson arrivals of two bands, in erlangs, referred and released on one day."""
    rng = np.random.default_rng(seed)
    found: list[Coming] = []
    for day in range(days):
        for rosh, erlangs in ((Rosh.VERY_HIGH, high), (Rosh.MEDIUM, low)):
            for _ in range(rng.poisson(erlangs / STAY)):
                nights = STAY if fixed else max(1, round(rng.exponential(STAY)))
                found.append(_coming(len(found), FIRST + timedelta(days=day), rosh, nights))
    return tuple(found)


def _coming(number: int, day: date, rosh: Rosh, nights: int) -> Coming:
    return Coming(
        day,
        Referral(
            id=f"T{number}",
            crn=f"T{number}",
            gender=Gender.MAN,
            release_date=day,
            latest_arrival=day,
            nights=nights,
            tier=RiskTier.D0,
            rosh=rosh,
            mappa_level=0,
        ),
    )


def _run(method: object, people: tuple[Coming, ...], beds: int, days: int) -> Year:
    rooms = tuple(Room(f"R{n}", "P", f"{n}") for n in range(beds))
    problem = Problem(
        as_of=FIRST,
        premises=(Premises("P", "Test", Gender.MAN, frozenset({ApType.NORMAL})),),
        rooms=rooms,
        beds=tuple(Bed(f"B{n:04d}", room.id, "1") for n, room in enumerate(rooms)),
        synthetic=True,
    )
    until = FIRST + timedelta(days=days)
    world = World(problem, load_policy(), people, (), FIRST + timedelta(days=10 * STAY), until)
    year = Year(world, method, Futures(np.zeros(beds)))  # type: ignore[arg-type]
    year.run()
    return year
