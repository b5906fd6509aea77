"""Hindsight: the most that could have been reached had everything been known from the start.

A linear programme over a whole year in which people may be in several places at once, in parts, and
a premises is a number of beds each night. Every rule between people is left out, so its value is a
bound for whatever is decided from day to day under the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from allocator.errors import ModelError
from allocator.solving.entries import Entries
from allocator.solving.highs import loaded, run

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


THINNED = 7
"""Of a person's days of arrival, one in so many is in the programme. All are in the bound: prices
that come from fewer ways to be housed bound them just as well."""


@dataclass(frozen=True, slots=True)
class Stayer:
    """Someone to be housed: worth, nights slept, first and last day of arrival, and premises."""

    worth: float
    nights: int
    first: int
    last: int
    sites: Ints


def hindsight(people: Sequence[Stayer], beds: Ints, alike: float = 1.0) -> float:
    """A bound on the sum of worths of people housed; `beds`[premises, night] are there.

    Nights past the last are free. Premises of which the share `alike` of the people who may be at
    either may be at both have one price: less than 1 makes the programme much smaller, and the
    bound valid still but perhaps looser. The bound is added up from the prices of bed-nights that
    the programme ends with, and so holds whatever the solver's tolerances are:
    Σ price x beds + Σ over people max(0, worth − cheapest stay). Raises ModelError when the solver
    gives no prices.
    """
    people = [person for person in people if len(person.sites) and person.last >= person.first]
    if not people:
        return 0.0
    prices = _prices_of_groups(people, beds, _groups(people, len(beds), alike))
    before = np.concatenate([np.zeros((len(beds), 1)), np.cumsum(prices, axis=1)], axis=1)
    bound = float((prices * beds).sum())
    for person in people:
        arrivals = np.arange(person.first, person.last + 1)
        ends = np.minimum(arrivals + person.nights, beds.shape[1])
        stays = before[person.sites][:, ends] - before[person.sites][:, arrivals]
        bound += max(0.0, person.worth - float(stays.min()))
    return bound


def _groups(people: Sequence[Stayer], sites: int, alike: float) -> Ints:
    """The group of each premises: those that are alike to the first of the group."""
    may = np.zeros((sites, len(people)), dtype=np.bool_)
    for number, person in enumerate(people):
        may[person.sites, number] = True
    found = np.full(sites, -1, dtype=np.int64)
    for site in range(sites):
        if found[site] < 0:
            either = np.maximum(1, (may | may[site]).sum(axis=1))
            like = (may & may[site]).sum(axis=1) >= alike * either
            like[site] = True
            found[(found < 0) & like] = found.max() + 1
    return found


def _prices_of_groups(people: Sequence[Stayer], beds: Ints, group: Ints) -> Floats:
    """Prices with the premises of a group as one, which has the beds of all."""
    together = np.zeros((int(group.max()) + 1, beds.shape[1]), dtype=np.int64)
    np.add.at(together, group, beds)
    merged = [replace(each, sites=np.unique(group[each.sites])) for each in people]
    found: Floats = _prices(merged, together)[group]
    return found


def _prices(people: Sequence[Stayer], beds: Ints) -> Floats:
    """A price of at least 0 for each bed-night."""
    sites, days = beds.shape
    person, site, arrival, worth = _columns(people)
    nights = np.array([each.nights for each in people], dtype=np.int64)[person]
    count, nodes = len(person), sites * days
    first = len(people)
    entries = Entries(first + nodes)
    every = np.arange(count)
    entries.put(person, every, 1.0)
    # Idle beds flow from night to night; a stay takes one and gives it back.
    entries.put(first + site * days + arrival, every, 1.0)
    inside = arrival + nights < days
    entries.put((first + site * days + arrival + nights)[inside], every[inside], -1.0)
    node = np.arange(nodes)
    entries.put(first + node, count + node, 1.0)
    onward = node[node % days < days - 1]
    entries.put(first + onward + 1, count + onward, -1.0)
    jump = np.diff(beds, axis=1, prepend=0).ravel().astype(np.float64)
    rows = entries.rows(
        np.concatenate([np.full(first, -np.inf), jump]), np.concatenate([np.ones(first), jump])
    )
    cost = np.concatenate([-worth, np.zeros(nodes)])
    highs = loaded(rows, cost, solver="ipm", run_crossover="off")
    run(highs, lambda: False)
    dual = -np.asarray(highs.getSolution().row_dual, dtype=np.float64)[first:]
    if len(dual) != nodes:
        raise ModelError("the programme of the year has no prices")
    # A node's price is that of a bed from that night on: a night's own is what it loses.
    onward_price = dual.reshape(sites, days)
    later = np.concatenate([onward_price[:, 1:], np.zeros((sites, 1))], axis=1)
    found: Floats = np.maximum(0.0, onward_price - later)
    return found


def _columns(people: Sequence[Stayer]) -> tuple[Ints, Ints, Ints, Floats]:
    """Person, premises, arrival and worth of each way to be housed."""
    persons, sites, arrivals = [], [], []
    for number, each in enumerate(people):
        days = np.unique(np.append(np.arange(each.first, each.last, THINNED), each.last))
        where, when = np.meshgrid(each.sites, days, indexing="ij")
        persons.append(np.full(where.size, number, dtype=np.int64))
        sites.append(where.ravel())
        arrivals.append(when.ravel())
    person = np.concatenate(persons)
    worth = np.array([each.worth for each in people], dtype=np.float64)[person]
    return person, np.concatenate(sites), np.concatenate(arrivals), worth
