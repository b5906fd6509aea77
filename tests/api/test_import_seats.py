"""Bookings that files bring without a bed, beside those that have one: nobody loses theirs."""

import csv
import io
from datetime import date, timedelta

import pytest

from allocator.generate import generate, write_files
from api.access.actor import Role
from api.store.verify import verify as look
from tests.api.registers import AS_OF as TODAY
from tests.api.registers import rows
from tests.api.service import a_service
from tests.api.test_import_meanwhile import up

C, M = Role.COORDINATOR, Role.MANAGER
NAMES = {
    "premises": "premises.csv",
    "rooms": "rooms.csv",
    "restrictions": "restrictions.csv",
    "placements": "placements.csv",
    "out_of_service": "out-of-service.csv",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write_files(generate("S", 1, as_of=TODAY), folder)
    return {kind: (folder / name).read_bytes() for kind, name in NAMES.items()}


def verify(service):
    with service.register.reading() as connection:
        return look(connection).faults


def longer(text, identifier, days):
    """The file with one placement's departure later, and only that placement in it."""
    reader = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    header, *lines = reader
    wanted = next(line for line in lines if line[header.index("placement_id")] == identifier)
    at = header.index("expected_departure_date")
    wanted[at] = (date.fromisoformat(wanted[at]) + timedelta(days=days)).isoformat()
    out = io.StringIO()
    csv.writer(out).writerows([header, wanted])
    return out.getvalue().encode()


def test_a_stay_that_a_file_makes_longer_keeps_its_bed_where_the_bed_is_free(tmp_path, files):
    service = a_service(tmp_path)
    ann = service.client(C, M, name="Ann")
    first = up(ann, **files)
    assert first.status_code == 201, first.text
    assert first.json()["surplus"] == []
    before = {each["id"]: each for each in rows(service.register, "booking")}
    free_after = [
        each
        for each in before.values()
        if each["departure"] > TODAY
        and not any(
            other["bed_id"] == each["bed_id"] and other["arrival"] >= each["departure"]
            for other in before.values()
        )
    ][:4]
    assert len(free_after) == 4
    estate = {kind: files[kind] for kind in ("premises", "rooms", "restrictions")}
    for each in free_after:
        answer = up(ann, **estate, placements=longer(files["placements"], each["id"], 1))
        assert answer.status_code == 201, answer.text
        assert answer.json()["surplus"] == [], each["id"]
        now = next(b for b in rows(service.register, "booking") if b["id"] == each["id"])
        assert (now["bed_id"], now["surplus"]) == (each["bed_id"], False)
        assert now["departure"] == each["departure"] + timedelta(days=1)


def test_new_bookings_are_let_in_by_seating_those_whose_bed_nobody_named(tmp_path, files):
    """Half of the bookings, then the other half without the files of the estate: all have beds."""
    service = a_service(tmp_path)
    ann = service.client(C, M, name="Ann")
    header, *lines = files["placements"].decode("utf-8-sig").splitlines()
    halves = ["\n".join([header, *part]).encode() for part in (lines[::2], lines[1::2])]
    estate = {kind: text for kind, text in files.items() if kind != "placements"}
    assert up(ann, **estate, placements=halves[0]).status_code == 201
    before = {each["id"]: each for each in rows(service.register, "booking")}
    answer = up(ann, placements=halves[1])
    assert answer.status_code == 201, answer.text
    assert answer.json()["surplus"] == []
    after = {each["id"]: each for each in rows(service.register, "booking")}
    assert not any(each["surplus"] for each in after.values())
    moved = [b for b in before.values() if after[b["id"]]["bed_id"] != b["bed_id"]]
    assert moved, "else nothing of this was tried"
    for each in moved:
        assert each["bed_inferred"]
        assert after[each["id"]]["premises_id"] == each["premises_id"]
    assert verify(service) == []
