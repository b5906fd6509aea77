"""Contradictions: bids of one person that say otherwise of risk, for as long as they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from allocator.ingest.one_person import is_past, said_otherwise
from api.service.change import Change
from api.service.referrals import OPEN, PLACED, visible
from api.service.refusals import InvalidError
from api.store.records import referral
from api.store.tables import EVENT_PAYLOADS, EVENTS, REFERRALS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Said:
    """Who recorded or changed a bid last, and when. `in_a_file`: they brought a file in."""

    by: str
    at: datetime
    in_a_file: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Another bid of the person, and the facts of risk: their names, without which offence it is,
    and what each of the two says of them. `there` and `here`: by whom the other and this one were
    last recorded or changed, whatever of them that was.
    """

    referral_id: str
    names: tuple[str, ...]
    facts: tuple[str, ...]
    there: Said | None = None
    here: Said | None = None


def contradictions(change: Change, bid: Row) -> list[Contradiction]:
    """Those of a bid that is not closed, with bids that the actor may see: as an import notes them.

    Of a stay that would be past by now nothing is told.
    """
    value = referral(bid)
    if bid["status"] not in (OPEN, PLACED) or is_past(value, change.today):
        return []
    others = change.rows(
        "referral",
        REFERRALS.c.crn == bid["crn"],
        REFERRALS.c.id != bid["id"],
        REFERRALS.c.status.in_((OPEN, PLACED)),
    )
    found = []
    for row in sorted(others, key=lambda each: str(each["id"])):
        other = referral(row)
        facts = said_otherwise(value, other)
        if facts and visible(row, change.actor) and not is_past(other, change.today):
            found.append(Contradiction(row["id"], _names(facts), tuple(facts.values())))
    said = _said_last(change, [bid["id"], *(each.referral_id for each in found)]) if found else {}
    return [
        replace(each, there=said.get(each.referral_id), here=said.get(bid["id"])) for each in found
    ]


def _said_last(change: Change, bids: Sequence[str]) -> dict[str, Said]:
    """By bid, who recorded or changed it last; of a person's few bids."""
    by = EVENT_PAYLOADS.c.payload["by"].as_string().label("by")
    wanted = (
        select(EVENTS.c.subject, EVENTS.c.actor_name, EVENTS.c.at, by)
        .outerjoin(EVENT_PAYLOADS, EVENT_PAYLOADS.c.seq == EVENTS.c.seq)
        .where(EVENTS.c.kind == "referral", EVENTS.c.subject.in_(bids))
        .where(EVENTS.c.action.in_(("referral.recorded", "referral.changed")))
        .order_by(EVENTS.c.seq)
    )
    return {
        row.subject: Said(row.actor_name, row.at, row.by == "import")
        for row in change.connection.execute(wanted)
    }


def _names(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.partition(":")[0] for fact in facts))


def require_seen(change: Change, bid: Row, seen: bool) -> dict[str, Any]:
    """What the event of a booking keeps of other bids that contradict this one and were seen.

    It names the bids and the facts, not what is said of them. Raises InvalidError where nobody
    says that they saw it.
    """
    others = [
        {"referral_id": each.referral_id, "facts": list(each.names)}
        for each in contradictions(change, bid)
    ]
    if others and not seen:
        raise InvalidError(
            "another bid of the same person says otherwise of risk: look at both, and send it "
            "again with seen_otherwise",
            code="risk-contradicted",
            contradictions=others,
        )
    return {"seen_otherwise": others} if others else {}
