"""People kept apart never meet, nor live near each other. Model: docs/model.md#separation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from allocator.check.breach import Breach
from allocator.check.distance import within
from allocator.check.facts import Facts
from allocator.check.people import Person
from allocator.safeguards import Separation

CODE = "separation"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Each pair kept apart, one of them new, with a night in common and too near each other."""
    stays: dict[str, list[Person]] = defaultdict(list)
    for person in facts.people:
        stays[person.crn].append(person)
    for separation in facts.problem.separations:
        if separation.crn == separation.other_crn:
            continue
        for one in stays[separation.crn]:
            for other in stays[separation.other_crn]:
                yield from _between(one, other, separation, facts)


def _between(one: Person, other: Person, separation: Separation, facts: Facts) -> Iterator[Breach]:
    common = one.stay.common(other.stay)
    if common is None or not (one.new or other.new):
        return
    subject = (one.id, other.id)
    if one.premises_id == other.premises_id:
        text = (
            f"{one.id} and {other.id} are kept apart, and are both at premises {one.premises_id} "
            f"on the night of {common.arrival}"
        )
        yield Breach(CODE, subject, text)
    elif separation.radius_miles is not None and _near(one, other, separation.radius_miles, facts):
        text = (
            f"{one.id} and {other.id} are kept {separation.radius_miles:g} miles apart, and their "
            f"premises are not known to be further apart on the night of {common.arrival}"
        )
        yield Breach(CODE, subject, text)


def _near(one: Person, other: Person, radius_miles: float, facts: Facts) -> bool:
    here = facts.problem.premises_by_id[one.premises_id].location
    there = facts.problem.premises_by_id[other.premises_id].location
    return within(here, there, radius_miles) is not False
