"""One person in a bed on a night. Model: docs/model.md#one_person_a_bed_night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.people import Person

CODE = "one_person_a_bed_night"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Two in one bed on a night, and anyone to whom the plan gives a night that is not free."""
    in_bed: dict[str, list[Person]] = defaultdict(list)
    for person in facts.people:
        if person.bed_id is not None:
            in_bed[person.bed_id].append(person)
    for bed, people in in_bed.items():
        yield from _two_in_one(bed, people)
        for person in people:
            yield from _not_free(bed, person, facts)


def _two_in_one(bed: str, people: list[Person]) -> Iterator[Breach]:
    for one, other in combinations(people, 2):
        common = one.stay.common(other.stay)
        if common is not None:
            text = f"{one.id} and {other.id} are both in bed {bed} on the night of {common.arrival}"
            yield Breach(CODE, (one.id, other.id, bed), text)


def _not_free(bed: str, person: Person, facts: Facts) -> Iterator[Breach]:
    booking = facts.bookings_by_id.get(person.id) if person.booked else None
    if booking is not None and facts.is_settled(booking):
        return
    blocked = facts.first_blocked(bed, person.stay)
    if blocked is not None:
        text = f"{person.id} is given bed {bed}, which is booked on the night of {blocked}"
        yield Breach(CODE, (person.id, bed), text)
    elsewhere = booking is not None and not person.new and booking.bed_id != bed
    held = facts.first_held(bed, person.stay) if elsewhere else None
    if held is not None:
        text = f"{person.id} is given bed {bed}, which is held on the night of {held}"
        yield Breach(CODE, (person.id, bed), text)
    unusable = facts.first_unusable(bed, person.stay)
    if unusable is not None:
        text = f"{person.id} is given bed {bed}, which is out of use on the night of {unusable}"
        yield Breach(CODE, (person.id, bed), text)
