"""A worker as a process: `python -m api.years [URL] [--until-empty]`; as many as there are cores.

Without a URL, that of ALLOCATOR_YEARS_URL. Files that a scenario names must be at the same path on
every machine.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from types import FrameType

from api.years.executor import VARIABLE
from api.years.queue import Queue
from api.years.worker import work


def main() -> None:
    """Work until SIGTERM or Ctrl-C: the cell in hand is given back."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    url = words[0] if words else os.environ.get(VARIABLE, "")
    if not url:
        sys.exit(f"python -m api.years URL, or {VARIABLE}")

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    queue = Queue(url)
    name = f"{socket.gethostname()}/{os.getpid()}"
    try:
        work(queue, name, lambda: False, until_empty="--until-empty" in sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        queue.close()


if __name__ == "__main__":
    main()
