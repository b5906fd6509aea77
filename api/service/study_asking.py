"""Study asking: what was sent for a study, looked at as the command line looks at a scenario file.

Every fault is told at once, and nothing is kept of a study that has one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from allocator.forecast import Forecast, forecast_to_json
from allocator.generate.options import SIZES, Options
from allocator.policy import DEFAULT_POLICY
from allocator.problem import Problem
from allocator.problem_file import problem_to_json
from allocator.scenario.fault import Fault, Path
from allocator.scenario.file import Base, Questions, ScenarioFile
from allocator.scenario.read import Looked, look_at
from api.access.actor import Actor
from api.complaints import named
from api.service.documents import packed
from api.service.refusals import BusyError, InvalidError
from api.service.register import Register
from api.service.studies import (
    ASKED,
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
from api.service.study_folder import study_folder
from api.service.study_forecast import fitted
from api.store.snapshot import snapshot

MOST_BEDS = 5_000
"""Of the estate. England and Wales have some 2,300; ten times as many take gigabytes to look at."""
MOST_CHANGES = 1_000
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
    """The study. Raises InvalidError with every complaint."""
    with _one_at_a_time():
        if sent.history is not None:
            forecast = fitted(sent.history, register, terms.data_folder)
            sent = replace(sent, forecast=forecast, history=None)
        return _Asking(register, actor, sent, terms).wanted()


def years_of(file: ScenarioFile) -> int:
    """How many simulated years a study may come to, its questions answered the longest way."""
    asked = file.questions
    sites = sum(1 + most for most in (asked.best_sites, asked.closures) if most is not None)
    # Beds are added one by one, and then each is tried without, and each premises once more.
    beds = 0 if asked.enough_beds is None else 1 + 3 * asked.enough_beds
    scenarios = (1 + len(file.scenarios)) * len(file.methods)
    return (scenarios + sites + beds) * file.replications


class _Asking:
    """One look at what was sent."""

    def __init__(self, register: Register, actor: Actor, sent: Sent, terms: Terms) -> None:
        self._register, self._actor, self._sent, self._terms = register, actor, sent, terms
        self._data = sent.data if isinstance(sent.data, dict) else {}
        base = self._data.get("base", {})
        self._base: dict[str, Any] = base if isinstance(base, dict) else {}
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
        data = self._with_files()
        alone = look_at(data, None)
        faults = [*alone.faults, *self._of_base(), *self._of_policies()]
        file = None if alone.file is None else self._with_questions(alone.file)
        if file is not None:
            faults += self._of_size(file)
        if faults or file is None:
            # Changes are tried all the same, where there is something to try them on.
            if not any(
                fault.path[:1] in ((), ("base",)) or "policy" in fault.path for fault in faults
            ):
                faults += [each for each in self._tried(data).faults if each not in faults]
            return Looked(None, tuple(faults))
        tried = self._tried(data)
        return Looked(file, ()) if tried.file is not None else tried

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

    def _with_files(self) -> Any:
        """What was sent, with what its files are called here."""
        if not isinstance(self._sent.data, dict):
            return self._sent.data
        base = dict(self._base)
        for key, name in (("problem", PROBLEM_FILE), ("forecast", FORECAST_FILE)):
            if isinstance(base.get(key), str):
                base[key] = name
        if base.get("policy") is None and self._policy_text() is not None:
            base["policy"] = POLICY_FILE
        told = self._data.get("base")
        return (
            self._data
            if told is not None and told is not self._base
            else {**self._data, "base": base}
        )

    def _policy_text(self) -> bytes | None:
        return None if self._terms.policy is None else self._terms.policy.read_bytes()

    def _with_questions(self, file: ScenarioFile) -> ScenarioFile:
        """What is asked beside the file goes before what the file asks."""
        asked, beside = file.questions, self._sent.questions
        return replace(
            file,
            questions=Questions(
                beside.method or asked.method,
                beside.best_sites or asked.best_sites,
                beside.closures or asked.closures,
                beside.enough_beds or asked.enough_beds,
            ),
        )

    # ---- faults that only the service knows ------------------------------------------------

    def _of_base(self) -> Iterator[Fault]:
        for key, given in (("problem", self._sent.problem), ("forecast", self._sent.forecast)):
            path = ("base", key)
            named_so = self._base.get(key)
            if named_so is None and given is not None:
                yield Fault(path, f"a {key} was sent and is not named here: write `sent`")
            elif (
                isinstance(named_so, str)
                and given is None
                and not (key == "problem" and self._over == REGISTER)
            ):
                yield Fault(
                    path,
                    f"no file is read here: send its content in the field `{key}` beside"
                    + (", or write `register`" if key == "problem" else ""),
                )
        if self._over == REGISTER and self._sent.problem is not None:
            yield Fault(
                ("base", "problem"), "a problem was sent and `register` is named: choose one"
            )
        if self._over != SYNTHETIC and self._base.get("forecast") is None:
            yield Fault(
                ("base", "forecast"),
                "such an estate needs a forecast, which says who comes: send one",
            )
        yield from self._of_beds()

    def _of_beds(self) -> Iterator[Fault]:
        if self._problem is not None:
            beds, path = len(self._problem.beds), ("base", "problem")
        else:
            path = ("base", "size")
            try:
                read = Base(
                    **{k: v for k, v in self._base.items() if k in ("size", "windows", "load")}
                )
                beds = Options(SIZES[read.size], read.windows, read.load).beds
            except (KeyError, TypeError, ValueError):
                return  # which is told elsewhere
        if not 1 <= beds <= MOST_BEDS:
            yield Fault(
                path, f"the estate has {beds:,} beds; from 1 to {MOST_BEDS:,} can be studied"
            )

    def _of_policies(self) -> Iterator[Fault]:
        """Policies go by name here: a path would be one of the service's machine."""
        packaged = sorted(
            each.name.removesuffix(".toml")
            for each in resources.files("allocator.policies").iterdir()
            if each.name.endswith(".toml")
        )
        there = f"there are {', '.join(packaged)}" if packaged else f"there is {DEFAULT_POLICY}"
        for path, name in self._policies_named():
            if isinstance(name, str) and name not in packaged:
                yield Fault(path, f"no policy goes by this name here; {there}")

    def _policies_named(self) -> Iterator[tuple[Path, object]]:
        yield ("base", "policy"), self._base.get("policy")
        for number, scenario in enumerate(_listed(self._data.get("scenarios"))):
            changes = scenario.get("changes") if isinstance(scenario, dict) else None
            for place, change in enumerate(_listed(changes)):
                if isinstance(change, dict):
                    yield ("scenarios", number, "changes", place, "policy"), change.get("policy")

    def _of_size(self, file: ScenarioFile) -> Iterator[Fault]:
        years, most = years_of(file), self._terms.most_years
        if years > most:
            yield Fault(
                ("replications",),
                f"{1 + len(file.scenarios)} scenarios with the base, {len(file.methods)} methods "
                f"and {file.replications} years, and the questions, come to {years:,} simulated "
                f"years; at most {most:,} are run for one study: ask for fewer",
            )
        if sum(len(each.changes) for each in file.scenarios) > MOST_CHANGES:
            yield Fault(
                ("scenarios",), f"at most {MOST_CHANGES:,} changes are taken: ask for fewer"
            )

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


def _listed(data: object) -> list[Any]:
    return data if isinstance(data, list) else []


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _LOOKING.acquire(timeout=WAIT_S):
        raise BusyError("other studies are being looked at: send this one again", code="looking")
    try:
        yield
    finally:
        _LOOKING.release()
