"""Small files to read: a folder with two invented premises, and whatever a test adds to it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from allocator.ingest import Reading, Sources, read_files
from allocator.problem import Problem
from tests.ingest import real_headers

AS_OF = date(2026, 5, 1)
Cells = Mapping[str, str]


def csv_text(header: str, *rows: Cells) -> str:
    """Rows under a header; a name that is there twice is filled the first time only."""
    names = header.split(",")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(
            [row.get(n, "") if names.index(n) == i else "" for i, n in enumerate(names)]
        )
    return out.getvalue()


def write(path: Path, header: str, *rows: Cells) -> Path:
    """A CSV file. Columns that the header lacks are added at its end."""
    own = dict.fromkeys(name for row in rows for name in row if name not in header.split(","))
    path.write_text(csv_text(",".join([header, *own]), *rows), encoding="utf-8")
    return path


def a_premises(code: str = "APX1", **cells: str) -> Cells:
    """One open men's premises in an invented street of a real outcode."""
    return {
        "apCode": code,
        "name": f"Invented House {code}",
        "qCode": f"Q{code[-1]}00",
        "gender": "MAN",
        "status": "active",
        "supportsSpaceBookings": "YES",
        "postcode": "B1 9ZZ",
        "latitude": "52.48",
        "longitude": "-1.91",
        "acceptsSexOffenders": "YES",
    } | cells


def a_room(code: str = "APX1", room: str = "1", bed: str = "", **cells: str) -> Cells:
    """One bed in a room."""
    bed = bed or f"{code}-{room}"
    return {"apCode": code, "bedCode": bed, "roomNumber": room, "bedCount": "1"} | cells


def a_release(number: str = "R1", **cells: str) -> Cells:
    """A row of the release list with what it must have."""
    return {
        "referral_id": number,
        "crn": "X000001",
        "gender": "Male",
        "release_date": "2026-06-01",
    } | cells


def an_outcome(number: str = "M1", **cells: str) -> Cells:
    """A row of the report on matching outcomes: still to be matched."""
    return {
        "placement_request_id": number,
        "crn": "X000002",
        "gender": "Male",
        "expected_arrival_date": "2026-06-01",
        "expected_departure_date": "2026-08-24",
        "match_outcome": "Not matched",
        "tier": "B2",
        "mappa": "CAT 2/LEVEL 1",
        "target_location": "B1",
    } | cells


def a_placement(number: str = "P1", **cells: str) -> Cells:
    """A row of the placements report: someone booked from 10 May to 2 August."""
    return {
        "placement_id": number,
        "premises_name": "Invented House APX1",
        "crn": "X000009",
        "expected_arrival_date": "2026-05-10",
        "expected_departure_date": "2026-08-02",
    } | cells


def read(folder: Path, **files: Any) -> Reading:
    """Read the files given, with two premises of one bed each unless others are given."""
    if "premises" not in files:
        rows = (a_premises(), a_premises("APX2"))
        files["premises"] = write(folder / "premises.csv", real_headers.PREMISES, *rows)
    if "rooms" not in files:
        rows = (a_room(), a_room("APX2"))
        files["rooms"] = write(folder / "rooms.csv", real_headers.ROOMS, *rows)
    return read_files(Sources(**({"as_of": AS_OF} | files)))


def problem_of(reading: Reading) -> Problem:
    """The problem; a failing test shows the complaints."""
    assert reading.problem is not None, "\n".join(str(each) for each in reading.complaints)
    return reading.problem


def codes(problem: Problem) -> set[str]:
    """The kinds of note."""
    return {note.code for note in problem.notes}
