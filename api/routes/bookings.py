"""Routes of bookings: stays made by hand, and what comes of stays."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from allocator.nights import Stay
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import (
    After,
    Key,
    Limit,
    TheRegister,
    Version,
    made,
    now,
    once,
    reading,
    seen,
    tagged,
    telling_of_others,
)
from api.routes.lists import order_of, page
from api.service import bookings
from api.service.bookings import the_booking
from api.service.change import Change
from api.service.contradictions import require_seen
from api.service.referrals import the_bid
from api.service.refusals import InvalidError
from api.service.register import Answer
from api.service.seeing import hidden_people
from api.service.withdrawing import withdraw_outcome
from api.store.tables import BOOKINGS
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.shown import BookingShown, Page, booking_shown
from api.wire.words import Body, BookingStatus, Day, Id, Reason

router = APIRouter(prefix="/v1/bookings", tags=["Bookings"])
SORTS = ("arrival", "departure", "id")


class ManualBooking(Body):
    """A bed booked for an open bid without a proposal, and why."""

    referral_id: Id
    bed_id: Id
    arrival: Day
    departure: Day
    reason: Reason
    override_hold: Reason | None = Field(
        default=None, description="Why a hold that keeps the person out is passed over."
    )
    seen_otherwise: bool = Field(
        default=False,
        description="That you have seen what another bid of the person says otherwise of risk; "
        "only after `risk-contradicted`.",
    )


class OnADay(Body):
    """The day on which it happened."""

    day: Day


class Ended(Body):
    """Why it came to nothing."""

    reason: Reason


class Departure(Body):
    """The day someone left, and why."""

    day: Day
    reason: Reason


class Extension(Body):
    """Another departure, later or earlier."""

    departure: Day
    reason: Reason
    override_hold: Reason | None = Field(
        default=None, description="Why a hold that keeps the person out is passed over."
    )


class Transfer(Body):
    """Another bed from a day on."""

    bed_id: Id
    day: Day
    reason: Reason
    override_hold: Reason | None = Field(
        default=None, description="Why a hold that keeps the person out is passed over."
    )


@router.get("", responses=problems())
def list_bookings(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    status: BookingStatus | None = None,
    premises_id: Annotated[str | None, Query(max_length=200)] = None,
    bed_id: Annotated[str | None, Query(max_length=200)] = None,
    surplus: bool | None = None,
    sort: Annotated[
        str, Query(max_length=40, description=f"One of {', '.join(sorted(SORTS))}.")
    ] = "arrival",
    limit: Limit = 50,
    after: After = None,
) -> Page[BookingShown]:
    """Stays, by arrival unless asked otherwise. `surplus`: those that no bed can hold."""
    wanted: dict[str, Any] = {
        "status": status,
        "premises_id": premises_id,
        "bed_id": bed_id,
        "surplus": surplus,
    }
    conditions = [BOOKINGS.c[name] == value for name, value in wanted.items() if value is not None]
    with reading(register, actor) as change:
        hidden = hidden_people(change.connection, actor)
        rows = change.outlines("booking", SORTS, *conditions)
        some = page(rows, order_of(sort, SORTS), limit, after, lambda row: row)
        found = Page(
            records=[
                booking_shown(row, row["crn"] in hidden)
                for row in change.in_full("booking", some.records)
            ],
            after=some.after,
            total=some.total,
        )
    seen(register, actor, request, [each.id for each in found.records])
    return found


@router.get("/{identifier}", responses=problems(404))
def get_bookings(
    identifier: str, register: TheRegister, actor: Permitted, request: Request, response: Response
) -> BookingShown:
    """One stay."""
    with reading(register, actor) as change:
        found = booking_shown(the_booking(change, identifier), hidden=False)
    seen(register, actor, request, [identifier])
    return tagged(found, response)


@router.post(
    "",
    status_code=201,
    response_model=BookingShown,
    responses=problems(404, 409),
    openapi_extra=described(ManualBooking),
)
def create_booking(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    wanted: Annotated[ManualBooking, Depends(body_of(ManualBooking))],
) -> Response:
    """Book a bed by hand, under the same rules as a proposal."""
    if wanted.departure <= wanted.arrival:
        raise InvalidError("the departure must be after the arrival")

    def make(change: Change) -> Answer:
        bid = the_bid(change, wanted.referral_id)
        seen_otherwise = require_seen(change, bid, wanted.seen_otherwise)
        stay = Stay(wanted.arrival, wanted.departure)
        row = bookings.book(
            change,
            bid,
            wanted.bed_id,
            stay,
            override_hold=wanted.override_hold or "",
            reason=wanted.reason,
            by="hand",
            **seen_otherwise,
        )
        return _answer(row, 201)

    with telling_of_others(register, actor, request):
        return once(register, actor, request, key, wanted, make)


@router.post(
    "/{identifier}/arrival",
    response_model=BookingShown,
    responses=problems(404, 409),
    openapi_extra=described(OnADay),
)
def record_arrival(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    arrival: Annotated[OnADay, Depends(body_of(OnADay))],
) -> Response:
    """The person came. Their bid is closed as arrived."""
    return once(
        register,
        actor,
        request,
        key,
        arrival,
        lambda change: _answer(bookings.arrive(change, identifier, arrival.day)),
    )


@router.post(
    "/{identifier}/non-arrival",
    response_model=BookingShown,
    responses=problems(404, 409),
    openapi_extra=described(Ended),
)
def record_non_arrival(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    why: Annotated[Ended, Depends(body_of(Ended))],
) -> Response:
    """The person did not come. The bed is free, and the bid is open again."""
    return once(
        register,
        actor,
        request,
        key,
        why,
        lambda change: _answer(bookings.not_arrive(change, identifier, why.reason)),
    )


@router.post(
    "/{identifier}/departure",
    response_model=BookingShown,
    responses=problems(404, 409),
    openapi_extra=described(Departure),
)
def record_departure(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    departure: Annotated[Departure, Depends(body_of(Departure))],
) -> Response:
    """The person left; that night and later ones are free."""
    return once(
        register,
        actor,
        request,
        key,
        departure,
        lambda change: _answer(
            bookings.depart(change, identifier, departure.day, departure.reason)
        ),
    )


@router.post(
    "/{identifier}/withdrawal",
    response_model=BookingShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Ended),
)
def withdraw_recorded(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    version: Version,
    request: Request,
    why: Annotated[Ended, Depends(body_of(Ended))],
) -> Response:
    """An arrival, non-arrival or departure was recorded by mistake: all is as it was before."""
    return once(
        register,
        actor,
        request,
        key,
        why,
        lambda change: _answer(withdraw_outcome(change, identifier, why.reason, version)),
    )


@router.post(
    "/{identifier}/extension",
    response_model=BookingShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Extension),
)
def extend_booking(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    version: Version,
    request: Request,
    to: Annotated[Extension, Depends(body_of(Extension))],
) -> Response:
    """Another departure, in the same bed."""
    return once(
        register,
        actor,
        request,
        key,
        to,
        lambda change: _answer(
            bookings.extend(
                change, identifier, to.departure, to.reason, version, to.override_hold or ""
            )
        ),
    )


@router.post(
    "/{identifier}/transfer",
    status_code=201,
    response_model=BookingShown,
    responses=problems(404, 409),
    openapi_extra=described(Transfer),
)
def transfer_booking(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    to: Annotated[Transfer, Depends(body_of(Transfer))],
) -> Response:
    """Another bed from a day on: this booking ends, and one linked to it begins."""
    return once(
        register,
        actor,
        request,
        key,
        to,
        lambda change: _answer(
            bookings.transfer(
                change, identifier, to.bed_id, to.day, to.reason, to.override_hold or ""
            ),
            201,
        ),
    )


@router.post(
    "/{identifier}/cancellation",
    response_model=BookingShown,
    responses=problems(404, 409),
    openapi_extra=described(Ended),
)
def cancel_booking(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    why: Annotated[Ended, Depends(body_of(Ended))],
) -> Response:
    """Call the booking off. The bed is free, and the bid is open again."""
    return once(
        register,
        actor,
        request,
        key,
        why,
        lambda change: _answer(bookings.cancel(change, identifier, why.reason)),
    )


def _answer(row: Row, status: int = 200) -> Answer:
    found = booking_shown(row, hidden=False)
    return made(found, router.prefix) if status == 201 else now(found)
