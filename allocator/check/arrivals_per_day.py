"""No more arrivals on a day than staff can take in. Model: docs/model.md#arrivals_per_day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.estate import Premises
from allocator.policy import Policy

CODE = "arrivals_per_day"


def limit_of(premises: Premises, policy: Policy) -> int | None:
    """Most arrivals on a day, or None for no limit; the premises' own limit may be 0."""
    if premises.arrivals_per_day is not None:
        return premises.arrivals_per_day
    return policy.arrivals_per_day or None


def breaches(facts: Facts) -> Iterator[Breach]:
    """Each premises and day on which someone new arrives and too many do."""
    arrivals = Counter((p.premises_id, p.arrival) for p in facts.people)
    for premises_id, day in sorted({(p.premises_id, p.arrival) for p in facts.people if p.new}):
        limit = limit_of(facts.problem.premises_by_id[premises_id], facts.policy)
        if limit is not None and arrivals[premises_id, day] > limit:
            text = (
                f"premises {premises_id} has {arrivals[premises_id, day]} arrivals on {day}; "
                f"its limit is {limit}"
            )
            yield Breach(CODE, (premises_id,), text)
