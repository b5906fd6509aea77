"""One person in several requests: what is said of their risk has to be the same in each.

Of two answers one is wrong, and the plan would read each request by its own: by the lower risk too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from allocator.code_words import OFFENCES
from allocator.ingest.assumptions import is_assumed
from allocator.ingest.complaints import Findings
from allocator.ingest.layout import Entry
from allocator.ingest.release_list import OFFENCE_COLUMNS
from allocator.referral import Referral

Read = tuple[Entry[Any], Referral]
_COLUMN_OF_REPORTS = "criteria"
"""Where the ministry's reports tell offences: they have no column of their own for each."""


def agreeing(
    rows: Iterable[Read],
    elsewhere: Mapping[str, Referral],
    as_of: date,
    findings: Findings,
) -> Iterator[Referral]:
    """Referrals of rows that nothing contradicts; each of the other rows is complained of.

    `elsewhere`: what else is said of people, by where it is said; of a stay that is past, nothing.
    """
    of_person: dict[str, list[tuple[str, Referral]]] = defaultdict(list)
    read = list(rows)
    for entry, referral in read:
        of_person[referral.crn].append((str(entry.place), referral))
    for where, referral in elsewhere.items():
        if referral.latest_arrival + timedelta(days=referral.nights) > as_of:
            of_person[referral.crn].append((where, referral))
    for entry, referral in read:
        others = of_person[referral.crn]
        if len(others) == 1 or not _contradicted(entry, referral, others, findings):
            yield referral


def _contradicted(
    entry: Entry[Any], referral: Referral, others: list[tuple[str, Referral]], findings: Findings
) -> bool:
    """Whether another request says otherwise of the person; told once for each fact."""
    told = len(findings.complaints)
    for (column, words), said in _risk_said(referral).items():
        differs = (
            where for where, other in others if _risk_said(other).get((column, words), said) != said
        )
        if (where := next(differs, None)) is not None:
            findings.complain(
                entry.place,
                f"is not what {where} says of the same person ({words})",
                "find out which is right, and write it in both",
                column if column in type(entry.row).model_fields else _COLUMN_OF_REPORTS,
            )
    return len(findings.complaints) > told


def _risk_said(referral: Referral) -> dict[tuple[str, str], object]:
    """What was said of the person's risk, by column and words: nothing unknown or inferred.

    Tiers of two schemes do not contradict each other.
    """
    scheme = None if referral.tier is None else referral.tier.scheme
    said: dict[tuple[str, str], object] = {
        ("tier", f"risk tier, {scheme}"): referral.tier,
        ("rosh", "risk of serious harm"): _as_said(referral, "rosh"),
        ("mappa", "MAPPA level"): _as_said(referral, "mappa_level"),
        ("mappa", "MAPPA category"): referral.mappa_category,
        ("restriction_codes", "local restrictions"): referral.restriction_codes,
    }
    for kind, column in OFFENCE_COLUMNS.items():
        unknown = kind in referral.offences_unknown
        said[column, f"offences: {OFFENCES[kind]}"] = None if unknown else kind in referral.offences
    return {fact: value for fact, value in said.items() if value is not None}


def _as_said(referral: Referral, field: str) -> object:
    return None if is_assumed(referral, field) else getattr(referral, field)
