"""Advised holds: a hold as a run advised it, with what the person who accepts it says besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allocator.holding import Hold
from allocator.nights import Stay
from api.service.advising import advice_of
from api.service.change import Change
from api.service.claims import Seats, nowhere
from api.service.decisions import seats_of
from api.service.holds import Wanted
from api.service.refusals import ConflictError, NotThereError
from api.service.seeing import the_run


@dataclass(frozen=True, slots=True)
class Said:
    """What the person says; None: as advised."""

    first_night: date | None = None
    last_night: date | None = None
    lowest_band: int | None = None
    until: date | None = None
    why: str | None = None
    owner: tuple[str, str] | None = None


def as_advised(change: Change, run_id: str, bed_id: str, said: Said) -> Wanted:
    """The hold to be made. Raises NotThereError when the run advises none of this bed."""
    run = the_run(change.connection, change.actor, run_id)
    _, advice = advice_of(change.connection, run)
    mine = [hold for hold in advice.holds if hold.bed_id == bed_id]
    if said.first_night is not None:
        mine = [hold for hold in mine if hold.nights.arrival == said.first_night]
    if not mine:
        raise NotThereError(f"run {run_id} advises no such hold of bed {bed_id}", code="no-hold")
    if len(mine) > 1:
        nights = ", ".join(hold.nights.arrival.isoformat() for hold in mine)
        raise ConflictError(
            f"run {run_id} holds this bed from {nights}: say first_night", code="which-hold"
        )
    return _wanted(mine[0], run_id, said)


def seats_for(change: Change, run_id: str | None) -> Seats:
    """Where the plan that a hold is from put bookings whose bed nobody named."""
    if run_id is None:
        return nowhere
    return lambda: seats_of(change, change.row("run", run_id))


def _wanted(hold: Hold, run_id: str, said: Said) -> Wanted:
    end = hold.nights.departure
    if said.last_night is not None:
        end = min(end, max(said.last_night + timedelta(days=1), hold.nights.arrival + _DAY))
    return Wanted(
        hold.bed_id,
        Stay(hold.nights.arrival, end),
        said.lowest_band or max(hold.for_bands),
        said.until or hold.expires,
        # The words of the advice name nobody.
        said.why or hold.why,
        said.owner,
        run_id,
    )


_DAY = timedelta(days=1)
