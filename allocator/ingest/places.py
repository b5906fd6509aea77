"""Where premises and people are, when files give coordinates that may be invented or swapped."""

from __future__ import annotations

from contextlib import suppress

from allocator.geography.distance import miles_between
from allocator.geography.outcodes import normalise_outcode
from allocator.geography.point import Point
from allocator.ingest.context import Context

DOUBTFUL_MILES = 30


def place_of_premises(
    code: str, latitude: str, longitude: str, postcode: str, context: Context
) -> Point | None:
    """The coordinates when they are in Great Britain, else the outcode's place, else None.

    Notes what could not be used, and coordinates far from the postcode, which are kept.
    """
    given = _point(latitude, longitude)
    known = context.locate(postcode) if postcode else None
    if given is None:
        instead = (
            f"the middle of {normalise_outcode(postcode)} is used"
            if known
            else "its distance cannot be measured"
        )
        context.findings.note(
            "location_unusable", code, f"{code} has no coordinates in Great Britain: {instead}"
        )
        return known
    if known is not None and miles_between(given, known) > DOUBTFUL_MILES:
        context.findings.note(
            "location_doubtful",
            code,
            f"the coordinates of {code} are {miles_between(given, known):.0f} miles from its "
            "postcode; the coordinates are used",
        )
    return given


def place_of_outcode(subject: str, outcode: str | None, context: Context) -> Point | None:
    """Where a person should live near; a note when the outcode is on no map."""
    point = context.locate(outcode) if outcode else None
    if outcode and point is None:
        context.findings.note(
            "outcode_unknown",
            subject,
            f"the outcode {outcode} of {subject} is not known: miles cannot be counted",
        )
    return point


def _point(latitude: str, longitude: str) -> Point | None:
    with suppress(ValueError):
        point = Point(float(latitude), float(longitude))
        if point.in_great_britain:
            return point
    return None
