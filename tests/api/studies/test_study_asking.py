"""Asking for a study: every fault at once, limits said, and who may ask for it and see it."""

import json

import pytest

from allocator.problem_file import problem_to_json
from api.access.actor import Role
from api.service.documents import document
from api.service.study_asking import wanted_of
from api.store.tables import STUDIES
from tests.api.lives import erase, everything_kept, refused
from tests.api.registers import row, rows, tiny
from tests.api.service import a_service
from tests.api.studies.asking import SMALL, ask_scenario, asked

SYNTHETIC = {"kind": "scenario", "scenario": {"version": 1}}
WRONG = """\
version: 1
base: {size: S, problem: estate.json, policy: /etc/passwd}
methods: [nope, risk-order]
scenarios:
  - name: base
    changes:
      - {kind: closes, premises: NE003}
  - name: other
    changes:
      - {kind: policy, policy: ../secret}
closures: 1
"""


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def planner(service):
    return service.client(Role.PLANNER, name="Pat")


def complaints(answer):
    found = refused(answer, 422, "invalid")["complaints"]
    return {each["where"]: each for each in found}


def test_every_fault_of_a_file_is_told_with_its_place_and_line(service, planner):
    found = complaints(planner.post("/v1/studies", {"kind": "scenario", "scenario_yaml": WRONG}))
    assert {where: told["line"] for where, told in found.items()} == {
        "scenario_yaml.base.problem": 2,
        "scenario_yaml.base.size": 2,
        "scenario_yaml.base.forecast": 2,
        "scenario_yaml.base.policy": 2,
        "scenario_yaml.methods.0": 3,
        "scenario_yaml.scenarios.0.name": 5,
        "scenario_yaml.scenarios.0.changes.0": 7,
        "scenario_yaml.scenarios.1.changes.0.policy": 10,
        "scenario_yaml.closures": 11,
    }
    assert "in the field `problem`" in found["scenario_yaml.base.problem"]["message"]
    assert rows(service.register, "study") == []


def test_keys_and_values_have_the_same_faults_as_the_text_of_them(planner):
    scenario = {
        "version": 1,
        "methods": ["nope"],
        "scenarios": [
            {"name": "a", "changes": [{"kind": "open_beds", "premises": "nowhere"}]},
            {"name": "b", "changes": [{"kind": "open_beds", "premises": "NE003", "beds": 0}]},
        ],
    }
    found = complaints(planner.post("/v1/studies", {"kind": "scenario", "scenario": scenario}))
    assert found.keys() == {
        "scenario.methods.0",
        "scenario.scenarios.0.changes.0",
        "scenario.scenarios.1.changes.0.beds",
    }


@pytest.mark.parametrize(
    "text",
    [
        "a: &b 1",
        "- 1",
        "",
        "version: 2",
        "version: 1\n2026-01-01: x",
        "version: 1\n? [a]\n: x",
        "version: 1\nseed: 0x" + "f" * 5_000,
        "[" * 20_000,
        "version: 1\nmethods: [[a]]",
        'version: 1\nscenarios: [{name: "a\\0b", changes: []}]',
        "version: 1\nbase: {load: .nan}",
    ],
)
def test_text_that_is_no_scenario_file_is_refused(planner, text):
    complaints(planner.post("/v1/studies", {"kind": "scenario", "scenario_yaml": text}))


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"kind": "scenario"}, "body"),
        ({"kind": "simulation", "scenario": {}}, "body"),
        ({"kind": "scenario", "scenario": {}, "scenario_yaml": ""}, "body"),
        ({"kind": "simulation", "simulation": {"days": 1}}, "simulation.days"),
        ({"kind": "simulation", "simulation": {"size": "XL"}}, "simulation.size"),
        ({"kind": "simulation", "simulation": {"load": 0.2, "size": "L"}}, "simulation.size"),
        ({"kind": "simulation", "simulation": {"methods": ["no"]}}, "simulation.methods.0"),
        ({"kind": "simulation", "simulation": {"estate": "register"}}, "simulation.estate"),
        ({"kind": "simulation", "simulation": {"policy": "no"}}, "simulation.policy"),
        ({**SYNTHETIC, "questions": {"best_sites": 0}}, "questions.best_sites"),
        ({**SYNTHETIC, "questions": {"method": "no"}}, "scenario.questions.method"),
        ({**SYNTHETIC, "forecast": {"version": 0}}, "forecast.version"),
        ({**SYNTHETIC, "problem": {}}, "problem.as_of"),
        ({**SYNTHETIC, "history": "a,b\n1,2\n"}, None),
    ],
)
def test_what_is_wrong_is_named_by_the_field_that_was_sent(planner, body, where):
    answer = planner.post("/v1/studies", body)
    if where is None:
        assert refused(answer, 422, "invalid")["complaints"][0]["file"] == "history.csv"
    else:
        assert where in complaints(answer)


def test_one_that_is_too_large_is_refused_with_the_sum(planner):
    scenario = {"version": 1, "replications": 500, "methods": ["risk-order", "commit-by"]}
    questions = {"best_sites": 3, "enough_beds": 2}
    body = {"kind": "scenario", "scenario": scenario, "questions": questions}
    found = complaints(planner.post("/v1/studies", body))
    words = found["scenario.replications"]["message"]
    assert "come to 6,500 simulated years; at most 2,000" in words


def test_keys_and_values_may_be_no_longer_than_the_text_of_them(planner):
    scenario = {
        "version": 1,
        "scenarios": [{"name": f"{n:04}", "changes": []} for n in range(4_000)],
    }
    found = complaints(planner.post("/v1/studies", {"kind": "scenario", "scenario": scenario}))
    assert found["scenario"]["message"] == "longer than 100,000 characters"


def test_a_history_that_takes_too_long_to_read_is_given_up(planner, history_file, monkeypatch):
    monkeypatch.setattr("api.service.reading_files.SECONDS", 0.01)
    refused(
        planner.post("/v1/studies", {**SYNTHETIC, "history": history_file.read_text()}),
        422,
        "too-large",
    )


def test_only_so_many_of_one_person_wait(service, planner):
    for _ in range(3):
        ask_scenario(planner)
    refused(planner.post("/v1/studies", SYNTHETIC), 429, "too-many-studies")
    ask_scenario(service.client(Role.MANAGER, name="Max"))


def test_the_same_key_asks_once(service, planner):
    body = {"kind": "scenario", "scenario_yaml": SMALL}
    first = planner.post("/v1/studies", body, key="a-key-of-mine")
    again = planner.post("/v1/studies", body, key="a-key-of-mine")
    assert (first.json(), again.headers["idempotent-replayed"]) == (again.json(), "true")
    assert len(rows(service.register, "study")) == 1


def test_studies_are_listed_the_newest_first_by_page_and_kind(service, planner):
    first = ask_scenario(planner, name="First")
    second = asked(planner, {"kind": "simulation", "simulation": {}})
    other = ask_scenario(service.client(Role.MANAGER, name="Max"))
    page = planner.get("/v1/studies?limit=2").json()
    assert ([each["id"] for each in page["records"]], page["total"]) == ([other, second], 3)
    rest = planner.get(f"/v1/studies?limit=2&after={page['after']}").json()
    assert [(each["id"], each["name"]) for each in rest["records"]] == [(first, "First")]
    mine = planner.get("/v1/studies?mine=true&kind=scenario&status=queued").json()
    assert [each["id"] for each in mine["records"]] == [first]


def test_planners_and_managers_ask_and_coordinators_may_look(service, planner):
    study_id = ask_scenario(planner)
    coordinator, auditor = service.client(Role.COORDINATOR), service.client(Role.AUDITOR)
    refused(coordinator.post("/v1/studies", SYNTHETIC), 403, "role-not-allowed")
    url = f"/v1/studies/{study_id}"
    refused(coordinator.client.post(f"{url}/cancellation"), 403, "role-not-allowed")
    assert coordinator.get(f"{url}/files").status_code == 200
    refused(auditor.get(f"{url}/files"), 403, "role-not-allowed")
    assert auditor.get(url).status_code == 200


def test_one_over_a_problem_that_was_sent_is_the_senders(service, planner, forecast):
    body = {
        "kind": "simulation",
        "simulation": {"estate": "problem"},
        "problem": tiny_sent(),
        "forecast": forecast,
    }
    study_id = asked(planner, body)
    stranger = service.client(Role.PLANNER, name="Sam")
    refused(stranger.get(f"/v1/studies/{study_id}"), 404, "not-found")
    assert stranger.get("/v1/studies").json()["total"] == 0
    assert service.client(Role.MANAGER).get(f"/v1/studies/{study_id}").status_code == 200


def test_what_is_there_while_it_waits_is_what_was_asked(planner):
    study_id = ask_scenario(planner)
    told = planner.get(f"/v1/studies/{study_id}/files").json()["files"]
    assert [each["name"] for each in told] == ["scenario.yaml"]
    text = planner.get(f"/v1/studies/{study_id}/files/scenario.yaml").text
    assert text == SMALL
    refused(planner.get(f"/v1/studies/{study_id}/figures"), 409, "not-finished")
    refused(planner.get(f"/v1/studies/{study_id}/files/ledger.csv"), 404, "no-such-file")


def test_keys_and_values_are_given_back_as_a_file_that_means_the_same(planner):
    scenario = {"version": 1, "scenarios": [{"name": "no: 1", "changes": []}]}
    study_id = asked(planner, {"kind": "scenario", "scenario": scenario})
    text = planner.get(f"/v1/studies/{study_id}/files/scenario.yaml").text
    ask_scenario(planner, text)
    one, other = rows_asked(planner)
    assert one == other


def test_nobody_is_erased_whom_a_study_that_waits_still_needs(service, forecast):
    manager = service.client(Role.MANAGER, Role.COORDINATOR, Role.PLANNER)
    withdrawn = manager.post("/v1/referrals/R3/withdrawal", {"reason": "Lives with family."})
    assert withdrawn.status_code == 200
    study_id = asked(
        manager,
        {
            "kind": "simulation",
            "simulation": {"estate": "problem"},
            "problem": tiny_sent(),
            "forecast": forecast,
        },
    )
    crn = withdrawn.json()["details"]["crn"]
    told = refused(
        manager.post("/v1/erasures", {"crn": crn, "reason": "Asked for."}), 409, "still-needed"
    )
    assert told["records"] == [{"kind": "study", "id": study_id, "status": "queued"}]
    manager.client.post(f"/v1/studies/{study_id}/cancellation")
    held = manager.post("/v1/people/export", {"crn": crn}).json()
    assert held["studies"] == [study_id]
    erase(manager, crn=crn)
    told = manager.get(f"/v1/studies/{study_id}").json()
    assert told["status"] == "cancelled"


def test_who_is_erased_while_a_study_is_looked_at_does_not_come_back_with_it(
    service, forecast, monkeypatch
):
    manager = service.client(Role.MANAGER, Role.COORDINATOR, Role.PLANNER)
    withdrawn = manager.post("/v1/referrals/R3/withdrawal", {"reason": "Lives with family."})
    crn = withdrawn.json()["details"]["crn"]

    def looked_at_for_long(*told):
        wanted = wanted_of(*told)
        monkeypatch.undo()
        erase(service.client(Role.MANAGER, name="Max"), crn=crn)
        return wanted

    monkeypatch.setattr("api.routes.studies.wanted_of", looked_at_for_long)
    body = {"kind": "simulation", "simulation": {"estate": "register"}, "forecast": forecast}
    told = refused(manager.post("/v1/studies", body), 409, "erased-meanwhile")
    assert "ask for it again" in told["detail"]
    assert rows(service.register, "study") == []
    assert not [each for each in everything_kept(service.register) if crn in each]
    asked(manager, body)
    assert not [each for each in everything_kept(service.register) if crn in each]


def test_a_study_rests_on_the_forecast_that_is_current_in_the_register(service, forecast_file):
    manager = service.client(Role.MANAGER, Role.COORDINATOR, Role.PLANNER)
    base = {"problem": "register", "forecast": "current"}
    scenario = {"version": 1, "base": base, "days": 28, "replications": 1}
    body = {"kind": "scenario", "scenario": scenario}
    refused(manager.post("/v1/studies", body), 409, "no-forecast")
    files = {"forecast": ("forecast.json", forecast_file.read_bytes())}
    assert manager.post("/v1/forecasts", files=files).status_code == 201
    study = row(service.register, "study", asked(manager, body))
    with service.register.reading() as connection:
        kept = json.loads(document(connection, study["forecast"]))
    assert kept == json.loads(forecast_file.read_bytes())


def rows_asked(planner):
    register = planner.client.app.state.register
    return [row["asked"] for row in rows(register, "study", STUDIES.c.status == "queued")]


def tiny_sent():
    return json.loads(problem_to_json(tiny()))
