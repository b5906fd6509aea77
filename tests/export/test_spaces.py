"""spaces.csv: what it says of a person's risk, and that reading it back never lowers it."""

import csv
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from allocator.booking import Booking
from allocator.export.placed import placed_people
from allocator.export.space_criteria import criteria_cell
from allocator.export.spaces import spaces_table
from allocator.ingest import Sources, read_files
from allocator.referral import Referral
from allocator.vocabulary import Criterion, Offence
from tests.builders import (
    AS_OF,
    a_premises,
    a_problem,
    a_referral,
    an_estate,
    default_policy,
)
from tests.ingest import files, real_headers
from tests.plans import a_plan

SOME_CRITERIA = (
    frozenset(),
    frozenset({Criterion.HAS_EN_SUITE}),
    frozenset({Criterion.ACCEPTS_SEX_OFFENDERS}),
    frozenset({Criterion.IS_SUITED_FOR_SEX_OFFENDERS, Criterion.IS_ARSON_SUITABLE}),
)


def read_back(folder: Path, referrals: list[Referral], **more: str) -> dict[str, Booking]:
    """Each person's space, read as a placement at the premises it names."""
    estate = an_estate({"P1": (1,) * len(referrals)})
    problem = a_problem(**estate, referrals=referrals)
    plan = a_plan(
        problem,
        placements=[(r.id, bed.id, 1) for r, bed in zip(referrals, problem.beds, strict=True)],
    )
    table = spaces_table(placed_people(plan, problem, default_policy()), problem)
    (folder / "spaces.csv").write_bytes(table.to_csv())
    with (folder / "spaces.csv").open(encoding="utf-8-sig", newline="") as file:
        spaces = list(csv.DictReader(file))
    rows = [{"placement_id": s["placement_request_id"], **s, **more} for s in spaces]
    reading = read_files(
        Sources(
            as_of=AS_OF,
            premises=files.write(
                folder / "premises.csv",
                real_headers.PREMISES,
                files.a_premises("P1", name=a_premises("P1").name),
            ),
            rooms=files.write(folder / "rooms.csv", real_headers.ROOMS, files.a_room("P1")),
            placements=files.write(
                folder / "placements.csv", "placement_id,premises_name,crn", *rows
            ),
        )
    )
    return {booking.id: booking for booking in files.problem_of(reading).bookings}


def everyone() -> list[Referral]:
    """A person for each answer on three of the kinds, and some criteria beside each."""
    found = []
    kinds = (Offence.SEXUAL_ADULT, Offence.SEXUAL_CHILD, Offence.ARSON)
    for answers in itertools.product(["yes", "no", "unknown"], repeat=3):
        said = dict(zip(kinds, answers, strict=True))
        for essential in SOME_CRITERIA:
            found.append(
                a_referral(
                    f"r{len(found):03}",
                    crn=f"X{len(found):06}",
                    essential=essential,
                    offences=frozenset(k for k, answer in said.items() if answer == "yes"),
                    offences_unknown=frozenset(k for k, a in said.items() if a == "unknown"),
                )
            )
    return found


def test_nobody_is_at_lower_risk_when_their_space_is_read_back(tmp_path: Path) -> None:
    people = everyone()
    bookings = read_back(tmp_path, people, gender="Male")
    assert len(bookings) == len(people)
    for person in people:
        found = bookings[person.id].referral
        assert found is not None
        assert found.possible_offences >= person.possible_offences, person
        assert found.tier == person.tier


def test_as_it_is_written_a_space_tells_nothing_of_the_person_at_all(tmp_path: Path) -> None:
    (booking,) = read_back(tmp_path, [a_referral(crn="X000001")]).values()
    assert booking.referral is None  # which every rule reads with most caution


def test_a_tier_nobody_knows_is_not_known_when_it_is_read_back(tmp_path: Path) -> None:
    person = a_referral(crn="X000001", tier=None)
    (booking,) = read_back(tmp_path, [person], gender="Male").values()
    assert booking.referral is not None
    assert booking.referral.tier is None


@pytest.mark.parametrize(
    "offences, unknown, essential, cell",
    [
        ((), (), (), "NONE"),
        ((), (), ("hasEnSuite",), "hasEnSuite"),
        ((), ("hate",), (), ""),
        ((), ("hate",), ("hasEnSuite",), "hasEnSuite"),
        (("sexual_child",), (), ("hasEnSuite",), "acceptsChildSexOffenders, hasEnSuite"),
        (("arson",), (), (), "isArsonSuitable"),
        (("arson",), ("hate",), (), "isArsonSuitable"),
        (("hate",), ("arson",), (), "acceptsHateCrimeOffenders, isArsonSuitable"),
        ((), ("hate",), ("acceptsSexOffenders",), "acceptsHateCrimeOffenders, acceptsSexOffenders"),
    ],
)
def test_the_cell_names_the_offences_that_apply_in_the_services_words(
    offences: tuple[str, ...], unknown: tuple[str, ...], essential: tuple[str, ...], cell: str
) -> None:
    person = replace(
        a_referral(),
        offences=frozenset(map(Offence, offences)),
        offences_unknown=frozenset(map(Offence, unknown)),
        essential=frozenset(map(Criterion, essential)),
    )
    assert criteria_cell(person) == cell
