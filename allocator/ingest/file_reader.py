"""From files to parts: each file by its layout, in an order in which each can name the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from allocator.estate import OutOfService, Premises
from allocator.ingest import (
    matching_outcomes,
    merging,
    out_of_service_report,
    out_of_service_seed,
    outcodes,
    placements,
    premises,
    release_list,
    restrictions,
    rooms,
    separations,
    zones,
)
from allocator.ingest.addresses import can_be_addressed
from allocator.ingest.complaints import FileRefusedError, Place
from allocator.ingest.context import Context
from allocator.ingest.estate_index import EstateIndex
from allocator.ingest.layout import Entry, Layout, Sheet
from allocator.ingest.merged_referral import merged_referrals
from allocator.ingest.one_person import with_all_offences
from allocator.ingest.parts import Parts
from allocator.ingest.recognise import choose
from allocator.ingest.sources import Sources
from allocator.ingest.table_reader import read_table
from allocator.ingest.tables import open_tables
from allocator.plain_words import counted
from allocator.problem import Problem
from allocator.referral import Referral

NAME_THE_ESTATE = frozenset(
    layout.name
    for layout in (
        rooms.LAYOUT,
        restrictions.LAYOUT,
        out_of_service_seed.LAYOUT,
        out_of_service_report.LAYOUT,
        placements.LAYOUT,
        zones.LAYOUT,
    )
)
"""Layouts whose rows name premises or beds."""
Progress = Callable[[str], None]
"""Called with the name of each file as its reading begins."""


class FileReader:
    """Reads the files in an order in which each can name what came before."""

    def __init__(
        self,
        sources: Sources,
        context: Context,
        progress: Progress,
        known: Problem | None = None,
        untold: frozenset[str] = frozenset(),
    ) -> None:
        """`known`: the estate and the people there are already, for files that name them.

        `untold`: of these people nothing that is known shows in what is read or noted.
        """
        self._sources, self._context, self._progress = sources, context, progress
        self._known, self._untold = known, untold
        self._rows: list[tuple[Entry[Any], Referral]] = []
        self._parts = Parts(known_crns=_people(known))
        self._first: dict[str, Place] = {}
        self._columns: dict[str, frozenset[str]] = {}
        """By layout, what its file has columns for."""
        self._faulty: dict[str, list[Mapping[str, object]]] = defaultdict(list)
        """Rows of each layout that could not be read, which others may name all the same."""
        self._not_ours: dict[str, list[tuple[str, Mapping[str, object]]]] = defaultdict(list)
        """Rows of each layout that it leaves out, and why."""

    def read(self) -> Parts:
        sources, parts = self._sources, self._parts
        if sources.outcodes is not None:
            rows = self._entries(sources.outcodes, outcodes.LAYOUT)
            self._context.outcodes = outcodes.read_outcodes(rows, self._context)
        index = self._estate()
        findings = self._context.findings
        with findings.protecting():
            for path in sources.out_of_service:
                parts.out_of_service += self._out_of_service(path, index)
        for path in sources.referrals:
            self._referrals(path, index)
        if sources.placements is not None:
            # A person left out with the premises would sleep nowhere and be kept apart from nobody.
            with findings.protecting(though_it_follows=True):
                rows = [
                    entry
                    for entry in self._entries(sources.placements, placements.LAYOUT)
                    if self._has_an_id(entry, "placement_id", entry.row.placement_id)
                ]
                parts.bookings = placements.read_placements(rows, index, self._context)
                self._note_over([entry.row.placement_id for entry in rows])
        parts.referrals = list(
            with_all_offences(self._rows, self._said_elsewhere(), sources.as_of, findings)
        )
        with findings.protecting():
            self._safeguards(index)
        return parts

    def _said_elsewhere(self) -> dict[str, Referral]:
        """What is said of people beside the files' requests, by where it is said: in placements,
        and in requests that are known and not in the files.
        """
        said = {
            f"placement {each.id}": each.referral
            for each in self._parts.bookings
            if each.referral is not None
        }
        here = {referral.id for _, referral in self._rows} | {each.id for each in said.values()}
        for each in self._known.referrals if self._known is not None else ():
            if each.id not in here and each.crn not in self._untold:
                said[f"referral {each.id} of the register"] = each
        return said

    def _note_over(self, read: Iterable[str]) -> None:
        """Bookings known that the files say are over: files end nothing, so somebody must look."""
        known = {each.id for each in self._known.bookings} if self._known is not None else set()
        still = {each.id for each in self._parts.bookings}
        over = dict.fromkeys(read, "the nights are past, or a departure is recorded")
        for reason, raw in self._not_ours[placements.LAYOUT.name]:
            over[str(raw.get("placement_id", ""))] = reason
        for identifier in sorted(over.keys() & known - still):
            self._context.findings.note(
                "placement_over",
                identifier,
                f"placement {identifier} is over in the file ({over[identifier]}) and not in the "
                "register: record there what came of it",
            )

    def _estate(self) -> EstateIndex:
        sources, parts, context = self._sources, self._parts, self._context
        if sources.premises is not None:
            rows = self._entries(sources.premises, premises.LAYOUT)
            parts.premises = premises.read_premises(rows, context)
            self._keep_premises(parts.premises)
        elif self._known is not None:
            parts.premises = list(self._known.premises)
        index = EstateIndex(parts.premises)
        for row in self._faulty[premises.LAYOUT.name]:
            index.add_faulty_premises(*(str(row.get(n, "")) for n in ("ap_code", "q_code", "name")))
        if sources.restrictions is not None:
            with context.findings.protecting():
                self._restrictions(sources.restrictions, index)
        elif self._known is not None:
            # Nobody has said which codes there are while no premises has one.
            index.restriction_codes = _codes(parts.premises, self._known) or None
        if sources.rooms is not None:
            rows = self._entries(sources.rooms, rooms.LAYOUT)
            for row in self._faulty[rooms.LAYOUT.name]:
                words = (str(row.get(n, "")) for n in ("ap_code", "room_number", "bed_code"))
                index.add_faulty_bed(*words)
            found = rooms.read_rooms(rows, index, context)
            self._keep_rooms(found)
            parts.rooms, parts.beds = found.rooms, found.beds
            index.add_beds(found.rooms, found.beds, found.codes)
        elif self._known is not None:
            parts.rooms, parts.beds = list(self._known.rooms), list(self._known.beds)
            index.add_beds(parts.rooms, parts.beds, {})
        return index

    def _keep_premises(self, read: list[Premises]) -> None:
        """What is known of the estate and not said by its files stays."""
        if self._known is None:
            return
        columns = self._columns.get(premises.LAYOUT.name, frozenset())
        read[:] = merging.merged_premises(read, columns, self._known.premises)
        if any(name in columns for name in merging.COORDINATES):
            return
        located = {each.id for each in read if each.location is not None}
        notes = self._context.findings.notes
        notes[:] = [n for n in notes if n.code != "location_unusable" or n.subject not in located]

    def _keep_rooms(self, read: rooms.Rooms) -> None:
        if self._known is None:
            return
        columns = self._columns.get(rooms.LAYOUT.name, frozenset())
        read.beds = merging.merged_beds(read.beds, columns, self._known.beds)
        named = {room.id for room in read.rooms}
        every = merging.merged_rooms(read.rooms, columns, self._known.rooms)
        of_file = [room for room in every if room.id in named]
        others = [room for room in every if room.id not in named]
        read.rooms = merging.without_false_singles(of_file, read.beds) + others

    def _has_an_id(self, entry: Entry[Any], column: str, identifier: str) -> bool:
        """Whether the record can be held in a register, where it is to be."""
        findings = self._context.findings
        return self._known is None or can_be_addressed(entry.place, column, identifier, findings)

    def _restrictions(self, path: Path, index: EstateIndex) -> None:
        context, parts = self._context, self._parts
        told = len(context.findings.complaints)
        rows = self._entries(path, restrictions.LAYOUT)
        found = restrictions.read_restrictions(rows, index, context)
        parts.premises = [
            replace(
                each,
                local_restrictions=merging.merged_restrictions(
                    each.local_restrictions, found.of_premises.get(each.id, ())
                ),
            )
            for each in parts.premises
        ]
        if len(context.findings.complaints) == told:  # else a code may be in a row with a fault
            kept = (code for each in parts.premises for code in each.local_restrictions)
            index.restriction_codes = found.codes | {each.code for each in kept}

    def _out_of_service(self, path: Path, index: EstateIndex) -> list[OutOfService]:
        layouts = (out_of_service_seed.LAYOUT, out_of_service_report.LAYOUT)
        layout, rows = self._read(path, *layouts)
        if layout is out_of_service_report.LAYOUT:
            return out_of_service_report.read_report(rows, index, self._context)
        return out_of_service_seed.read_seed(rows, index, self._context)

    def _referrals(self, path: Path, index: EstateIndex) -> None:
        layout, rows = self._read(path, release_list.LAYOUT, matching_outcomes.LAYOUT)
        if layout is None:
            return
        columns = self._columns[layout.name]
        if layout is matching_outcomes.LAYOUT:
            outcomes = matching_outcomes.read_outcomes(rows, self._context)
            self._add_referrals(outcomes, "placement_request_id", columns)
        else:
            listed = release_list.read_release_list(rows, index, self._context)
            self._add_referrals(listed, "referral_id", columns)

    def _safeguards(self, index: EstateIndex) -> None:
        sources, parts, context = self._sources, self._parts, self._context
        if sources.separations is not None:
            pairs = self._entries(sources.separations, separations.LAYOUT)
            parts.separations = separations.read_separations(
                pairs, parts.crns, context, keep_strangers=self._known is not None
            )
        for path in sources.zones:
            placed = self._zones(path, index)
            parts.zones += zones.zones_of_known(
                placed, parts.crns, context, keep_strangers=self._known is not None
            )

    def _zones(self, path: Path, index: EstateIndex) -> list[zones.PlacedZone]:
        if path.suffix.casefold() in zones.SUFFIXES:
            return self._geojson(path, index)
        rows = self._entries(path, zones.LAYOUT)
        return zones.read_zones(rows, index, self._context)

    def _geojson(self, path: Path, index: EstateIndex) -> list[zones.PlacedZone]:
        self._progress(path.name)
        try:
            return zones.read_geojson(path, index, self._context)
        except FileRefusedError as refusal:
            self._refuse(path, refusal)
            return []

    def _entries(self, path: Path, layout: Layout[Any]) -> list[Entry[Any]]:
        return self._read(path, layout)[1]

    def _read(
        self, path: Path, *layouts: Layout[Any]
    ) -> tuple[Layout[Any] | None, list[Entry[Any]]]:
        """The layout the file turned out to be in, and its rows that could be read."""
        self._progress(path.name)
        findings = self._context.findings
        try:
            chosen = choose(open_tables(path), layouts, findings)
        except FileRefusedError as refusal:
            self._refuse(path, refusal)
            return None, []
        if chosen is None:
            return None, []
        table, layout = chosen
        sheet = read_table(table, layout, self._context.clock, findings)
        self._parts.synthetic |= sheet.synthetic
        self._faulty[layout.name] += sheet.faulty
        self._columns[layout.name] = sheet.columns
        self._note_left_out(path, sheet)
        self._not_ours[layout.name] += sheet.not_ours
        if layout.name in NAME_THE_ESTATE and self._estate_is_refused():
            return layout, []  # it is of no interest that they name what could not be read
        return layout, sheet.entries

    def _estate_is_refused(self) -> bool:
        estate = (self._sources.premises, self._sources.rooms)
        names = {path.name for path in estate if path is not None}
        return any(
            complaint.whole_file and complaint.place.file in names
            for complaint in self._context.findings.complaints
        )

    def _note_left_out(self, path: Path, sheet: Sheet[Any]) -> None:
        for reason, count in sorted(sheet.left_out.items()):
            self._context.findings.note(
                "rows_not_needed",
                path.name,
                f"{path.name}: {counted(count, 'row')} left out: {reason}",
            )

    def _refuse(self, path: Path, refusal: FileRefusedError) -> None:
        place = Place(path.name, row=refusal.row)
        self._context.findings.refuse(place, refusal.wrong, refusal.mend)

    def _of_their_person(
        self, found: Iterable[tuple[Entry[Any], Referral]]
    ) -> Iterator[tuple[Entry[Any], Referral]]:
        """Rows whose request is of the person whom it is known to be of."""
        known = {} if self._known is None else {each.id: each.crn for each in self._known.referrals}
        for entry, referral in found:
            if known.get(referral.id, referral.crn) == referral.crn:
                yield entry, referral
            else:
                self._context.findings.complain(
                    entry.place,
                    f"is not the person of referral {referral.id} in the register, which keeps its "
                    "CRN",
                    "write that person's CRN, or give the request a number that is not in use",
                    "crn",
                )

    def _add_referrals(
        self,
        found: Iterable[tuple[Entry[Any], Referral]],
        column: str,
        columns: frozenset[str],
    ) -> None:
        """Each id once, over all files; what is known of it and not said by its file stays."""
        if self._known is not None:
            known, policy = self._known.referrals, self._context.policy
            found = merged_referrals(self._of_their_person(found), columns, known, policy)
        for entry, referral in found:
            if not self._has_an_id(entry, column, referral.id):
                continue
            first = self._first.setdefault(referral.id, entry.place)
            if first is entry.place:
                self._rows.append((entry, referral))
            else:
                same_file = (first.file, first.sheet) == (entry.place.file, entry.place.sheet)
                self._context.findings.complain(
                    entry.place,
                    f"is also in {first}",
                    "keep one of the rows",
                    column,
                    referral.id,
                    also_row=first.row if same_file else None,
                )


def _codes(there: Iterable[Premises], known: Problem) -> frozenset[str]:
    """Codes of local restrictions, and those that people are known by, where premises have any."""
    of_premises = {code.code for each in there for code in each.local_restrictions}
    of_people = {code for each in known.referrals for code in each.restriction_codes or ()}
    return frozenset(of_premises | of_people) if of_premises else frozenset()


def _people(known: Problem | None) -> frozenset[str]:
    if known is None:
        return frozenset()
    asking = frozenset(each.crn for each in known.referrals)
    return asking | {each.crn for each in known.bookings}
