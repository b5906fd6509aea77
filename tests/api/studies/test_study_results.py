"""A study from its request to its files: the same as the command line makes of the same file."""

import json

import pytest
from typer.testing import CliRunner

from allocator.cli import app
from api.access.actor import Role
from api.pages import studies as pages
from api.service import studies
from api.service.leases import ALLOCATOR
from api.service.study_cells import forget_cells
from api.store.tables import ACCESS_LOG
from api.store.verify import verify
from tests.api.lives import sound
from tests.api.service import a_service
from tests.api.studies.asking import (
    SMALL,
    actions,
    ask_scenario,
    asked,
    cells,
    ended_study,
    files,
    state,
    studying,
)

TABLES = ("results.csv", "differences.csv", "ledger.csv")
SIMULATION = {
    "methods": ["first-come", "commit-by"],
    "years": 2,
    "days": 28,
    "warm_up_days": 14,
    "load": 1.3,
}


@pytest.fixture(scope="module")
def done(tmp_path_factory, forecast_file, history_file):
    """A service with finished studies: which no test changes but by looking."""
    service = a_service(tmp_path_factory.mktemp("done"))
    planner = service.client(Role.PLANNER, name="Pat")
    told = json.loads(forecast_file.read_bytes())
    other = service.client(Role.PLANNER, name="Sam")  # for only so many of one person may wait
    over = {**SIMULATION, "estate": "register"}
    over.pop("load")
    ids = {
        "scenario": ask_scenario(planner, name="One bed"),
        "simulation": asked(planner, {"kind": "simulation", "simulation": SIMULATION}),
        "register": asked(planner, {"kind": "simulation", "simulation": over, "forecast": told}),
        "history": asked(
            other,
            {"kind": "simulation", "simulation": over, "history": history_file.read_text()},
        ),
    }
    with studying(service.register, service.folder):
        for study_id in ids.values():
            study = ended_study(service.register, study_id)
            assert study["status"] == "finished", study["fault"]
    return service, planner, ids


def by_command(folder, *words):
    result = CliRunner().invoke(app, [*map(str, words), "-o", str(folder)])
    assert result.exit_code == 0, result.output
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_its_tables_are_those_of_the_command_line_byte_for_byte(done, tmp_path):
    _, planner, ids = done
    (tmp_path / "small.yaml").write_text(SMALL)
    theirs = by_command(tmp_path / "out", "scenario", tmp_path / "small.yaml")
    ours = files(planner, ids["scenario"])
    assert ours.keys() == theirs.keys() | {"scenario.yaml"}
    assert [name for name in TABLES if ours[name] != theirs[name]] == []
    assert ours["scenario.yaml"].decode() == SMALL
    here, there = json.loads(ours["results.json"]), json.loads(theirs["results.json"])
    assert here == there


def test_a_simulation_too(done, tmp_path):
    _, planner, ids = done
    words = ["simulate", "--years", "2", "--days", "28", "--warm-up", "14", "--load", "1.3"]
    theirs = by_command(tmp_path, *words, "--method", "first-come", "--method", "commit-by")
    ours = files(planner, ids["simulation"])
    assert ours.keys() == theirs.keys() | {"simulation.json"}
    for name in ("by-band.csv", "differences.csv", "housed-on-the-day.svg"):
        assert ours[name] == theirs[name], name


def test_the_register_as_it_stands_is_the_problem_that_it_exports(done, forecast_file, tmp_path):
    service, planner, ids = done
    owner = service.client(Role.MANAGER)
    exported = tmp_path / "problem.json"
    exported.write_bytes(owner.get("/v1/export/problem.json").content)
    words = [exported, "--forecast", forecast_file, "--years", "2", "--days", "28"]
    methods = ["--warm-up", "14", "--method", "first-come", "--method", "commit-by"]
    theirs = by_command(tmp_path / "out", "simulate", *words, *methods)
    ours = files(planner, ids["register"])
    assert ours["by-band.csv"] == theirs["by-band.csv"]
    assert ours["differences.csv"] == theirs["differences.csv"]
    # The history was fitted here as the command fits it.
    assert files(planner, ids["history"])["by-band.csv"] == theirs["by-band.csv"]
    told = planner.get(f"/v1/studies/{ids['register']}").json()
    assert (told["over"], told["register_seq"] > 0) == ("register", True)


def test_its_figures_are_those_of_its_tables(done):
    _, planner, ids = done
    told = planner.get(f"/v1/studies/{ids['scenario']}/figures").json()
    assert [(each["scenario"], each["method"]) for each in told["outcomes"]] == [
        ("base", "risk-order"),
        ("a bed more", "risk-order"),
    ]
    assert told["synthetic_estate"] and told["less"] == "base"
    base, changed = told["outcomes"]
    assert base["differences"] is None
    less = changed["figures"]["unmet"]["mean"] - base["figures"]["unmet"]["mean"]
    assert changed["differences"]["unmet"]["mean"] == pytest.approx(less)
    people = sum(row["people"] for row in told["ledger"] if row["scenario"] == "base")
    assert people == base["figures"]["unmet"]["mean"] * told["replications"] > 0
    assert told["answers"]["best_sites"]["looked_at"] == 1
    assert told["answers"]["closures"] is None


def test_methods_of_a_simulation_are_compared_with_the_first(done):
    _, planner, ids = done
    told = planner.get(f"/v1/studies/{ids['simulation']}/figures").json()
    first, second = told["outcomes"]
    assert (told["less"], first["method"], first["differences"]) == ("first-come",) * 2 + (None,)
    less = second["figures"]["unmet"]["mean"] - first["figures"]["unmet"]["mean"]
    assert second["differences"]["unmet"]["mean"] == pytest.approx(less)


def test_how_far_it_came_stays_to_be_read(done):
    service, _, ids = done
    told = {each["step"]: each for each in state(service.register, ids["scenario"])["progress"]}
    assert (told["years"]["done"], told["years"]["of"]) == (4, 4)
    # The question runs the base again, which is there, and the same bed more at one premises.
    assert told["best_sites"]["done"] == told["best_sites"]["of"] == 4


def test_events_end_with_the_status(done):
    _, planner, ids = done
    told = planner.get(f"/v1/studies/{ids['scenario']}/events").text
    assert 'event: progress\ndata: {"step": "years", "done": 4, "of": 4' in told
    assert told.endswith('event: end\ndata: {"status": "finished"}\n\n')


def test_the_timeline_says_who_asked_and_how_it_ended_and_all_of_it_is_sound(done):
    service, _, ids = done
    assert actions(service.register, ids["scenario"]) == [
        "study.requested",
        "study.claimed",
        "study.finished",
    ]
    sound(service.register)


def test_a_document_of_a_study_that_was_altered_or_is_gone_is_found(tmp_path):
    service = a_service(tmp_path)
    ask_scenario(service.client(Role.PLANNER))
    with service.register.database.changing() as connection:
        connection.exec_driver_sql("DELETE FROM run_documents")
    with service.register.reading() as connection:
        faults = verify(connection).faults
    assert len(faults) == 2 and all("a document of study" in fault for fault in faults)


def test_what_was_made_from_people_is_logged_when_it_is_given(done):
    service, planner, ids = done
    before = accesses(service)
    planner.get(f"/v1/studies/{ids['simulation']}/files/by-band.csv")
    made_up = [("Pat", "disclosure", "get_study_file", [])]
    assert accesses(service)[len(before) :] == made_up, "a file is given, of nobody's records"
    before += made_up
    planner.get(f"/v1/studies/{ids['register']}/figures")
    planner.get(f"/v1/studies/{ids['register']}/files/by-band.csv")
    assert accesses(service)[len(before) :] == [
        ("Pat", "consultation", "study_figures", [ids["register"]]),
        ("Pat", "disclosure", "get_study_file", [ids["register"]]),
    ]


def test_premises_of_a_study_from_before_names_were_kept_have_those_of_the_register(
    done, monkeypatch
):
    service, _, ids = done
    kept = studies.figures_of

    def of_then(connection, row):
        told = json.loads(kept(connection, row))
        del told["names"]
        return json.dumps(told).encode()

    monkeypatch.setattr(studies, "figures_of", of_then)
    with service.register.reading() as connection:
        change = service.register.change(connection, None)
        row = change.row("study", ids["register"])
        names = pages._figures(change, row)[0].names
        assert names == {each["id"]: each["name"] for each in change.rows("premises")} != {}


def accesses(service):
    with service.register.reading() as connection:
        rows = connection.execute(ACCESS_LOG.select().order_by(ACCESS_LOG.c.seq)).mappings()
        return [(row["actor_name"], row["verb"], row["what"], row["subjects"]) for row in rows]


def test_no_file_of_it_holds_anybodys_number(done):
    service, planner, ids = done
    with service.register.reading() as connection:
        change = service.register.change(connection, None)
        people = {row["crn"] for kind in ("referral", "booking") for row in change.rows(kind)}
    assert len(people) > 3
    for content in files(planner, ids["register"]).values():
        assert [crn for crn in people if crn.encode() in content] == []


def test_the_same_asked_again_runs_no_year(done, monkeypatch):
    service, planner, _ = done
    ran = []
    monkeypatch.setattr("api.worker.study.keep", lambda change, key, result: ran.append(key))
    study_id = ask_scenario(planner)
    with studying(service.register, service.folder):
        assert ended_study(service.register, study_id)["status"] == "finished"
    assert ran == []


def test_years_that_are_old_are_forgotten(done):
    service, *_ = done
    assert cells(service.register)
    with service.register.changing(ALLOCATOR) as change:
        forget_cells(change, 1)
    assert cells(service.register)
    service.moving.put_forward(days=2)
    with service.register.changing(ALLOCATOR) as change:
        forget_cells(change, 1)
    assert cells(service.register) == {}
