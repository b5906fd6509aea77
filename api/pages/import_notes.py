"""Import notes: what was found in files that came in, and what was made of it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.pages.words import spaced

WORDS: Mapping[str, tuple[str, str]] = {
    "arrival_not_recorded": ("A booking that should have begun", "It keeps its space"),
    "bed_code_shared": ("One bed code in two rooms", "Both beds are named by room and number"),
    "bed_named_twice": ("One bed in two placements at once", "Both are kept"),
    "columns_not_read": ("Columns that are not known", "Not read"),
    "crn_unusual": (
        "A case reference number that is not a letter and six digits",
        "Kept as it is written: look whether it is the person’s",
    ),
    "encoding": ("A file that is not UTF-8", "Read as Windows-1252"),
    "file_not_read": ("A file that another takes the place of", "Not read"),
    "folder_not_read": ("A folder in the folder", "Not read"),
    "legacy_arson_column": ("isArsonDesignated differs from isArsonSuitable", "Not read"),
    "licence_ends_first": ("A licence that ends by the release date", "No bed is lawful"),
    "location_doubtful": (
        "Coordinates more than 30 miles from the postcode",
        "The coordinates are used",
    ),
    "location_unusable": (
        "Coordinates that are missing, swapped or outside Great Britain",
        "The outcode’s place is used, where there is one",
    ),
    "mappa_level_inferred": (
        "People whose MAPPA level follows from the tier",
        "Read as neither level 2 nor level 3",
    ),
    "mappa_level_unknown": ("People whose MAPPA level nobody wrote down", "Read as the highest"),
    "nights_assumed": (
        "People for whom no length of stay is written",
        "The policy’s length for their AP type",
    ),
    "no_referrals": ("No row that asks for a bed", "Nobody was added"),
    "offences_unknown": (
        "People of whom nobody wrote which offences apply",
        "Read as applying: write NONE or NO where there are none",
    ),
    "outcode_unknown": ("An outcode that is on no map", "Miles cannot be counted"),
    "overstay": ("A resident past the day of departure", "Still counted as there"),
    "person_booked_twice": ("One person in two placements at once", "Both are kept"),
    "placement_over": (
        "A placement that is over in the file and not in the register",
        "Not ended: record what came of it",
    ),
    "preferred_premises_unknown": (
        "A preference for premises that are not known",
        "Left out: it bars nobody",
    ),
    "premises_closed": ("Premises archived, or taking no new bookings", "Closed to new people"),
    "premises_overbooked": ("More bookings than usable beds", "Kept"),
    "premises_without_beds": ("Premises without a row in the rooms file", "Kept"),
    "release_long_past": (
        "A release date more than 28 days before the day of import",
        "Still asks for a bed: check the year, or withdraw the bid",
    ),
    "restrictions_unknown": (
        "People of whom nobody wrote which local restrictions apply",
        "Read as all that premises have: write NONE where there are none",
    ),
    "risk_contradicted": (
        "Bids of one person that do not say the same of risk",
        "Offences and restrictions count in each row of the files; mend the bid that is wrong",
    ),
    "room_rows_disagree": (
        "Rows of one room that differ",
        "It has only what all of them say, and every restriction that any says",
    ),
    "rosh_inferred": ("People whose RoSH follows from the tier", "Read as the highest it allows"),
    "rosh_unknown": ("People whose RoSH nobody wrote down", "Read as the highest"),
    "row_left_out": ("A row with a fault", "Left out"),
    "rows_not_needed": ("Rows that are placed already, withdrawn, cancelled or past", "Left out"),
    "separation_not_needed": ("A separation of somebody in no list", "Left out"),
    "separation_waits": (
        "A separation of somebody who is not known yet",
        "Kept, for when they are",
    ),
    "sheet_not_read": ("A second sheet in the layout", "Not read"),
    "single_with_two_beds": ("A single room with several beds", "Not read as single"),
    "tier_unknown": ("People whose tier nobody wrote down", "Read as letter A"),
    "zone_not_needed": ("An exclusion zone of somebody in no list", "Left out"),
    "zone_waits": ("An exclusion zone of somebody who is not known yet", "Kept, for when they are"),
}
"""By code of a note: what was found, and what was done. docs/formats.md has them at length."""
_OF_REFERRALS = frozenset(
    {
        *("licence_ends_first", "mappa_level_inferred", "mappa_level_unknown", "nights_assumed"),
        *("offences_unknown", "preferred_premises_unknown", "release_long_past"),
        *("restrictions_unknown", "risk_contradicted", "rosh_inferred", "rosh_unknown"),
        "tier_unknown",
    }
)
"""Notes that name referrals by their ids; others name a place in a file, or a record of theirs."""
OF_ALL = "referrals"
"""The subject of a note about people in general: which, it says beside."""


@dataclass
class NoteTold:
    """Notes of one kind: how many, none where they are of people in general; and about what."""

    found: str
    made_of_it: str
    times: int | None = 0
    subjects: list[str] = field(default_factory=list)
    of_referrals: bool = False


def notes_told(notes: Iterable[Mapping[str, Any]]) -> list[NoteTold]:
    """A line for each kind of note, in the order in which they came."""
    told: dict[str, NoteTold] = {}
    for note in notes:
        words = WORDS.get(note["code"], (spaced(note["code"]), ""))
        of_referrals = note["code"] in _OF_REFERRALS
        line = told.setdefault(note["code"], NoteTold(*words, of_referrals=of_referrals))
        if note["subject"] == OF_ALL:
            # An answer that an earlier version stored does not say which.
            line.subjects = list(note.get("referrals", ()))
            line.times = len(line.subjects) or None
            continue
        line.times = (line.times or 0) + 1
        if note["subject"] and note["subject"] not in line.subjects:
            line.subjects.append(note["subject"])
    return list(told.values())
