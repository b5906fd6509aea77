"""The ladder and its lists as asked for: roles that there are, and the first who knows stands."""

import pytest

from api.service.runs import set_state
from tests.api.registers import COORDINATOR, row
from tests.api.service import a_service


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def risen(service, days):
    """R1 at a higher rung, for nobody has acknowledged it."""
    service.moving.put_forward(days=days)
    service.client("manager").post("/v1/escalations/review")
    return row(service.register, "referral", "R1")["rung"]


def known(client):
    return client.post("/v1/escalations/R1/acknowledgement")


def test_a_role_that_is_no_rung_is_refused_and_the_rungs_are_named(service):
    ann = service.client("coordinator")
    answer = ann.get("/v1/escalations?role=boss")
    assert answer.status_code == 422
    assert "owner, CRU manager, AP area manager, regional head" in answer.json()["detail"]
    assert ann.get("/v1/escalations?role=owner").status_code == 200


def test_the_first_who_acknowledges_stands_and_may_say_it_again(service):
    ann, bob = (service.client("coordinator", "manager", name=name) for name in ("Ann", "Bob"))
    first = known(ann)
    again = known(ann)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["version"] == first.json()["version"]
    refused = known(bob)
    assert (refused.status_code, refused.json()["code"]) == (409, "acknowledged")
    assert refused.json()["acknowledged_by"] == "Ann"
    assert row(service.register, "referral", "R1")["rung_acknowledged_by"] == "Ann"


def test_a_higher_rung_is_acknowledged_by_a_manager(service):
    ann, bob = service.client("coordinator", name="Ann"), service.client("manager", name="Bob")
    assert risen(service, days=30) > 0
    refused = known(ann)
    assert (refused.status_code, refused.json()["code"]) == (403, "role-not-allowed")
    assert known(bob).status_code == 200


def test_who_may_see_a_restricted_bid_is_told_that_it_is_restricted(service):
    ann, bob = (service.client("coordinator", "manager", name=name) for name in ("Ann", "Bob"))
    ann.post("/v1/referrals/R1/restriction", {"visible_to": ["local:Ann"]})
    mine = ann.get("/v1/referrals/R1").json()
    assert mine["restricted"] is True and mine["details"]["crn"] == "X000001"
    assert ann.get("/v1/referrals/R2").json()["restricted"] is False
    (theirs,) = [each for each in bob.get("/v1/referrals").json()["records"] if each["id"] == "R1"]
    assert theirs["restricted"] is True and theirs["details"] is None


def test_a_list_of_runs_tells_of_each_what_the_run_itself_tells(service):
    run = service.run()
    level = {"level": "placed/1", "value": 3, "bound": 4, "elapsed_s": 0.5}
    with service.register.changing(COORDINATOR) as change:
        set_state(change.connection, run["id"], progress=[level])
    ann = service.client("coordinator")
    (listed,) = ann.get("/v1/runs").json()["records"]
    assert listed == ann.get(f"/v1/runs/{run['id']}").json()
    assert listed["attempt"] == 1 and listed["progress"]
