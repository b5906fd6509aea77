"""A premises' caps on the mix of its residents. Model: docs/model.md#mix_cap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.people import Person
from allocator.estate import MixCap

CODE = "mix_cap"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Each cap and night on which someone new with the attribute takes the premises over it."""
    at: dict[str, list[Person]] = defaultdict(list)
    for person in facts.people:
        at[person.premises_id].append(person)
    for premises in facts.problem.premises:
        for cap in premises.mix_caps:
            yield from _over(premises.id, cap, at[premises.id], facts)


def _over(premises_id: str, cap: MixCap, people: list[Person], facts: Facts) -> Iterator[Breach]:
    counted = [person for person in people if person.has(cap.attribute, facts.policy)]
    count = Counter(night for person in counted for night in person.stay)
    for night in sorted({night for person in counted if person.new for night in person.stay}):
        if count[night] > cap.limit:
            text = (
                f"premises {premises_id} has {count[night]} people with {cap.attribute.value} "
                f"on the night of {night}; its limit is {cap.limit}"
            )
            yield Breach(CODE, (premises_id, cap.attribute.value), text)
