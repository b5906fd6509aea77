"""Changes: what a scenario does to the inputs of a year, one small class for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from allocator.simulate.changes.another_policy import AnotherPolicy
from allocator.simulate.changes.close import Close
from allocator.simulate.changes.commit_by import CommitByDays
from allocator.simulate.changes.convert import Convert
from allocator.simulate.changes.demand_factor import DemandFactor
from allocator.simulate.changes.early_release import EarlyRelease
from allocator.simulate.changes.inputs import Inputs
from allocator.simulate.changes.open_beds import OpenBeds
from allocator.simulate.changes.open_premises import OpenPremises
from allocator.simulate.changes.out_of_service_rate import OutOfServiceRate
from allocator.simulate.changes.stay_length import StayLength
from allocator.simulate.changes.tier_gate import TierGate

AnyChange = (
    Close
    | OpenBeds
    | OpenPremises
    | Convert
    | OutOfServiceRate
    | StayLength
    | DemandFactor
    | EarlyRelease
    | TierGate
    | AnotherPolicy
    | CommitByDays
)
Change = Annotated[AnyChange, Field(discriminator="kind")]
"""Told apart by `kind`."""


def apply(changes: Iterable[AnyChange], inputs: Inputs) -> Inputs:
    """The inputs with each change made, in order. Raises ValueError, in words."""
    for number, change in enumerate(changes, start=1):
        inputs = change.applied(replace(inputs, number=number))
    return inputs


def with_paths_from(change: AnyChange, folder: Path) -> AnyChange:
    """The change with the file it names found from the folder, where there is one."""
    if isinstance(change, AnotherPolicy) and (folder / change.policy).is_file():
        return replace(change, policy=str(folder / change.policy))
    return change


__all__ = [
    "AnotherPolicy",
    "AnyChange",
    "Change",
    "Close",
    "CommitByDays",
    "Convert",
    "DemandFactor",
    "EarlyRelease",
    "Inputs",
    "OpenBeds",
    "OpenPremises",
    "OutOfServiceRate",
    "StayLength",
    "TierGate",
    "apply",
    "with_paths_from",
]
