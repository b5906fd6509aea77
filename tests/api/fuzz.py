"""Fuzz: the whole API held against its own document, with what it takes and what it must refuse.

`python -m tests.api.fuzz --examples N --seed S` makes more cases, and prints how many.
"""

from __future__ import annotations

import argparse
import copy
import logging
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.python.asgi import HOST

from api.access.actor import Role
from api.app import create_app
from api.logs import configure_logs
from api.service import runs
from api.store.tables import RUNS
from api.store.verify import verify
from tests.api.front import local_settings
from tests.api.registers import (
    COORDINATOR,
    Moving,
    ask,
    ended,
    finished_run,
    make_register,
    tiny,
    working,
)
from tests.api.service import Service
from tests.api.studies.asking import SMALL, ask_scenario, ended_study, studying

WITHOUT_QUESTIONS = SMALL.partition("questions:")[0]
PEOPLE = tuple(role for role in Role if role is not Role.SERVICE)
SYSTEMS = (Role.SERVICE,)

# Statuses that the document names once, in `default`: the front gives them, on any route.
OF_THE_FRONT = frozenset({400, 405, 413, 414, 421, 429, 500, 503})

CHECKS = {
    # What is lawful hangs on the register: a valid body can rightly be refused.
    "positive_data_acceptance": {"enabled": False},
    # 428 is what RFC 6585 has for a change without If-Match, and 412 for a version that was.
    "missing_required_header": {"expected-statuses": [401, 403, 404, 422, 428]},
    "negative_data_rejection": {
        "expected-statuses": [400, 401, 403, 404, 405, 409, 412, 413, 414, 422, 428]
    },
}


@schemathesis.check
def documented_by_its_number(ctx, response, case):
    """A status is in the document itself, or is one that the front gives on any route."""
    told = case.operation.definition.raw["responses"]
    status = response.status_code
    if str(status) not in told and status not in OF_THE_FRONT:
        raise AssertionError(f"{status} is not documented: {response.text[:200]}")


@dataclass
class Found:
    """How many requests were made, what they were answered, and what was not as documented."""

    answers: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def cases(self):
        return sum(self.answers.values())

    def refused(self):
        return sum(n for status, n in self.answers.items() if 400 <= status < 500)

    def __str__(self):
        counts = ", ".join(f"{status}: {n}" for status, n in sorted(self.answers.items()))
        return f"{self.cases} cases in {self.seconds:.0f} s ({counts}); {len(self.faults)} faults"


def fuzz(folder, roles, *, examples=1, seed=0, database=None):
    """Every operation asked by someone with these roles; what was found."""
    app, token = _service(folder, roles, database)
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", app, config=_config(token, examples, seed)
    )
    found, began = Found(), time.monotonic()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _count(event.recorder, found)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.faults.append(f"{event}")
    found.seconds = time.monotonic() - began
    found.faults += _unsound(app.state.register, folder)
    return found


def _unsound(register, folder):
    """What the requests have broken: the chain, the rows, or that the register can be planned."""
    with register.reading() as connection:
        faults = list(verify(connection).faults)
    with register.changing(COORDINATOR) as change:
        waiting = change.rows("run", RUNS.c.status == "queued")
        for row in waiting:
            runs.cancel(change, row["id"])
    run = ask(register, effort="quick")
    with working(register, folder):
        run = ended(register, run["id"])
    return faults + ([] if run["status"] == "finished" else [f"no plan: {run['fault']}"])


def _service(folder, roles, database):
    """The application over fixtures/tiny with a finished run, and a token."""
    register = make_register(database or folder, tiny(), moving=Moving())
    run = finished_run(register, folder, effort="quick")
    ask(register)
    lifted = {"requests_per_second": 10**6, "address_requests_per_second": 10**6}
    app = create_app(local_settings(folder, hosts=(HOST,), **lifted), register)
    service = Service(app, folder, None)
    study_id = ask_scenario(service.client("planner"), WITHOUT_QUESTIONS)
    with studying(register, folder):
        ended_study(register, study_id)
    _name_what_is_there(app, run["id"], study_id)
    return app, app.state.tokens.mint("A Tester", roles)


def _name_what_is_there(app, run_id, study_id):
    """Have the document's examples of ids be ids of the register, so that records are found."""
    there = {
        "run_id": run_id,
        "study_id": study_id,
        "name": "results.csv",
        "referral_id": "R3",
        "/v1/premises": "B",
        "/v1/rooms": "B/2",
        "/v1/beds": "B-2",
        "/v1/referrals": "R4",
    }
    document = copy.deepcopy(app.openapi())
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                name = parameter["name"]
                known = there.get(name) or there.get("/".join(path.split("/")[:3]))
                if parameter["in"] == "path" and known is not None:
                    parameter["schema"].pop("examples", None)
                    parameter["example"] = known
                if name == "If-Match":
                    parameter["example"] = '"1"'
    app.openapi = lambda: document


def _config(token, examples, seed):
    return schemathesis.Config.from_dict(
        {
            "seed": seed,
            "headers": {"Authorization": f"Bearer {token}"},
            "continue-on-failure": True,
            "workers": 1,
            "checks": CHECKS,
            "generation": {
                "max-examples": examples,
                "deterministic": False,
                "no-shrink": True,
                "database": "none",
            },
            # A stream of events is told of as text, and checked for each event as an object.
            "operations": [
                {
                    "include-operation-id": "watch_run",
                    "checks": {"response_schema_conformance": {"enabled": False}},
                },
                {
                    "include-operation-id": "watch_study",
                    "checks": {"response_schema_conformance": {"enabled": False}},
                },
                # A run waits and nobody works here: after a minute that is 503, and rightly so.
                {
                    "include-operation-id": "health",
                    "checks": {"not_a_server_error": {"enabled": False}},
                },
                # Its address is also that of a referral called "search", which could be there.
                {
                    "include-operation-id": "search_referrals",
                    "checks": {"allow_header_conformance": {"enabled": False}},
                },
            ],
            "phases": {
                "coverage": {"generate-duplicate-query-parameters": True},
                "stateful": {"enabled": False},
            },
        }
    )


def _count(recorder, found):
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            found.answers[interaction.response.status_code] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                answer = recorder.interactions[case_id].response
                found.faults.append(
                    f"{recorder.label}: {check.name}: {failure.title}: {failure.message[:600]}\n"
                    f"{check.failure_info.code_sample}\n"
                    f"{answer.status_code if answer else ''} {answer.text[:300] if answer else ''}"
                )


def main():
    """Fuzz as a person and as a system; exit 1 when anything was not as documented."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=50, help="random cases an operation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--database", help="an empty one, by URL; SQLite in a folder otherwise")
    asked = parser.parse_args()
    configure_logs("json")
    logging.disable()
    faults = 0
    for roles in (PEOPLE, SYSTEMS):
        with tempfile.TemporaryDirectory() as folder:
            found = fuzz(
                Path(folder),
                roles,
                examples=asked.examples,
                seed=asked.seed,
                database=asked.database,
            )
        faults += len(found.faults)
        for fault in found.faults:
            print(fault, end="\n\n")
        print(f"{', '.join(roles)}: {found}", flush=True)
    raise SystemExit(1 if faults else 0)


if __name__ == "__main__":
    main()
