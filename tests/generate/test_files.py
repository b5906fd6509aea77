"""The files of a synthetic problem say the same as the problem."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from allocator.booking import Booking
from allocator.generate import GENERATOR_VERSION, generate, write_files
from allocator.ingest.assemble import read_files
from allocator.ingest.sources import Reading, Sources
from allocator.problem import Problem
from allocator.problem_file import problem_hash

DIGESTS = {1: "7552698807d25038bb9b177c288317680008773d6759b2b9187c0806a9dbd587"}
"""By GENERATOR_VERSION: SHA-256 of all files of one problem."""


@pytest.fixture(scope="module", params=[("S", False), ("M", False), ("S", True)])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Problem, Problem]:
    """A synthetic problem, and what is read from its files."""
    size, overbooked = request.param
    made = generate(size, 5, overbooked=overbooked)
    folder = tmp_path_factory.mktemp(size)
    write_files(made, folder)
    reading = read(folder, made)
    assert not reading.complaints and reading.problem is not None
    return made, reading.problem


def test_the_estate_is_read_back(pair: tuple[Problem, Problem]) -> None:
    made, found = pair
    assert found.premises == made.premises
    assert found.rooms == made.rooms
    assert found.beds == made.beds
    assert set(found.out_of_service) == set(made.out_of_service)


def test_the_whole_problem_is_read_back_but_for_notes_and_assumptions(
    pair: tuple[Problem, Problem],
) -> None:
    made, found = pair
    bare = replace(
        found,
        referrals=tuple(replace(r, assumptions=()) for r in found.referrals),
        bookings=tuple(without_assumptions(b) for b in found.bookings),
        notes=(),
    )
    assert bare == made
    assert problem_hash(bare) == problem_hash(made)


def test_every_file_but_the_notes_says_it_is_synthetic_or_stands_beside_one_that_does(
    tmp_path: Path,
) -> None:
    write_files(generate("S", 1), tmp_path)
    assert (tmp_path / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC")
    for name in ("premises", "rooms", "release-list", "placements"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert {row["synthetic"] for row in csv.DictReader(file)} == {"YES"}


def test_the_files_of_a_version_never_change(tmp_path: Path) -> None:
    """When it fails: undo what changed the draws, or raise GENERATOR_VERSION and add its digest."""
    digest = hashlib.sha256()
    for path in write_files(generate("M", 3, windows="long", overbooked=True), tmp_path):
        digest.update(path.read_bytes())
    assert digest.hexdigest() == DIGESTS[GENERATOR_VERSION]


def read(folder: Path, made: Problem) -> Reading:
    """What is read from the folder."""
    return read_files(
        Sources(
            as_of=made.as_of,
            premises=folder / "premises.csv",
            rooms=folder / "rooms.csv",
            referrals=(folder / "release-list.csv",),
            placements=folder / "placements.csv",
            out_of_service=(folder / "out-of-service.csv",),
            separations=folder / "separations.csv",
            restrictions=folder / "restrictions.csv",
            zones=(folder / "zones.csv", folder / "zones.geojson"),
        )
    )


def without_assumptions(booking: Booking) -> Booking:
    """The booking without the notes on how its request was read."""
    assert booking.referral is not None
    return replace(booking, referral=replace(booking.referral, assumptions=()))
