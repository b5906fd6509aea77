"""Study size: what the file of a study comes to, said before it is started."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.scenario.file import ScenarioFile
from allocator.scenario.read import look_at
from allocator.scenario.yaml_text import read_yaml
from api.pages.words import counted
from api.service.change import Change
from api.service.lists import counted as records_counted
from api.service.studies import REGISTER
from api.service.study_faults import years_of
from api.service.study_time import made_up_beds, seconds_of
from api.settings import Settings

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class StudySize:
    """`years`: with those of the questions at most. `most`: that one study may have."""

    scenarios: int
    methods: int
    replications: int
    years: int
    most: int
    questions: bool
    takes: str
    too_long: str
    """After how long a study is ended, where it would take longer; else empty."""


def size_of(text: str, change: Change, settings: Settings) -> StudySize | None:
    """None for a file with faults, and over an estate that is not known here."""
    read = read_yaml(text)
    file = None if read.faults else look_at(read.data, None).file
    if file is None:
        return None
    try:
        beds = _beds(file, change)
    except ValueError:
        return None
    seconds = seconds_of(file, beds, max(1, settings.study_processes))
    years, longest = years_of(file), settings.study_longest_s
    plain = (1 + len(file.scenarios)) * len(file.methods) * file.replications
    return StudySize(
        scenarios=len(file.scenarios),
        methods=len(file.methods),
        replications=file.replications,
        years=years,
        most=settings.study_years,
        questions=years > plain,
        takes=about(seconds),
        too_long=about(longest).removeprefix("about ") if seconds > longest else "",
    )


def _beds(file: ScenarioFile, change: Change) -> int:
    """Raises ValueError where the base names another file, or no size that there is."""
    if file.base.problem is None:
        return made_up_beds(file.base)
    if file.base.problem != REGISTER:
        raise ValueError("the estate is not here")
    return records_counted(change.connection, "bed", ())


def about(seconds: float) -> str:
    """A time in the unit that fits it, no finer than it can be known."""
    for unit, length in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= 2 * length:
            return f"about {counted(round(seconds / length), unit)}"
    return "a minute or two" if seconds >= MINUTE / 2 else "less than a minute"
