"""Run reads: what every route about a run does: find it, log who looks, leave out what it must."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Request

from api.access.actor import Actor
from api.access.dependencies import Permitted
from api.routes.asking import TheRegister, seen
from api.service.register import Register
from api.service.seeing import is_pseudonymous, restricted, the_run, without_crns
from api.store.values import Row
from api.wire.words import Id, Shown

RunId = Annotated[Id, Path(description="The run.")]
ReferralId = Annotated[Id, Path(description="The referral, by its id; never a CRN.")]


class Restricted(Shown):
    """A person of whom you may see nothing else."""

    referral_id: str
    restricted: Literal[True] = True


@dataclass(frozen=True, slots=True)
class Seen:
    """A run as the actor may see it. `restricted`: people of whom they may see the id alone."""

    register: Register
    actor: Actor
    request: Request
    run: Row
    restricted: frozenset[str]

    def told(self, value: Any) -> Any:
        """A JSON value as it may be told to the actor."""
        return without_crns(value) if is_pseudonymous(self.actor) else value

    def log(self, subjects: Iterable[str], verb: str = "consultation") -> None:
        """Write who sees whom. Called before anything is answered: no entry, no data."""
        shown = set(subjects) - self.restricted
        if shown:
            seen(self.register, self.actor, self.request, shown, verb)


def _the_run(request: Request, register: TheRegister, actor: Permitted, run_id: RunId) -> Seen:
    with register.reading() as connection:
        run = the_run(connection, actor, run_id)
        return Seen(register, actor, request, run, restricted(connection, actor))


TheRun = Annotated[Seen, Depends(_the_run)]
"""The run of the path; 404 for one that the actor may not see."""
