"""Two share a room only when both may, and with each other. Model: docs/model.md#room_sharing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.people import Person, incompatible
from allocator.nights import Stay

CODE = "room_sharing"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Each pair in two beds of one room, one of them new, that should not share the room."""
    in_room: dict[str, list[Person]] = defaultdict(list)
    for person in facts.people:
        if person.bed_id is not None:
            in_room[facts.places[person.bed_id].room.id].append(person)
    for room, people in in_room.items():
        for one, other in combinations(people, 2):
            common = one.stay.common(other.stay)
            if common is None or one.bed_id == other.bed_id or not (one.new or other.new):
                continue
            fault = _fault(one, other, common, facts)
            if fault:
                text = f"{one.id} and {other.id} share room {room}, but {fault}"
                yield Breach(CODE, (one.id, other.id, room), text)


def _fault(one: Person, other: Person, common: Stay, facts: Facts) -> str | None:
    for night in common:
        for person in (one, other):
            if person.sleeps_alone(night):
                return f"{person.id} must sleep alone on the night of {night}"
    if incompatible(one, other, facts.policy):
        return "the policy says that two such people never share"
    return None
