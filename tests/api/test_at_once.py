"""What takes much and is asked for often: so many at once, and a clear word to the next."""

import pytest

from api.service import situations
from api.service.refusals import BusyError, TooManyError
from api.service.situations import Situations
from api.service.watchers import WATCHERS, Watchers
from tests.api.service import a_planned_service


def test_of_runs_that_are_asked_about_only_so_many_are_at_once(monkeypatch):
    monkeypatch.setattr(situations, "WAIT_S", 0.01)
    monkeypatch.setattr(situations, "situation_of", lambda register, run: run["id"])
    monkeypatch.setattr(situations._Kept, "require_kept", lambda kept, register, run: None)
    asked = Situations(most=1)
    with asked.of(None, {"id": "one"}) as situation:
        assert situation == "one"
        for run in ("one", "another"):
            with pytest.raises(BusyError) as refused, asked.of(None, {"id": run}):
                pass
            assert refused.value.code == "explaining"
    with asked.of(None, {"id": "another"}) as situation:
        assert situation == "another", "whoever is refused leaves nothing behind"


def test_each_may_watch_so_many_and_nobody_is_in_anothers_way():
    watchers = Watchers(most=1)
    watchers.enter("ann")
    watchers.enter("bob")
    with pytest.raises(TooManyError):
        watchers.enter("ann")
    watchers.leave("ann")
    watchers.enter("ann")


def test_who_watches_too_many_runs_is_told_and_one_that_has_ended_does_not_count(tmp_path):
    service, run = a_planned_service(tmp_path)
    client, where = service.client("coordinator"), f"/v1/runs/{run}/events"
    for _ in range(2 * situations.MOST):
        assert client.get(where).status_code == 200
    there = 0
    try:
        while True:
            WATCHERS.enter("local:A Tester")
            there += 1
    except TooManyError:
        pass
    refused = client.get(where)
    for _ in range(there):
        WATCHERS.leave("local:A Tester")
    assert there == 10, "those that ended have left"
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-watched")
    assert client.get(where).status_code == 200
