"""Premises: the list of them, and the whole country's beds night by night for a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from allocator.nights import Stay
from allocator.vocabulary import ApType, Gender
from api.pages.days import day_asked
from api.pages.listing import Listing
from api.pages.taking_away import MOST_ROWS, taken_away
from api.pages.visit import Visiting
from api.routes.asking import reading
from api.service.bed_use import SHOWN, BedUse, Use, in_service, planned_use
from api.service.change import Change
from api.service.lists import Orders, counted, cut, in_order
from api.service.refusals import InvalidError
from api.store.tables import PREMISES
from api.store.values import Row

router = APIRouter()
_P = PREMISES.c
ORDERS: Orders = {"name": (_P.name,), "area": (_P.area, _P.name), "region": (_P.region, _P.name)}
FILTERS = ("search", "area", "region", "gender", "ap_type", "open")
_HEADINGS = ("premises", "name", "ap_area", "night", "in_service", "empty", "kept", "over")
WEEK = 7
IN_A_WEEK = 120
"""Premises in one view of a week: all that there are, and a page of more."""


@router.get("/premises")
def page_premises_list(visit: Visiting) -> HTMLResponse:
    """The premises, and what is empty tonight."""
    listing = Listing.of(visit, ORDERS, "name", FILTERS)
    conditions = _wanted(listing.asked)
    with reading(visit.register, visit.actor) as change:
        listing = listing.holding(counted(change.connection, "premises", conditions))
        rows = _cut(change, listing, conditions)
        tonight = Stay.of(change.today, 1)
        shown = _P.id.in_([row["id"] for row in rows])
        counts = planned_use(change, tonight, shown).by_premises()
        areas, regions = _words(change)
    return visit.page(
        "premises_list.html",
        title="Premises",
        listing=listing,
        rows=rows,
        tonight={name: told(nights[0]) for name, nights in counts.items()},
        areas=areas,
        regions=regions,
    )


@router.get("/premises-week")
def page_week(visit: Visiting) -> HTMLResponse:
    """Every premises on seven nights: how many beds are empty of those in service."""
    filters = (*FILTERS, "from")
    listing = replace(Listing.of(visit, ORDERS, "area", filters), size=IN_A_WEEK)
    conditions = _wanted(listing.asked)
    with reading(visit.register, visit.actor) as change:
        first = day_asked(visit, "from", change.today)
        listing = listing.holding(counted(change.connection, "premises", conditions))
        rows = _cut(change, listing, conditions)
        use = planned_use(change, Stay.of(first, WEEK), *conditions)
        areas, regions = _words(change)
    week = _week(use)
    return visit.page(
        "premises_week.html",
        title="Beds by week",
        listing=listing,
        rows=rows,
        days=use.days,
        week=week,
        everywhere=_everywhere(use, week),
        first=first,
        before=listing.address(**{"from": f"{first - timedelta(days=WEEK)}"}),
        after=listing.address(**{"from": f"{first + timedelta(days=WEEK)}"}),
        areas=areas,
        regions=regions,
    )


@router.get("/premises-week.csv")
def page_week_file(visit: Visiting) -> Response:
    """The same as a file: a line for each premises and night."""
    listing = replace(Listing.of(visit, ORDERS, "area", (*FILTERS, "from")), size=MOST_ROWS)
    conditions = _wanted(listing.asked)
    with reading(visit.register, visit.actor) as change:
        first = day_asked(visit, "from", change.today)
        rows = _cut(change, replace(listing, number=1), conditions)
        use = planned_use(change, Stay.of(first, WEEK), *conditions)
    week = _week(use)
    told = [
        (
            *(row["id"], row["name"], row["area"], day),
            *(night.in_service, night.empty, night.kept, night.over),
        )
        for row in rows
        for day, night in zip(use.days, week.get(row["id"], ()), strict=False)
    ]
    return taken_away(visit, "beds-by-week", _HEADINGS, told)


@dataclass(frozen=True, slots=True)
class Night:
    """Beds of one premises, or of all, on one night."""

    empty: int
    in_service: int
    kept: int
    """Of those in service, proposed to somebody or held."""
    over: int
    """Booked there, and no bed holds them."""

    @property
    def state(self) -> str:
        """What it comes to, in a word."""
        if self.over:
            return "over"
        if not self.in_service:
            return "none"
        if self.empty > 0:
            return "free"
        return "kept" if self.kept else "full"


def told(counts: Mapping[Use, int]) -> dict[str, int]:
    """Counts by the names that templates use."""
    named = {use.value: counts.get(use, 0) for use in SHOWN}
    return {**named, "in_service": in_service(counts)}


def _week(use: BedUse) -> dict[str, list[Night]]:
    over: dict[str, Counter[date]] = {}
    for span in use.without_bed():
        of_one = over.setdefault(span.premises_id, Counter())
        of_one.update(day for day in use.days if span.nights.contains(day))
    return {
        premises: [
            Night(
                counts[Use.FREE],
                in_service(counts),
                counts[Use.PROPOSED] + counts[Use.HELD],
                over.get(premises, Counter())[day],
            )
            for day, counts in zip(use.days, nights, strict=True)
        ]
        for premises, nights in use.by_premises().items()
    }


def _everywhere(use: BedUse, week: Mapping[str, list[Night]]) -> list[Night]:
    return [
        Night(
            sum(nights[n].empty for nights in week.values()),
            sum(nights[n].in_service for nights in week.values()),
            sum(nights[n].kept for nights in week.values()),
            sum(nights[n].over for nights in week.values()),
        )
        for n in range(len(use.days))
    ]


def _cut(change: Change, listing: Listing, conditions: list[Any]) -> list[Row]:
    return cut(
        change.connection,
        "premises",
        conditions,
        in_order(ORDERS, listing.sort),
        limit=listing.size,
        offset=listing.offset,
    )


def _wanted(asked: Mapping[str, str]) -> list[Any]:
    """Which premises. Raises InvalidError for a word that is none of the field's."""
    found: list[Any] = []
    if text := asked.get("search"):
        either = (_P.name, _P.id)
        found.append(
            either[0].icontains(text, autoescape=True) | either[1].icontains(text, autoescape=True)
        )
    for name, column in (("area", _P.area), ("region", _P.region)):
        if name in asked:
            found.append(column == asked[name])
    if (gender := asked.get("gender")) is not None:
        _known(gender, {each.value for each in Gender}, "estate")
        found.append(_P.gender == gender)
    if (ap_type := asked.get("ap_type")) is not None:
        _known(ap_type, {each.value for each in ApType}, "AP type")
        found.append(_P.details["ap_types"].as_string().contains(f'"{ap_type}"', autoescape=True))
    if (is_open := asked.get("open")) is not None:
        _known(is_open, {"yes", "no"}, "answer")
        found.append(_P.open == (is_open == "yes"))
    return found


def _known(word: str, words: set[str], what: str) -> None:
    if word not in words:
        raise InvalidError(f"There is no {what} of this name.")


def _words(change: Change) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Areas and regions that there are, to choose from."""
    found = []
    for column in (_P.area, _P.region):
        wanted = select(column).distinct().where(column != "").order_by(column)
        names = change.connection.execute(wanted).scalars()
        found.append([(name, name) for name in names])
    return found[0], found[1]
