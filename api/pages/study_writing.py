"""Study writing: a scenario file from the fields of a form, which can then be edited by hand."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from allocator.scenario.date_faults import date_faults, years_end
from allocator.scenario.file import LEAST_DAYS, MOST_DAYS, USUAL_DAYS, USUAL_METHODS
from allocator.scenario.in_words import called
from allocator.scenario.yaml_text import read_yaml
from allocator.simulate.changes import Change
from api.pages.several_sizes import sizes
from api.pages.study_words import METHODS as WAYS
from api.service.refusals import InvalidError
from api.service.studies import REGISTER

Said = Mapping[str, str]
Names = Mapping[str, str]
NO_NAMES: Names = {}
SIZES = ("S", "M", "L")
SEED, LOAD = 1, 1.1
"""Of a made-up estate: the same each time, with a tenth more people than its beds are made for."""
MOST_YEARS = 1_000
HALF_A_YEAR = 182
NO_DAY = date.min
"""In place of a day that was not given, or is none; its field says so."""
QUESTIONS = ("best_sites", "closures", "enough_beds")
QUESTION_WORDS = {
    "best_sites": "Premises at which a bed more is tried",
    "closures": "Premises whose closing is tried",
    "enough_beds": "Beds more, at most,",
}


def written(
    text: str, said: Said, as_of: date, methods: Sequence[str] = (), names: Names = NO_NAMES
) -> str:
    """The file with what the form says of its base, methods and questions, and a scenario more for
    each size of the change that was chosen, if one was. `as_of`: the first day of the simulated
    years. No `methods`: those of the file. `names`: of premises, by their ids.

    Comments are lost. Raises InvalidError for fields that are wrong, or text that is no YAML.
    """
    data = _read(text)
    wrong: list[dict[str, Any]] = []
    data = {"version": 1, **data}
    data["base"] = {**_kept(data.get("base")), **_base(said)}
    if unknown := [each for each in methods if each not in WAYS]:
        raise InvalidError(f"There is no method {unknown[0]}.")
    data["methods"] = list(methods) or data.get("methods") or list(USUAL_METHODS)
    data["replications"] = _whole(said, "years", "Years", 1, MOST_YEARS, wrong)
    if said.get("days"):
        data["days"] = _whole(said, "days", "Days in each year", LEAST_DAYS, MOST_DAYS, wrong)
    data.setdefault("days", USUAL_DAYS)
    data.setdefault("warm_up_days", 91)
    found = data.get("scenarios")
    scenarios = list(found) if isinstance(found, list) else []
    if not wrong:
        _say_days_of_file(scenarios, data, as_of, wrong)
    if kind := said.get("kind"):
        if kind not in CHANGES:
            raise InvalidError("There is no change of this kind.")
        added = _scenarios(kind, said, data, as_of, names, wrong)
        there = {each.get("name") for each in scenarios if isinstance(each, dict)}
        for each in added:
            if each["name"] in there:
                words = f"The file has a scenario called “{each['name']}”: give this one a name"
                _say(wrong, "scenario_name", words)
        scenarios += added
    asked = {
        name: _whole(said, name, QUESTION_WORDS[name], 1, 500, wrong)
        for name in QUESTIONS
        if said.get(name)
    }
    if wrong:
        raise InvalidError("The form is not valid", wrong)
    data["scenarios"] = scenarios
    if asked:
        data["questions"] = asked
    else:
        data.pop("questions", None)
    if not scenarios:
        data.pop("scenarios")
    return dumped(data)


def _scenarios(
    kind: str, said: Said, data: Mapping[str, Any], as_of: date, names: Names, wrong: Wrong
) -> list[dict[str, Any]]:
    """One for each size of the change; of several sizes, one that changes nothing is the base."""
    said = _with_days(kind, said, data, as_of)
    field, several = SIZES_AT.get(kind, ""), [""]
    try:
        several = sizes(said.get(field, ""), percent=field in IN_PERCENT)
    except ValueError as error:
        _say(wrong, field, f"The sizes are not clear: {error}")
        return []
    if field:
        nothing = said.get("stay_instead", "") if kind == "stay_length" else NOTHING[kind]
        asked, several = several, [size for size in several if not _is_read_as(size, nothing)]
        if not several:
            one = "This size changes nothing: it is the base, which is always run"
            _say(wrong, field, one if len(asked) == 1 else "None of the sizes changes anything")
    changes = [CHANGES[kind]({**said, field: size}, wrong) for size in several]
    named = [(CALLED[kind](change, names), change) for change in changes]
    if len(dict(named)) < len(named) and field not in {each["where"] for each in wrong}:
        _say(wrong, field, "Two of the sizes are the same, or nearly: give each once")
    for change in changes:
        for key, words in _out_of_time({"kind": kind, **change}, data, as_of):
            # A field that is wrong already holds no day.
            if not {"days", DAYS[kind, key]} & {each["where"] for each in wrong}:
                _say(wrong, DAYS[kind, key], words)
    name = said.get("scenario_name", "")
    return [
        {
            "name": f"{name}: {made}" if name and len(changes) > 1 else name or made,
            "changes": [{"kind": kind, **change}],
        }
        for made, change in named
    ]


def _with_days(kind: str, said: Said, data: Mapping[str, Any], as_of: date) -> Said:
    """The form with days where it leaves them empty: a change begins on the first day that is
    counted, and early release goes on for half a year, or until the years end.
    """
    end = years_end(data, as_of)
    if end is None:
        return said  # for the faults of the file to say
    first = as_of + timedelta(days=data["warm_up_days"])
    usual = dict.fromkeys(("close_since", "open_since", "release_first"), f"{first}")
    if kind == "early_release":
        begins = _day(said, "release_first", "", []) if said.get("release_first") else first
        # A scheme that begins after the years end is told so at its first day.
        lasts = min(HALF_A_YEAR, max((end - begins).days, 1), (date.max - begins).days)
        usual["release_until"] = f"{begins + timedelta(days=lasts)}"
    return {**said, **{name: said.get(name) or day for name, day in usual.items()}}


def _out_of_time(change: object, data: Mapping[str, Any], first: date) -> Iterator[tuple[str, str]]:
    """Keys of days on which a change would change nothing, or not all, and why."""
    end = years_end(data, first)
    if end is None:
        return  # for the faults of the file to say
    try:
        value = _CHANGE.validate_python(change)
    except ValidationError:
        return  # likewise
    yield from date_faults(value, first, end)


def _say_days_of_file(
    scenarios: Sequence[Any], data: Mapping[str, Any], first: date, wrong: Wrong
) -> None:
    """Of scenarios that the file had: the estate or the days of a year may be others now."""
    for scenario in scenarios:
        changes = scenario.get("changes") if isinstance(scenario, dict) else None
        for change in changes if isinstance(changes, list) else ():
            for key, words in _out_of_time(change, data, first):
                _say(wrong, "yaml", f"In the file, “{scenario.get('name')}”, {key}: {words}")


def dumped(data: Mapping[str, Any]) -> str:
    """The file's text."""
    to = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(dict(data), to)
    return to.getvalue()


def _read(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    read = read_yaml(text)
    if read.faults or not isinstance(read.data, dict):
        told = [
            {"where": "yaml", "message": each.text, "kind": "yaml", "line": each.line}
            for each in read.faults
        ] or [{"where": "yaml", "message": "The file must be keys and values.", "kind": "yaml"}]
        raise InvalidError("The text is not a scenario file", told)
    return dict(read.data)


def _kept(base: Any) -> dict[str, Any]:
    """What the base says besides where it comes from."""
    gone = ("problem", "forecast", "size", "seed", "load")
    return {k: v for k, v in base.items() if k not in gone} if isinstance(base, dict) else {}


def _base(said: Said) -> dict[str, Any]:
    estate = said.get("estate", "")
    if estate == REGISTER:
        return {"problem": REGISTER, "forecast": "current"}
    if estate not in SIZES:
        raise InvalidError("Choose whose beds are simulated.")
    return {"size": estate, "seed": SEED, "load": LOAD}


Wrong = list[dict[str, Any]]


def _close(said: Said, wrong: Wrong) -> dict[str, Any]:
    return {
        "premises": _premises(said, "close_premises", "Choose which premises closes", wrong),
        "since": _day(said, "close_since", "The day from which it is closed", wrong),
    }


def _open_beds(said: Said, wrong: Wrong) -> dict[str, Any]:
    return {
        "premises": _premises(said, "open_premises", "Choose where the beds are", wrong),
        "beds": _whole(said, "open_beds", "How many beds", 1, 500, wrong),
        "since": _day(said, "open_since", "The day from which they are there", wrong),
    }


def _demand(said: Said, wrong: Wrong) -> dict[str, Any]:
    return {"factor": _percent(said, "demand", "How many referrals, in per cent", wrong)}


def _release(said: Said, wrong: Wrong) -> dict[str, Any]:
    first = _day(said, "release_first", "The first day of it", wrong)
    until = _day(said, "release_until", "The day on which it ends", wrong)
    if NO_DAY not in (first, until) and until <= first:
        _say(wrong, "release_until", "The day on which it ends must be after its first day")
    return {
        "days": _whole(said, "release_days", "How many days earlier", 1, 728, wrong),
        "share": _percent(said, "release_share", "The share released earlier", wrong, 1, 100),
        "first": first,
        "until": until,
    }


def _stay(said: Said, wrong: Wrong) -> dict[str, Any]:
    return {
        "nights": _whole(said, "stay_nights", "Nights of a stay", 1, 364, wrong),
        "instead_of": _whole(said, "stay_instead", "Nights of a stay now", 1, 364, wrong),
    }


def _broken(said: Said, wrong: Wrong) -> dict[str, Any]:
    return {"factor": _percent(said, "broken", "How many beds break, in per cent", wrong)}


CHANGES: Mapping[str, Callable[[Said, Wrong], dict[str, Any]]] = {
    "close": _close,
    "open_beds": _open_beds,
    "demand_factor": _demand,
    "early_release": _release,
    "stay_length": _stay,
    "out_of_service_rate": _broken,
}
"""By kind of change, its keys from the form."""
SIZES_AT: Mapping[str, str] = {
    "open_beds": "open_beds",
    "demand_factor": "demand",
    "early_release": "release_share",
    "stay_length": "stay_nights",
    "out_of_service_rate": "broken",
}
"""By kind of change, the field that may have several sizes. A closing has none."""
IN_PERCENT = frozenset({"demand", "release_share", "broken"})
"""Fields that hold so many per cent."""
NOTHING: Mapping[str, str] = {
    "open_beds": "0",
    "demand_factor": "100",
    "early_release": "0",
    "out_of_service_rate": "100",
}
"""By kind of change, the size that changes nothing. Of a stay it is its nights now."""
DAYS = {
    ("close", "since"): "close_since",
    ("open_beds", "since"): "open_since",
    ("early_release", "first"): "release_first",
    ("early_release", "until"): "release_until",
}
"""By kind and key, the field of a day."""
_CHANGE: TypeAdapter[Any] = TypeAdapter(Change)
CALLED: Mapping[str, Callable[[dict[str, Any], Names], str]] = {
    "close": lambda c, names: f"close {called(c['premises'], names)}",
    "open_beds": lambda c, names: f"{c['beds']} beds more at {called(c['premises'], names)}",
    "demand_factor": lambda c, _: f"{100 * (c['factor'] or 0):g} % of the referrals",
    "early_release": lambda c, _: f"{c['days']} days earlier for {100 * (c['share'] or 0):g} %",
    "stay_length": lambda c, _: f"{c['nights']} nights in place of {c['instead_of']}",
    "out_of_service_rate": lambda c, _: f"{100 * (c['factor'] or 0):g} % of the beds that break",
}


def _say(wrong: Wrong, name: str, message: str) -> None:
    """Once, however many sizes of a change have the same fault."""
    told = {"where": name, "message": message, "kind": "field"}
    if told not in wrong:
        wrong.append(told)


def _premises(said: Said, name: str, what: str, wrong: Wrong) -> str:
    """The premises' id. What is chosen says of which estate it is; what is written does not."""
    estate, slash, identifier = said.get(name, "").partition("/")
    if not estate:
        _say(wrong, name, what)
    elif slash and estate != said.get("estate"):
        _say(wrong, name, f"{what}: of the estate that is chosen under “Whose beds”")
    return identifier if slash else estate


_SIZED = {"release_days": "Per cent of those due", "stay_instead": "Nights then"}
"""By a field that takes one size, the field beside it that takes several."""


def _whole(said: Said, name: str, what: str, least: int, most: int, wrong: Wrong) -> int:
    text = said.get(name, "")
    if not (text.isdecimal() and len(text) < 7 and least <= int(text) <= most):
        told = f"{what} must be a whole number from {least} to {most:,}"
        if "," in text or " to " in text:
            told += f". Several sizes may stand in “{_SIZED[name]}”" if name in _SIZED else ""
        _say(wrong, name, told)
        return least
    return int(text)


def _percent(
    said: Said, name: str, what: str, wrong: Wrong, least: int = 5, most: int = 1_000
) -> float:
    """`least`: fewer, and not none, are a share or so many times as many, and not per cent."""
    try:
        found = _factor(said.get(name, ""))
    except ValueError:
        found = -1.0
    if not 0 <= found <= most / 100:
        _say(wrong, name, f"{what} must be a number from 0 to {most:,}")
    elif 0 < found < least / 100:
        told, meant = f"{100 * found:g}", f"{10_000 * found:g}"
        words = f"{told} would be {told} per cent: write {meant} for {meant} %"
        _say(wrong, name, f"{words}, or what is less than {least} % into the file by hand")
    else:
        return found
    return 0.0


def _factor(text: str) -> float:
    """So many per cent, to a millionth. Raises ValueError for what is no number."""
    return round(float(text.rstrip("% ")) / 100, 6)


def _is_read_as(size: str, other: str) -> bool:
    try:
        return _factor(size) == _factor(other)
    except ValueError:
        return False


def _day(said: Said, name: str, what: str, wrong: Wrong) -> date:
    try:
        return date.fromisoformat(said.get(name, ""))
    except ValueError:
        _say(wrong, name, f"{what} is missing, or no day")
        return NO_DAY
