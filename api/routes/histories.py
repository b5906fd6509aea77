"""Routes of what happened to a bid: timeline, attempts, and the handover brief."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.actor import Role
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import TheRegister, reading, seen
from api.service import brief as briefs
from api.service.referrals import the_bid
from api.wire.shown import AttemptShown, EventShown
from api.wire.words import BidStatus, BookingStatus, Shown

router = APIRouter(prefix="/v1/referrals", tags=["Referrals"])


class Attempt(Shown):
    """A day on which the bid failed, and why."""

    day: date
    code: str
    text: str
    bed: str | None = Field(description="In words, where a bed was refused.")


class RuledOut(Shown):
    """Premises that are not to be proposed to the person, who said so, and why."""

    premises: list[str]
    recorded_by: str
    recorded_at: datetime
    reason: str | None


class Deadline(Shown):
    """Who must acknowledge the bid, and by when."""

    role: str
    due: datetime
    acknowledged_by: str | None


class NextInBrief(Shown):
    """The bed to which a resident is, or was, to move, and when."""

    booking_id: str
    premises_id: str
    bed_id: str | None
    arrival: date
    departure: date


class BookingInBrief(Shown):
    """The bed that the person has, and when."""

    id: str
    premises_id: str
    bed_id: str | None
    arrival: date
    departure: date
    status: BookingStatus
    made_by: str = Field(description="Who decided on it, or brought the file in that tells of it.")
    made_at: datetime
    against: list[str] = Field(
        description="Rules that the bed would breach, were it booked for the person now."
    )
    judged: bool = Field(
        description="Whether that was looked at: it has nights to come, in a bed of its own."
    )
    movable: bool = Field(
        description="Whether it can be transferred now; not once the arrival is overdue."
    )
    next: NextInBrief | None = Field(
        description="Null: no transfer is booked. Of somebody who has left, it is to be cancelled."
    )


class ProposedInBrief(Shown):
    """A bed that a plan proposes, and that nobody has decided on."""

    run_id: str
    bed_id: str
    bed: str | None = Field(description="In words; null: the bed is no more.")
    arrival: date
    departure: date
    decide_by: date
    lost: bool = Field(description="It cannot be accepted any more: nothing is to be decided.")


class SharingInBrief(Shown):
    """The room-share assessment, which holds up to and including this night."""

    suitable: bool
    valid_until: date


class ZoneInBrief(Shown):
    """Where the person must not live; of a circle its radius, and not where it is."""

    radius_miles: float | None = Field(description="Null: an area that was drawn on a map.")
    premises: list[str]


class WhyInBrief(Shown):
    """Why the last plan has no bed for the person, and what would each give them one."""

    run_id: str
    requested_at: datetime
    main_reason: str
    other_bids: list[str] = Field(
        description="Other bids of the person whose bed, or what came of it, is told of here."
    )
    changes: list[str]
    nothing_would_change: str | None


class Brief(Shown):
    """The handover brief: one page, from the timeline and the last plan."""

    referral_id: str
    crn: str
    status: BidStatus
    band: int
    band_name: str
    release_date: date
    latest_arrival: date
    days_to_release: int
    nights: int
    near: str | None = Field(description="The outcode of where they should live near.")
    area: str | None = Field(description="The approved-premises area that it is in.")
    region: str | None
    aimed_radius_miles: int | None
    consented_radius_miles: int | None = Field(description="Not further than this.")
    gender: str = Field(description="Of the estate.")
    exceptional_case: bool = Field(description="A senior manager agreed to it.")
    sharing: SharingInBrief | None = Field(description="Null: not assessed.")
    ap_type: str
    tier: str | None
    rosh: str | None
    mappa_level: int | None
    essential: list[str]
    desirable: list[str]
    offences: list[str]
    offences_unknown: list[str] = Field(description="Nobody has answered: read as applying.")
    restriction_codes: list[str] | None
    licence_expiry: date | None
    zones: list[ZoneInBrief] = Field(description="Beside the premises of `ruled_out`.")
    preferred_premises: list[str]
    not_known: list[str]
    owner: str | None
    owner_acknowledged: bool
    failed_attempts: int
    attempts: list[Attempt]
    ruled_out: list[RuledOut]
    next_deadline: Deadline | None = Field(
        description="Null where the bid is not on the escalation list."
    )
    flags: list[str]
    booking: BookingInBrief | None
    proposed: list[ProposedInBrief] = Field(description="By the day to decide by.")
    why: WhyInBrief | None = Field(
        description="Null unless the bid is open and the last plan leaves it without a bed."
    )
    closed_reason: str | None


@router.get("/{identifier}/timeline", responses=problems(404))
def referral_timeline(
    identifier: str, register: TheRegister, actor: Permitted, request: Request
) -> list[EventShown]:
    """Everything that happened to the bid and its bookings, in order.

    An auditor who works with no cases sees what was done, and by whom, and not the facts.
    """
    with_facts = bool(actor.roles & {Role.COORDINATOR, Role.MANAGER})
    with reading(register, actor) as change:
        row = the_bid(change, identifier) if with_facts else change.row("referral", identifier)
        found = briefs.timeline(change, row, with_facts=with_facts)
    seen(register, actor, request, [identifier])
    return [EventShown(**event) for event in found]


@router.get("/{identifier}/attempts", responses=problems(404))
def referral_attempts(
    identifier: str, register: TheRegister, actor: Permitted, request: Request
) -> list[AttemptShown]:
    """Each time a bed was looked for and not found, and why."""
    with reading(register, actor) as change:
        row = the_bid(change, identifier)
        found = briefs.attempts(change, row["id"])
    seen(register, actor, request, [identifier])
    return [
        AttemptShown(**{k: each[k] for k in ("day", "code", "text", "run_id", "details")})
        for each in found
    ]


@router.get("/{identifier}/brief", responses=problems(404))
def referral_brief(
    identifier: str, register: TheRegister, actor: Permitted, request: Request
) -> Brief:
    """The handover brief."""
    with reading(register, actor) as change:
        found = briefs.brief(change, the_bid(change, identifier))
    seen(register, actor, request, [identifier, *briefs.other_bids(found)])
    return Brief(**found)
