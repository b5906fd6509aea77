"""Our release list: one row a request for placement, with a column for every field rules use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Annotated

from allocator.ingest import assumptions
from allocator.ingest.cells import (
    Codes,
    Column,
    Count,
    Criteria,
    Crn,
    Day,
    Days,
    Gender,
    Identifier,
    Kind,
    MappaCell,
    Nights,
    Outcode,
    Rosh,
    Row,
    ShareUntil,
    Text,
    Tier,
    WholeMiles,
    YesNo,
)
from allocator.ingest.context import Context
from allocator.ingest.estate_index import EstateIndex
from allocator.ingest.layout import BadRowError, Entry, Layout
from allocator.ingest.places import place_of_outcode
from allocator.referral import Referral, ShareAssessment
from allocator.restriction_code import folded
from allocator.vocabulary import ApType, Offence

CRITERIA = "criteria separated by ; or NONE"
YES_NO = "YES, NO"
MONITORED = ("age", "ethnicity", "religion", "disability")
OFFENCE_COLUMNS = {
    Offence.SEXUAL_ADULT: "sexual_offence_adult",
    Offence.SEXUAL_CHILD: "sexual_offence_child",
    Offence.NON_SEXUAL_CHILD: "non_sexual_offence_child",
    Offence.HATE: "hate_offence",
    Offence.ARSON: "arson_offence",
}
MOST_PREFERRED = 5
ADD_THE_CODE = "a code that is right goes into the restrictions file, with premises NONE"


class ReleaseRow(Row):
    """One request for placement."""

    referral_id: Annotated[
        Identifier,
        Column("number of the request for placement; one row each", example="EXAMPLE-1"),
    ]
    crn: Annotated[
        Crn,
        Column("the person's case reference number", "a letter and six digits", example="X000001"),
    ]
    gender: Annotated[
        Gender,
        Column("which estate the person needs", "Male, Female (also MAN, WOMAN)", example="Male"),
    ]
    release_date: Annotated[Day, Column("first day a bed is needed", "date", example="2026-12-07")]
    latest_arrival: Annotated[
        Day | None,
        Column(
            "last day on which the stay may begin",
            "date",
            "the release date, or `flexible_days` after it",
        ),
    ] = None
    flexible_days: Annotated[
        Days | None,
        Column(
            "days after the release date on which the stay may still begin",
            "0 to 365",
            "0, unless `latest_arrival` is given",
            "7",
        ),
    ] = None
    nights: Annotated[
        Nights | None,
        Column("length of stay", "1 to 1000", "the policy's length for the AP type", "84"),
    ] = None
    ap_type: Annotated[
        Kind,
        Column("kind of approved premises", ", ".join(ApType), "normal", "normal"),
    ] = ApType.NORMAL
    tier: Annotated[
        Tier,
        Column(
            "risk tier",
            "A0 to D3, or A to G, or NOT_SUPERVISED",
            "not known: read as letter A",
            "B2",
        ),
    ] = None
    rosh: Annotated[
        Rosh | None,
        Column(
            "risk of serious harm",
            "Very High, High, Medium, Low",
            "not known: read as Very High",
            "High",
        ),
    ] = None
    mappa: Annotated[
        MappaCell | None,
        Column(
            "MAPPA category and level",
            "such as CAT 2/LEVEL 1, or a level 1 to 3, or NOT MAPPA",
            "not known: read as level 3",
            "CAT 2/LEVEL 1",
        ),
    ] = None
    exceptional_case: Annotated[
        YesNo,
        Column("a senior manager agreed a referral outside the tier gate", YES_NO, "NO"),
    ] = False
    outcode: Annotated[
        Outcode | None,
        Column(
            "where the person should live near",
            "first half of a postcode",
            "miles cannot be counted",
            "B1",
        ),
    ] = None
    aimed_radius_miles: Annotated[
        WholeMiles | None,
        Column(
            "miles the service aims within; beyond is a cost", "1 to 1000", "the policy's radius"
        ),
    ] = None
    consented_radius_miles: Annotated[
        WholeMiles | None,
        Column("miles beyond which the person must not be placed", "1 to 1000", "no such limit"),
    ] = None
    essential_criteria: Annotated[
        Criteria,
        Column(
            "criteria the bed and its premises must meet together", CRITERIA, "none", "isSingle"
        ),
    ] = frozenset()
    desirable_criteria: Annotated[
        Criteria, Column("criteria that are wanted, not needed", CRITERIA, "none", "hasEnSuite")
    ] = frozenset()
    sexual_offence_adult: Annotated[
        YesNo | None,
        Column("a sexual offence against an adult", YES_NO, "not known: read as YES", "NO"),
    ] = None
    sexual_offence_child: Annotated[
        YesNo | None,
        Column("a sexual offence against a child", YES_NO, "not known: read as YES", "NO"),
    ] = None
    non_sexual_offence_child: Annotated[
        YesNo | None,
        Column("another offence against a child", YES_NO, "not known: read as YES", "NO"),
    ] = None
    hate_offence: Annotated[
        YesNo | None, Column("a hate-motivated offence", YES_NO, "not known: read as YES", "NO")
    ] = None
    arson_offence: Annotated[
        YesNo | None, Column("arson", YES_NO, "not known: read as YES", "NO")
    ] = None
    restriction_codes: Annotated[
        Codes | None,
        Column(
            "coded local restrictions that apply to the person",
            "codes separated by ; or NONE",
            "not known: all are read as applying",
            "NONE",
        ),
    ] = None
    licence_expiry: Annotated[
        Day | None, Column("the stay must end by this day", "date", "no limit")
    ] = None
    share_suitable: Annotated[
        YesNo | None,
        Column(
            "assessed as suitable to share a room",
            YES_NO,
            "not assessed: sleeps alone in the room",
        ),
    ] = None
    share_valid_until: Annotated[
        ShareUntil,
        Column("last night the room-share assessment holds; needed with YES", "date"),
    ] = None
    preferred_premises: Annotated[
        Codes,
        Column(
            "up to five premises by apCode or qCode, best first", "codes separated by ;", "none"
        ),
    ] = ()
    failed_attempts: Annotated[
        Count, Column("attempts to find a bed so far that failed", "0 to 1000", "0", "0")
    ] = 0
    age: Annotated[
        Text, Column("for monitoring only; no rule or aim reads it", "text", "not recorded")
    ] = ""
    ethnicity: Annotated[Text, Column("for monitoring only", "text", "not recorded")] = ""
    religion: Annotated[Text, Column("for monitoring only", "text", "not recorded")] = ""
    disability: Annotated[Text, Column("for monitoring only", "text", "not recorded")] = ""


LAYOUT = Layout(
    name="release-list",
    title="Release list",
    row=ReleaseRow,
    marks=frozenset({"referral_id", "release_date"}),
    protective=frozenset(
        {
            "ap_type",
            "tier",
            "rosh",
            "mappa",
            "consented_radius_miles",
            "essential_criteria",
            "sexual_offence_adult",
            "sexual_offence_child",
            "non_sexual_offence_child",
            "hate_offence",
            "arson_offence",
            "restriction_codes",
            "licence_expiry",
            "share_suitable",
            "share_valid_until",
        }
    ),
)


def read_release_list(
    entries: Iterable[Entry[ReleaseRow]], index: EstateIndex, context: Context
) -> list[tuple[Entry[ReleaseRow], Referral]]:
    """A referral for each row whose cells go together."""
    found = []
    for entry in entries:
        try:
            found.append((entry, referral_of(entry.row, index, context)))
        except BadRowError as bad:
            context.findings.complain(entry.place, bad.wrong, bad.mend, bad.column, bad.value)
    return found


def share_assessment(suitable: bool | None, until: date | None) -> ShareAssessment | None:
    """A room-share assessment; none without an answer, or without a last night."""
    return None if suitable is None or until is None else ShareAssessment(suitable, until)


def referral_of(row: ReleaseRow, index: EstateIndex, context: Context) -> Referral:
    """The referral. Raises BadRowError when its cells do not go together."""
    answers = _offence_answers(row)
    unknown = frozenset(kind for kind, answer in answers.items() if answer is None)
    level = None if row.mappa is None else row.mappa.level
    nights = row.nights or context.policy.default_nights[row.ap_type]
    made = assumptions.unknowns(row.tier, row.rosh, level, unknown)
    if row.nights is None:
        made.insert(0, assumptions.default_nights(nights, row.ap_type))
    return Referral(
        id=row.referral_id,
        crn=row.crn,
        gender=row.gender,
        release_date=row.release_date,
        latest_arrival=latest_arrival(row.release_date, row.latest_arrival, row.flexible_days),
        nights=nights,
        ap_type=row.ap_type,
        tier=row.tier,
        rosh=row.rosh,
        mappa_level=level,
        mappa_category=None if row.mappa is None else row.mappa.category,
        exceptional_case=row.exceptional_case,
        outcode=row.outcode,
        location=place_of_outcode(row.referral_id, row.outcode, context),
        aimed_radius_miles=row.aimed_radius_miles,
        consented_radius_miles=row.consented_radius_miles,
        essential=row.essential_criteria,
        desirable=row.desirable_criteria,
        offences=frozenset(kind for kind, answer in answers.items() if answer),
        offences_unknown=unknown,
        restriction_codes=_restriction_codes(row, index),
        licence_expiry=row.licence_expiry,
        sharing=share_assessment(row.share_suitable, row.share_valid_until),
        preferred_premises=_preferred(row, index, context),
        failed_attempts=row.failed_attempts,
        protected=tuple((name, getattr(row, name)) for name in MONITORED if getattr(row, name)),
        assumptions=tuple(made),
    )


def latest_arrival(release: date, latest: date | None, flexible_days: int | None) -> date:
    """The last day of arrival. Raises BadRowError when it is before the release or said twice."""
    by_days = release + timedelta(days=flexible_days or 0)
    if latest is None:
        return by_days
    if latest < release:
        raise BadRowError("latest_arrival", "is before the release date", "correct it", str(latest))
    if flexible_days is not None and latest != by_days:
        raise BadRowError(
            "latest_arrival", f"is not flexible_days after {release}", "keep one of the two"
        )
    return latest


def _offence_answers(row: ReleaseRow) -> dict[Offence, bool | None]:
    return {kind: getattr(row, column) for kind, column in OFFENCE_COLUMNS.items()}


def _restriction_codes(row: ReleaseRow, index: EstateIndex) -> frozenset[str] | None:
    """Raises BadRowError for a code that is in no file: misspelt, it would protect nobody."""
    if row.restriction_codes is None:
        return None
    for code in row.restriction_codes:
        known = index.restriction_codes
        if known is not None and folded(code) not in known:
            near = get_close_matches(folded(code), sorted(known), n=1)
            mend = f"did you mean {near[0]}? {ADD_THE_CODE}" if near else ADD_THE_CODE
            raise BadRowError("restriction_codes", "is the code of no premises", mend, code)
    return frozenset(row.restriction_codes)


def _preferred(row: ReleaseRow, index: EstateIndex, context: Context) -> tuple[str, ...]:
    """Premises ids; a preference for premises that are not there bars nobody, and is noted."""
    found = []
    for code in row.preferred_premises:
        premises = index.by_code(code)
        if premises is None:
            context.findings.note(
                "preferred_premises_unknown",
                row.referral_id,
                f"{row.referral_id} prefers premises {code}, which are not in the file",
            )
        elif premises not in found:
            found.append(premises)
    if len(found) > MOST_PREFERRED:
        raise BadRowError(
            "preferred_premises", f"has more than {MOST_PREFERRED}", "keep the best five"
        )
    return tuple(found)
