"""What libraries would print themselves: reduced to where it came from, never what it says."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from api.logs import Event, write, write_fault

# The server's own line of each request holds its path and query.
_SILENT = ("uvicorn.access",)
_OURS_TO_SAY = ("uvicorn", "uvicorn.error")


class LibraryHandler(logging.Handler):
    """Writes which logger spoke, from which line, and the kind of fault if there was one."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        write(
            Event.LIBRARY,
            level="warning" if record.levelno < logging.ERROR else "error",
            logger=record.name,
            place=f"{record.module}:{record.lineno}",
            fault=kind.__name__ if kind else None,
        )


def take_over_library_logs() -> None:
    """Have libraries' warnings and crashes go through us. Start uvicorn with log_config=None."""
    root = logging.getLogger()
    root.handlers[:] = [LibraryHandler()]
    root.setLevel(logging.WARNING)
    for name in _OURS_TO_SAY:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _SILENT:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = False
        logging.getLogger(name).disabled = True
    # Python prints a crash with its words, and those may quote a record.
    sys.excepthook = _crashed
    threading.excepthook = _thread_crashed


def _crashed(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, fault, trace)
        return
    write_fault(Event.FAULT, fault)


def _thread_crashed(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        write_fault(Event.FAULT, told.exc_value)
