"""What is said of years while they run where nobody has a terminal: a line, and a guess once."""

from __future__ import annotations

import pytest

from allocator.cli.watching_years import Guess, watching_years
from allocator.simulate.cell import Cell, Result
from allocator.simulate.setting import Setting
from allocator.simulate.tally import Tally

LAST = Result(Cell(Setting(), "m"), Tally("m", (), 0.0, 0.0, 0.0), 0.0, (), ())


def test_a_pipe_is_told_how_many_at_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    with watching_years("Simulating years", 8) as told:
        assert capsys.readouterr().err.startswith("Simulating years: 8 in all.")
        told(1, 8, LAST)
    heard = capsys.readouterr()
    assert (heard.out, heard.err) == ("", "")


def test_how_long_the_rest_may_take_is_said_once_and_not_from_what_was_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = iter((0.0, 0.1, 6.0, 12.0, 18.0))
    guess = Guess(lambda: next(clock))
    for done in (40, 41, 42, 43):
        guess.note(done, 60, LAST)
    assert capsys.readouterr().err == "42 of 60 are there; the rest may take 2 min.\n"
