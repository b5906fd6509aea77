"""The route of the decision report: what people made of proposals, in figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.access.actor import Role
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import TheRegister, reading
from api.service.decision_report import By, Figures, report
from api.service.plan_needs import plan_needs
from api.service.refusals import InvalidError, NotAllowedError
from api.wire.words import Day, Shown

router = APIRouter(prefix="/v1/decisions", tags=["Oversight"])
USUAL_DAYS = 30
LONGEST_DAYS = 400


class FiguresTold(Shown):
    """Proposals by what came of them. The lost and the overtaken are in no share."""

    accepted: int
    changed: int
    refused: int
    undecided: int
    lost: int = Field(description="Not decided, and cannot be accepted any more.")
    overtaken: int = Field(description="A later run, or another booking, came before a decision.")
    accepted_share: float | None = Field(description="Of those decided; so the next two.")
    changed_share: float | None
    refused_share: float | None
    undecided_share: float | None = Field(description="Of those decided or still to be decided.")
    median_hours: float | None = Field(description="From the end of the run to the decision.")
    p90_hours: float | None


class GroupFigures(Shown):
    """One band, month, person or premises."""

    group: str
    figures: FiguresTold


class DecisionReport(Shown):
    """What people made of what was proposed by runs that ended on these days."""

    first: date
    last: date
    by: By | None
    everything: FiguresTold
    groups: list[GroupFigures]


@router.get("/report", responses=problems())
def decision_report(
    register: TheRegister,
    actor: Permitted,
    first: Annotated[Day | None, Query(alias="from", description="The first day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="The last; today.")] = None,
    by: Annotated[By | None, Query(description="`person` names staff: for managers.")] = None,
) -> DecisionReport:
    """How many proposals were accepted, changed, refused, or wait, and how long it took.

    Reasons are free text and not grouped. Whoever is erased is in no figure any more.
    """
    if by == "person" and Role.MANAGER not in actor.roles:
        raise NotAllowedError("Figures of single colleagues are for managers.", code="no-staff")
    end = last or register.clock.today()
    begin = first or end - timedelta(days=USUAL_DAYS)
    if not begin <= end <= begin + timedelta(days=LONGEST_DAYS):
        raise InvalidError(f"from must not be after to, nor more than {LONGEST_DAYS} days before")
    with reading(register, actor) as change:
        lost = plan_needs(change).lost_ids
        everything, groups = report(change.connection, begin, end, by, lost)
    return DecisionReport(
        first=begin,
        last=end,
        by=by,
        everything=_told(everything),
        groups=[
            GroupFigures(group=name, figures=_told(groups[name]))
            for name in sorted(groups, key=_in_order)
        ],
    )


def _in_order(group: str) -> tuple[int, str]:
    """Bands as numbers, everything else as text."""
    return (int(group), "") if group.isdecimal() else (0, group)


def _told(figures: Figures) -> FiguresTold:
    return FiguresTold(
        accepted=figures.accepted,
        changed=figures.changed,
        refused=figures.refused,
        undecided=figures.undecided,
        lost=figures.lost,
        overtaken=figures.overtaken,
        accepted_share=figures.share(figures.accepted),
        changed_share=figures.share(figures.changed),
        refused_share=figures.share(figures.refused),
        undecided_share=figures.undecided_share,
        median_hours=figures.median_hours,
        p90_hours=figures.p90_hours,
    )
