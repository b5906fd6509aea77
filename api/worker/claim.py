"""Claim: the oldest that waits becomes this worker's, for as long as it beats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.service.change import Change
from api.service.leases import Leases
from api.service.runs import RUN_LEASES
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run or a study that is ours, and the attempt with which we may say anything of it."""

    row: Row
    attempt: int
    leases: Leases = RUN_LEASES

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def named(self) -> dict[str, Any]:
        """What a line of the log calls it by."""
        return {self.leases.kind: self.id, "attempt": self.attempt}


def claim(
    change: Change, worker: str, lease_s: float, leases: Leases = RUN_LEASES
) -> Claimed | None:
    """The oldest of that kind; None: there is none."""
    found = leases.claim(change, worker, lease_s)
    return None if found is None else Claimed(*found, leases)


def renew(
    change: Change, claimed: Claimed, lease_s: float, progress: list[dict[str, object]]
) -> None:
    """Keep it for another while. Raises ConflictError when it is not ours any more."""
    claimed.leases.renew(change, claimed.id, claimed.attempt, lease_s, progress)
