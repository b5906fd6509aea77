"""Told: explanations as text for a coordinator. Plain words, short sentences."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.explain.change import Change, Kind
from allocator.explain.level_up import LevelUp
from allocator.explain.missing import Missing
from allocator.explain.placed import Placed
from allocator.explain.reason import Main
from allocator.explain.said import criterion_words, day_words, listed
from allocator.explain.unplaced import Unplaced
from allocator.plain_words import counted
from allocator.referral import Referral
from allocator.rules import SENTENCES

_ASKS = frozenset({Kind.LATER, Kind.FURTHER, Kind.CRITERION, Kind.SHORTER, Kind.AP_TYPE})


def unplaced_text(found: Unplaced, up: LevelUp | None = None) -> str:
    """Why there is no bed, who has the beds, and what would change it."""
    return "\n".join(_unplaced(found, up))


def placed_text(found: Placed) -> str:
    """The bed, what it meets and what else was free."""
    return "\n".join(_placed(found))


def _unplaced(found: Unplaced, up: LevelUp | None) -> Iterator[str]:
    referral = found.referral
    yield f"{_name(referral)}: no bed. Band {found.band}."
    last = max(referral.latest_arrival, referral.release_date)
    yield (
        f"  Asks for {counted(referral.nights, 'night')}, arriving from "
        f"{day_words(referral.release_date)} to {day_words(last)}."
    )
    yield f"  Main reason: {found.reason.text}"
    yield f"  Lawful beds: {found.lawful:,} of {found.beds:,}. Barred, a bed counted at each rule:"
    for code, number in sorted(found.barred.items(), key=lambda entry: -entry[1]):
        yield f"    {number:6,}  {SENTENCES.get(code, code)}"
    if found.trap is not None and found.reason.main is not Main.NOT_JOINTLY:
        yield f"  Counted one by one there would seem to be a bed: {found.trap.words}"
    if found.lawful and found.reason.main not in (Main.ALL_TAKEN, Main.SAME_PERSON):
        yield f"  Lawful beds, on the nights wanted, are held by {found.holders.words}."
    if found.changes:
        yield "  Any one of these would place the person:"
        for change in found.changes:
            yield f"    - {change_words(change)}"
    else:
        yield f"  {found.nothing}"
    if any(change.better for change in found.changes):
        yield "  This plan is not the best there is. Run it again with more effort."
    if up is not None:
        yield f"  One level up: {up.text}"
    yield from _missing(found.missing)
    yield from _agreement(found.needs_agreement)


def change_words(change: Change) -> str:
    """The change, its price, and the bed it would give."""
    verb = {True: "By ", False: ""}[change.kind in _ASKS]
    text = verb + (change.text[0].lower() + change.text[1:] if verb else change.text)
    where = f"Bed {change.bed_id} at {change.premises} from {day_words(change.arrival)}."
    return " ".join(part for part in (text, change.price, where) if part)


def _placed(found: Placed) -> Iterator[str]:
    placement, stay = found.placement, found.placement.stay
    yield f"{_name(found.referral)}: bed {placement.bed_id} at {found.premises}."
    yield (
        f"  {counted(stay.nights, 'night')}, arriving {day_words(stay.arrival)}, leaving "
        f"{day_words(stay.departure)}. Band {placement.band}."
    )
    late = (stay.arrival - found.referral.release_date).days
    yield f"  {counted(late, 'night')} between release and arrival."
    miles = (
        "Miles from home: not known."
        if found.miles is None
        else (f"{found.miles:,.1f} miles from home.")
    )
    yield f"  {miles}"
    if found.firm:
        yield f"  Firm: to be decided now (decide by {day_words(placement.decide_by)})."
    else:
        yield f"  Provisional: to be decided by {day_words(placement.decide_by)}."
    for words, criteria in (
        ("Essential criteria, all met", found.essential_met),
        ("Desirable criteria met", found.desirable_met),
        ("Desirable criteria not met", found.desirable_missed),
    ):
        if criteria:
            yield f"  {words}: {listed([criterion_words(c) for c in criteria])}."
    nothing = "No other lawful bed or arrival is free for this person in this plan."
    yield f"  {nothing if found.next_best is None else found.next_best.words}"
    yield from _missing(found.missing)
    yield from _agreement(found.needs_agreement)


def _missing(missing: tuple[Missing, ...]) -> Iterator[str]:
    if missing:
        yield "  Not known:"
    for entry in missing:
        yield f"    - {entry.text}"


def _agreement(needed: bool) -> Iterator[str]:
    if needed:
        yield "  A senior manager must agree an exceptional case before the bed is accepted."


def _name(referral: Referral) -> str:
    return f"Referral {referral.id} (CRN {referral.crn})"
