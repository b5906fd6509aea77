"""The options that name files, for every command that reads them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from allocator.errors import UnreadableFile
from allocator.ingest import Sources, today
from allocator.ingest.folder import with_folder

_GROUP = "Files"

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[FOLDER]", help="A folder of files, each known by its header."),
]
PremisesFile = Annotated[
    Path | None, typer.Option("--premises", help="Premises.", rich_help_panel=_GROUP)
]
RoomsFile = Annotated[
    Path | None, typer.Option("--rooms", help="Rooms and beds.", rich_help_panel=_GROUP)
]
ReferralFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--referrals",
        help="Release list, or report on matching outcomes. May be repeated.",
        rich_help_panel=_GROUP,
    ),
]
PlacementsFile = Annotated[
    Path | None, typer.Option("--placements", help="Placements report.", rich_help_panel=_GROUP)
]
OutOfServiceFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--out-of-service",
        help="Beds out of service, by code or as the report. May be repeated.",
        rich_help_panel=_GROUP,
    ),
]
SeparationsFile = Annotated[
    Path | None,
    typer.Option("--separations", help="People to be kept apart.", rich_help_panel=_GROUP),
]
ZonesFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--zones",
        help="Exclusion zones, as a table or GeoJSON. May be repeated.",
        rich_help_panel=_GROUP,
    ),
]
RestrictionsFile = Annotated[
    Path | None,
    typer.Option("--restrictions", help="Coded local restrictions.", rich_help_panel=_GROUP),
]
OutcodesFile = Annotated[
    Path | None,
    typer.Option("--outcodes", help="Your own table of outcodes.", rich_help_panel=_GROUP),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d", "%d/%m/%Y"],
        help="The plan's date. [default: today in London]",
    ),
]
OverstayNights = Annotated[
    int | None,
    typer.Option(
        "--overstay-nights",
        min=0,
        max=365,
        help="Nights more that a resident past the departure keeps the bed; 0: none. "
        "[default: the policy's]",
    ),
]
SkipBadRows = Annotated[
    bool,
    typer.Option(
        "--skip-bad-rows",
        help="Leave out rows that are wrong, and list them; never one that protects people.",
    ),
]
PolicyName = Annotated[
    str | None,
    typer.Option("--policy", help="A packaged policy by name, or a policy file."),
]


def sources_of(
    folder: Path | None = None,
    *,
    premises: Path | None = None,
    rooms: Path | None = None,
    referrals: list[Path] | None = None,
    placements: Path | None = None,
    out_of_service: list[Path] | None = None,
    separations: Path | None = None,
    zones: list[Path] | None = None,
    restrictions: Path | None = None,
    outcodes: Path | None = None,
    as_of: datetime | None = None,
    overstay_nights: int | None = None,
    skip_bad_rows: bool = False,
) -> Sources:
    """The sources that the options name. Raises UnreadableFile when they leave it unclear."""
    sources = Sources(
        as_of=today() if as_of is None else as_of.date(),
        premises=premises,
        rooms=rooms,
        referrals=tuple(referrals or ()),
        placements=placements,
        out_of_service=tuple(out_of_service or ()),
        separations=separations,
        zones=tuple(zones or ()),
        restrictions=restrictions,
        outcodes=outcodes,
        overstay_nights=overstay_nights,
        skip_bad_rows=skip_bad_rows,
    )
    if folder is not None:
        sources = with_folder(folder, sources)
    if sources.premises is None or sources.rooms is None:
        raise UnreadableFile("give --premises and --rooms, or a folder that holds them")
    return sources
