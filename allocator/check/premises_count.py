"""Nobody new where the beds are spoken for. Model: docs/model.md#premises_count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from allocator.check.breach import Breach
from allocator.check.facts import Facts

CODE = "premises_count"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Each premises and night with someone new and more people than beds in service."""
    people = Counter((p.premises_id, night) for p in facts.people for night in p.stay)
    new = {(p.premises_id, night) for p in facts.people if p.new for night in p.stay}
    for premises_id, night in sorted(new):
        count, beds = people[premises_id, night], facts.usable_beds(premises_id, night)
        if count > beds:
            text = (
                f"premises {premises_id} has {count} people and {beds} beds in service "
                f"on the night of {night}"
            )
            yield Breach(CODE, (premises_id,), text)
