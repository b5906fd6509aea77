"""A worker in a process of its own, which takes up studies: URL FOLDER SECONDS_AHEAD."""

import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path

from api.service.clock import Clock
from api.service.register import Register
from api.store.database import Database
from api.worker.loop import run_worker
from tests.api.registers import Moving, settings_for


def main():
    url, folder, ahead = sys.argv[1:]
    moving = Moving()
    moving.ahead = timedelta(seconds=float(ahead))
    register = Register(Database(url), clock=Clock(moving.now))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_worker(register, settings_for(Path(folder), study_processes=1), stop)


if __name__ == "__main__":
    main()
