"""Words: days, moments and figures as GOV.UK writes them, and codes as people say them."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from allocator import code_words
from allocator.plain_words import bands_words, percent, rounded
from allocator.plain_words import counted as counted
from allocator.vocabulary import Criterion
from api.pages.looked_words import looked_words

_LONDON = ZoneInfo("Europe/London")


def sentence(text: str) -> str:
    """The text with a capital in front, and no letter of it changed otherwise."""
    return text[:1].upper() + text[1:]


_OF_THE_API = re.compile(
    r" \((override_hold|until|lowest_band|first_night|last_night|hold_back|next_meeting)\)"
)
_A_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)(?: at |T| )(\d\d:\d\d)(?::[\d.]+)?(?: ?UTC|Z|\+00:00)")
_ARRIVED = re.compile(r"arrived on (\d{4}-\d\d-\d\d)")
_A_DAY = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d\b(?![T-])")
_AN_ID = re.compile(
    r"\b(run|hold|study|advice|forecast) [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_CALLED = {"run": "the plan"}


def refused(detail: str) -> str:
    """What a refusal says, as a sentence of a page."""
    return sentence(plainly(detail))


def plainly(detail: str) -> str:
    """The same with days and moments as pages write them, and without names of the API's fields,
    or ids that nobody chose.
    """
    said = _OF_THE_API.sub("", detail)
    said = _A_MOMENT.sub(lambda found: moment(f"{found[1]}T{found[2]}+00:00"), said)
    said = _A_DAY.sub(lambda found: _day_if_any(found[0]), said)
    return _AN_ID.sub(lambda found: _CALLED.get(found[1], f"this {found[1]}"), said)


def _day_if_any(text: str) -> str:
    try:
        return day(text)
    except ValueError:
        return text


def day(value: date | str | None) -> str:
    """2 November 2026. A value of another kind that is a day: its ISO text."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return f"{value.day} {value:%B %Y}"


def stated(reason: str) -> str:
    """A reason as it was given; the service's own, with the day as pages have it."""
    given = _ARRIVED.fullmatch(reason)
    return reason if given is None else f"arrived on {day(given[1])}"


def short_day(value: date | str | None) -> str:
    """2 Nov 2026, for tables."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return f"{value.day} {value:%b %Y}"


def clock(value: datetime) -> str:
    """9:30am in London; midnight and midday by name."""
    here = value.astimezone(_LONDON)
    if here.minute == 0 and here.hour in (0, 12):
        return "midnight" if here.hour == 0 else "midday"
    minutes = f":{here:%M}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes}{'am' if here.hour < 12 else 'pm'}"


def moment(value: datetime | str | None) -> str:
    """2 November 2026 at 9:30am, in London."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{day(value.astimezone(_LONDON).date())} at {clock(value)}"


def moment_in_file(value: datetime) -> str:
    """2026-11-02T09:30:00+00:00, in London: the hour of the page, and its offset from UTC."""
    return value.astimezone(_LONDON).isoformat(timespec="seconds")


def day_of(value: datetime) -> str:
    """The day of a moment in London."""
    return day(value.astimezone(_LONDON).date())


def days_left(days: int) -> str:
    """Until a release, or since."""
    if days == 0:
        return "Today"
    if days < 0:
        return f"{counted(-days, 'day')} ago"
    return counted(days, "day")


def to_tenths(value: float, sign: bool = False) -> str:
    """1,234.5; `sign`: +1,234.5."""
    return f"{rounded(value, 1):{'+' if sign else ''},f}"


def seconds(value: float) -> str:
    """12 seconds, 2 minutes 5 seconds."""
    whole = round(value)
    if whole < 60:
        return counted(whole, "second")
    minutes, left = divmod(whole, 60)
    return counted(minutes, "minute") + (f" {counted(left, 'second')}" if left else "")


AP_TYPES = {kind.value: words for kind, words in code_words.AP_TYPES.items()}
GENDERS = {gender.value: words for gender, words in code_words.ESTATES.items()}
STATUSES = {
    "open": ("Without a bed", "red"),
    "placed": ("Bed booked", "green"),
    "arrived": ("Arrived", "green"),
    "withdrawn": ("Withdrawn", "grey"),
    "released_without_bed": ("Released without a bed", "grey"),
}
RUN_STATUSES = {
    "queued": ("Waiting", "yellow"),
    "running": ("Planning", "blue"),
    "finished": ("Finished", "green"),
    "failed": ("Failed", "red"),
    "cancelled": ("Called off", "grey"),
}
STUDY_STATUSES = {**RUN_STATUSES, "running": ("Simulating", "blue")}
RUN_ENDS = {
    "proven": "Proven best: no plan is better",
    "effort": "Its effort was used up: the same again gives the same plan",
    "time limit": (
        "Its time limit was reached, or cut a part of the work short: "
        "the same again may give another plan"
    ),
    "interrupted": "It was stopped: this is the best plan until then",
}
"""How the work on a plan ended, by the word of the plan."""
PROPOSAL_STATUSES = {
    "proposed": ("To decide", "blue"),
    "lost": ("Cannot be accepted any more", "orange"),
    "accepted": ("Accepted", "green"),
    "changed": ("Changed", "green"),
    "refused": ("Refused", "red"),
    "superseded": ("Overtaken", "grey"),
}
BOOKING_STATUSES = {
    "upcoming": "Booked",
    "arrived": "Arrived",
    "departed": "Left",
    "notArrived": "Did not arrive",
    "cancelled": "Cancelled",
}
FLAGS = {
    "bed_freed": "A bed was freed",
    "risk_changed": "Risk information changed",
    "arrival_not_recorded": "Nobody has said whether the person came",
    "left_before_moving": "The person has left, and another bed is still booked for them",
    "move_called_off": "The stay ends on the day of a move that was called off",
    "bed_by_another_bid": "The person has a bed by another booking",
    "bed_by_another_in_part": "The person has a bed by another booking, for a part of the nights",
}
ATTEMPTS = {
    "proposal_refused": "Refused",
    "booking_cancelled": "Cancelled",
    "did_not_arrive": "Did not arrive at",
    "arrival_not_recorded": "No arrival recorded at",
}
"""By the code of an attempt, what came of the bed that it names."""


_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def spaced(code: str) -> str:
    """isStepFreeDesignated, or bed_freed, as words; for codes that have none of their own.

    What is in capitals, as IAP or A3, stays so; and so does all of what has blanks already.
    """
    if " " in code:
        return sentence(code.replace("_", " "))
    parts = _BETWEEN_WORDS.sub(" ", code).replace("_", " ").split()
    return sentence(" ".join(part if part.isupper() else part.lower() for part in parts))


RECORDS = {
    "premises": ("premises", "premises"),
    "out_of_service": ("out-of-service record", "out-of-service records"),
}


def records(kind: str, number: int) -> str:
    """1 bed, 12 referrals: so many records of a kind."""
    one, many = RECORDS.get(kind, (spaced(kind).lower(), ""))
    return counted(number, one, many)


_OF_THE_COMMAND_LINE = {
    "see docs/formats.md": "look at the template of this kind of file",
    ", or --from and --until": "",
    ", or give a later --as-of": ", or leave the row out until that day has come",
}
"""What mends a fault for whoever has options and documents, and what for whoever has a page."""


def mend(text: str) -> str:
    """How a fault of a file is mended, for whoever has templates at hand and no documents."""
    for words, of_a_page in _OF_THE_COMMAND_LINE.items():
        text = text.replace(words, of_a_page)
    return text


def ap_type(code: str) -> str:
    """The kind of premises."""
    return AP_TYPES.get(code, spaced(code))


def criterion(code: str) -> str:
    """What a bed must have, or be."""
    return sentence(code_words.CRITERIA[Criterion(code)].words)


FILTERS = {
    "ap_type": ap_type,
    "bands": bands_words,
    "counted": counted,
    "criterion": criterion,
    "day": day,
    "day_of": day_of,
    "days_left": days_left,
    "looked": looked_words,
    "mend": mend,
    "moment": moment,
    "percent": percent,
    "records": records,
    "refused": refused,
    "seconds": seconds,
    "sentence": sentence,
    "short_day": short_day,
    "stated": stated,
    "spaced": spaced,
    "to_tenths": to_tenths,
}
"""By the names that templates use."""
