"""A contest leaves nothing behind, however its method ends."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from allocator.problem import Problem
from benchmarks.contest import contest
from benchmarks.instances import Instance


@dataclass(frozen=True, slots=True)
class _DiesAtWork(Instance):
    """The process dies as one does that takes all memory; what it started would go on."""

    says: Path

    def problem(self) -> Problem:
        with self.says.open("w", encoding="utf-8") as says:
            print(tempfile.mkdtemp(), file=says, flush=True)
            subprocess.Popen(("sh", "-c", "sleep 20; echo still here"), stdout=says)
            os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def test_what_a_method_started_ends_with_it_and_its_scratch_folder_is_removed(
    tmp_path: Path,
) -> None:
    says = tmp_path / "says"
    os.mkfifo(says)
    instance = _DiesAtWork("none", "S", "fixed", 1.0, 1, 1, "", says)
    reader = os.open(says, os.O_RDONLY | os.O_NONBLOCK)  # waits for no writer
    os.set_blocking(reader, True)
    with open(reader, encoding="utf-8") as heard:
        outcome = contest(instance, "first come first served", seed=0, limit_s=1)
        folder, *after = heard.read().splitlines()  # ends when nobody is left who could write
    assert outcome["failed"] == "the process died"
    assert after == []
    assert not Path(folder).exists()
