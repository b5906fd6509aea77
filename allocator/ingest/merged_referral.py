"""Merged referral: what a file says of a request, with what is known of it already.

A column that the file has not says nothing: a short file must not lift a limit, nor forget what
somebody has done. A blank cell of a column that it has is an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from allocator.ingest import assumptions
from allocator.ingest.layout import Entry
from allocator.ingest.release_list import MONITORED, OFFENCE_COLUMNS
from allocator.policy import Policy
from allocator.referral import Assumption, Referral, ShareAssessment
from allocator.vocabulary import ApType, Offence

_SAID_BY = {
    "ap_type": ("ap_type", "premises_type"),
    "tier": ("tier",),
    "exceptional_case": ("exceptional_case",),
    "outcode": ("outcode", "target_location"),
    "location": ("outcode", "target_location"),
    "aimed_radius_miles": ("aimed_radius_miles",),
    "consented_radius_miles": ("consented_radius_miles",),
    "essential": ("essential_criteria", "criteria"),
    "desirable": ("desirable_criteria",),
    "restriction_codes": ("restriction_codes",),
    "licence_expiry": ("licence_expiry",),
    "preferred_premises": ("preferred_premises",),
    "failed_attempts": ("failed_attempts", "first_match_attempt_date_time"),
}
"""Fields of a referral that stand alone, and the columns, of any layout, that say them."""
_NIGHTS = ("nights", "expected_departure_date", "authorised_duration", "requested_duration")
_LATEST = ("latest_arrival", "latest_arrival_date", "flexible_days")
_MONITORED_AS = {"age": "age_in_years", "disability": "disabilities"}
"""Columns of the ministry's reports, where they are not named as ours."""
_INFERRING = "placement_request_id"
"""The column of the layout that has no level of harm, so that the tier must tell it."""
_READ_WITH_CARE = {"nights", "tier", "rosh", "mappa_level", *Offence}


def merged_referrals(
    found: Iterable[tuple[Entry[Any], Referral]],
    columns: Collection[str],
    known: Iterable[Referral],
    policy: Policy,
) -> Iterator[tuple[Entry[Any], Referral]]:
    """Each referral of a file with these columns, with what only is known of it."""
    there: Mapping[str, Referral] = {each.id: each for each in known}
    for entry, new in found:
        old = there.get(new.id)
        if old is None:
            yield entry, new
        else:
            until = getattr(entry.row, "share_valid_until", None)
            yield entry, _merged(new, old, columns, until, policy)


def _merged(
    new: Referral, old: Referral, columns: Collection[str], until: date | None, policy: Policy
) -> Referral:
    kept = {
        field: getattr(old, field)
        for field, names in _SAID_BY.items()
        if not any(name in columns for name in names)
    }
    answered = _answered(columns)
    merged = replace(
        new,
        **kept,
        latest_arrival=_latest_arrival(new, old, columns),
        offences=(new.offences & answered) | (old.offences - answered),
        offences_unknown=(new.offences_unknown & answered) | (old.offences_unknown - answered),
        sharing=_sharing(new, old, columns, until),
        protected=_protected(new, old, columns),
        assumptions=(),
    )
    source = new if any(name in columns for name in _NIGHTS) else old
    nights, by_policy = _nights(source, merged.ap_type, policy)
    merged, inferred = _with_harm(merged, new, old, columns)
    unknown = assumptions.unknowns(
        merged.tier, merged.rosh, merged.mappa_level, frozenset(merged.offences_unknown)
    )
    others = (made for made in old.assumptions if made.field not in _READ_WITH_CARE)
    return replace(merged, nights=nights, assumptions=(*by_policy, *inferred, *unknown, *others))


def _answered(columns: Collection[str]) -> frozenset[Offence]:
    """Kinds of offence that the file has a column for."""
    return frozenset(
        kind
        for kind, column in OFFENCE_COLUMNS.items()
        if column in columns or "criteria" in columns
    )


def _latest_arrival(new: Referral, old: Referral, columns: Collection[str]) -> date:
    """As many days after the release as are known, where the file does not say."""
    if any(name in columns for name in _LATEST):
        return new.latest_arrival
    return new.release_date + (old.latest_arrival - old.release_date)


def _sharing(
    new: Referral, old: Referral, columns: Collection[str], until: date | None
) -> ShareAssessment | None:
    """The assessment; a last night that stands alone is of the one that is known."""
    if "share_suitable" in columns:
        return new.sharing
    if old.sharing is None or "share_valid_until" not in columns:
        return old.sharing
    return None if until is None else replace(old.sharing, valid_until=until)


def _protected(
    new: Referral, old: Referral, columns: Collection[str]
) -> tuple[tuple[str, str], ...]:
    said, known = dict(new.protected), dict(old.protected)
    for name in MONITORED:
        if name not in columns and _MONITORED_AS.get(name, name) not in columns and name in known:
            said[name] = known[name]
    return tuple((name, said[name]) for name in MONITORED if name in said)


def _nights(source: Referral, kind: ApType, policy: Policy) -> tuple[int, tuple[Assumption, ...]]:
    """The nights that are given, else the policy's length for the AP type that it comes to."""
    if not assumptions.is_assumed(source, "nights"):
        return source.nights, ()
    nights = source.nights if kind == source.ap_type else policy.default_nights[kind]
    return nights, (assumptions.default_nights(nights, kind),)


def _with_harm(
    merged: Referral, new: Referral, old: Referral, columns: Collection[str]
) -> tuple[Referral, list[Assumption]]:
    """With MAPPA level and risk of serious harm, and the record of what the tier tells of them.

    What was inferred from a tier is inferred anew: the tier may be another now.
    """
    tier, infers = merged.tier, _INFERRING in columns
    source = new if "mappa" in columns else old
    level, by_tier = source.mappa_level, assumptions.is_assumed(source, "mappa_level")
    if source is old and (by_tier or (level is None and infers)):
        level = assumptions.mappa_of_tier(tier)
        by_tier = level is not None
    made = []
    if by_tier and tier is not None:
        made.append(assumptions.inferred_mappa(tier))
    source = new if "rosh" in columns else old
    rosh = source.rosh
    if source is old and (assumptions.is_assumed(old, "rosh") or (rosh is None and infers)):
        rosh = assumptions.rosh_of_tier(tier, level)
        if tier is not None and rosh is not None:
            made.insert(0, assumptions.inferred_rosh(tier, rosh))
    category = (new if "mappa" in columns else old).mappa_category
    return replace(merged, mappa_level=level, mappa_category=category, rosh=rosh), made
