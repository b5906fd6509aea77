"""Connections: a request that waits for a second while it holds a first could wait for ever."""

import pytest
from sqlalchemy import event

from api.access.actor import Role
from tests.api.service import a_planned_service, signed_in_at_the_pages
from tests.api.studies.asking import ask_scenario
from tests.api.test_permissions import walk

EVERYONE = [role for role in Role if role is not Role.SERVICE]
FOREVER = {"watch_run", "page_watch_run", "watch_study"}
"""Told as it happens; it holds nothing in between."""


class Counting:
    """How many connections are held at once, at most."""

    def __init__(self, engine):
        self.held = self.most = 0
        event.listen(engine, "checkout", self._taken)
        event.listen(engine, "checkin", self._given_back)

    def _taken(self, *_):
        self.held += 1
        self.most = max(self.most, self.held)

    def _given_back(self, *_):
        self.held -= 1


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return a_planned_service(tmp_path_factory.mktemp("service"))


def test_no_route_that_reads_holds_two_connections(filled):
    service, run = filled
    client = service.client(*EVERYONE)
    signed_in_at_the_pages(service, client.client, *EVERYONE)
    counting = Counting(service.register.database.engine)
    known = {
        "run_id": run,
        "referral_id": "R1",
        "identifier": "R1",
        "number": "0",
        "name": "pages.css",
    }
    known["study_id"] = ask_scenario(service.client(Role.PLANNER))
    known["bed_id"] = "A-2"
    held = {}
    for name, path, methods, _ in walk(service.app):
        if "GET" in methods and name not in FOREVER:
            counting.most = 0
            files = {"name": "scenario.yaml"} if "{study_id}" in path else {}
            address = path.format(**known | files)
            compared = f"?with={run}" if name.endswith("compare_runs") else ""
            client.get(address + compared)
            held[name] = (counting.most, counting.held)
    assert len(held) > 30
    assert {name: each for name, each in held.items() if each[0] > 1 or each[1]} == {}
    assert held["list_escalations"] == held["run_plan"] == (1, 0), "it is counted at all"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/referrals/search", {"crn": "X000001"}),
        ("/v1/runs/{run_id}/what-if", {"referral_id": "R3", "changes": {"essential": []}}),
        ("/v1/runs/{run_id}/what-if", {"referral": {"crn": "X000001"}}),
        ("/v1/runs/{run_id}/replay", None),
        ("/v1/runs/{run_id}/proposals/R1/decision", {"action": "accept", "bed_id": "A-2"}),
        ("/v1/runs/{run_id}/proposals/R2/decision", {"action": "accept"}),
        ("/v1/runs", {}),
        ("/v1/escalations/R3/acknowledgement", None),
    ],
)
def test_no_route_that_changes_holds_two_connections(filled, path, body):
    service, run = filled
    counting = Counting(service.register.database.engine)
    service.client(*EVERYONE).post(path.format(run_id=run), body)
    assert (counting.most, counting.held) == (1, 0)
