"""Known: what a bid names must be there, as in files: misspelt, a code would protect nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from allocator.estate import Premises
from allocator.geography.outcodes import find_outcode, normalise_outcode
from allocator.ingest.limits import YEARS_AROUND
from allocator.ingest.release_list import MOST_PREFERRED
from allocator.referral import Referral
from api.service.refusals import InvalidError

Complaint = Mapping[str, str]


def as_known(
    value: Referral,
    premises: Iterable[Premises],
    today: date,
    *,
    before: Referral | None = None,
    where: str = "body",
) -> Referral:
    """The bid, with the place of its outcode. Raises InvalidError with every fault.

    `before`: what is on record. What it says already is not asked again, for the estate changes.
    """
    value = _placed(value, before)
    estate = tuple(premises)
    found = [
        *_codes(value, estate, before),
        *_preferred(value, estate, before),
        *_outcode(value, before),
        *_days(value, today, before),
    ]
    if found:
        raise InvalidError(
            "The request is not valid; complaints says where.",
            [
                {"where": f"{where}.{field}", "message": text, "kind": kind}
                for field, text, kind in found
            ],
        )
    return value


def unknown_codes(
    codes: frozenset[str], estate: Iterable[Premises], had: frozenset[str]
) -> dict[str, str]:
    """By each local restriction that no premises has, what is said of it. `had`: those on record.

    It does not repeat the code: nobody knows what was typed there.
    """
    known = {each.code for site in estate for each in site.local_restrictions}
    return {
        code: f"is the code of no premises' local restriction. {_nearest(code, known)}"
        "Leave out what no premises has."
        for code in sorted(codes - known - had)
    }


Fault = tuple[str, str, str]
"""The field, what is wrong and how to mend it, and the kind."""


def _codes(value: Referral, estate: Iterable[Premises], before: Referral | None) -> Iterator[Fault]:
    had = before.restriction_codes if before is not None else None
    codes = value.restriction_codes or frozenset()
    for text in unknown_codes(codes, estate, had or frozenset()).values():
        yield "restriction_codes", f"This {text}", "unknown_code"


def _preferred(
    value: Referral, estate: Iterable[Premises], before: Referral | None
) -> Iterator[Fault]:
    had = () if before is None else before.preferred_premises
    known = {site.id for site in estate}
    for name in value.preferred_premises:
        if name not in known and name not in had:
            mend = f"{_nearest(name, known)}Write the premises' id."
            yield "preferred_premises", f"There is no such premises. {mend}", "unknown_premises"
    if len(value.preferred_premises) > MOST_PREFERRED:
        text = f"At most {MOST_PREFERRED} premises can be preferred: keep the best."
        yield "preferred_premises", text, "too_many"


def _nearest(word: str, known: Iterable[str]) -> str:
    """What was most likely meant. Codes and ids of premises are about nobody."""
    near = get_close_matches(word, sorted(known), n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _placed(value: Referral, before: Referral | None) -> Referral:
    """With the place of the outcode, unless another place is given with it.

    A place that was on record beside another outcode is that one's.
    """
    if value.outcode is None:
        return value
    outcode = normalise_outcode(value.outcode) or value.outcode
    moved = before is not None and (outcode != before.outcode and value.location == before.location)
    location = value.location
    if location is None or moved:
        location = find_outcode(outcode)
    return replace(value, outcode=outcode, location=location)


def _outcode(value: Referral, before: Referral | None) -> Iterator[Fault]:
    same = before is not None and before.outcode == value.outcode
    if value.outcode is not None and value.location is None and not same:
        yield (
            "outcode",
            "This outcode is not known, so that miles could not be counted. Write the first half "
            "of a postcode, such as SE5, or give location.",
            "unknown_outcode",
        )


def _days(value: Referral, today: date, before: Referral | None) -> Iterator[Fault]:
    sharing = None if value.sharing is None else value.sharing.valid_until
    had = None if before is None or before.sharing is None else before.sharing.valid_until
    days = {name: getattr(value, name) for name in ("release_date", "licence_expiry")}
    same = {name for name, day in days.items() if before and getattr(before, name) == day}
    days["sharing.valid_until"] = sharing
    if sharing == had:
        same.add("sharing.valid_until")
    for name, day in days.items():
        if day is not None and name not in same and abs(day.year - today.year) > YEARS_AROUND:
            yield name, f"More than {YEARS_AROUND} years from today: check the year.", "far_off"
