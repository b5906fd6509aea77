"""Kept words: a form that came too late, as a person reads it: what it was for, and what it said.

A field whose label is empty is one that nobody fills in, and is not shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from allocator.vocabulary import RiskTier
from api.pages.case_words import ANSWERS, LEFT, OFFENCES
from api.pages.decided_words import decided_words
from api.pages.study_words import METHODS
from api.pages.words import day, moment, sentence, spaced
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.kept_forms import Kept, KeptForm
from api.service.referrals import visible
from api.service.seeing import is_pseudonymous
from api.service.since_kept import actions_since
from api.store.values import Row

_BID = r"(?P<bid>[^/]+)"
_BOOKING = r"(?P<booking>[^/]+)"
_RUN = r"(?P<run>[^/]+)"
FORMS: tuple[tuple[str, str, str], ...] = (
    (rf"/bids/{_BID}/acknowledgement", "Acknowledge the escalation of {bid}", "/bids/{bid}"),
    (rf"/bids/{_BID}/owner", "Hand over {bid}", "/bids/{bid}"),
    (rf"/bids/{_BID}/owner/acknowledgement", "Acknowledge that you have {bid}", "/bids/{bid}"),
    (rf"/bids/{_BID}/ruled-out", "Let premises be proposed to {bid} again", "/bids/{bid}"),
    (rf"/bids/{_BID}/risk", "Correct what is known of risk of {bid}", "/bids/{bid}/risk"),
    (rf"/bookings/{_BOOKING}/arrival", "Record an arrival", "/bookings/{booking}"),
    (rf"/bookings/{_BOOKING}/non-arrival", "Record a non-arrival", "/bookings/{booking}"),
    (rf"/bookings/{_BOOKING}/cancellation", "Cancel a booking", "/bookings/{booking}"),
    (rf"/bookings/{_BOOKING}/departure", "Record a departure", "/bookings/{booking}"),
    (
        rf"/bookings/{_BOOKING}/last-day",
        "Change the last day of a stay",
        "/bookings/{booking}/last-day",
    ),
    (
        rf"/bookings/{_BOOKING}/transfer",
        "Move a person to another bed",
        "/bookings/{booking}/transfer",
    ),
    (
        rf"/bookings/{_BOOKING}/withdrawal",
        "Withdraw what was recorded of a booking",
        "/bookings/{booking}",
    ),
    (rf"/bids/{_BID}/withdrawal", "Withdraw {bid}", "/bids/{bid}"),
    (
        rf"/bids/{_BID}/release-without-bed",
        "Sign that {bid} is released without a bed",
        "/bids/{bid}",
    ),
    (
        rf"/runs/{_RUN}/proposals/chosen",
        "Accept several proposals of {run}",
        "/runs/{run}/proposals",
    ),
    (
        rf"/runs/{_RUN}/proposals/accepted",
        "Accept several proposals of {run}",
        "/runs/{run}/proposals",
    ),
    (
        rf"/runs/{_RUN}/proposals/{_BID}",
        "Decide what {run} proposes for {bid}",
        "/runs/{run}/proposals/{bid}",
    ),
    (rf"/runs/{_RUN}/advice", "Hold a bed as {run} advises", "/runs/{run}/advice"),
    (rf"/runs/{_RUN}/cancellation", "Call off {run}", "/runs/{run}"),
    ("/runs", "Ask for a plan", "/runs"),
    ("/files", "Bring files in", "/files"),
    ("/people", "Find a person", "/without-a-bed"),
    ("/premises-held/new", "Hold a bed back", "/premises-held/new"),
    (r"/premises-held/(?P<hold>[^/]+)/release", "Let go of a bed", "/premises-held/{hold}"),
    (r"/premises-held/(?P<hold>[^/]+)/extension", "Hold a bed longer", "/premises-held/{hold}"),
    ("/oversight/escalations", "Acknowledge several bids", "/oversight/escalations"),
    ("/oversight/unowned", "Take several bids", "/oversight/unowned"),
    ("/capacity/forecast", "Put in a forecast", "/capacity/forecast"),
    ("/capacity/studies/new", "Ask what would be", "/capacity/studies/new"),
    (
        r"/capacity/studies/(?P<study>[^/]+)/cancellation",
        "Call off a study",
        "/capacity/studies/{study}",
    ),
    ("/audit/replays", "Make a plan again", "/audit/replays"),
    ("/audit/timeline", "Find what happened to a person", "/audit/timeline"),
    ("/audit/verification", "Verify the register", "/audit/verification"),
    ("/kept-forms", "Delete a form that was kept", "/kept-forms"),
)
"""By address: what the form does, and the page that it is on."""
LABELS: Mapping[str, str] = {
    # of a bid
    "take": "",
    "owner_seen": "",
    "kept": "",
    "seen_since": "",
    "owner_id": "Who has the bid from now on",
    "zone": "",
    "version": "",
    "lift_reason": "Why the premises may be proposed again",
    "reason": "Why",
    "release_reason": "Why there is no bed",
    "fallback": "Where the person goes instead",
    "bid": "Bids",
    "tier": "Risk tier",
    "rosh": "Risk of serious harm",
    "mappa": "MAPPA",
    "restriction_codes": "Local restrictions that apply",
    **{kind: f"Offence: {words.lower()}" for kind, words in OFFENCES.items()},
    "crn": "CRN",
    # of a booking
    "arrival_day": "Day of arrival",
    "non_arrival_reason": "Why the person did not arrive",
    "cancellation_reason": "Why it is cancelled",
    "departure_day": "Day of departure",
    "departure_reason": "Why the person left",
    "cancel_onward": "The booking that was to follow is cancelled too",
    "withdrawal_reason": "Why it is withdrawn",
    "day": "From which day",
    "override_hold": "Why the hold is passed over",
    # of a proposal
    "action": "What you decided",
    "accept_reason": "Why it is accepted",
    "bed_id": "Bed",
    "arrival": "Arrival",
    "departure": "Departure",
    "change_reason": "Why it is changed",
    "refuse_reason": "Why it is refused",
    "keep_out": "Do not propose these premises again",
    **{f"{action}_over": "Why the hold is passed over" for action in ("accept", "change")},
    **{
        f"{action}_otherwise": "What another bid says otherwise of risk was seen"
        for action in ("accept", "change")
    },
    "otherwise": "What another bid says otherwise of risk was seen, of",
    "confirmed": "",
    "seen_through": "",
    "referral": "For",
    "unopened": "Accepted without having been opened",
    # of a plan
    "run": "Plan",
    "effort": "Effort",
    "minutes": "Minutes at most",
    "seed": "Repeat number",
    "keep_run": "Keep what can be kept of",
    "displacement": "Bookings may be moved to other premises",
    "hold_back": "Also say what to hold back",
    "head": "A fingerprint of the timeline, kept from earlier",
    # of a hold
    "bed": "Bed",
    "premises": "Premises",
    "first_night": "First night",
    "last_night": "Last night",
    "lowest_band": "For bands down to",
    "until": "Until",
    "why": "Why",
    "extension_reason": "Why it is held longer",
    # of a study
    "name": "Name",
    "estate": "Whose beds",
    "method": "Ways of placing",
    "years": "Simulated years",
    "days": "Days in each year",
    "kind": "Kind",
    "scenario_name": "What to call the scenario",
    "best_sites": "What one bed more is worth, at so many premises",
    "closures": "Which closing hurts least, of so many premises",
    "enough_beds": "How few beds more until nobody of band 1 goes without, at most",
    "close_premises": "Which premises closes",
    "close_since": "Closed from",
    "open_premises": "Premises with more beds",
    "open_beds": "Beds more",
    "open_since": "More beds from",
    "demand": "Referrals, per cent of now",
    "release_days": "Released so many days earlier",
    "release_share": "Per cent of those due",
    "release_first": "Of those due from",
    "release_until": "Of those due until",
    "stay_nights": "Nights then",
    "stay_instead": "Nights now",
    "broken": "Beds that break, per cent of now",
    "yaml": "The scenario file",
    "do": "",
    # of files
    "as_of": "The files’ day",
    "skip_bad_rows": "Leave rows with faults out",
    "then": "",
}
_AS_IT_IS = {LEFT: "As it is"}
VALUES: Mapping[str, Mapping[str, str]] = {
    "tier": {tier.value: spaced(tier.value) for tier in RiskTier},
    "rosh": _AS_IT_IS,
    **{kind: {**ANSWERS, **_AS_IT_IS} for kind in OFFENCES},
    "action": {
        "accept": "Accept: book this bed",
        "change": "Change: book another bed or other dates",
        "refuse": "Refuse: the person stays without a bed",
    },
    **{
        each: {"1": "Yes"}
        for each in (
            *("keep_out", "displacement", "hold_back", "skip_bad_rows", "cancel_onward"),
            *("accept_otherwise", "change_otherwise"),
        )
    },
    "method": {name: words for name, (words, _) in METHODS.items()},
    "kind": {
        "close": "A premises closes",
        "open_beds": "More beds at a premises",
        "demand_factor": "More or fewer referrals",
        "early_release": "Early release",
        "stay_length": "Another length of stay",
        "out_of_service_rate": "Beds break more or less often",
    },
}
_PART_OF_A_DAY = re.compile(r"(\w+)-(day|month|year)")
_CELL = re.compile(r"cell-(\d+)-\d+")
_OF_A_BID = re.compile(rf"/(?:bids|runs/{_RUN}/proposals)/{_BID}(?:/.*)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class KeptTold:
    """What the form was for, the page it is on, and what was written: labels and words.

    `seen`: the bids of which it tells whose they are; `since`: what happened to its bid meanwhile.
    """

    what: str
    page: str
    lines: tuple[tuple[str, str], ...]
    seen: frozenset[str]
    since: tuple[str, ...]


def kept_told(change: Change, kept: KeptForm) -> KeptTold:
    """The form as a person reads it; what was left empty is left out."""
    names = _Names(change)
    (what, page), lines = _what(kept.path, names), tuple(_lines(kept.fields, names))
    return KeptTold(what, page, lines, frozenset(names.seen), since_kept(change, kept))


def bid_kept_for(change: Change, kept: Kept) -> Row | None:
    """The bid in whose page the form was; None: of no bid, or of none that the actor may see."""
    found = _OF_A_BID.fullmatch(kept.path)
    bid = None if found is None else change.find("referral", unquote(found["bid"]))
    return bid if bid is not None and visible(bid, change.actor) else None


def since_kept(change: Change, kept: Kept) -> tuple[str, ...]:
    """What happened since to the bid in whose page the form was; empty: nothing, or no bid."""
    bid = bid_kept_for(change, kept)
    if bid is None:
        return ()
    actions = actions_since(change, bid["id"], kept.at)
    made = ("A bed has been proposed",) if "proposal.made" in actions else ()
    told = (*made, *_decided_since(change, kept, bid))
    return (*told, "The bid was changed") if actions - {"proposal.made"} else told


def _decided_since(change: Change, kept: Kept, bid: Row) -> tuple[str, ...]:
    """What was decided since of the proposal on whose page the form was, and by whom."""
    found = re.fullmatch(rf"/runs/{_RUN}/proposals/{_BID}", kept.path)
    proposal = found and change.find("proposal", f"{unquote(found['run'])}/{bid['id']}")
    if not proposal or proposal["decided_at"] is None or proposal["decided_at"] <= kept.at:
        return ()
    return (f"The proposal was decided: {decided_words(change, proposal)}",)


def _what(path: str, names: _Names) -> tuple[str, str]:
    for address, words, page in FORMS:
        found = re.fullmatch(address, path)
        if found is not None:
            parts = found.groupdict()
            told = {name: names.of(name, unquote(value)) for name, value in parts.items()}
            return words.format(**told), page.format(**parts)
    return "A form", "/"


def _lines(fields: Iterable[tuple[str, str]], names: _Names) -> Iterable[tuple[str, str]]:
    """One line for each field, days in one piece and what was ticked together."""
    said: dict[str, list[str]] = defaultdict(list)
    days: dict[str, dict[str, str]] = defaultdict(dict)
    for name, value in fields:
        part = _PART_OF_A_DAY.fullmatch(name)
        if part is not None:
            days[part[1]][part[2]] = value.strip()
            said.setdefault(part[1], [])
        elif value.strip():
            said[name].append(names.of(name, value))
    for name, values in said.items():
        label = label_of(name)
        parts = days.get(name, {})
        told = ", ".join(values) or " ".join(
            parts[each] for each in ("day", "month", "year") if parts.get(each)
        )
        if label and told:
            yield label, told


def label_of(name: str) -> str:
    """What a field is called on its page; of one that has no words here, its name as words."""
    cell = _CELL.fullmatch(name)
    if cell is not None:
        return f"Row {cell[1]} of the file, a cell that was mended"
    return "" if name.startswith("owner_seen-") else LABELS.get(name, spaced(name))


class _Names:
    """Ids as people know what they stand for; what is not there, or not to be seen, by its id."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self.seen: set[str] = set()

    def of(self, name: str, value: str) -> str:
        """The value of a field in words."""
        if name in ("bid", "referral", "unopened", "otherwise"):
            return self._bid(value)
        if name in ("run", "keep_run"):
            return self._run(value)
        if name in ("bed", "bed_id"):
            named = bed_names(self._change, [value])
            return named[value].whole if value in named else value
        if name in ("premises", "close_premises", "open_premises"):
            row = self._change.find("premises", value.rpartition("/")[2])
            return value if row is None else str(row["name"])
        if name == "owner_id":
            return value.rpartition(":")[2] or value
        if _DAY.fullmatch(value):
            return _day_or_as_written(value)
        return VALUES.get(name, {}).get(value, sentence(value) if name == "effort" else value)

    def _bid(self, identifier: str) -> str:
        row = self._change.find("referral", identifier)
        actor = self._change.actor
        if row is None or not visible(row, actor) or is_pseudonymous(actor):
            return f"bid {identifier}"
        self.seen.add(row["id"])
        return f"the bid of {row['crn']}"

    def _run(self, identifier: str) -> str:
        row = self._change.find("run", identifier)
        return "a plan" if row is None else f"the plan of {moment(row['requested_at'])}"


def _day_or_as_written(value: str) -> str:
    try:
        return day(value)
    except ValueError:
        return value
