"""The premises layout: 41 columns of the ministry's service, and a few of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, PlainValidator

from allocator.estate import MixCap, Premises
from allocator.ingest import headers
from allocator.ingest.cells import Column, Gender, Identifier, Row, Text, YesNo
from allocator.ingest.context import Context
from allocator.ingest.layout import Entry, Layout
from allocator.ingest.places import place_of_premises
from allocator.ingest.values import BadValueError, whole
from allocator.vocabulary import ApType, Criterion, MixAttribute

HEADER = headers.PREMISES
_CLOSED = "takes nobody new: supportsSpaceBookings or allowNewSpaceBookings is NO"
_TYPES = {
    Criterion.IS_PIPE: ApType.PIPE,
    Criterion.IS_ESAP: ApType.ESAP,
    Criterion.IS_RECOVERY_FOCUSSED: ApType.RFAP,
    Criterion.IS_MHAP_ELLIOTT_HOUSE: ApType.MHAP_ELLIOTT_HOUSE,
    Criterion.IS_MHAP_ST_JOSEPHS: ApType.MHAP_ST_JOSEPHS,
}
_CAP = re.compile(r"([a-z_]+)\s*:\s*([0-9]{1,3})")


def _is_active(text: str) -> bool:
    if text.casefold() not in ("active", "archived"):
        raise BadValueError("is not a status", "write active or archived")
    return text.casefold() == "active"


def _mix_caps(text: str) -> tuple[MixCap, ...]:
    return tuple(_mix_cap(part.strip()) for part in re.split(r"[;,]", text) if part.strip())


def _mix_cap(text: str) -> MixCap:
    match = _CAP.fullmatch(text.casefold())
    if match is None or match.group(1) not in list(MixAttribute):
        names = ", ".join(MixAttribute)
        raise BadValueError("is not a list of caps", f"write such as sexual_child:3; from {names}")
    return MixCap(MixAttribute(match.group(1)), int(match.group(2)))


def _arrivals(text: str) -> int:
    return whole(text, least=1, most=100)


class PremisesRow(Row):
    """One premises."""

    ap_code: Annotated[
        Identifier, Column("code of the premises; its id", "text", example="APX1", name="apCode")
    ]
    name: Annotated[Identifier, Column("name of the premises", example="Invented House")]
    gender: Annotated[
        Gender, Column("men's or women's premises", "MAN, WOMAN (also Male, Female)", example="MAN")
    ]
    q_code: Annotated[Identifier, Column("the other code", example="Q901", name="qCode")] = ""
    status: Annotated[
        bool,
        PlainValidator(_is_active),
        Column("archived premises take nobody new", "active, archived", "active", "active"),
    ] = True
    supports_space_bookings: Annotated[
        YesNo,
        Column(
            "NO: takes nobody new", "YES, NO", "YES", example="YES", name="supportsSpaceBookings"
        ),
    ] = True
    allow_new_space_bookings: Annotated[
        YesNo, Column("NO: takes nobody new", "YES, NO", "YES", name="allowNewSpaceBookings")
    ] = True
    postcode: Annotated[
        Text, Column("its outcode stands in for missing coordinates", blank="–", example="ZZ9 9ZZ")
    ] = ""
    latitude: Annotated[
        Text, Column("degrees north", "number", "the outcode's place", example="52.5")
    ] = ""
    longitude: Annotated[
        Text, Column("degrees east", "number", "the outcode's place", example="-1.5")
    ] = ""
    probation_region: Annotated[
        Text, Column("region", example="Invented Region", name="probationRegion")
    ] = ""
    area: Annotated[Text, Column("AP area", example="Midlands", name="cruManagementAreaName")] = ""
    characteristics: Annotated[
        Text, Column("more characteristics", "names separated by ;", "none")
    ] = ""
    arrivals_per_day: Annotated[
        int | None,
        PlainValidator(_arrivals),
        Column("most new arrivals a day", "1 to 100", "the policy's", name="arrivalsPerDay"),
    ] = None
    mix_caps: Annotated[
        tuple[MixCap, ...],
        PlainValidator(_mix_caps),
        Column(
            "most people with an attribute on one night",
            "such as sexual_child:3; top_band:6",
            "no caps",
            name="mixCaps",
        ),
    ] = ()
    flags: dict[Criterion, YesNo] = Field(default_factory=dict)


LAYOUT = Layout(
    name="premises",
    title="Premises",
    row=PremisesRow,
    marks=frozenset({"apCode", "gender", "name"}),
    header=HEADER,
    flags=tuple(Criterion),
    protective=frozenset(
        {"status", "supportsSpaceBookings", "allowNewSpaceBookings", "arrivalsPerDay", "mixCaps"}
    ),
)


def read_premises(entries: Iterable[Entry[PremisesRow]], context: Context) -> list[Premises]:
    """The premises, without rooms. A code or q code that is there twice is complained of."""
    found: dict[str, Entry[PremisesRow]] = {}
    for entry in entries:
        code = entry.row.ap_code
        first = found.setdefault(code.casefold(), entry)
        if first is not entry:
            context.findings.complain(
                entry.place,
                f"is also in row {first.place.row}",
                "keep one of the rows",
                "apCode",
                code,
                also_row=first.place.row,
            )
    return [_premises(entry.row, context) for entry in found.values()]


def _premises(row: PremisesRow, context: Context) -> Premises:
    characteristics = frozenset(c for c, has in row.flags.items() if has) | _named(row)
    is_open = row.status and row.supports_space_bookings and row.allow_new_space_bookings
    if not is_open:
        why = _CLOSED if row.status else "is archived"
        context.findings.note("premises_closed", row.ap_code, f"{row.ap_code} {why}")
    return Premises(
        id=row.ap_code,
        name=row.name,
        gender=row.gender,
        ap_types=ap_types_of(characteristics),
        characteristics=characteristics,
        location=place_of_premises(row.ap_code, row.latitude, row.longitude, row.postcode, context),
        postcode=row.postcode,
        area=row.area,
        region=row.probation_region,
        q_code=row.q_code,
        open=is_open,
        arrivals_per_day=row.arrivals_per_day,
        mix_caps=tuple(sorted(row.mix_caps, key=lambda cap: (cap.attribute, cap.limit))),
    )


def ap_types_of(characteristics: frozenset[Criterion]) -> frozenset[ApType]:
    """The kinds of premises that these characteristics make it."""
    kinds = frozenset(kind for mark, kind in _TYPES.items() if mark in characteristics)
    return kinds or frozenset({ApType.NORMAL})


def _named(row: PremisesRow) -> frozenset[Criterion]:
    """The service's own column of names, which mixes criteria with other words."""
    words = {word.strip().casefold() for word in re.split(r"[;,]", row.characteristics)}
    return frozenset(criterion for criterion in Criterion if criterion.casefold() in words)
