"""Compare: two plans side by side: their levels, and whose bed differs between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from allocator.plan import Plan
from api.pages.listing import Listing
from api.pages.plan_words import LevelTold, levels_told
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.routes.run_models import run_shown
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.comparison import Comparison, Difference, compare
from api.service.documents import require_kept
from api.service.kept_answers import KeptAnswers
from api.service.refusals import InvalidError
from api.service.run_values import plan_of
from api.service.seeing import is_pseudonymous, restricted, the_run
from api.store.tables import REFERRALS
from api.store.values import Row

router = APIRouter()
SHOWN: Mapping[str, str] = {
    "gained": "Have a bed in this plan alone",
    "lost": "Have a bed in the other alone",
    "moved": "Have another bed or other dates",
}


@dataclass(frozen=True, slots=True)
class Side:
    """What is told of one of the plans as a whole."""

    placed: int
    unplaced: int
    levels: Mapping[str, LevelTold]


Sides = tuple[Comparison, Side, Side]
_SIDES: KeptAnswers[Sides] = KeptAnswers(4)


@router.get("/runs/{run_id}/compare")
def page_compare_runs(run_id: str, visit: Visiting) -> HTMLResponse:
    """Who has gained, lost or moved from another plan to this one."""
    listing = Listing.of(visit, ("person",), "person", ("with", "show"))
    with reading(visit.register, visit.actor) as change:
        connection = change.connection
        here = the_run(connection, visit.actor, run_id)
        there = the_run(connection, visit.actor, visit.asked("with"))
        found, mine, other = _sides(change, here, there)
        hidden = restricted(connection, visit.actor)
        lists = {name: _open(getattr(found, name), hidden) for name in SHOWN}
        show = listing.asked.get("show") or next((n for n in SHOWN if lists[n]), "gained")
        if show not in SHOWN:
            raise InvalidError(f"What is shown is one of {', '.join(SHOWN)}.")
        listing = listing.holding(len(lists[show]))
        rows = lists[show][listing.offset : listing.offset + listing.size]
        people = _named(change, visit, [each.referral_id for each in rows])
        beds = bed_names(change, (b.bed_id for each in rows for b in (each.here, each.there) if b))
    visit.log(people.keys(), "combination")
    return visit.page(
        "compare.html",
        title="Two plans compared",
        listing=listing,
        this_run=run_shown(here),
        other_run=run_shown(there),
        mine=mine,
        other=other,
        levels=found.levels,
        counts_of={name: len(some) for name, some in lists.items()},
        shown_words=SHOWN,
        show=show,
        rows=rows,
        hidden=hidden,
        people=people,
        beds=beds,
        alone=[len(set(some) - hidden) for some in (found.only_here, found.only_there)],
    )


def _sides(change: Change, here: Row, there: Row) -> Sides:
    """Worked out once: plans do not change. Raises NotThereError once either has been erased."""
    connection = change.connection

    def make() -> Sides:
        plans = [plan_of(connection, run) for run in (here, there)]
        return compare(*plans), _side(plans[0]), _side(plans[1])

    if here["plan"] is None or there["plan"] is None:
        return make()  # which says that there is none
    require_kept(connection, there["plan"])
    return _SIDES.of(connection, here, make, there["plan"])


def _side(plan: Plan) -> Side:
    levels = {level.code: level for level in levels_told(plan)}
    return Side(len(plan.placements), len(plan.unplaced), levels)


def _open(some: Iterable[Difference], hidden: frozenset[str]) -> list[Difference]:
    return [each for each in some if each.referral_id not in hidden]


def _named(change: Change, visit: Visit, ids: list[str]) -> dict[str, str]:
    """By bid, what the people who are shown are called."""
    named = {name: name for name in ids}
    if is_pseudonymous(visit.actor):
        return named
    rows = change.outlines("referral", ["crn"], REFERRALS.c.id.in_(ids))
    return named | {row["id"]: row["crn"] for row in rows}
