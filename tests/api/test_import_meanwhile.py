"""What somebody changes while files are being read is not lost."""

import pytest

from api.access.actor import Role
from api.service import import_files
from tests.api.registers import row, rows
from tests.api.service import a_service
from tests.fixtures.folders import FIXTURES

C, S, M = Role.COORDINATOR, Role.SERVICE, Role.MANAGER
PAIR = b"crn,other_crn,radius_miles\nX000001,X000002,\n"


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def up(client, **files):
    """Send these files, each by what it holds."""
    given = {kind: (f"{kind}.csv", content) for kind, content in files.items()}
    key = f"import-{next(client.keys):08}"
    return client.client.post("/v1/imports", files=given, headers={"Idempotency-Key": key})


def of_tiny(name):
    return (FIXTURES / "tiny" / name).read_bytes()


@pytest.fixture
def meanwhile(service, monkeypatch):
    """Somebody closes premises A after the files were read and before they are recorded."""

    def seats_for(*_):
        before = row(service.register, "premises", "A")
        body = {**before["details"], "open": False}
        system = service.client(S, name="A system")
        assert system.put("/v1/premises/A", body, before["version"]).is_success
        return {}

    monkeypatch.setattr(import_files, "seats_for", seats_for)


def test_an_import_writes_nothing_that_its_files_do_not_name(service, ann, meanwhile):
    answer = up(ann, separations=PAIR)
    assert answer.status_code == 201, answer.text
    assert row(service.register, "premises", "A")["open"] is False
    assert sum(answer.json()["changed"].values()) == 0


def test_a_file_that_says_what_was_known_changes_nothing(service, ann, meanwhile):
    assert up(ann, premises=of_tiny("premises.csv")).status_code == 201
    assert row(service.register, "premises", "A")["open"] is False


def test_a_file_that_says_otherwise_than_somebody_meanwhile_is_refused(service, ann, meanwhile):
    other = of_tiny("premises.csv").replace(b"Alderbeck House", b"Alderbeck Lodge")
    answer = up(ann, premises=other, separations=PAIR)
    assert answer.status_code == 409 and answer.json()["code"] == "changed-meanwhile"
    assert (answer.json()["kind"], answer.json()["record_id"]) == ("premises", "A")
    assert rows(service.register, "separation") == [], "nothing of it was imported"


def test_a_referral_changed_meanwhile_is_not_written_over(service, ann, monkeypatch):
    def seats_for(*_):
        before = ann.get("/v1/referrals/R1").json()
        body = {**before["details"], "nights": 33}
        assert ann.put("/v1/referrals/R1", body, before["version"]).is_success
        return {}

    monkeypatch.setattr(import_files, "seats_for", seats_for)
    same = of_tiny("release-list.csv")
    answer = up(ann, referrals=same)
    assert answer.status_code == 409 and answer.json()["record_id"] == "R1"
    assert row(service.register, "referral", "R1")["details"]["nights"] == 33
