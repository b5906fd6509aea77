"""A plan that changes little from one of which some has been decided by now, over HTTP."""

from dataclasses import replace
from datetime import date

import pytest

from api.access.actor import Role
from api.service.importing import import_problem
from api.service.run_values import plan_of
from tests.api.registers import COORDINATOR, finished_run, tiny
from tests.api.service import a_service
from tests.api.test_advice import put_in

C = Role.COORDINATOR
SHORTER = {"action": "change", "departure": "2027-01-18", "reason": "the licence ends"}
REFUSED = {"action": "refuse", "reason": "too far from work"}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def decided(service):
    """A plan of R1, R2, R4 and R5: one is accepted, one changed and one refused."""
    run, ann = service.run(), service.client(C, name="Ann")
    for referral, said in (("R1", {"action": "accept"}), ("R2", SHORTER), ("R5", REFUSED)):
        answer = ann.post(f"/v1/runs/{run['id']}/proposals/{referral}/decision", said)
        assert answer.status_code == 200, answer.text
    return run["id"]


def kept(service, before, **asked):
    """Who is kept by a plan that changes little from the one before, and how many are as in it."""
    run = finished_run(service.register, service.folder, effort="quick", keep_run=before, **asked)
    with service.register.reading() as connection:
        plan = plan_of(connection, run)
    return [name for name, _, _ in plan.kept_plan], plan.level("least_change").value


@pytest.mark.parametrize("hold_back", [False, True])
def test_whoever_is_booked_by_now_is_left_out_of_what_a_plan_changes_little_from(
    service, decided, hold_back
):
    assert put_in(service).status_code == 201
    assert kept(service, decided, hold_back=hold_back) == (["R4", "R5"], 2)


def test_whoever_is_withdrawn_or_new_by_now_is_left_out_too(service, decided):
    ann = service.client(C, name="Ann")
    body = {"reason": "goes home"}
    assert ann.post("/v1/referrals/R5/withdrawal", body).is_success
    first = tiny().referrals[3]
    new = replace(
        first,
        id="R6",
        crn="X000006",
        release_date=date(2026, 11, 17),
        latest_arrival=date(2026, 11, 17),
    )
    with service.register.changing(COORDINATOR) as change:
        import_problem(change, replace(tiny(), referrals=(*tiny().referrals, new)), {})
    assert kept(service, decided) == (["R4"], 1)


def test_a_plan_of_which_everybody_is_booked_is_as_if_none_was_given(service):
    run, ann = service.run()["id"], service.client(C, name="Ann")
    for name in ("R1", "R2", "R4", "R5"):
        said = {"action": "accept", "reason": "agreed early"}
        answer = ann.post(f"/v1/runs/{run}/proposals/{name}/decision", said)
        assert answer.status_code == 200, answer.text
    again = finished_run(service.register, service.folder, effort="quick", keep_run=run)
    with service.register.reading() as connection:
        assert plan_of(connection, again).kept_plan == ()
