"""Ctrl-C and SIGTERM while years run: the command ends, and keeps what had been run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCENARIO = "version: 1\nmethods: [risk-order]\nreplications: 1000\ndays: 28\nwarm_up_days: 7\n"
MANY = ["--method", "risk-order", "--years", "1000", "--days", "28", "--warm-up", "7"]
MOST_S = 120


@contextmanager
def _running_years(arguments: list[str], out: Path) -> Iterator[subprocess.Popen[str]]:
    """The command once it has run a year."""
    with subprocess.Popen(
        [sys.executable, "-m", "allocator", *arguments, "-o", str(out)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        until = time.monotonic() + MOST_S
        while not list(out.glob("cells/*.json")):
            assert time.monotonic() < until, "no year was run"
            time.sleep(0.05)
        yield running


@pytest.mark.parametrize("command", ["simulate", "scenario"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_heard_at_once_and_loses_no_year_that_was_run(
    tmp_path: Path, command: str, how: signal.Signals
) -> None:
    (tmp_path / "many.yaml").write_text(SCENARIO, encoding="utf-8")
    asked = [str(tmp_path / "many.yaml")] if command == "scenario" else MANY
    out = tmp_path / "out"
    with _running_years([command, *asked], out) as running:
        # A terminal sends Ctrl-C to all that runs in it, and a manager SIGTERM to the command.
        if how is signal.SIGINT:
            os.killpg(running.pid, how)
        else:
            running.send_signal(how)
        said, told = running.communicate(timeout=MOST_S)
    assert running.returncode == 130
    assert said == ""
    *_, stopped, kept = told.splitlines()
    assert stopped == "Stopped."
    found = re.fullmatch(
        r"Simulating years: (\d+) of 1000 are kept\. The same command goes on from there\.", kept
    )
    assert found
    # One may have been kept that was not yet told of.
    assert len(list(out.glob("cells/*.json"))) - int(found[1]) in (0, 1)
    assert "Traceback" not in told
    assert list(out.glob("cells/*.json"))
    assert {path.name for path in out.iterdir()} == {"cells"}


def test_a_process_that_is_ended_from_outside_is_told_of_in_words(tmp_path: Path) -> None:
    """As the kernel does where memory runs out."""
    out = tmp_path / "out"
    with _running_years(["simulate", *MANY], out) as running:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
        workers = [
            int(pid)
            for pid in children
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        os.kill(workers[0], signal.SIGKILL)
        _, told = running.communicate(timeout=MOST_S)
    assert running.returncode == 3
    assert "Traceback" not in told
    assert "memory" in told
    assert "kept" in told
