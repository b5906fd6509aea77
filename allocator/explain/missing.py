"""Missing: what nobody has said about a person, how it was read, and what that cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from allocator.code_words import OFFENCES
from allocator.explain.situation import Situation
from allocator.plain_words import counted
from allocator.referral import Referral
from allocator.vocabulary import Offence

_FIELDS = {
    "tier": "the risk tier",
    "rosh": "RoSH",
    "mappa_level": "the MAPPA level",
    "nights": "the length of stay",
}
"""By field of an assumption, what people call it; offences are called by their kind."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing not known. `beds_barred`: beds lawful if it were known not to apply; None: none."""

    field: str
    read_as: str
    beds_barred: int | None
    text: str

    def as_json(self) -> dict[str, object]:
        """All of it."""
        return {
            "field": self.field,
            "read_as": self.read_as,
            "beds_barred": self.beds_barred,
            "text": self.text,
        }


def missing(referral: Referral, situation: Situation) -> tuple[Missing, ...]:
    """Everything missing, what bars beds first."""
    return (*_bars_beds(referral, situation), *_reads_as_worst(referral), *_assumed(referral))


def _bars_beds(referral: Referral, situation: Situation) -> Iterator[Missing]:
    if not (
        referral.offences_unknown
        or referral.restriction_codes is None
        or (referral.location is None and referral.consented_radius_miles is not None)
    ):
        return
    now = int(situation.bars.lawful(referral).sum())

    def cost(known: Referral) -> int:
        return int(situation.bars.lawful(known).sum()) - now

    for offence in sorted(referral.offences_unknown):
        beds = cost(replace(referral, offences_unknown=referral.offences_unknown - {offence}))
        field = f"offence {offence.value.replace('_', ' ')}"
        yield _barring(field, "applying", beds, f"offence ({OFFENCES[offence]})")
    if len(referral.offences_unknown) > 1:
        yield _barring(
            "all these offences together",
            "applying",
            cost(replace(referral, offences_unknown=frozenset())),
        )
    if referral.restriction_codes is None:
        beds = cost(replace(referral, restriction_codes=frozenset()))
        yield _barring("local restrictions that apply", "all of them", beds)
    if referral.location is None and referral.consented_radius_miles is not None:
        beds = cost(replace(referral, consented_radius_miles=None))
        yield _barring("where the person should live near", "beyond the consented radius", beds)


def _reads_as_worst(referral: Referral) -> Iterator[Missing]:
    for field, value, worst in (
        ("risk tier", referral.tier, "letter A"),
        ("RoSH", referral.rosh, "Very High"),
        ("MAPPA level", referral.mappa_level, "level 3"),
    ):
        if value is None:
            text = f"{field} is not known and is read as {worst}. That can only raise the band."
            yield Missing(field, worst, None, text)
    if referral.sharing is None:
        text = "There is no room-share assessment, so the person sleeps alone in a room."
        yield Missing("room-share assessment", "may not share", None, text)


def _assumed(referral: Referral) -> Iterator[Missing]:
    """What was read into the file, but for what is told above as not known."""
    told = {field for field in _FIELDS if getattr(referral, field, 0) is None}
    told |= {offence.value for offence in referral.offences_unknown}
    for assumption in referral.assumptions:
        if assumption.field in told:
            continue
        field = _FIELDS.get(assumption.field) or _field(assumption.field)
        read_as = "applying" if assumption.read_as == "applies" else assumption.read_as
        text = f"{field[:1].upper()}{field[1:]} was read as {read_as}: {assumption.why}"
        yield Missing(assumption.field, assumption.read_as, None, text)


def _field(name: str) -> str:
    """A kind of offence, or a field without words of its own."""
    if name in set(Offence):
        return f"offence ({OFFENCES[Offence(name)]})"
    return name.replace("_", " ")


def _barring(field: str, read_as: str, beds: int, words: str = "") -> Missing:
    what = "This bars no further bed." if beds == 0 else f"This alone bars {counted(beds, 'bed')}."
    return Missing(field, read_as, beds, f"Not known: {words or field}; read as {read_as}. {what}")
