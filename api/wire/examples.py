"""Examples: one body of each kind, of people and places that do not exist (fixtures/tiny)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    # ---- the estate
    "Premises": {
        "id": "C",
        "name": "Cawder Hall",
        "gender": "man",
        "ap_types": ["normal"],
        "characteristics": ["acceptsSexOffenders", "acceptsHateCrimeOffenders"],
        "location": {"latitude": 53.7, "longitude": -1.2},
        "postcode": "HU1 0ZZ",
    },
    "Room": {
        "id": "B/3",
        "premises_id": "B",
        "name": "3",
        "characteristics": ["isSingle", "hasEnSuite"],
    },
    "Bed": {"id": "B-3", "room_id": "B/2", "name": "2 - 2", "starts": "2026-12-01"},
    "Entry": {
        "bed_id": "B-2",
        "first_night": "2026-11-20",
        "last_night": "2026-11-27",
        "reason": "The shower leaks.",
    },
    "Alteration": {
        "first_night": "2026-11-20",
        "last_night": "2026-11-24",
        "reason": "The part came early.",
    },
    "Cancellation": {"reason": "The shower was mended the same day."},
    # ---- people kept apart
    "Separation": {"crn": "X000002", "other_crn": "X000004", "radius_miles": 10.0},
    "ExclusionZone": {
        "crn": "X000005",
        "circle": {"centre": {"latitude": 53.96, "longitude": -1.08}, "radius_miles": 2.5},
    },
    # ---- bids
    "Referral": {
        "id": "R6",
        "crn": "X000006",
        "gender": "man",
        "release_date": "2026-11-23",
        "latest_arrival": "2026-11-25",
        "nights": 84,
        "tier": "B2",
        "rosh": "High",
        "mappa_level": 0,
        "essential": ["isGroundFloor"],
        "desirable": ["hasEnSuite"],
        "offences_unknown": ["hate"],
        "restriction_codes": [],
    },
    "Search": {"crn": "X000003"},
    "Owner": {"owner_id": "local:A Colleague"},
    "Closing": {"reason": "The release date was put off by the court."},
    "WithoutBed": {
        "reason": "No lawful bed by the day of release.",
        "fallback": "A place of the local authority, seen daily by the duty officer.",
    },
    "Restriction": {"visible_to": ["local:A Tester", "local:A Colleague"]},
    # ---- bookings
    "ManualBooking": {
        "referral_id": "R4",
        "bed_id": "B-2",
        "arrival": "2026-11-16",
        "departure": "2027-02-08",
        "reason": "Agreed by telephone with the premises.",
    },
    "OnADay": {"day": "2026-11-16"},
    "Ended": {"reason": "The person was recalled before the day."},
    "Departure": {"day": "2026-11-20", "reason": "Moved on to a flat."},
    "Extension": {"departure": "2027-02-15", "reason": "Move-on is a week late."},
    "Transfer": {
        "bed_id": "B-1",
        "day": "2026-11-18",
        "reason": "Needs the ground floor after an operation.",
    },
    # ---- holds
    "NewHold": {
        "bed_id": "B-2",
        "first_night": "2026-11-16",
        "last_night": "2026-12-13",
        "lowest_band": 1,
        "until": "2026-11-17",
        "why": "Two people of band 1 are expected in the week of 16 November.",
    },
    "HoldRelease": {"reason": "Both have been referred, and have beds elsewhere."},
    "HoldExtension": {"until": "2026-11-20", "reason": "One of them is still to be referred."},
    # ---- data protection
    "Erase": {
        "crn": "X000003",
        "reason": "The person has asked for it, and nothing is needed any more.",
        "asked_for": "request",
    },
    "PersonAsked": {"crn": "X000003"},
    # ---- runs and decisions
    "StartRun": {"over": "register", "effort": "standard", "seed": 0},
    "StartStudy": {
        "kind": "scenario",
        "name": "A bed more in the North East",
        "scenario": {
            "version": 1,
            "base": {"size": "S", "seed": 1},
            "methods": ["risk-order"],
            "replications": 2,
            "days": 56,
            "warm_up_days": 14,
            "scenarios": [
                {
                    "name": "one more",
                    "changes": [{"kind": "open_beds", "premises": "NE003", "beds": 1}],
                }
            ],
        },
    },
    "WhatIf": {"referral_id": "R3", "changes": {"essential": []}},
    "DecisionBody": {"action": "refuse", "reason": "The victim's family has moved near there."},
}
"""By the name of the kind. A test sends each to every route that takes it."""
