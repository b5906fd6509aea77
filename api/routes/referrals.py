"""Routes of referrals: bids, who owns them, and how they end."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from allocator.referral import Referral
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import (
    After,
    Key,
    Limit,
    TheRegister,
    Version,
    VersionSeen,
    now,
    once,
    reading,
    same_id,
    seen,
    shown,
    tagged,
)
from api.routes.bids import bid_shown, bids_shown
from api.routes.lists import order_of, page
from api.service import bed_by_another, owners, referrals
from api.service import closing as closing_of
from api.service.change import Change, check_version
from api.service.referrals import OPEN, the_bid
from api.service.refusals import InvalidError
from api.service.register import Answer
from api.store.tables import FLAGS, REFERRALS
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.shown import Page, ReferralShown
from api.wire.words import BidStatus, Body, Named, Reason

router = APIRouter(prefix="/v1/referrals", tags=["Referrals"])
LONGEST_ID = 160
"""With the run's before it, it is the id of a proposal."""
LONGEST_WAIT_DAYS = 365
SORTS = ("band", "release_date", "failed_attempts", "id")
URGENCY = ("band", "release_date", "-failed_attempts")
"""The most urgent first: band, then days to release, then attempts that failed."""


class Search(Body):
    """Whose bids are wanted. In a body, because addresses are written to logs."""

    crn: Annotated[str, Query(min_length=1, max_length=40)]


class Owner(Body):
    """Who has the bid from now on: the id their token has.

    They are somebody who has worked on bids here, and are called what they are called there.
    """

    owner_id: Named
    owner_name: Named | None = Field(
        default=None, description="Ignored: people are called what they are called here."
    )


class Closing(Body):
    """Why a bid ends."""

    reason: Reason


class WithoutBed(Body):
    """Why someone is released without a bed, and where they go. A fallback is no placement."""

    reason: Reason
    fallback: Reason


class Restriction(Body):
    """The only people who may see whose bid it is, by the id of their token; null: nobody in
    particular."""

    visible_to: list[Named] | None


@router.get("", responses=problems())
def list_referrals(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    status: BidStatus | None = None,
    without_bed: Annotated[bool | None, Query(description="true: every open bid.")] = None,
    band: Annotated[int | None, Query(ge=1, le=20)] = None,
    gender: Literal["man", "woman"] | None = None,
    owner_id: Annotated[str | None, Query(max_length=200)] = None,
    sort: Annotated[
        str, Query(max_length=40, description=f"urgency, or one of {', '.join(sorted(SORTS))}")
    ] = "urgency",
    limit: Limit = 50,
    after: After = None,
) -> Page[ReferralShown]:
    """Bids; by urgency unless asked otherwise."""
    conditions: list[Any] = []
    if status is not None:
        conditions.append(REFERRALS.c.status == status)
    if without_bed is not None:
        is_open = REFERRALS.c.status == OPEN
        conditions.append(is_open if without_bed else ~is_open)
    for column, wanted in (("band", band), ("gender", gender), ("owner_id", owner_id)):
        if wanted is not None:
            conditions.append(REFERRALS.c[column] == wanted)
    with reading(register, actor) as change:
        rows = change.outlines("referral", [*SORTS, "restricted_to"], *conditions)
        if owner_id is not None or gender is not None:
            # What is asked for is not shown of a restricted bid: to be in the list would tell it.
            rows = [row for row in rows if referrals.visible(row, actor)]
        order = URGENCY if sort == "urgency" else order_of(sort, SORTS)
        found = page(rows, order, limit, after, lambda row: row)
        some = bids_shown(change, change.in_full("referral", found.records))
        bids = Page(records=some, after=found.after, total=found.total)
    seen(register, actor, request, [bid.id for bid in bids.records])
    return bids


@router.post(
    "/search",
    response_model=Page[ReferralShown],
    responses=problems(),
    openapi_extra=described(Search),
)
def search_referrals(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    wanted: Annotated[Search, Depends(body_of(Search))],
) -> Page[ReferralShown]:
    """The bids of one person."""
    crn = wanted.crn.strip().upper()
    with reading(register, actor) as change:
        rows = [
            row
            for row in change.rows("referral", REFERRALS.c.crn == crn)
            if referrals.visible(row, actor)
        ]
        found = Page(records=bids_shown(change, rows), total=len(rows))
    seen(register, actor, request, [bid.id for bid in found.records])
    return found


@router.post(
    "",
    status_code=201,
    response_model=ReferralShown,
    responses=problems(409),
    openapi_extra=described(Referral),
)
def create_referral(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    value: Annotated[Referral, Depends(body_of(Referral))],
) -> Response:
    """A new bid for a bed."""
    _has_an_id(value)
    _can_be_planned(value)

    def create(change: Change) -> Answer:
        row = referrals.create(change, value)
        # What was just sent, in full: whether the person has a restricted bid is not told here.
        bid = bid_shown(change, {**row, "restricted_to": None}, [])
        return shown(bid, 201, version=bid.version, location=f"/v1/referrals/{bid.id}")

    return once(register, actor, request, key, value, create)


@router.get("/{identifier}", responses=problems(404))
def get_referrals(
    identifier: str, register: TheRegister, actor: Permitted, request: Request, response: Response
) -> ReferralShown:
    """One bid."""
    with reading(register, actor) as change:
        bid = _shown(change, the_bid(change, identifier))
    seen(register, actor, request, [identifier])
    return tagged(bid, response)


@router.put(
    "/{identifier}",
    response_model=ReferralShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Referral),
)
def change_referral(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    version: Version,
    request: Request,
    value: Annotated[Referral, Depends(body_of(Referral))],
) -> Response:
    """What is known of the bid is now this."""
    same_id(identifier, value.id)
    _can_be_planned(value)
    return once(
        register,
        actor,
        request,
        None,
        value,
        lambda change: _now(change, referrals.update(change, identifier, value, version)),
    )


@router.post(
    "/{identifier}/owner",
    response_model=ReferralShown,
    responses=problems(404, 412),
    openapi_extra=described(Owner),
)
def set_owner(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    version: VersionSeen,
    request: Request,
    owner: Annotated[Owner, Depends(body_of(Owner))],
) -> Response:
    """Hand the bid to someone, who has yet to acknowledge it.

    With If-Match, 412 where somebody changed the bid, or took it, since it was read.
    `unknown-owner`: nobody of this id is known to be a coordinator or a manager.
    """

    def hand_over(change: Change) -> Answer:
        check_version(the_bid(change, identifier), version)
        return _now(change, owners.hand_over(change, identifier, owner.owner_id))

    return once(
        register,
        actor,
        request,
        key,
        owner,
        hand_over,
    )


@router.post(
    "/{identifier}/owner/acknowledgement",
    response_model=ReferralShown,
    responses=problems(404, 409),
)
def acknowledge_owner(
    identifier: str, register: TheRegister, actor: Permitted, key: Key, request: Request
) -> Response:
    """The new owner says that they have it."""
    return once(
        register,
        actor,
        request,
        key,
        None,
        lambda change: _now(change, referrals.acknowledge_owner(change, identifier)),
    )


@router.post(
    "/{identifier}/withdrawal",
    response_model=ReferralShown,
    responses=problems(404, 409),
    openapi_extra=described(Closing),
)
def withdraw_referral(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    closing: Annotated[Closing, Depends(body_of(Closing))],
) -> Response:
    """The bed is not asked for any more. A booking made for it is cancelled."""
    return once(
        register,
        actor,
        request,
        key,
        closing,
        lambda change: _now(change, closing_of.withdraw(change, identifier, closing.reason)),
    )


@router.post(
    "/{identifier}/release-without-bed",
    response_model=ReferralShown,
    responses=problems(404, 409),
    openapi_extra=described(WithoutBed),
)
def release_without_bed(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    closing: Annotated[WithoutBed, Depends(body_of(WithoutBed))],
) -> Response:
    """A manager signs that the person is released without a bed. It counts as no placement."""
    return once(
        register,
        actor,
        request,
        key,
        closing,
        lambda change: _now(
            change,
            closing_of.release_without_bed(change, identifier, closing.reason, closing.fallback),
        ),
    )


@router.post(
    "/{identifier}/restriction",
    response_model=ReferralShown,
    responses=problems(404),
    openapi_extra=described(Restriction),
)
def restrict_referral(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    restriction: Annotated[Restriction, Depends(body_of(Restriction))],
) -> Response:
    """Say who alone may see whose bid it is. It keeps its place in every plan."""

    def restricted(change: Change) -> Answer:
        row = referrals.restrict(change, identifier, restriction.visible_to)
        bed_by_another.review(change, row["crn"])
        return _now(change, change.row("referral", identifier))

    return once(register, actor, request, key, restriction, restricted)


def _shown(change: Change, row: Row) -> ReferralShown:
    flags = change.rows("flag", FLAGS.c.referral_id == row["id"], ~FLAGS.c.cleared)
    return bid_shown(change, row, sorted({flag["why"] for flag in flags}))


def _now(change: Change, row: Row) -> Answer:
    return now(_shown(change, row))


def _can_be_planned(value: Referral) -> None:
    """Every day of arrival is looked at, of everybody: one bid must not hold up all."""
    if (value.latest_arrival - value.release_date).days > LONGEST_WAIT_DAYS:
        raise InvalidError(
            f"latest_arrival may be at most {LONGEST_WAIT_DAYS} days after release_date"
        )


def _has_an_id(value: Referral) -> None:
    """An id stands in addresses, so that it must not say who somebody is."""
    if "/" in value.id or len(value.id) > LONGEST_ID:
        raise InvalidError(
            f"a referral needs an id of at most {LONGEST_ID} characters without a slash"
        )
    if value.id.strip().upper() == value.crn.strip().upper():
        raise InvalidError("the id must not be the CRN: ids stand in addresses, and so in logs")
