"""Gate report: who no longer, and who newly, qualifies where a scenario changes the tier scheme."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.scenario.study import Study, replications
from allocator.simulate.changes import TierGate, apply
from allocator.simulate.changes.tier_gate import Gate, gate_counts
from allocator.simulate.setting import inputs_of, last_day
from allocator.simulate.world import people_of


@dataclass(frozen=True, slots=True)
class GateChange:
    """People of one sex and tier whose eligibility changes, in the mean over the years.

    Everyone referred with a release from the first day to the last, the warm-up included.
    """

    scenario: str
    gate: Gate
    who: str
    people: float
    """In one simulated year with its warm-up."""


def gate_report(study: Study) -> list[GateChange]:
    """A row for each sex and tier; none where no scenario changes the scheme."""
    found = []
    for scenario in study.file.scenarios:
        places = [n for n, each in enumerate(scenario.changes) if isinstance(each, TierGate)]
        if not places:
            continue
        totals: dict[tuple[Gate, str], int] = {}
        settings = replications(study.file)
        for setting in settings:
            inputs = apply(scenario.changes[: places[0]], inputs_of(setting))
            first = inputs.problem.as_of
            people = people_of(inputs.demand, setting.streams, first, last_day(setting, first))
            for gate, counts in gate_counts(people, inputs.policy).items():
                for who, count in counts.items():
                    totals[gate, who] = totals.get((gate, who), 0) + count
        found += [
            GateChange(scenario.name, gate, who, count / len(settings))
            for (gate, who), count in sorted(totals.items())
        ]
    return found
