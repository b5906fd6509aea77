"""What is known of the people in synthetic bookings, as the ministry's placements report has it.

That report gives tier, MAPPA, AP type, outcode and criteria, and no level of serious harm: it is
read as the highest the tier (v2) allows, and a MAPPA level not given as none below letter A.
Whether an offence was a hate crime is never recorded on a booking, and so not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from allocator.booking import Booking
from allocator.estate import Premises, Room
from allocator.generate import defaults
from allocator.generate.draws import choices, flags, yes
from allocator.generate.homes import Home, homes
from allocator.generate.options import Options
from allocator.generate.risk import Risk, risks
from allocator.referral import Referral
from allocator.rules import needs
from allocator.streams import Streams
from allocator.vocabulary import ApType, Criterion, Offence, Rosh

HELD = (
    Criterion.HAS_EN_SUITE,
    Criterion.IS_STEP_FREE_DESIGNATED,
    Criterion.IS_GROUND_FLOOR,
)
_HIGHEST = {"A": Rosh.VERY_HIGH, "B": Rosh.HIGH, "C": Rosh.MEDIUM, "D": Rosh.LOW}
ANSWERED = frozenset(Offence) - {Offence.HATE}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one booking's assessor recorded; `offences` None: nothing was."""

    offences: frozenset[Offence] | None
    held: frozenset[Criterion]
    risk: Risk
    home: Home

    @property
    def room_criteria(self) -> frozenset[Criterion]:
        """Criteria of the room: those asked for, and what the offences need of it."""
        return self.held | needs.of_room(self.offences or ())


def asked(
    options: Options, sites: list[Premises], rooms: list[Room | None], streams: Streams
) -> list[Asked]:
    """What was recorded for each booking, so that its secret room meets it."""
    count = len(sites)
    rates = {kind: rate for kind, rate in defaults.OFFENCES.value.items() if kind in ANSWERED}
    offences = flags(streams, "booked/offence", rates, count)
    silent = yes(streams, "booked/no criteria", defaults.UNKNOWN.value, count)
    holds = yes(streams, "booked/holds", defaults.BOOKING_NEEDS.value, count)
    wanted = choices(streams, "booked/criterion", HELD, [1.0] * len(HELD), count)
    who = risks(streams, count, "booked")
    where = homes(options, streams, count, "booked")
    found = []
    for n, (site, room) in enumerate(zip(sites, rooms, strict=True)):
        features = room.characteristics if room is not None else frozenset()
        fitting = frozenset(kind for kind in offences[n] if _accepts(site, features, kind))
        held = frozenset({wanted[n]}) & features if holds[n] and not silent[n] else frozenset()
        found.append(Asked(None if silent[n] else fitting, held, who[n], where[n]))
    return found


def request(booking: Booking, asked: Asked, site: Premises) -> Referral:
    """The request behind a booking, as far as the report tells."""
    tier = asked.risk.tier
    level = asked.risk.mappa_level
    if level is None and tier is not None and tier.letter != "A":
        level = 0
    (kind,) = site.ap_types
    return Referral(
        id=f"{booking.id}/referral",
        crn=booking.crn,
        gender=site.gender,
        release_date=booking.stay.arrival,
        latest_arrival=booking.stay.arrival,
        nights=booking.stay.nights,
        ap_type=kind if kind in defaults.REQUESTED_TYPES.value else ApType.NORMAL,
        tier=tier,
        rosh=_HIGHEST[tier.letter] if tier else None,
        mappa_level=level,
        mappa_category=asked.risk.mappa_category,
        outcode=asked.home.place.outcode,
        location=asked.home.place.point,
        essential=asked.room_criteria,
        offences=asked.offences or frozenset(),
        offences_unknown=frozenset(Offence) - ANSWERED
        if asked.offences is not None
        else frozenset(Offence),
    )


def report_criteria(request: Referral) -> frozenset[Criterion] | None:
    """The `criteria` of a booking in the report; None: blank."""
    if request.offences_unknown >= ANSWERED:
        return None
    return request.essential | needs.of_premises(request.offences)


def _accepts(site: Premises, room: frozenset[Criterion], kind: Offence) -> bool:
    return needs.of_premises([kind]) <= site.characteristics and needs.of_room([kind]) <= room
