"""Plans there are: looked for by the few templates that say of a plan that it is yet to come, or
that a newer one has overtaken it.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.routes.run_models import Run, run_shown
from api.service.latest_plans import being_made, overtaken_by
from api.service.register import Register
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class PlansThere:
    """Asked when a template asks, and not before: `plans_there.being_made()`."""

    register: Register

    def being_made(self) -> Run | None:
        """The plan over the register that waits or is being worked on, if there is one."""
        with self.register.reading() as connection:
            return _shown(being_made(connection))

    def newer_than(self, run_id: str) -> Run | None:
        """The plan that has overtaken this one, if one has."""
        with self.register.reading() as connection:
            return _shown(overtaken_by(connection, run_id))


def _shown(row: Row | None) -> Run | None:
    return None if row is None else run_shown(row)
