"""Judging: all that speaks against booking a bed for a bid, found without booking it.

`bookings.book` asks this before it writes anything, and a page before anybody confirms: what is
foreseen is what is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from allocator.nights import Stay
from allocator.rules import bed_in_service, held_bed
from api.service import referrals
from api.service.change import Change
from api.service.claims import Seats, nowhere, require_free
from api.service.day_bounds import require_length, require_released
from api.service.holds import kept_from, met
from api.service.lawful import Asked, Ground, require_lawful
from api.service.refusals import ConflictError, InvalidError, Refusal, UnlawfulError
from api.store.records import referral
from api.store.values import Row

_SAME = {
    "bed-taken": "one_person_a_bed_night",
    "bed-out-of-service": bed_in_service.CODE,
    "person-booked": "one_place_a_person_night",
    "before-today": "placement_lawful",
    "before-release": "placement_lawful",
}
"""By an objection, the rule that would say the same again in fewer words."""


@dataclass(frozen=True)
class Judged:
    """Objections in the order in which they are raised; `moved`: bookings that would move first.

    `uses`: holds that let the person in, and would give up the nights.
    """

    objections: list[Refusal] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    uses: list[Row] = field(default_factory=list)


def judged(
    change: Change,
    bid: Row,
    bed_id: str,
    stay: Stay,
    seats: Seats = nowhere,
    *,
    override_hold: str = "",
    ground: Ground | None = None,
) -> Judged:
    """What booking the bed would be refused for. Raises NotThereError where there is no such bed.

    `override_hold`: why holds that keep the person out are passed over; they object no more.
    `ground`: of the bed's premises, where several beds are judged.
    """
    change.row("bed", bed_id)
    value = referral(bid)
    about = Judged()

    def ask(check: Callable[[], object]) -> None:
        if (refusal := refused_by(check)) is not None:
            about.objections.append(refusal)

    ask(lambda: _open(bid))
    ask(lambda: _days(change.today, value.release_date, stay))
    ask(lambda: require_length(stay))
    if any(each.code == "too-long" for each in about.objections):
        return about  # nothing else is asked of it: it would be looked at night by night
    ask(lambda: about.moved.extend(require_free(change, bid["crn"], bed_id, stay, seats=seats)))
    known_band = change.policy.known_band(value)
    uses, passed = met(change, bed_id, stay, known_band)
    about.uses.extend(uses)
    if passed and not override_hold.strip():
        about.objections.append(kept_from(passed, known_band))
    at = {row["id"]: row["bed_id"] for row in about.moved}
    told = {_SAME[each.code] for each in about.objections if each.code in _SAME}
    # Holds are judged by name and owner, and may be passed over by somebody who says why.
    told |= {held_bed.CODE} if passed else set()
    asked = Asked(bid["crn"], bed_id, stay, referral=value)
    ask(lambda: require_lawful(change, asked, at, told, ground))
    return about


def refused_by(check: Callable[[], object]) -> Refusal | None:
    """Why the check refuses; None: it does not."""
    try:
        check()
    except (ConflictError, InvalidError, UnlawfulError) as refusal:
        return refusal
    return None


def _open(bid: Row) -> None:
    if bid["status"] != referrals.OPEN:
        raise ConflictError(
            f"referral {bid['id']} is {bid['status']}", code="not-open", status_now=bid["status"]
        )


def _days(today: date, release: date, stay: Stay) -> None:
    if stay.arrival < today:
        text = f"the arrival, {stay.arrival}, is before today, {today}"
        raise InvalidError(text, code="before-today")
    require_released(stay.arrival, release)
