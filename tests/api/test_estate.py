"""The estate: who may read and change it, and what cannot be taken away."""

from dataclasses import replace
from datetime import date

import pytest

from allocator.booking import Booking
from allocator.nights import Stay
from api.access.actor import Role
from api.app import create_app
from api.service.importing import import_problem
from api.service.refusals import ConflictError
from tests.api.front import local_settings
from tests.api.registers import COORDINATOR, Moving, make_register, tiny
from tests.api.service import Service


@pytest.fixture
def service(database_url, tmp_path):
    moving = Moving()
    register = make_register(database_url, tiny(), moving=moving)
    return Service(create_app(local_settings(tmp_path), register), tmp_path, moving)


@pytest.mark.parametrize("kind", ["premises", "rooms", "beds"])
def test_an_administrator_reads_what_they_change_and_gets_the_version(service, kind):
    someone = service.client(Role.ADMINISTRATOR)
    first = someone.get(f"/v1/{kind}").json()["records"][0]
    read = someone.get(f"/v1/{kind}/" + first["id"].replace("/", "%2F"))
    assert (read.status_code, read.headers["ETag"]) == (200, f'"{first["version"]}"')


def test_premises_with_a_booking_and_no_bed_stay_and_say_why(service):
    place = replace(tiny().premises[0], id="Z", name="Z")
    stay = Stay(date(2026, 11, 2), date(2026, 12, 2))
    problem = replace(
        tiny(),
        premises=(*tiny().premises, place),
        bookings=(Booking("K9", "X000109", "Z", stay),),
    )
    with service.register.changing(COORDINATOR) as change:
        import_problem(change, problem, {})
    answer = service.client(Role.ADMINISTRATOR).delete("/v1/premises/Z", 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "in-use")
    assert "premises Z is still in use" in answer.json()["detail"]


def test_a_link_that_would_break_is_no_night_that_is_held_twice(service):
    with pytest.raises(ConflictError) as refused, service.register.changing(COORDINATOR) as change:
        change.remove("premises.removed", "premises", "A")
    assert refused.value.code == "in-use"


def test_a_night_that_is_held_twice_is_told_as_one(service):
    with pytest.raises(ConflictError) as refused, service.register.changing(COORDINATOR) as change:
        nights = {"bed_id": "A-1", "premises_id": "A", "first_night": date(2026, 11, 2)}
        rest = {"end": date(2026, 11, 4), "reason": "x", "cancelled": False, "in_conflict": False}
        for name in ("one", "other"):
            change.record("x", "out_of_service", {"id": name, "version": 1, **nights, **rest})
    assert refused.value.code == "night-taken"
