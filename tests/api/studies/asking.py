"""Studies for tests: small enough to be run, asked for over the wire and worked on here."""

import threading
from contextlib import contextmanager

from sqlalchemy import select

from api.service.studies import STUDY_LEASES
from api.store.tables import EVENTS, STUDY_CELLS
from api.worker.loop import run_worker
from tests.api.registers import row, settings_for, until

SMALL = """\
# Synthetic: every person, premises and booking here is invented.
version: 1
base: {size: S, seed: 1, load: 1.3}
methods: [risk-order]
replications: 2
days: 28
warm_up_days: 14
scenarios:
  - name: a bed more
    changes:
      - {kind: open_beds, premises: NE003}
questions:
  best_sites: 1
"""
LONG = {
    "version": 1,
    "base": {"size": "M"},
    "methods": ["look-ahead"],
    "replications": 2,
    "days": 1820,
}
"""A cell of it takes minutes."""


@contextmanager
def studying(register, folder, **settings):
    """A worker in a thread that takes up studies too, for as long as the block lasts."""
    stop = threading.Event()
    worker = threading.Thread(
        target=run_worker,
        args=(register, settings_for(folder, study_processes=1, **settings), stop),
    )
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def ask_scenario(client, text=SMALL, **body):
    """The id of a scenario that waits."""
    return asked(client, {"kind": "scenario", "scenario_yaml": text, **body})


def asked(client, body):
    answer = client.post("/v1/studies", body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/studies/{answer.json()['id']}"
    return answer.json()["id"]


def ended_study(register, study_id, seconds=180):
    """The study once it has ended."""
    return until(
        lambda: row(register, "study", study_id),
        lambda study: study["status"] not in ("queued", "running"),
        seconds,
    )


def state(register, study_id):
    with register.reading() as connection:
        return STUDY_LEASES.state_of(connection, study_id)


def begun(register, study_id):
    """Wait until its process is at a year."""
    until(lambda: [each["at"] for each in state(register, study_id)["progress"]], any, 120)


def cells(register):
    """Every year that is kept: when it was made, by its key."""
    with register.reading() as connection:
        wanted = select(STUDY_CELLS.c.key, STUDY_CELLS.c.made_at)
        return {row.key: row.made_at for row in connection.execute(wanted)}


def actions(register, study_id):
    """What the timeline says of it, in order."""
    wanted = select(EVENTS.c.action).where(EVENTS.c.kind == "study", EVENTS.c.subject == study_id)
    with register.reading() as connection:
        return list(connection.execute(wanted.order_by(EVENTS.c.seq)).scalars())


def files(client, study_id):
    """The content of each file, by its name."""
    told = client.get(f"/v1/studies/{study_id}/files").json()["files"]
    found = {}
    for each in told:
        answer = client.get(f"/v1/studies/{study_id}/files/{each['name']}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == each["media_type"]
        assert answer.headers["content-disposition"] == f'attachment; filename="{each["name"]}"'
        assert len(answer.content) == each["bytes"]
        found[each["name"]] = answer.content
    return found
