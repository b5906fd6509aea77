"""A client generated from the document, as another team would make one, walks the whole journey."""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest

from api.access.actor import Role
from api.app import create_app
from tests.api.front import local_settings
from tests.api.live import live
from tests.api.registers import AS_OF, Moving, make_register, until, working
from tests.fixtures.folders import FIXTURES

PACKAGE = "generated_bed_client"
TINY = FIXTURES / "tiny"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """What the generator said; the package it made can be imported."""
    folder = tmp_path_factory.mktemp("generated")
    app = create_app(local_settings(folder))
    (folder / "openapi.json").write_text(json.dumps(app.openapi()), encoding="utf-8")
    programs = Path(sys.executable).parent
    done = subprocess.run(
        [
            programs / "openapi-python-client",
            "generate",
            *("--path", "openapi.json"),
            *("--meta", "none"),
            *("--output-path", PACKAGE),
        ],
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    sys.path.insert(0, str(folder))
    yield done.stdout + done.stderr
    sys.path.remove(str(folder))


def part(name):
    return importlib.import_module(f"{PACKAGE}.{name}")


class Client:
    """The generated client of one person; each change under a key of its own."""

    def __init__(self, address, token):
        self.keys = count()
        self.signed_in = part("client").AuthenticatedClient(base_url=address, token=token)

    def ask(self, operation, *place, **said):
        """The parsed answer of an operation, named as in the document."""
        return part(f"api.{operation}").sync(*place, client=self.signed_in, **said)

    def do(self, operation, *place, **said):
        key = f"a-key-of-mine-{next(self.keys)}"
        return self.ask(operation, *place, idempotency_key=key, **said)


@pytest.fixture
def walk(generated, tmp_path):
    """A client of an empty register that is served, and its clock."""
    moving = Moving()
    register = make_register(tmp_path, moving=moving)
    app = create_app(local_settings(tmp_path), register)
    token = app.state.tokens.mint("A Tester", [Role.COORDINATOR, Role.MANAGER])
    with live(app) as address, working(register, tmp_path):
        yield Client(address, token), moving


def test_the_generator_leaves_nothing_out(generated):
    assert "warning" not in generated.lower(), generated


def test_every_part_of_the_generated_client_can_be_imported(generated):
    package = importlib.import_module(PACKAGE)
    found = [
        importlib.import_module(module.name).__name__
        for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}.")
    ]
    assert len(found) > 150


def test_the_generated_client_walks_from_files_to_a_departure(walk):
    client, moving = walk
    models = part("models")

    imported = client.do("files.import_files", body=the_files(models))
    assert isinstance(imported, models.Imported), imported
    assert imported.recorded.to_dict()["referral"] == 5

    run = client.do("runs.start_run", body=models.StartRun(effort=models.StartRunEffort.QUICK))
    assert isinstance(run, models.Run), run
    run = until(lambda: client.ask("runs.get_run", run.id), lambda run: run.ended_at is not None)
    assert run.status == "finished", run.fault

    proposals = client.ask("runs.list_proposals", run.id).records
    accepted = next(one for one in proposals if one.arrival == date(2026, 11, 9))
    refused = next(one for one in proposals if one.referral_id != accepted.referral_id)

    why = client.ask("runs.run_explanation", run.id, accepted.referral_id)
    assert (why.outcome, why.bed_id) == ("placed", accepted.bed_id)

    decided = decide(client, run, accepted, models.Action.ACCEPT, "The governor has agreed.")
    assert (decided.status, decided.booking.bed_id) == ("accepted", accepted.bed_id)
    again = decide(client, run, accepted, models.Action.ACCEPT)
    assert isinstance(again, models.Problem)
    assert (again.status, again.code) == (409, "decided")
    no = decide(client, run, refused, models.Action.REFUSE, "A victim lives near.")
    assert (no.status, no.booking) == ("refused", None)

    moving.put_forward(days=7)
    day = models.OnADay(day=date(2026, 11, 9))
    arrived = client.do("bookings.record_arrival", decided.booking.id, body=day)
    assert arrived.status == "arrived", arrived
    moving.put_forward(days=30)
    left = models.Departure(day=date(2026, 12, 9), reason="Moved on to a flat.")
    departed = client.do("bookings.record_departure", decided.booking.id, body=left)
    assert (departed.status, departed.departure) == ("departed", date(2026, 12, 9))

    bid = client.ask("referrals.get_referrals", accepted.referral_id)
    assert (bid.status, bid.details.id) == ("arrived", accepted.referral_id)
    waiting = client.ask("referrals.list_referrals", without_bed=True)
    assert refused.referral_id in [bid.id for bid in waiting.records]
    brief = client.ask("referrals.referral_brief", refused.referral_id)
    assert [attempt.code for attempt in brief.attempts][-1] == "proposal_refused"


def decide(client, run, proposal, action, reason=""):
    body = part("models").DecisionBody(action=action, reason=reason)
    return client.do("decisions.decide", run.id, proposal.referral_id, body=body)


def the_files(models):
    file = part("types").File

    def read(name):
        return file(payload=BytesIO((TINY / name).read_bytes()), file_name=name)

    return models.FilesToImport(
        premises=read("premises.csv"),
        rooms=read("rooms.csv"),
        referrals=[read("release-list.csv")],
        zones=[read("zones.csv")],
        as_of=AS_OF,
    )
