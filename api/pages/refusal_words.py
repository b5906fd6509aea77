"""Refusal words: what stands in the way, as the pages say it: days in full, beds and people named.

Refusals name records by id and days in ISO, for programs and logs; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.pages.words import refused
from api.service.bed_names import bed_names
from api.service.change import Change
from api.service.refusals import Refusal

HELD = "#override_hold"
"""Where it is said why a hold is passed over; the page of a proposal has one for each decision."""
OTHERWISE = "#otherwise"
"""Where it is ticked that another bid was seen; again one for each decision."""
_FIELDS = {
    "provisional": "#accept_reason",
    "after-latest-arrival": "#accept_reason",
    "held": HELD,
    "risk-contradicted": OTHERWISE,
    "before-today": "#arrival-day",
    "before-release": "#arrival-day",
    "too-long": "#departure-day",
}
"""By refusal, the field in which it can be answered."""
_STATUS = {
    "open": "without a bed",
    "placed": "booked into a bed already",
    "arrived": "closed: the person arrived",
    "withdrawn": "withdrawn",
    "released_without_bed": "closed: the person was released without a bed",
}
_SAID = {
    "changed-since": "Facts behind this proposal have changed since it was made. Look at what "
    "changed, which its page tells, and send the decision again",
    "risk-contradicted": "Tick that you have seen what another bid says otherwise of risk",
    "person-booked": "The person has a bed on some of these nights already",
    "no-bed": "No bed is named for this stay: move the person to one first",
}
"""By refusal, other words than those for programs."""
_BEDS = ("bed_id", "moving_to")
"""Where a refusal names a bed."""
_DECIDED = {"superseded": "overtaken by a later plan"}
Error = dict[str, str]


def errors_of(
    change: Change, refusals: Iterable[Refusal], bid: Mapping[str, Any], href: str = "#decide"
) -> list[Error]:
    """Each refusal as lines of an error summary; a rule that is breached is a line of its own."""
    found: list[Error] = []
    for refusal in refusals:
        field = _FIELDS.get(refusal.code, href)
        breaches = refusal.extra.get("breaches", [])
        if not breaches:
            found.append({"text": in_words(change, refusal, bid), "href": field})
        for breach in breaches:
            found.append({"text": refused(str(breach["text"])), "href": field})
    return found


def in_words(change: Change, refusal: Refusal, bid: Mapping[str, Any]) -> str:
    """One refusal as a sentence about a bid."""
    if refusal.code in _SAID:
        return _SAID[refusal.code]
    text = with_beds(change, refusal)
    text = text.replace(f"referral {bid['id']} ", f"the bid of {bid['crn']} ")
    status = str(refusal.extra.get("status_now", ""))
    told = _STATUS if refusal.code == "not-open" else _DECIDED
    if text.endswith(f" is {status}"):
        text = text.removesuffix(status) + told.get(status, status)
    return refused(text)


def with_beds(change: Change, refusal: Refusal) -> str:
    """What the refusal says, with the beds that it names by id as every page names them."""
    text = refusal.detail
    ids = {str(refusal.extra[name]) for name in _BEDS if refusal.extra.get(name)}
    for bed_id, named in bed_names(change, ids).items():
        text = text.replace(f"bed {bed_id} ", f"{named.whole} ")
    return text
