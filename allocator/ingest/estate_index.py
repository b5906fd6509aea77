"""Finding premises and beds by whatever a file calls them: code, q code, name, room and bed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from allocator.estate import Bed, Premises, Room

PREMISES_WITH_A_FAULT = "names premises whose own row has a fault"
BED_WITH_A_FAULT = "names a bed whose own row, or one of its room, has a fault"
ROOM_WITH_A_FAULT = "is of a room of which another row has a fault"
MEND_THAT_ROW = "mend that row first"


class EstateIndex:
    """Look-ups without regard to case. A word that means two premises, or two beds, means none."""

    def __init__(self, premises: Iterable[Premises]) -> None:
        self._by_code: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for each in premises:
            self._by_name[_key(each.name)].add(each.id)
            self._by_code[_key(each.id)].add(each.id)
        ids = set(self._by_code)
        for each in premises:
            if each.q_code and _key(each.q_code) not in ids:
                self._by_code[_key(each.q_code)].add(each.id)
        self._beds: dict[str, set[str]] = defaultdict(set)
        self._beds_by_name: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self.premises_of_bed: dict[str, str] = {}
        self.restriction_codes: frozenset[str] | None = None
        """Every code of a local restriction; None: no file has said which there are."""
        self._faulty_premises: set[str] = set()
        self._faulty_rooms: set[tuple[str, str]] = set()
        self._faulty_beds: set[str] = set()

    def add_beds(self, rooms: Iterable[Room], beds: Iterable[Bed], codes: dict[str, str]) -> None:
        """Beds, and the code each has in its file (`codes`: bed id to code)."""
        by_id = {room.id: room for room in rooms}
        for bed in beds:
            room = by_id[bed.room_id]
            self.premises_of_bed[bed.id] = room.premises_id
            self._beds[_key(bed.id)].add(bed.id)
            if codes.get(bed.id):
                self._beds[_key(codes[bed.id])].add(bed.id)
            self._beds_by_name[room.premises_id, _key(room.name), _key(bed.name)].add(bed.id)

    def add_faulty_premises(self, *words: str) -> None:
        """What a row of the premises file that could not be read calls its premises."""
        self._faulty_premises |= {_key(word) for word in words if word}

    def add_faulty_bed(self, premises: str, room: str, code: str) -> None:
        """What a row of the rooms file that is not read calls its premises, room and bed."""
        self._faulty_rooms.add((self.by_code(premises) or _key(premises), _key(room)))
        if code:
            self._faulty_beds.add(_key(code))

    def premises_is_faulty(self, *words: str) -> bool:
        """Whether one of the words names premises whose own row has a fault."""
        return any(_key(word) in self._faulty_premises for word in words if word)

    def room_is_faulty(self, premises_id: str, room: str) -> bool:
        """Whether a row of this room has a fault: how many beds the room has is then not known."""
        return (premises_id, _key(room)) in self._faulty_rooms

    def bed_is_faulty(self, premises_id: str, bed: str, room: str = "") -> bool:
        """Whether the words name a bed whose own row, or that of a bed beside it, has a fault."""
        word = _key(bed)
        if word in self._faulty_beds or self.room_is_faulty(premises_id, room):
            return True
        return any(
            premises == premises_id and word.startswith(_key(f"{premises_id}/{number}/"))
            for premises, number in self._faulty_rooms
        )

    def by_code(self, code: str) -> str | None:
        """The id of the premises with this apCode, or else with this q code."""
        return _only(self._by_code.get(_key(code), set()))

    def by_name(self, name: str) -> str | None:
        """The id of the premises with this name, or else with this code."""
        return _only(self._by_name.get(_key(name), set())) or self.by_code(name)

    def bed(self, code: str, premises_id: str | None = None) -> str | None:
        """The bed with this id or code, at the premises when one is given."""
        found = self._beds.get(_key(code), set())
        if premises_id is not None:
            found = {bed for bed in found if self.premises_of_bed[bed] == premises_id}
        return _only(found)

    def bed_by_name(self, premises_id: str, room: str, bed: str) -> str | None:
        """The bed of this name in the room of this name."""
        return _only(self._beds_by_name.get((premises_id, _key(room), _key(bed)), set()))


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _only(found: set[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None
