"""Processes in which years run end with the one that started them, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from allocator.simulate.processes import Processes

ROOT = Path(__file__).parents[2]
LONG_S = 600
BUSY = f"""
import os, signal, time
from allocator.simulate.processes import Processes
# What is started in the background of a shell inherits that Ctrl-C is nothing to it.
signal.signal(signal.SIGINT, signal.default_int_handler)
with Processes(2) as pool:
    print(*[each.result() for each in [pool.submit(os.getpid) for _ in range(20)]], flush=True)
    for each in [pool.submit(time.sleep, {LONG_S}) for _ in range(20)]:
        each.result()
"""


def gone(process: int) -> bool:
    """Whether it has ended. What is left for init to reap has."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return True
    return state.split()[0] in "ZX"


def wait_until_gone(processes: set[int]) -> None:
    until = time.monotonic() + LONG_S / 5
    while not all(map(gone, processes)):
        assert time.monotonic() < until, "a process outlived its parent"
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_they_do_not_outlive_their_parent_and_let_go_of_its_output(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        children = {int(each) for each in parent.stdout.readline().split()}
        assert children
        parent.send_signal(how)
        assert parent.stdout.read() == ""
        assert parent.wait() != 0
    wait_until_gone(children)


@pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")
def test_an_exception_ends_what_is_running_and_what_waits() -> None:
    children: set[int] = set()
    with pytest.raises(KeyboardInterrupt), Processes(1) as pool:
        children.add(pool.submit(os.getpid).result())
        waiting = [pool.submit(time.sleep, LONG_S) for _ in range(5)]
        raise KeyboardInterrupt
    wait_until_gone(children)
    assert not any(each.done() and not each.cancelled() for each in waiting[2:])


def test_what_is_run_there_comes_back() -> None:
    with Processes(1) as pool:
        assert pool.submit(abs, -3).result() == 3
