"""Log lines: one a request, and only fields that are declared here. Nothing personal has one."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import structlog
from starlette.types import Scope

from api.access.actor import Role
from api.headers import correlation_id


class Event(StrEnum):
    """Everything that a line can be about. Free text is none of them."""

    STARTED = "started"
    STOPPED = "stopped"
    REQUEST = "request"
    TOKEN_REFUSED = "token refused"
    DATABASE_AWAY = "database away"
    FAULT = "fault"
    LIBRARY = "library"
    CHECK_FAILED = "check failed"
    RUN_CLAIMED = "run claimed"
    RUN_ENDED = "run ended"
    STUDY_CLAIMED = "study claimed"
    STUDY_ENDED = "study ended"
    LEASE_LOST = "lease lost"
    WORKER_LOST = "worker lost"


_EVENTS = frozenset(event.value for event in Event)
_ROLES = frozenset(role.value for role in Role)
_COUNTS = frozenset({"status", "milliseconds", "count", "attempt", "port", "workers", "placed"})
_WORDS = frozenset(
    {"level", "timestamp", "route", "method", "correlation_id", "fault", "place", "logger"}
    | {"run", "study", "check", "run_status", "study_status"}
)
# A word is a name in code, an id or a moment: no blank, so no sentence and no full name.
_WORD = re.compile(r"[A-Za-z0-9_.:<>+/-]{1,120}")
_HOME = Path(__file__).parent.parent


def allow_only_declared(
    _logger: Any, _method: str, fields: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Drop every field that is not declared, and every value that is not of its kind."""
    event = fields.get("event")
    known = isinstance(event, str) and event in _EVENTS
    kept = {name: value for name, value in fields.items() if _is_declared(name, value)}
    return {**kept, "event": str(event) if known else "undeclared"}


def _is_declared(name: str, value: Any) -> bool:
    if name in _COUNTS:
        return isinstance(value, int | float)
    if name == "roles":
        return isinstance(value, list) and all(role in _ROLES for role in value)
    return name in _WORDS and isinstance(value, str) and bool(_WORD.fullmatch(value))


def configure_logs(form: Literal["json", "console"]) -> None:
    """Send our lines to standard output. `api.library_logs` does the same for libraries' own."""
    renderer: Any = structlog.processors.JSONRenderer(sort_keys=True)
    if form == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_only_declared,
            renderer,
        ],
        logger_factory=lambda *_: _Output(),
        cache_logger_on_first_use=False,
    )


class _Output:
    """Standard output as it is when a line is written. A pipe that is gone fails no request."""

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = msg


def write(
    event: Event, *, level: Literal["info", "warning", "error"] = "info", **fields: Any
) -> None:
    """Write one line. Fields that are not declared above are left out."""
    getattr(structlog.get_logger(), level)(event, **fields)


def write_fault(event: Event, fault: BaseException, scope: Scope | None = None) -> None:
    """Write what kind of fault it was and where. Never its words, which may quote a record."""
    write(
        event,
        level="error",
        fault=type(fault).__name__,
        place=place(fault.__traceback__),
        correlation_id=correlation_id(scope) if scope is not None else None,
    )


def place(trace: TracebackType | None) -> str:
    """The innermost line of our own code on the way, as file:line."""
    found = "unknown"
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(_HOME) and ".venv" not in path.parts:
            found = f"{path.relative_to(_HOME)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


# So that no line is ever written unguarded, however early.
configure_logs("json")
