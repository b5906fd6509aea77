"""One person in several requests: what one says of offences counts in all that are read.

What somebody has done, and what it bars them from, does not pass. Tier, harm and MAPPA are
assessed anew, so each request is read as it stands. Either way a note names the rows, for one of
them is wrong or out of date. What is known already, and no row of the files, stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from allocator.code_words import OFFENCES
from allocator.ingest.assumptions import is_assumed
from allocator.ingest.complaints import Findings
from allocator.ingest.layout import Entry
from allocator.referral import Assumption, Referral
from allocator.vocabulary import Offence

Read = tuple[Entry[Any], Referral]
_SAYS_SO = "says so of the same person"
_LEVEL = "MAPPA level"
_OFFENCES = {f"offences: {words}": kind for kind, words in OFFENCES.items()}
"""Each kind of offence, by the fact in words."""


@dataclass(slots=True)
class _Person:
    """What is said of one person anywhere, and where it is said first."""

    risk: dict[str, dict[object, str]] = field(default_factory=lambda: defaultdict(dict))
    """Where each value of a fact is said, by the fact in words."""
    offences: dict[Offence, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def hear(self, where: str, referral: Referral) -> None:
        """One more request says something."""
        for fact, value in _risk_said(referral).items():
            self.risk[fact].setdefault(value, where)
        for kind in own_offences(referral):
            self.offences.setdefault(kind, where)
        for code in _own_codes(referral) or ():
            self.codes.setdefault(code, where)

    def otherwise(self, referral: Referral) -> dict[str, list[str]]:
        """Facts of which something else is said than in this request, by where."""
        found: dict[str, list[str]] = defaultdict(list)
        for fact, value in _risk_said(referral).items():
            where = next((w for other, w in self.risk[fact].items() if other != value), None)
            if where is not None:
                found[where].append(fact)
        return found


def said_otherwise(one: Referral, other: Referral) -> dict[str, str]:
    """Facts of risk of which two requests of one person do not say the same, by their names, and
    what each says, in words: `one` is here, `other` there.
    """
    theirs = _risk_said(other)
    return {
        fact: f"{fact} (there: {_in_words(fact, other)}, here: {_in_words(fact, one)})"
        for fact, value in _risk_said(one).items()
        if theirs.get(fact, value) != value
    }


def _in_words(fact: str, referral: Referral) -> str:
    """What a request itself says of a fact, and how it is read where another says otherwise."""
    value = _risk_said(referral)[fact]
    if isinstance(value, bool):
        other = _OFFENCES[fact] in referral.offences and not value
        read = ", read as applying since another request says so" if other else ""
        return ("applies" if value else "does not apply") + read
    if isinstance(value, frozenset):
        further = sorted((referral.restriction_codes or frozenset()) - value)
        read = f", read with {', '.join(further)} since another request says so" if further else ""
        return (", ".join(sorted(value)) or "none") + read
    return "not MAPPA" if (fact, value) == (_LEVEL, 0) else str(value)


def is_past(referral: Referral, as_of: date) -> bool:
    """Whether the stay that was asked for would be over, had it begun as late as it may."""
    return referral.latest_arrival + timedelta(days=referral.nights) <= as_of


def with_all_offences(
    rows: Iterable[Read],
    elsewhere: Mapping[str, Referral],
    as_of: date,
    findings: Findings,
) -> Iterator[Referral]:
    """Referrals of rows, with offences and restrictions that others of the person tell of.

    `elsewhere`: what else is said of people, by where it is said; of a stay that is past, nothing.
    """
    people: dict[str, _Person] = defaultdict(_Person)
    read = list(rows)
    for entry, referral in read:
        people[referral.crn].hear(str(entry.place), referral)
    for where, referral in elsewhere.items():
        if not is_past(referral, as_of):
            people[referral.crn].hear(where, referral)
    for entry, referral in read:
        person = people[referral.crn]
        differs = person.otherwise(referral)
        if differs:
            others = "; ".join(f"{where} ({', '.join(facts)})" for where, facts in differs.items())
            findings.note(
                "risk_contradicted",
                referral.id,
                f"{entry.place}: of the same person something else is said by {others}: find out "
                "which is right, and write it in each; until then offences and local restrictions "
                "count in each row of the files, and all else is as each says",
            )
        yield _with_what_bars(referral, person) if differs else referral


def _with_what_bars(referral: Referral, person: _Person) -> Referral:
    """With the offences and restriction codes that any request of the person has."""
    offences = person.offences.keys() - referral.possible_offences
    codes = referral.restriction_codes
    further = frozenset[str]() if codes is None else person.codes.keys() - codes
    made = [
        Assumption(kind.value, "applies", _said_by(person.offences[kind]))
        for kind in sorted(offences)
    ]
    made += [
        Assumption("restriction_codes", code, _said_by(person.codes[code]))
        for code in sorted(further)
    ]
    return replace(
        referral,
        offences=referral.offences | offences,
        restriction_codes=None if codes is None else codes | further,
        assumptions=(*referral.assumptions, *made),
    )


def _said_by(where: str) -> str:
    return f"{where} {_SAYS_SO}"


def own_offences(referral: Referral) -> frozenset[Offence]:
    """Offences that the request itself tells of: else two would confirm each other for ever."""
    return frozenset(
        kind for kind in referral.offences if (kind, "applies") not in _taken(referral)
    )


def _own_codes(referral: Referral) -> frozenset[str] | None:
    codes = referral.restriction_codes
    if codes is None:
        return None
    return frozenset(c for c in codes if ("restriction_codes", c) not in _taken(referral))


def _taken(referral: Referral) -> set[tuple[str, str]]:
    """Fields, and how they are read, that were taken from another request."""
    made = (each for each in referral.assumptions if each.why.endswith(_SAYS_SO))
    return {(each.field, each.read_as) for each in made}


def _risk_said(referral: Referral) -> dict[str, object]:
    """What was said of the person's risk, by what it is in words: nothing unknown or inferred.

    Tiers of two schemes do not contradict each other.
    """
    scheme = None if referral.tier is None else referral.tier.scheme
    said: dict[str, object] = {
        f"risk tier, {scheme}": referral.tier,
        "risk of serious harm": _as_said(referral, "rosh"),
        _LEVEL: _as_said(referral, "mappa_level"),
        "MAPPA category": referral.mappa_category,
        "local restrictions": _own_codes(referral),
    }
    own = own_offences(referral)
    for fact, kind in _OFFENCES.items():
        unknown = kind in referral.offences_unknown
        said[fact] = None if unknown else kind in own
    return {each: value for each, value in said.items() if value is not None}


def _as_said(referral: Referral, name: str) -> object:
    return None if is_assumed(referral, name) else getattr(referral, name)
