"""Streams of random actions leave the register as docs/service.md says."""

from __future__ import annotations

import pytest

from api.service import bookings, change, escalation, holds, judging, referrals, unrecorded
from tests.api.streams.shrink import run
from tests.api.streams.stream import Tally, stage

MANY, PIECES = 200, 8


@pytest.fixture(scope="module")
def place():
    with stage() as made:
        yield made


def first_failure(place, seeds):
    """The first of these streams that fails, told as shortly as can be."""
    for seed in seeds:
        found = run(place, seed, Tally())
        if found is not None:
            return found
    return None


@pytest.mark.slow
@pytest.mark.parametrize("piece", range(PIECES))
def test_the_register_is_what_the_specification_says_after_every_action(place, piece):
    size = MANY // PIECES
    found = first_failure(place, range(1 + piece * size, 1 + (piece + 1) * size))
    assert found is None, "\n".join((f"seed {found.seed}: {found.words}", *found.told))


def test_a_register_that_forgets_an_attempt_is_found_out(place, monkeypatch):
    monkeypatch.setattr(referrals, "failed", lambda *_, **__: [])
    assert any(kind in ("attempts counted", "attempts listed") for kind in _told(place, 40))


def test_a_review_that_lets_bids_rest_is_found_out(place, monkeypatch):
    monkeypatch.setattr(escalation, "review", lambda _: [])
    assert "rung" in _told(place, 40)


def test_a_review_that_forgets_who_never_came_is_found_out(place, monkeypatch):
    monkeypatch.setattr(unrecorded, "review", lambda _: None)
    signs = ("bid status", "flag missing", "an arrival that nobody asks about")
    assert any(kind in signs for kind in _told(place, 60))


def test_a_hold_that_lets_everybody_in_is_found_out(place, monkeypatch):
    claim, judged = holds.claim, judging.judged
    over = {"override_hold": "whatever"}
    monkeypatch.setattr(bookings, "judged", lambda *told, **_: judged(*told, **over))
    monkeypatch.setattr(bookings, "claim", lambda *told: claim(*told[:4], "whatever"))
    assert any("was done" in kind for kind in _told(place, 60))


def test_a_hold_that_gives_way_to_nothing_is_found_out(place, monkeypatch):
    monkeypatch.setattr(change, "yielding", lambda *_: [])
    assert "held nights" in _told(place, 60)


def test_a_review_that_ends_no_hold_is_found_out(place, monkeypatch):
    monkeypatch.setattr(holds, "expire", lambda _: [])
    assert "hold status" in _told(place, 60)


def test_a_change_that_is_kept_although_refused_is_found_out(place, monkeypatch):
    close = referrals.close

    def closed_first(change, row, status, action, reason, **facts):
        after = close(change, row, status, action, reason or "none", **facts)
        change.connection.exec_driver_sql("COMMIT")
        change.connection.exec_driver_sql("BEGIN IMMEDIATE")
        if not reason.strip() or status == "withdrawn":
            raise referrals.InvalidError("a reason is needed")
        return after

    monkeypatch.setattr(referrals, "close", closed_first)
    assert "a refused action changes nothing" in _told(place, 40)


def _told(place, most):
    """What is found wrong, a stream after another: no more of them are played than are asked."""
    for seed in range(1, most + 1):
        found = run(place, seed, Tally(), shrunk=False)
        if found is not None:
            yield found.kind
