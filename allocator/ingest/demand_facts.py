"""What the ministry's reports say about a person and a request, in whichever report it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from allocator.geography.outcodes import normalise_outcode
from allocator.geography.point import Point
from allocator.ingest import assumptions
from allocator.ingest.asked_criteria import ACCEPTING
from allocator.ingest.cells import Asked, Column, Kind, MappaCell, Row, Text, Tier
from allocator.ingest.context import Context
from allocator.ingest.places import place_of_outcode
from allocator.referral import Assumption
from allocator.vocabulary import ApType, Criterion, Offence, RiskTier, Rosh

NOT_PROVIDED = "not yet provided"
ALL_OFFENCES = frozenset(Offence)


class DemandRow(Row):
    """The columns of a report that say who the person is and what the request needs."""

    tier: Annotated[Tier, Column("risk tier", "A0 to D3, or A to G, or MISSING", "read as A")] = (
        None
    )
    mappa: Annotated[
        MappaCell | None,
        Column("MAPPA", "such as CAT 2/LEVEL 1", "0 for tiers v2 B to D, else not known"),
    ] = None
    premises_type: Annotated[
        Kind, Column("kind of approved premises", "code or label of an AP type", "normal")
    ] = ApType.NORMAL
    target_location: Annotated[
        Text, Column("where the person should live near", "outcode", "miles cannot be counted")
    ] = ""
    criteria: Annotated[
        Asked | None,
        Column(
            "what the assessor asked for",
            "criteria separated by , or ; or spaces; NONE",
            "not known: every kind of offence is read as applying",
        ),
    ] = None
    age_in_years: Annotated[Text, Column("for monitoring only", blank="not recorded")] = ""
    ethnicity: Annotated[Text, Column("for monitoring only", blank="not recorded")] = ""
    religion: Annotated[Text, Column("for monitoring only", blank="not recorded")] = ""
    disabilities: Annotated[Text, Column("for monitoring only", blank="not recorded")] = ""

    @property
    def asked(self) -> frozenset[Criterion]:
        """Every criterion asked for."""
        return frozenset() if self.criteria is None else self.criteria.criteria


@dataclass(frozen=True, slots=True)
class Facts:
    """What a `DemandRow` comes to, cautiously read."""

    tier: RiskTier | None
    rosh: Rosh | None
    mappa_level: int | None
    mappa_category: str | None
    outcode: str | None
    location: Point | None
    essential: frozenset[Criterion]
    offences: frozenset[Offence]
    offences_unknown: frozenset[Offence]
    protected: tuple[tuple[str, str], ...]
    assumptions: tuple[Assumption, ...]


def facts_of(subject: str, row: DemandRow, context: Context) -> Facts:
    """The facts, with an assumption for each that is not written in the row.

    The report has no level of serious harm: it is the highest that the tier allows.
    """
    level = row.mappa.level if row.mappa is not None else assumptions.mappa_of_tier(row.tier)
    rosh = assumptions.rosh_of_tier(row.tier, None if row.mappa is None else level)
    made = []
    if row.tier is not None and rosh is not None:
        made.append(assumptions.inferred_rosh(row.tier, rosh))
    if row.tier is not None and row.mappa is None and level is not None:
        made.append(assumptions.inferred_mappa(row.tier))
    unknown = ALL_OFFENCES if row.criteria is None else row.criteria.offences_unknown
    outcode = normalise_outcode(row.target_location)
    return Facts(
        tier=row.tier,
        rosh=rosh,
        mappa_level=level,
        mappa_category=None if row.mappa is None else row.mappa.category,
        outcode=outcode,
        location=place_of_outcode(subject, outcode or row.target_location, context),
        essential=row.asked - ACCEPTING,
        offences=frozenset() if row.criteria is None else row.criteria.offences,
        offences_unknown=unknown,
        protected=_protected(row),
        assumptions=(*made, *assumptions.unknowns(row.tier, rosh, level, unknown)),
    )


def _protected(row: DemandRow) -> tuple[tuple[str, str], ...]:
    """Protected characteristics, left out where the service has nothing but a stock phrase."""
    given = (
        ("age", row.age_in_years),
        ("ethnicity", row.ethnicity),
        ("religion", row.religion),
        ("disability", row.disabilities),
    )
    return tuple((name, text) for name, text in given if text and text.casefold() != NOT_PROVIDED)
