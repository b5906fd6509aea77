"""Plan names: what the plans of one page are called, each looked up once."""

from __future__ import annotations

from collections.abc import Iterable

from api.pages.plan_words import plans_called
from api.service.register import Register


class PlanNames:
    """Made for one page. A template asks for a whole list before its rows."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._known: dict[str, str] = {}

    def of(self, run_ids: Iterable[str]) -> dict[str, str]:
        """By id; a plan that there is not is called by its id."""
        wanted = list(run_ids)
        unknown = [each for each in wanted if each not in self._known]
        if unknown:
            with self._register.reading() as connection:
                self._known |= plans_called(connection, unknown)
        return {each: self._known[each] for each in wanted}

    def one(self, run_id: str) -> str:
        """Of one plan."""
        return self.of([run_id])[run_id]
