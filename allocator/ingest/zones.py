"""Exclusion zones: circles and named premises as a table, or shapes as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeGuard

from allocator.geography.point import Point
from allocator.geography.zones import polygons_from_geojson
from allocator.ingest import values
from allocator.ingest.cells import Codes, Column, Crn, Miles, Number, Row, Text
from allocator.ingest.complaints import FileRefusedError, Place
from allocator.ingest.context import Context
from allocator.ingest.csv_file import decode
from allocator.ingest.estate_index import MEND_THAT_ROW, PREMISES_WITH_A_FAULT, EstateIndex
from allocator.ingest.layout import BadRowError, Entry, Layout
from allocator.ingest.limits import ROWS
from allocator.ingest.tables import read_bytes
from allocator.ingest.unusual_crns import note_crn
from allocator.safeguards import Circle, ExclusionZone, Polygon

SUFFIXES = (".geojson", ".json")


class ZoneRow(Row):
    """A circle, or premises by code."""

    crn: Annotated[Crn, Column("the person", "a letter and six digits", example="X000001")]
    kind: Annotated[Text, Column("kind of zone", "circle, premises", example="circle")]
    latitude: Annotated[
        Number | None, Column("centre, degrees north", "number", "not a circle", "52.5")
    ] = None
    longitude: Annotated[
        Number | None, Column("centre, degrees east", "number", "not a circle", "-1.5")
    ] = None
    radius_miles: Annotated[
        Miles | None, Column("radius; its edge is in the zone", "above 0, to 1000", "–", "5")
    ] = None
    premises: Annotated[
        Codes, Column("premises the person must not live at", "codes separated by ;", "–")
    ] = ()


LAYOUT = Layout(
    name="zones",
    title="Exclusion zones",
    row=ZoneRow,
    marks=frozenset({"crn", "kind"}),
    protective=frozenset({"latitude", "longitude", "radius_miles", "premises"}),
)


@dataclass(frozen=True, slots=True)
class PlacedZone:
    """A zone and where it was read."""

    place: Place
    zone: ExclusionZone


def read_zones(
    entries: Iterable[Entry[ZoneRow]], index: EstateIndex, context: Context
) -> list[PlacedZone]:
    """The zones of a table."""
    found = []
    for entry in entries:
        try:
            found.append(PlacedZone(entry.place, _zone(entry.row, index)))
        except BadRowError as bad:
            context.findings.complain(
                entry.place, bad.wrong, bad.mend, bad.column, bad.value, follows=bad.follows
            )
    return found


def read_geojson(path: Path, index: EstateIndex, context: Context) -> list[PlacedZone]:
    """The zones of a FeatureCollection; a complaint's row is the number of the feature."""
    found = []
    for number, feature in enumerate(_features(path), start=1):
        place = Place(path.name, "features", number)
        try:
            zone = _zone_of_feature(feature, index)
            note_crn(zone.crn, place, "crn", context.findings)
            found.append(PlacedZone(place, zone))
        except BadRowError as bad:
            context.findings.complain(place, bad.wrong, bad.mend, bad.column, bad.value)
        except values.BadValueError as bad_value:
            context.findings.complain(place, bad_value.wrong, bad_value.mend, "crn")
        except OverflowError:
            wrong = "has a number that is far too large"
            context.findings.complain(place, wrong, "correct the geometry", "geometry")
        except ValueError as error:
            context.findings.complain(place, str(error), "correct the geometry", "geometry")
    return found


def zones_of_known(
    zones: Iterable[PlacedZone],
    known: frozenset[str],
    context: Context,
    *,
    keep_strangers: bool = False,
) -> Iterator[ExclusionZone]:
    """The zones of people in a list; the others are noted.

    `keep_strangers`: and kept, for somebody who will be asked for later.
    """
    for placed in zones:
        if placed.zone.crn in known:
            yield placed.zone
        elif keep_strangers:
            context.findings.note(
                "zone_waits",
                f"{placed.place}",
                f"{placed.place}: {placed.zone.crn} is not known yet; the zone is kept for when "
                "they are",
            )
            yield placed.zone
        else:
            context.findings.note(
                "zone_not_needed",
                f"{placed.place}",
                f"{placed.place}: {placed.zone.crn} is in no list, so the zone changes nothing",
            )


def _zone(row: ZoneRow, index: EstateIndex) -> ExclusionZone:
    kind = row.kind.casefold()
    if kind == "premises":
        if not row.premises:
            raise BadRowError("premises", "is blank", "write apCodes separated by ;")
        return ExclusionZone(row.crn, premises_ids=_premises(row.premises, index))
    if kind != "circle":
        raise BadRowError("kind", "is not a kind of zone", "write circle or premises", row.kind)
    if row.latitude is None or row.longitude is None or row.radius_miles is None:
        raise BadRowError("kind", "needs latitude, longitude and radius_miles", "fill all three")
    return ExclusionZone(
        row.crn, circle=Circle(_centre(row.latitude, row.longitude), row.radius_miles)
    )


def _centre(latitude: float, longitude: float) -> Point:
    try:
        point = Point(latitude, longitude)
    except ValueError as error:
        raise BadRowError("latitude", str(error), "correct the coordinates") from error
    if not point.in_great_britain:
        raise BadRowError(
            "latitude",
            "is a place outside Great Britain",
            "correct the coordinates; latitude is the one near 50",
        )
    return point


def _premises(codes: Sequence[str], index: EstateIndex) -> frozenset[str]:
    """Their ids, without those of premises whose own row has a fault: nobody is placed there."""
    found = set()
    for code in codes:
        premises = index.by_code(code)
        if premises is not None:
            found.add(premises)
        elif not index.premises_is_faulty(code):
            raise BadRowError("premises", "is not in the premises file", "write the apCode", code)
    if not found and codes:
        raise BadRowError(
            "premises", PREMISES_WITH_A_FAULT, MEND_THAT_ROW, ";".join(codes), follows=True
        )
    return frozenset(found)


def _features(path: Path) -> list[Any]:
    text, _ = decode(read_bytes(path))
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise FileRefusedError(
            "is not GeoJSON", "save it as a GeoJSON FeatureCollection"
        ) from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        raise FileRefusedError(
            "is not a FeatureCollection", "save it as a GeoJSON FeatureCollection"
        )
    if len(features) > ROWS:
        raise FileRefusedError(f"has more than {ROWS} features", "split the file")
    return features


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _zone_of_feature(feature: object, index: EstateIndex) -> ExclusionZone:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or not isinstance(properties.get("crn"), str):
        raise BadRowError("crn", "is not in the feature's properties", "add it as text")
    if not isinstance(geometry, dict):
        raise BadRowError("geometry", "is missing", "draw a Polygon, a MultiPolygon or a Point")
    crn = values.crn(properties["crn"])
    if geometry.get("type") == "Point":
        return ExclusionZone(crn, circle=_circle(geometry, properties))
    polygon = Polygon(polygons_from_geojson(geometry))
    for ring in (ring for rings in polygon.polygons for ring in rings):
        for longitude, latitude in ring:
            _centre(latitude, longitude)
    return ExclusionZone(crn, polygon=polygon)


def _circle(geometry: dict[str, Any], properties: dict[str, Any]) -> Circle:
    place, radius = geometry.get("coordinates"), properties.get("radius_miles")
    if not isinstance(place, list) or not all(_is_number(part) for part in place[:2]):
        raise BadRowError("geometry", "has no [longitude, latitude]", "correct the coordinates")
    if not _is_number(radius):
        raise BadRowError(
            "radius_miles", "is not in the feature's properties", "add it as a number"
        )
    if len(place) < 2:
        raise BadRowError("geometry", "has no [longitude, latitude]", "correct the coordinates")
    if not 0 < radius <= 1000:
        raise BadRowError("radius_miles", "is not from 0 to 1000 miles", "correct it", str(radius))
    return Circle(_centre(place[1], place[0]), float(radius))


def _is_number(value: object) -> TypeGuard[float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= 1e6  # JSON may hold numbers that no float can
