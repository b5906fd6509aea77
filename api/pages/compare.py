"""Compare: two plans side by side: their levels, whose bed differs between them, with a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.export.table import Cell
from allocator.plan import LevelReached, Placement, Plan
from api.pages.listing import Listing
from api.pages.plan_words import LevelTold, levels_told, plans_called
from api.pages.taking_away import require_few, taken_away
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.routes.run_models import run_shown
from api.service.bed_names import BedNamed, bed_names
from api.service.change import Change
from api.service.comparison import Difference, Move, compare, moves
from api.service.documents import require_kept
from api.service.kept_answers import KeptAnswers
from api.service.refusals import InvalidError
from api.service.run_values import plan_of, problem_of
from api.service.seeing import is_pseudonymous, restricted, the_run
from api.store.by_many import by_many
from api.store.tables import REFERRALS
from api.store.values import Row

router = APIRouter()
SHOWN: Mapping[str, str] = {
    "gained": "Have a bed in this plan alone",
    "lost": "Have a bed in the other alone",
    Move.PREMISES: "Are at other premises",
    Move.ARRIVAL: "Same premises, other arrival",
    Move.BED: "Same premises and arrival, other bed or departure",
    "only_here": "On the list of this plan alone",
    "only_there": "On the list of the other alone",
}


_HEADINGS = (
    *("this_plan", "this_plan_id", "other_plan", "other_plan_id", "what", "bid", "person"),
    *("other_premises", "other_place", "other_bed", "other_arrival", "other_departure"),
    *("this_premises", "this_place", "this_bed", "this_arrival", "this_departure"),
)


@dataclass(frozen=True, slots=True)
class Side:
    """What is told of one of the plans as a whole."""

    placed: int
    unplaced: int
    levels: Mapping[str, LevelTold]


@dataclass(frozen=True, slots=True)
class Sides:
    """What follows from the two plans alone, whoever reads it. `lists`: by the names of `SHOWN`."""

    levels: tuple[tuple[str, LevelReached | None, LevelReached | None], ...]
    lists: Mapping[str, tuple[Difference, ...]]
    same: tuple[Difference, ...]
    mine: Side
    other: Side


_SIDES: KeptAnswers[Sides] = KeptAnswers(4)


@router.get("/runs/{run_id}/compare")
def page_compare_runs(run_id: str, visit: Visiting) -> HTMLResponse:
    """Who has gained, lost or moved from another plan to this one."""
    listing = Listing.of(visit, ("person",), "person", ("with", "show"))
    with reading(visit.register, visit.actor) as change:
        two = _two(change, visit, run_id)
        here, there, hidden, lists = two.here, two.there, two.hidden, two.lists
        show = listing.asked.get("show") or next((n for n in SHOWN if lists[n]), "gained")
        if show not in SHOWN:
            raise InvalidError(f"What is shown is one of {', '.join(SHOWN)}.")
        listing = listing.holding(len(lists[show]))
        rows = lists[show][listing.offset : listing.offset + listing.size]
        people, beds = _people(change, visit, rows), _beds(change, rows)
    visit.log(people.keys(), "combination")
    return visit.page(
        "compare.html",
        title="Two plans compared",
        listing=listing,
        file=f"/runs/{here['id']}/compare.csv?{urlencode({'with': there['id']})}",
        this_run=run_shown(here),
        other_run=run_shown(there),
        mine=two.sides.mine,
        other=two.sides.other,
        levels=two.sides.levels,
        counts_of={name: len(some) for name, some in lists.items()},
        shown_words=SHOWN,
        show=show,
        rows=rows,
        hidden=hidden,
        people=people,
        beds=beds,
        same=len(_open(two.sides.same, hidden)),
        alone_with_bed=[
            sum(each.here is not None for each in lists["only_here"]),
            sum(each.there is not None for each in lists["only_there"]),
        ],
    )


@router.get("/runs/{run_id}/compare.csv")
def page_compare_file(run_id: str, visit: Visiting) -> Response:
    """Everyone of all the lists."""
    with reading(visit.register, visit.actor) as change:
        two = _two(change, visit, run_id)
        rows = [(what, each) for name, what in SHOWN.items() for each in two.lists[name]]
        require_few(len(rows))
        people = _people(change, visit, [each for _, each in rows])
        beds = _beds(change, [each for _, each in rows])
        called = plans_called(change.connection, [two.here["id"], two.there["id"]])
    plans = [cell for run in (two.here, two.there) for cell in (called[run["id"]], run["id"])]
    told = (
        (
            *(*plans, what, each.referral_id, people[each.referral_id]),
            *_place(each.there, beds),
            *_place(each.here, beds),
        )
        for what, each in rows
    )
    return taken_away(visit, "two-plans-compared", _HEADINGS, told, people.keys())


def _place(placement: Placement | None, beds: Mapping[str, BedNamed]) -> tuple[Cell, ...]:
    """Empty for somebody without a bed. A bed that is gone from the register has its id alone."""
    if placement is None:
        return (None,) * 5
    named = beds.get(placement.bed_id)
    names = (named.premises, named.place) if named else (None, None)
    return (*names, placement.bed_id, placement.stay.arrival, placement.stay.departure)


@dataclass(frozen=True, slots=True)
class _Two:
    """Two plans, and whose bed differs, without the people whom the reader may not see."""

    here: Row
    there: Row
    sides: Sides
    hidden: frozenset[str]
    lists: Mapping[str, list[Difference]]


def _two(change: Change, visit: Visit, run_id: str) -> _Two:
    connection = change.connection
    here = the_run(connection, visit.actor, run_id)
    there = the_run(connection, visit.actor, visit.asked("with"))
    sides = _sides(change, here, there)
    hidden = restricted(connection, visit.actor)
    lists = {name: _open(sides.lists[name], hidden) for name in SHOWN}
    return _Two(here, there, sides, hidden, lists)


def _sides(change: Change, here: Row, there: Row) -> Sides:
    """Worked out once: plans do not change. Raises NotThereError once either has been erased."""
    connection = change.connection

    def make() -> Sides:
        mine, other = (plan_of(connection, run) for run in (here, there))
        found = compare(mine, other)
        lists: dict[str, tuple[Difference, ...]] = {
            "gained": found.gained,
            "lost": found.lost,
            **moves(found.moved, problem_of(connection, here), problem_of(connection, there)),
            "only_here": found.only_here,
            "only_there": found.only_there,
        }
        return Sides(found.levels, lists, found.same, _side(mine), _side(other))

    if here["plan"] is None or there["plan"] is None:
        return make()  # which says that there is none
    require_kept(connection, there["snapshot"], there["plan"])
    return _SIDES.of(connection, here, make, there["plan"])


def _side(plan: Plan) -> Side:
    levels = {level.code: level for level in levels_told(plan)}
    return Side(len(plan.placements), len(plan.unplaced), levels)


def _open(some: Iterable[Difference], hidden: frozenset[str]) -> list[Difference]:
    return [each for each in some if each.referral_id not in hidden]


def _beds(change: Change, rows: Iterable[Difference]) -> dict[str, BedNamed]:
    return bed_names(change, (b.bed_id for each in rows for b in (each.here, each.there) if b))


def _people(change: Change, visit: Visit, rows: Iterable[Difference]) -> dict[str, str]:
    """By bid, what the people who are shown are called."""
    ids = [each.referral_id for each in rows]
    named = {name: name for name in ids}
    if is_pseudonymous(visit.actor):
        return named
    for some_ids in by_many(ids):
        some = REFERRALS.c.id.in_(some_ids)
        named |= {row["id"]: row["crn"] for row in change.outlines("referral", ["crn"], some)}
    return named
