"""Nobody is in two places on a night. Model: docs/model.md#one_place_a_person_night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.people import Person

CODE = "one_place_a_person_night"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Two stays of one person with a night in common, at least one of them a placement."""
    stays: dict[str, list[Person]] = defaultdict(list)
    for person in facts.people:
        stays[person.crn].append(person)
    for same in stays.values():
        for one, other in combinations(same, 2):
            common = one.stay.common(other.stay)
            if common is not None and not (one.booked and other.booked):
                text = (
                    f"{one.id} and {other.id} are one person, in two places "
                    f"on the night of {common.arrival}"
                )
                yield Breach(CODE, (one.id, other.id), text)
