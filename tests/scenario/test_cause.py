"""Why somebody has no bed: each cause on an estate of one or two beds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest

from allocator.coming import Coming
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.simulate.cause import Cause
from allocator.simulate.decision import Decision, Desk, Method
from allocator.simulate.futures import Futures
from allocator.simulate.ground import Closing
from allocator.simulate.ledger import ledger
from allocator.simulate.methods import METHODS
from allocator.simulate.world import make_world
from allocator.simulate.year import Year
from allocator.streams import Streams
from allocator.vocabulary import Gender, Rosh
from tests.builders import a_problem, a_referral, an_estate, day, default_policy, out_of_service

ONE_BED = a_problem()
SHARED = a_problem(**an_estate({"P1": (2,)}))


@dataclass(frozen=True)
class Nobody:
    """A method that makes nothing firm."""

    name: str = "nobody"
    daily: bool = True
    futures: int = 0

    def decide(self, desk: Desk) -> Decision:
        return Decision()


def a(id: str, release: int = 10, *, band: int = 4, **changes: object) -> Referral:
    """A man who asks for ten nights; band 1 or 4."""
    rosh = Rosh.VERY_HIGH if band == 1 else Rosh.MEDIUM
    changes = {"latest_arrival": release, **changes}
    return a_referral(id, release_date=release, nights=10, rosh=rosh, **changes)


def asked(referral: Referral, on: int = 1, **outcome: object) -> Coming:
    return Coming(day(on), referral, **outcome)  # type: ignore[arg-type]


def causes(
    people: Sequence[Coming],
    problem: Problem = ONE_BED,
    method: Method = METHODS["first-come"],
    closing: tuple[Closing, ...] = (),
) -> list[Cause]:
    world = make_world(
        problem,
        default_policy(),
        tuple(people),
        Streams(1),
        warm_up_days=0,
        days=60,
        breaks=0.0,
        closing=closing,
    )
    year = Year(world, method, Futures(np.zeros(len(world.ground.beds))))
    year.run()
    rows = ledger(year)
    assert all(row.nights == 10 * row.people for row in rows)
    return [row.cause for row in rows for _ in range(row.people)]


@pytest.mark.parametrize(
    ("person", "cause"),
    [
        (a("x", licence_expiry=day(12)), Cause.LICENCE),
        (a("x", gender=Gender.WOMAN), Cause.NO_LAWFUL_BED),
    ],
)
def test_what_is_the_persons_own(person: Referral, cause: Cause) -> None:
    assert causes([asked(person)]) == [cause]


def test_a_bed_that_another_of_the_same_band_has() -> None:
    assert causes([asked(a("x")), asked(a("y", 12), on=2)]) == [Cause.TAKEN]


def test_a_bed_that_somebody_of_a_lower_band_was_given_first() -> None:
    assert causes([asked(a("x")), asked(a("y", 12, band=1), on=2)]) == [Cause.LOWER_BAND]


def test_a_bed_that_a_lower_band_has_counts_where_another_is_taken_by_the_same() -> None:
    problem = a_problem(**an_estate({"P1": (1, 1)}))
    people = [asked(a("x")), asked(a("z", band=1)), asked(a("y", 12, band=1), on=2)]
    assert causes(people, problem) == [Cause.LOWER_BAND]


def test_a_bed_beside_somebody_who_may_not_share() -> None:
    assert causes([asked(a("x")), asked(a("y", 12), on=2)], SHARED) == [Cause.BETWEEN_PEOPLE]


def test_a_bed_out_of_service_and_a_premises_that_is_closed() -> None:
    broken = replace(ONE_BED, out_of_service=(out_of_service("P1-R1-B1", -1, 400),))
    assert causes([asked(a("x"))], broken) == [Cause.SHUT]
    assert causes([asked(a("x"))], closing=(Closing("P1", day(10)),)) == [Cause.SHUT]
    assert causes([asked(a("x"))], closing=(Closing("P1", day(11)),)) == []


def test_a_bed_that_was_kept_for_nobody() -> None:
    assert causes([asked(a("x"))], method=Nobody()) == [Cause.NOT_MADE_FIRM]


def test_a_release_that_changed_after_the_bed_was_firm() -> None:
    later = {"changed_on": day(3), "changed_release": day(20)}
    people = [asked(a("x", 6), **later), asked(a("y", 17), on=2)]
    assert causes(people) == [Cause.LOST]


def test_who_is_withdrawn_or_does_not_come_is_not_unmet() -> None:
    gone = asked(a("x"), withdrawn_on=day(3))
    absent = asked(a("y"), arrives=False)
    assert causes([gone], method=Nobody()) == []
    assert causes([absent]) == []


def test_a_bed_whose_taker_did_not_come_is_free_from_the_second_night() -> None:
    """It was taken on the first, which is the only night on which the other could arrive."""
    people = [asked(a("x"), arrives=False), asked(a("y"), on=2)]
    assert causes(people) == [Cause.TAKEN]
    waits = replace(a("y"), latest_arrival=day(10) + timedelta(days=1))
    assert causes([asked(a("x"), arrives=False), asked(waits, on=2)]) == []
