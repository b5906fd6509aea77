"""What the synthetic people need and want: offences, criteria, restrictions, sharing, licence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allocator.generate import defaults
from allocator.generate.draws import choices, flags, whole, yes
from allocator.generate.timing import Timing
from allocator.referral import ShareAssessment
from allocator.streams import Streams
from allocator.vocabulary import Criterion, Offence


@dataclass(frozen=True, slots=True)
class Needs:
    """What one person's placement has to allow for."""

    offences: frozenset[Offence]
    offences_unknown: frozenset[Offence]
    essential: frozenset[Criterion]
    desirable: frozenset[Criterion]
    restriction_codes: frozenset[str] | None
    licence_expiry: date | None
    sharing: ShareAssessment | None


def needs(timings: list[Timing], streams: Streams) -> list[Needs]:
    """The needs of each person."""
    count = len(timings)
    unknown = dict.fromkeys(defaults.OFFENCES.value, defaults.UNKNOWN.value)
    offences = flags(streams, "needs/offence", defaults.OFFENCES.value, count)
    unanswered = flags(streams, "needs/offence unknown", unknown, count)
    essential = flags(streams, "needs/essential", defaults.ESSENTIAL.value, count)
    desirable = flags(streams, "needs/desirable", defaults.DESIRABLE.value, count)
    codes = _codes(streams, count)
    licences = _licences(timings, streams)
    sharing = share_assessments([t.release + timedelta(days=t.nights) for t in timings], streams)
    return [
        Needs(
            offences[n] - unanswered[n],
            unanswered[n],
            essential[n],
            desirable[n] - essential[n],
            codes[n],
            licences[n],
            sharing[n],
        )
        for n in range(count)
    ]


def share_assessments(
    departures: list[date], streams: Streams, name: str = "needs"
) -> list[ShareAssessment | None]:
    """Room-share assessments: most people have none, and some run out before the stay ends."""
    suitable, unsuitable = defaults.SHARING.value
    least, most = defaults.SHARING_DAYS.value
    answers = choices(
        streams,
        f"{name}/sharing",
        (None, True, False),
        (1 - suitable - unsuitable, suitable, unsuitable),
        len(departures),
    )
    days = whole(streams, f"{name}/sharing days", least, most, len(departures))
    return [
        None if answer is None else ShareAssessment(answer, departure + timedelta(days=extra))
        for answer, departure, extra in zip(answers, departures, days, strict=True)
    ]


def _codes(streams: Streams, count: int) -> list[frozenset[str] | None]:
    """Mostly none, one code for a few, and not known for fewer."""
    names = list(defaults.RESTRICTION_CODES.value)
    applies = yes(streams, "needs/restricted", defaults.RESTRICTED_PEOPLE.value, count)
    which = whole(streams, "needs/restriction", 0, len(names) - 1, count)
    unknown = yes(streams, "needs/restriction unknown", defaults.UNKNOWN.value, count)
    return [
        None if unknown[n] else frozenset({names[which[n]]} if applies[n] else ())
        for n in range(count)
    ]


def _licences(timings: list[Timing], streams: Streams) -> list[date | None]:
    """Licence expiry of some: mostly well after the stay, now and then too soon for it."""
    share, least, most = defaults.LICENCE_EXPIRY.value
    has = yes(streams, "needs/licence", share, len(timings))
    days = whole(streams, "needs/licence days", least, most, len(timings))
    return [
        timing.release + timedelta(days=timing.nights + days[n]) if has[n] else None
        for n, timing in enumerate(timings)
    ]
