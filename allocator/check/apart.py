"""Apart: arrivals that a rule forbids because of a booking that will not move.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from allocator.booking import Booking
from allocator.check.distance import within
from allocator.check.facts import Facts
from allocator.check.nights_axis import Flags
from allocator.estate import Premises
from allocator.nights import Stay


class Apart:
    """Bookings that a person cannot be in two places with, or must be kept apart from."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._row = {premises.id: row for row, premises in enumerate(facts.problem.premises)}
        self._of_person: dict[str, list[Booking]] = defaultdict(list)
        for booking in facts.bookings:
            self._of_person[booking.crn].append(booking)
        self._from: dict[str, list[tuple[Booking, float | None]]] = defaultdict(list)
        for separation in facts.problem.separations:
            one, other = separation.crn, separation.other_crn
            if one != other:
                self._from[one] += self._staying(other, separation.radius_miles)
                self._from[other] += self._staying(one, separation.radius_miles)

    def has_a_place(self, crn: str, stay: Stay) -> bool:
        """Whether a booking of the person has a night of the stay."""
        return any(self.facts.nights_of(b).meets(stay) for b in self._of_person.get(crn, ()))

    def forbidden(self, crn: str, stays: list[Stay]) -> Flags | None:
        """Stays that a separation forbids, a row for each premises; None: it forbids none."""
        found = np.zeros((len(self._row), len(stays)), dtype=np.bool_)
        for booking, radius_miles in self._from.get(crn, ()):
            nights = self.facts.nights_of(booking)
            meets = np.array([nights.meets(stay) for stay in stays], dtype=np.bool_)
            if meets.any():
                found |= np.outer(self._near(booking.premises_id, radius_miles), meets)
        return found if found.any() else None

    def _staying(self, crn: str, radius_miles: float | None) -> list[tuple[Booking, float | None]]:
        of_person = self._of_person.get(crn, ())
        return [(b, radius_miles) for b in of_person if not self.facts.is_movable(b)]

    def _near(self, premises_id: str, radius_miles: float | None) -> Flags:
        """The premises itself, and those that are not known to be further off than that."""
        premises = self.facts.problem.premises
        here = self.facts.problem.premises_by_id[premises_id]
        near = [each is here or self._within(each, here, radius_miles) for each in premises]
        return np.array(near, dtype=np.bool_)

    def _within(self, one: Premises, other: Premises, radius_miles: float | None) -> bool:
        if radius_miles is None:
            return False
        return within(one.location, other.location, radius_miles) is not False
