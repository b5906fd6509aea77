"""Study asking: what was sent for a study, looked at as the command line looks at a scenario file.

Every fault is told at once, and nothing is kept of a study that has one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from allocator.forecast import Forecast, forecast_to_json
from allocator.problem import Problem
from allocator.problem_file import problem_to_json
from allocator.scenario.fault import Fault, Path
from allocator.scenario.file import Questions
from allocator.scenario.read import Looked, look_at
from api.access.actor import Actor
from api.complaints import named
from api.service import forecasts
from api.service.documents import packed
from api.service.refusals import BusyError, InvalidError
from api.service.register import Register
from api.service.studies import (
    ASKED,
    CURRENT,
    FORECAST_FILE,
    POLICY_FILE,
    PROBLEM,
    PROBLEM_FILE,
    REGISTER,
    SYNTHETIC,
    Kind,
    Over,
    Wanted,
)
from api.service.study_faults import Given, base_faults, policy_faults, size_faults
from api.service.study_folder import study_folder
from api.service.study_forecast import fitted
from api.store.snapshot import snapshot

WAIT_S = 30.0
_LOOKING = threading.Lock()
"""One study is looked at at a time in this process: its estate is made to try the changes on."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came. `data`: keys and values as in a scenario file, whichever way they were sent.

    `places`: what the sender calls a path of `data`, where that is something else. `lines`: of
    text that was sent.
    """

    kind: Kind
    name: str | None
    data: Any
    field: str
    as_asked: tuple[str, bytes]
    lines: Mapping[Path, int]
    problem: Problem | None
    forecast: Forecast | None
    history: str | None
    questions: Questions
    places: Mapping[Path, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the service allows, and the policy that it runs under; None: the packaged one."""

    data_folder: FilePath
    policy: FilePath | None
    most_years: int


def wanted_of(register: Register, actor: Actor, sent: Sent, terms: Terms) -> Wanted:
    """The study. Raises InvalidError with every complaint.

    ConflictError: the forecast of the register is asked for, and there is none that could be used.
    """
    with _one_at_a_time():
        if sent.history is not None:
            forecast = fitted(sent.history, register, terms.data_folder)
            sent = replace(sent, forecast=forecast, history=None)
        if sent.forecast is None and _base_of(sent.data).get("forecast") == CURRENT:
            with register.reading() as connection:
                row = forecasts.current(register.change(connection, actor))
                sent = replace(sent, forecast=forecasts.forecast_of(connection, row))
        return _Asking(register, actor, sent, terms).wanted()


def _base_of(data: Any) -> dict[str, Any]:
    base = data.get("base", {}) if isinstance(data, dict) else {}
    return base if isinstance(base, dict) else {}


class _Asking:
    """One look at what was sent."""

    def __init__(self, register: Register, actor: Actor, sent: Sent, terms: Terms) -> None:
        self._register, self._actor, self._sent, self._terms = register, actor, sent, terms
        self._data = sent.data if isinstance(sent.data, dict) else {}
        self._base = _base_of(sent.data)
        self._over: Over = SYNTHETIC
        self._problem, self._register_seq = sent.problem, 0
        if self._base.get("problem") == REGISTER:
            self._over = REGISTER
            with register.reading() as connection:
                change = register.change(connection, actor)
                self._problem = snapshot(connection, change.today, register.policy)
                self._register_seq = change.register_seq
        elif self._base.get("problem") is not None:
            self._over = PROBLEM

    def wanted(self) -> Wanted:
        """The study. Raises InvalidError with every complaint."""
        looked = self._looked()
        if looked.file is None:
            raise InvalidError(
                "The study is not valid; complaints says where.", self._complaints(looked.faults)
            )
        sent, file = self._sent, looked.file
        name, text = sent.as_asked
        policy = None if self._policy_text() is None else packed(self._policy_text() or b"")
        own = file.base.policy in (None, POLICY_FILE)
        return Wanted(
            kind=sent.kind,
            over=self._over,
            name=sent.name,
            file=packed(ASKED.dump_json(file)),
            as_asked=(name, packed(text)),
            problem=None if self._problem is None else packed(problem_to_json(self._problem)),
            forecast=None if sent.forecast is None else packed(forecast_to_json(sent.forecast)),
            policy_file=policy if file.base.policy == POLICY_FILE else None,
            policy=self._register.policy.name if own else str(file.base.policy),
            register_seq=self._register_seq,
        )

    def _looked(self) -> Looked:
        """Without the base first: the base may be what is wrong, or there may be too much of it."""
        sent, data = self._sent, self._as_here()
        given = Given(
            self._data, self._base, self._over, sent.problem, sent.forecast, self._problem
        )
        alone = look_at(data, None)
        faults = [*alone.faults, *base_faults(given), *policy_faults(given)]
        too_large = (
            [] if alone.file is None else list(size_faults(alone.file, self._terms.most_years))
        )
        # Changes are tried where there is something to try them on, whatever else is wrong.
        untried = too_large or any(
            fault.path[:1] in ((), ("base",)) or "policy" in fault.path for fault in faults
        )
        if not untried:
            tried = self._tried(data)
            faults += [each for each in tried.faults if each not in faults]
        faults += too_large
        return Looked(None if faults else alone.file, tuple(faults))

    def _tried(self, data: Any) -> Looked:
        with study_folder(self._terms.data_folder) as folder:
            for name, content in self._files():
                (folder / name).write_bytes(content)
            return look_at(data, folder)

    def _files(self) -> Iterator[tuple[str, bytes]]:
        if self._problem is not None:
            yield PROBLEM_FILE, problem_to_json(self._problem)
        if self._sent.forecast is not None:
            yield FORECAST_FILE, forecast_to_json(self._sent.forecast)
        text = self._policy_text()
        if text is not None:
            yield POLICY_FILE, text

    def _as_here(self) -> Any:
        """What was sent, with what its files are called here, and what is asked beside it."""
        if not isinstance(self._sent.data, dict):
            return self._sent.data
        data = dict(self._data)
        if isinstance(data.get("base", {}), dict):
            data["base"] = base = dict(self._base)
            for key, name in (("problem", PROBLEM_FILE), ("forecast", FORECAST_FILE)):
                if isinstance(base.get(key), str):
                    base[key] = name
            if base.get("policy") is None and self._policy_text() is not None:
                base["policy"] = POLICY_FILE
        asked = data.get("questions", {})
        beside = {name: value for name, value in asdict(self._sent.questions).items() if value}
        if beside and isinstance(asked, dict):
            data["questions"] = {**asked, **beside}
        return data

    def _policy_text(self) -> bytes | None:
        return None if self._terms.policy is None else self._terms.policy.read_bytes()

    def _complaints(self, faults: Sequence[Fault]) -> list[dict[str, Any]]:
        """Each once, in the order of the file."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for fault in faults:
            place = self._sent.places.get(fault.path)
            steps = [place] if place else [str(named(step)) for step in fault.path]
            where = ".".join([self._sent.field, *steps])
            told: dict[str, Any] = {"where": where, "message": fault.text, "kind": "study"}
            line = fault.line or _line(fault.path, self._sent.lines)
            found.setdefault((where, fault.text), told if line is None else {**told, "line": line})
        return sorted(found.values(), key=lambda each: each.get("line", 0))


def _line(path: Path, lines: Mapping[Path, int]) -> int | None:
    """Of the value, or of the nearest one around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _LOOKING.acquire(timeout=WAIT_S):
        raise BusyError("other studies are being looked at: send this one again", code="looking")
    try:
        yield
    finally:
        _LOOKING.release()
