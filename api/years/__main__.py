"""A worker as a process: `python -m api.years [URL] [--until-empty]`; as many as there are cores.

Without a URL, that of ALLOCATOR_YEARS_URL. Files that a scenario names must be at the same path on
every machine.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
import time
from typing import NoReturn

from allocator.errors import AllocatorError
from allocator.plain_words import counted
from api.years.executor import VARIABLE
from api.years.queue import Leased, Queue, without_password
from api.years.worker import Watch, work

STOPS = (signal.SIGINT, signal.SIGTERM)
REFUSED, STOPPED = 2, 130


def main() -> None:
    """Work until SIGTERM or Ctrl-C, which are heard at once: the year in hand is given back.

    Exit code 0: none waits any more (--until-empty). 2: the queue cannot be had. 130: stopped.
    """
    asked = _arguments()
    url = asked.url or os.environ.get(VARIABLE, "")
    if not url:
        _leave(f"which queue? python -m api.years URL, or {VARIABLE}", REFUSED)
    stops = _heard()
    try:
        queue = Queue(url)
    except AllocatorError as error:
        _leave(str(error), REFUSED)
    name = f"{socket.gethostname()}/{os.getpid()}"
    saying = _Saying()
    threading.Thread(target=_stop, args=(stops, queue, saying), name="stop", daemon=True).start()
    _say(f"{name} waits for simulated years at {without_password(url)}. Ctrl-C stops it.")
    count = work(queue, name, lambda: False, until_empty=asked.until_empty, watch=saying)
    queue.close()
    _say(f"No year waits any more. {counted(count, 'year')} run.")


class _Saying(Watch):
    """A line for every year, and which one is in hand."""

    def __init__(self) -> None:
        self.in_hand: Leased | None = None
        self.count = 0
        self._begun = 0.0

    def begun(self, leased: Leased) -> None:
        self.in_hand, self._begun = leased, time.monotonic()

    def ended(self, leased: Leased, how: str) -> None:
        self.in_hand = None
        self.count += 1
        cell = leased.cell
        seconds = time.monotonic() - self._begun
        _say(
            f"{cell.method}, year {cell.setting.replication}, {leased.key[:12]}: {how}, "
            f"{seconds:.1f} s"
        )


def _heard() -> int:
    """A file that can be read from once a signal has come.

    A handler in Python would wait until a solver lets the main thread go on.
    """
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    for each in STOPS:
        signal.signal(each, lambda number, frame: None)
    return read


def _stop(stops: int, queue: Queue, saying: _Saying) -> None:
    """Wait for a signal, give back what is in hand, and end the process whatever it is at."""
    os.read(stops, 1)
    leased = saying.in_hand
    given = ""
    if leased is not None:
        try:
            given = " The year in hand was given back." if queue.give_back(leased) else ""
        except Exception:  # whatever the database says: its lease runs out
            given = " The year in hand is another worker's once its lease has run out."
    _say(f"Stopped.{given} {counted(saying.count, 'year')} run.")
    os._exit(STOPPED)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m api.years", description="Run simulated years that wait in a queue."
    )
    parser.add_argument("url", nargs="?", help=f"a database's; else that of {VARIABLE}")
    parser.add_argument(
        "--until-empty", action="store_true", help="end when no year waits, and not only by Ctrl-C"
    )
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _leave(text: str, code: int) -> NoReturn:
    _say(text)
    sys.exit(code)


if __name__ == "__main__":
    main()
