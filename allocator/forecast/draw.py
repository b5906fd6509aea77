"""Drawing people from a forecast: days, cells, what each asks for, and what comes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from allocator.coming import Coming
from allocator.forecast.cell import Cell
from allocator.forecast.donor import Donor, Home
from allocator.forecast.rate import Outcomes
from allocator.forecast.shape import Shape, shape_for
from allocator.forecast.total import Floats
from allocator.forecast.weekly import WEEK
from allocator.referral import Referral, ShareAssessment
from allocator.streams import Streams
from allocator.vocabulary import ApType, Criterion, Gender

if TYPE_CHECKING:
    from allocator.forecast.forecast import Forecast

CHANCES = (
    *("notice", "nights", "donor", "home", "withdrawn", "withdrawn at", "absent"),
    *("early", "early at", "changed", "changed at", "changed by"),
)
"""One number from 0 to 1 of each name for each person."""
OF_A_TYPE = frozenset(
    {
        Criterion.IS_PIPE,
        Criterion.IS_ESAP,
        Criterion.IS_RECOVERY_FOCUSSED,
        Criterion.IS_SEMI_SPECIALIST_MENTAL_HEALTH,
        Criterion.IS_MHAP_ST_JOSEPHS,
        Criterion.IS_MHAP_ELLIOTT_HOUSE,
    }
)
"""Criteria that only ask for an AP type in another way."""


def draw_people(
    forecast: Forecast, streams: Streams, first: date, until: date
) -> tuple[Coming, ...]:
    """Everyone referred from `first` to the day before `until`, in order of that day."""
    own = streams.family("forecast")
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    weights = draw_weights(forecast, own("shares"), 1)[0]
    counts = _counts(forecast, own, days, float(weights.sum()))
    referred = [day for day, count in zip(days, counts, strict=True) for _ in range(count)]
    if not referred:
        return ()
    edges = np.cumsum(weights)
    picks = np.searchsorted(edges, own("cells").random(len(referred)) * edges[-1], side="right")
    chances = {name: own(name).random(len(referred)) for name in CHANCES}
    drawer = _Drawer(forecast)
    return tuple(
        drawer.coming(
            number,
            day,
            forecast.cells[min(int(pick), len(forecast.cells) - 1)],
            {name: float(values[number - 1]) for name, values in chances.items()},
        )
        for number, (day, pick) in enumerate(zip(referred, picks, strict=True), start=1)
    )


def draw_weights(forecast: Forecast, rng: np.random.Generator, draws: int) -> Floats:
    """Shares times scale of each cell, one row a draw: shares as the history allows (Dirichlet)."""
    shares = np.array([cell.share for cell in forecast.cells])
    gammas = rng.standard_gamma(np.maximum(forecast.sure_of * shares, 1e-9), (draws, len(shares)))
    scale = np.array([cell.scale for cell in forecast.cells])
    found: Floats = gammas / gammas.sum(axis=1, keepdims=True) * scale
    return found


def _counts(forecast: Forecast, own: Streams, days: list[date], scale: float) -> list[int]:
    """Referrals of each day; the weeks that vary together begin with the first day."""
    if not days or scale == 0:
        return [0] * len(days)
    total = forecast.total
    means = total.daily(days, total.drawn(own("rate"), 1))[0]
    shocks = total.shocks(own("weeks"), (len(days) // WEEK + 1,))
    week = np.arange(len(days)) // WEEK
    return [int(count) for count in own("days").poisson(means * scale * shocks[week])]


class _Drawer:
    """Looks up shapes, donors and homes once for each kind of person."""

    def __init__(self, forecast: Forecast) -> None:
        self._forecast = forecast
        self._donors: dict[tuple[int, Gender, ApType | None], list[Donor]] = defaultdict(list)
        for donor in forecast.donors:
            self._donors[donor.band, donor.gender, donor.ap_type].append(donor)
            self._donors[donor.band, donor.gender, None].append(donor)
        homes: dict[str, list[Home]] = defaultdict(list)
        for home in forecast.homes:
            homes[home.region].append(home)
        self._homes = {
            region: (found, list(accumulate(home.people for home in found)))
            for region, found in homes.items()
        }
        self._shapes: dict[tuple[str, int, ApType], tuple[Shape, list[float]]] = {}

    def coming(self, number: int, day: date, cell: Cell, chance: dict[str, float]) -> Coming:
        """One person of the cell who is referred on this day."""
        notice = self._days("notice", self._forecast.notice, cell, chance["notice"])
        nights = max(1, self._days("nights", self._forecast.nights, cell, chance["nights"]))
        donor = self._donor(cell, chance["donor"])
        home = self._home(cell.region, chance["home"])
        release = day + timedelta(days=notice)
        referral = _referral(number, cell, donor, home, release, nights)
        return _with_outcome(referral, day, self._forecast.outcomes, chance)

    def _days(self, about: str, shapes: tuple[Shape, ...], cell: Cell, chance: float) -> int:
        key = (about, cell.band, cell.ap_type)
        if key not in self._shapes:
            shape = shape_for(shapes, cell.band, cell.ap_type)
            self._shapes[key] = shape, shape.edges()
        shape, edges = self._shapes[key]
        return shape.at(edges, chance)

    def _donor(self, cell: Cell, chance: float) -> Donor:
        """Of the cell's band, sex and AP type, or else of its band and sex: never of another."""
        found = self._donors.get((cell.band, cell.gender, cell.ap_type))
        group = found or self._donors[cell.band, cell.gender, None]
        return group[int(chance * len(group))]

    def _home(self, region: str, chance: float) -> Home | None:
        found = self._homes.get(region)
        if found is None:
            return None
        homes, edges = found
        return homes[int(np.searchsorted(edges, chance * edges[-1], side="right"))]


def _referral(
    number: int, cell: Cell, donor: Donor, home: Home | None, release: date, nights: int
) -> Referral:
    departure = release + timedelta(days=nights)
    sharing = None
    if donor.share_suitable is not None:
        until = departure + timedelta(days=donor.share_days)
        sharing = ShareAssessment(donor.share_suitable, until)
    licence = None
    if donor.licence_days is not None:
        licence = departure + timedelta(days=donor.licence_days)
    lent: frozenset[Criterion] = frozenset() if donor.ap_type is cell.ap_type else OF_A_TYPE
    return Referral(
        id=f"F{number:06d}",
        crn=f"F-{number:06d}",  # a real number has no dash
        gender=cell.gender,
        release_date=release,
        latest_arrival=release + timedelta(days=donor.window_days),
        nights=nights,
        ap_type=cell.ap_type,
        tier=donor.tier,
        rosh=donor.rosh,
        mappa_level=donor.mappa_level,
        mappa_category=donor.mappa_category,
        exceptional_case=donor.exceptional_case,
        outcode=None if home is None else home.outcode,
        location=None if home is None else home.location,
        aimed_radius_miles=donor.aimed_radius_miles,
        consented_radius_miles=donor.consented_radius_miles,
        essential=donor.essential - lent,
        desirable=donor.desirable - lent,
        offences=donor.offences,
        offences_unknown=donor.offences_unknown,
        restriction_codes=donor.restriction_codes,
        licence_expiry=licence,
        sharing=sharing,
    )


def _with_outcome(
    referral: Referral, day: date, outcomes: Outcomes, chance: dict[str, float]
) -> Coming:
    notice = (referral.release_date - day).days
    withdrawn = None
    if chance["withdrawn"] < outcomes.withdrawn.value:
        withdrawn = day + _part(notice, _at(outcomes.withdrawn_at, chance["withdrawn at"]))
    slept = None
    if chance["early"] < outcomes.early.value and referral.nights > 1:
        share = _at(outcomes.early_at, chance["early at"])
        slept = min(referral.nights - 1, max(1, round(share * referral.nights)))
    told = changed = None
    if chance["changed"] < outcomes.changed.value:
        told = day + _part(notice, _at(outcomes.changed_at, chance["changed at"]))
        later = round(_at(outcomes.changed_by, chance["changed by"]))
        changed = max(told, referral.release_date + timedelta(days=later))
        if changed == referral.release_date or (withdrawn is not None and withdrawn <= told):
            told = changed = None
    return Coming(
        referred_on=day,
        referral=referral,
        arrives=chance["absent"] >= outcomes.not_arriving.value,
        nights_slept=slept,
        withdrawn_on=withdrawn,
        changed_on=told,
        changed_release=changed,
    )


def _part(notice: int, share: float) -> timedelta:
    """The share of the notice that has passed, in whole days."""
    return timedelta(days=min(notice, int(share * (notice + 1))))


def _at(quantiles: Sequence[float], chance: float) -> float:
    """The value at a number from 0 to 1, in a line between quantiles at even steps."""
    steps = np.linspace(0, 1, len(quantiles))
    return float(np.interp(chance, steps, quantiles))
