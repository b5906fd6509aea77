"""The people as a coordinator's files: release list, placements, separations, zones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from allocator.booking import Booking
from allocator.generate import headers
from allocator.generate.booked import report_criteria
from allocator.generate.csv_file import Cell, listed, write_csv
from allocator.problem import Problem
from allocator.referral import Referral, ShareAssessment
from allocator.rules.needs import OF_PREMISES
from allocator.safeguards import ExclusionZone
from allocator.vocabulary import Criterion, Offence

_OFFENCE_COLUMNS = {
    Offence.SEXUAL_ADULT: "sexual_offence_adult",
    Offence.SEXUAL_CHILD: "sexual_offence_child",
    Offence.NON_SEXUAL_CHILD: "non_sexual_offence_child",
    Offence.HATE: "hate_offence",
    Offence.ARSON: "arson_offence",
}
_GENDERS = {"man": "Male", "woman": "Female"}


def write_release_list(problem: Problem, path: Path) -> None:
    """Our own layout, with every field the rules use."""
    rows = (
        [referral_cells(referral, problem.synthetic).get(name) for name in headers.RELEASE_LIST]
        for referral in problem.referrals
    )
    write_csv(path, headers.RELEASE_LIST, rows)


def write_placements(problem: Problem, path: Path) -> None:
    """The layout of the ministry's placements report, and our own columns."""
    rows = []
    for booking in problem.bookings:
        cells = _booking_cells(booking, problem)
        rows.append([cells.get(name) for name in headers.PLACEMENTS])
    write_csv(path, headers.PLACEMENTS, rows)


def write_separations(problem: Problem, path: Path) -> None:
    """Pairs of people kept apart."""
    rows = ((pair.crn, pair.other_crn, pair.radius_miles) for pair in problem.separations)
    write_csv(path, headers.SEPARATIONS, rows)


def write_zones(problem: Problem, path: Path) -> None:
    """Exclusion zones that are circles or named premises."""
    write_csv(path, headers.ZONES, _zone_rows(problem))


def write_polygons(problem: Problem, path: Path) -> None:
    """Exclusion zones that are polygons, as GeoJSON; `crn` is a property of each."""
    features = [
        {
            "type": "Feature",
            "properties": {"crn": zone.crn, "synthetic": problem.synthetic},
            "geometry": {"type": "MultiPolygon", "coordinates": zone.polygon.polygons},
        }
        for zone in problem.zones
        if zone.polygon is not None
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, indent=1) + "\n", encoding="utf-8")


def referral_cells(referral: Referral, synthetic: bool) -> dict[str, Cell]:
    """A row of the release list, by column."""
    codes = referral.restriction_codes
    cells: dict[str, Cell] = {
        "referral_id": referral.id,
        "crn": referral.crn,
        "gender": _GENDERS[referral.gender],
        "release_date": referral.release_date,
        "latest_arrival": referral.latest_arrival,
        "nights": referral.nights,
        "ap_type": referral.ap_type.value,
        "tier": referral.tier.value if referral.tier else None,
        "rosh": referral.rosh.value if referral.rosh else None,
        "mappa": _mappa(referral),
        "exceptional_case": referral.exceptional_case,
        "outcode": referral.outcode,
        "aimed_radius_miles": referral.aimed_radius_miles,
        "consented_radius_miles": referral.consented_radius_miles,
        "essential_criteria": listed(referral.essential),
        "desirable_criteria": listed(referral.desirable),
        "restriction_codes": None if codes is None else listed(codes),
        "licence_expiry": referral.licence_expiry,
        "preferred_premises": ";".join(referral.preferred_premises),
        "failed_attempts": referral.failed_attempts,
        "synthetic": synthetic,
    }
    offences: dict[str, Cell] = {
        column: None if kind in referral.offences_unknown else kind in referral.offences
        for kind, column in _OFFENCE_COLUMNS.items()
    }
    return cells | offences | _sharing_cells(referral.sharing) | dict(referral.protected)


def _booking_cells(booking: Booking, problem: Problem) -> dict[str, Cell]:
    site = problem.premises_by_id[booking.premises_id]
    stay = booking.stay
    asked = None if booking.referral is None else report_criteria(booking.referral)
    cells: dict[str, Cell] = {
        "placement_id": booking.id,
        "premises_name": site.name,
        "premises_region": site.region,
        "expected_arrival_date": stay.arrival,
        "expected_duration_nights": stay.nights,
        "expected_departure_date": stay.departure,
        "actual_arrival_date": stay.arrival if booking.resident else None,
        "criteria": None if asked is None else _asked_cell(asked),
        "crn": booking.crn,
        "bed_code": booking.bed_id,
        "synthetic": problem.synthetic,
    }
    return cells | _request_cells(booking.referral) | _sharing_cells(booking.sharing)


def _request_cells(request: Referral | None) -> dict[str, Cell]:
    """What the report repeats of the request. A MAPPA level that was not recorded stays blank."""
    if request is None:
        return {}
    recorded = request.mappa_category is not None or request.mappa_level == 0
    return {
        "gender": _GENDERS[request.gender],
        "tier": request.tier.value if request.tier else None,
        "mappa": _mappa(request) if recorded else None,
        "premises_type": request.ap_type.value,
        "target_location": request.outcode,
    }


def _asked_cell(asked: frozenset[Criterion]) -> str:
    """With NONE where no criterion shows by itself that somebody answered for offences."""
    if asked & frozenset(OF_PREMISES.values()):
        return listed(asked)
    return ";".join(["NONE", *sorted(asked)])


def _zone_rows(problem: Problem) -> Iterator[tuple[Cell, ...]]:
    for zone in problem.zones:
        if zone.circle is not None:
            centre = zone.circle.centre
            yield (
                zone.crn,
                "circle",
                centre.latitude,
                centre.longitude,
                zone.circle.radius_miles,
                None,
            )
        if zone.premises_ids:
            yield zone.crn, "premises", None, None, None, _premises_of(zone)


def _premises_of(zone: ExclusionZone) -> str:
    return ";".join(sorted(zone.premises_ids))


def _mappa(referral: Referral) -> str | None:
    if referral.mappa_level is None:
        return None
    if referral.mappa_level == 0:
        return "NOT MAPPA"
    return f"CAT {referral.mappa_category}/LEVEL {referral.mappa_level}"


def _sharing_cells(sharing: ShareAssessment | None) -> dict[str, Cell]:
    if sharing is None:
        return {}
    return {"share_suitable": sharing.suitable, "share_valid_until": sharing.valid_until}
