"""A worker as a process of its own: `python -m api.worker`, with the service's settings.

With `--parent ID` it ends when that process does.
"""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType

from allocator.policy import load_policy
from allocator.solver_process.fences import die_with
from api.library_logs import take_over_library_logs
from api.logs import Event, configure_logs, write
from api.own_settings import WrongSettingsError, own_settings
from api.service.register import Register
from api.store.database import Database
from api.store.migrate import current, newest
from api.store.private import OpenToOthersError, keep_private, make_private
from api.worker.loop import run_worker

WRONG = 2


def main() -> None:
    """Work until SIGTERM or SIGINT."""
    if "--parent" in sys.argv[1:]:
        die_with(int(sys.argv[sys.argv.index("--parent") + 1]))
    make_private()
    try:
        settings = own_settings()
    except WrongSettingsError as fault:
        print(fault, file=sys.stderr)
        sys.exit(WRONG)
    configure_logs(settings.log_format)
    take_over_library_logs()
    try:
        keep_private(settings.database_url)
    except OpenToOthersError as fault:
        sys.exit(str(fault))
    database = Database(settings.database_url)
    if current(database) != newest():
        sys.exit("The database is not at the schema that this worker needs: start the service.")
    stop = threading.Event()

    def told_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    write(Event.STARTED, workers=1)
    run_worker(Register(database, load_policy(settings.policy)), settings, stop)
    database.close()
    write(Event.STOPPED)


if __name__ == "__main__":
    main()
