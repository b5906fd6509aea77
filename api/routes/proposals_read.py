"""Proposals, to be read: what a run proposes for whom, and what was decided of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from allocator.holding import Standing
from api.problems import problems
from api.routes.asking import After, Limit, reading
from api.routes.lists import order_of, page
from api.routes.run_advice import Standings
from api.routes.run_reads import ReferralId, Restricted, Seen, TheRun
from api.service.advising import standings_of
from api.service.refusals import NotThereError
from api.service.seeing import is_pseudonymous
from api.store.tables import PROPOSALS
from api.store.values import Row
from api.wire.shown import Page
from api.wire.words import Id, Shown

router = APIRouter()
ProposalStatus = Literal["proposed", "accepted", "changed", "refused", "superseded"]
SORTS = ("decide_by", "band", "arrival", "referral_id")


class ProposalShown(Shown):
    """One placement proposed. `firm`: to be decided by today. Planners get no free text."""

    run_id: str
    referral_id: str
    status: ProposalStatus
    band: int
    bed_id: str
    premises_id: str
    arrival: date
    departure: date
    decide_by: date
    firm: bool
    standing: Standings | None = Field(
        default=None, description="As the run's advice has it; null where none was asked for."
    )
    standing_until: date | None = Field(
        default=None, description="The day on which it is asked again."
    )
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    booking_id: str | None


@router.get("/runs/{run_id}/proposals", responses=problems(404))
def list_proposals(
    found: TheRun,
    limit: Limit = 50,
    after: After = None,
    band: Annotated[int | None, Query(ge=1, le=99)] = None,
    status: Annotated[ProposalStatus | None, Query()] = None,
    premises: Annotated[Id | None, Query()] = None,
    standing: Annotated[Standings | None, Query()] = None,
    sort: Annotated[
        str, Query(max_length=20, description="decide_by, band, arrival or referral_id; - turns.")
    ] = "decide_by",
) -> Page[ProposalShown]:
    """What the run proposes; without people whom you may not see: the plan names those."""
    wanted = [PROPOSALS.c.run_id == found.run["id"]]
    for column, value in (("band", band), ("status", status), ("premises_id", premises)):
        if value is not None:
            wanted.append(PROPOSALS.c[column] == value)
    with reading(found.register, found.actor) as change:
        standings = standings_of(change.connection, found.run)
        rows = [
            row
            for row in change.rows("proposal", *wanted)
            if row["referral_id"] not in found.restricted
            and (standing is None or _is_so(standings.get(row["referral_id"]), standing))
        ]
    told = page(
        rows,
        order_of(sort, SORTS),
        limit,
        after,
        lambda row: _shown(row, found, standings.get(row["referral_id"])),
    )
    found.log(each.referral_id for each in told.records)
    return told


@router.get("/runs/{run_id}/proposals/{referral_id}", responses=problems(404))
def get_proposal(found: TheRun, referral_id: ReferralId) -> ProposalShown | Restricted:
    """One proposal, and what was decided of it."""
    if referral_id in found.restricted:
        # Before it is looked for: whether there is one must not tell who has a bed.
        return Restricted(referral_id=referral_id)
    with reading(found.register, found.actor) as change:
        row = change.find("proposal", f"{found.run['id']}/{referral_id}")
        standing = standings_of(change.connection, found.run).get(referral_id)
    if row is None:
        raise NotThereError(f"this run proposes nothing for referral {referral_id}")
    found.log([referral_id])
    return _shown(row, found, standing)


def stands(standing: Standing | None) -> dict[str, Any]:
    """What a proposal tells of its standing."""
    if standing is None:
        return {}
    return {"standing": standing.state.value, "standing_until": standing.until}


def _is_so(standing: Standing | None, wanted: str) -> bool:
    return standing is not None and standing.state.value == wanted


def _shown(row: Row, found: Seen, standing: Standing | None) -> ProposalShown:
    told = {name: value for name, value in row.items() if name != "id"}
    if is_pseudonymous(found.actor):
        # Free text may name the person.
        told["reason"] = None
    return ProposalShown(
        **told,
        **stands(standing),
        firm=row["decide_by"] <= found.register.clock.today(),
    )
