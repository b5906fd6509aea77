"""The estate as a coordinator's files: premises, rooms, restrictions, beds out of service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from allocator.estate import OutOfService, Premises
from allocator.generate import headers
from allocator.generate.csv_file import Cell, write_csv
from allocator.problem import Problem
from allocator.vocabulary import Criterion

_CRITERIA = {criterion.value: criterion for criterion in Criterion}


def write_premises(problem: Problem, path: Path) -> None:
    """The 41 columns of the ministry, and our own."""
    write_csv(path, headers.PREMISES, (_premises_row(site, problem) for site in problem.premises))


def write_rooms(problem: Problem, path: Path) -> None:
    """The 26 columns of the ministry, one row a bed, and our own."""
    write_csv(path, headers.ROOMS, _room_rows(problem))


def write_restrictions(problem: Problem, path: Path) -> None:
    """Coded local restrictions of premises, and codes that apply to people and to none of these."""
    rows = [
        (site.id, restriction.code, restriction.description)
        for site in problem.premises
        for restriction in site.local_restrictions
    ]
    of_people = {code for person in problem.referrals for code in person.restriction_codes or ()}
    others = sorted(of_people - {code for _, code, _ in rows})
    write_csv(path, headers.RESTRICTIONS, [*rows, *(("NONE", code, "") for code in others)])


def write_out_of_service(problem: Problem, path: Path) -> None:
    """Out-of-service records; files give the last day, inclusive."""
    rows = (_out_of_service_row(record, problem) for record in problem.out_of_service)
    write_csv(path, headers.OUT_OF_SERVICE, rows)


def _premises_row(site: Premises, problem: Problem) -> list[Cell]:
    archived = not site.open and not any(r.premises_id == site.id for r in problem.rooms)
    cells: dict[str, Cell] = {
        "name": site.name,
        "addressLine1": "Invented Street",
        "town": "Invented Town",
        "postcode": site.postcode,
        "latitude": site.location.latitude if site.location else None,
        "longitude": site.location.longitude if site.location else None,
        "probationRegion": site.region,
        "status": "archived" if archived else "active",
        "apCode": site.id,
        "qCode": site.q_code,
        "gender": site.gender.value.upper(),
        "supportsSpaceBookings": True,
        "fullAddress": f"Invented Street, Invented Town, {site.postcode}",
        "cruManagementAreaName": site.area,
        "arrivalsPerDay": site.arrivals_per_day,
        "allowNewSpaceBookings": site.open or archived,
        "mixCaps": "; ".join(f"{cap.attribute}:{cap.limit}" for cap in site.mix_caps),
        "synthetic": problem.synthetic,
    }
    return [_cell(name, cells, site.characteristics) for name in headers.PREMISES]


def _room_rows(problem: Problem) -> Iterator[list[Cell]]:
    for room in problem.rooms:
        for number, bed in enumerate(problem.beds_in_room[room.id], start=1):
            cells: dict[str, Cell] = {
                "apCode": room.premises_id,
                "bedCode": bed.id,
                "roomNumber": room.name,
                "bedCount": number,
                # No longer used by the service, which writes the same in both columns.
                "isArsonDesignated": Criterion.IS_ARSON_SUITABLE in room.characteristics,
                "bedStart": bed.starts,
                "bedEnd": bed.ends,
                "synthetic": problem.synthetic,
            }
            yield [_cell(name, cells, room.characteristics) for name in headers.ROOMS]


def _cell(name: str, cells: dict[str, Cell], characteristics: frozenset[Criterion]) -> Cell:
    if name in _CRITERIA and name not in cells:
        return _CRITERIA[name] in characteristics
    return cells.get(name)


def _out_of_service_row(record: OutOfService, problem: Problem) -> tuple[Cell, ...]:
    return (
        problem.premises_of_bed(record.bed_id).id,
        record.bed_id,
        record.nights.arrival,
        record.nights.departure - timedelta(days=1),
        record.reason,
        False,
        "",
        "",
        "",
    )
