"""Asking: what every route takes from a request, and how it answers a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import quote

from fastapi import Depends, Header, Query, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from api.access.actor import Actor
from api.service.change import Change
from api.service.refusals import InvalidError, VersionNeededError
from api.service.register import Answer, Register


def _register(request: Request) -> Register:
    register: Register = request.app.state.register
    return register


TheRegister = Annotated[Register, Depends(_register)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="Chosen by you for one request. Sent again, it gets the same answer.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=500, description="Records on a page.")]
After = Annotated[
    str | None, Query(max_length=400, description="`after` of the page before this one.")
]


def _version_seen(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=40,
            pattern=r'^(W/)?"?[0-9]{1,9}"?$',
            description='The ETag you read, such as "3".',
        ),
    ] = None,
) -> int | None:
    return None if if_match is None else int(if_match.removeprefix("W/").strip('"'))


VersionSeen = Annotated[int | None, Depends(_version_seen)]
"""The version that was read, where it is said."""


def _version(seen: VersionSeen) -> int:
    if seen is None:
        raise VersionNeededError("send If-Match with the ETag of the record as you read it")
    return seen


Version = Annotated[int, Depends(_version)]


def sent(value: Any) -> Any:
    """The request's body as JSON, for its digest and for answers."""
    return jsonable_encoder(value)


def once(
    register: Register,
    actor: Actor,
    request: Request,
    key: str | None,
    body: Any,
    command: Callable[[Change], Answer],
) -> Response:
    """Do it once and answer."""
    route = request.scope["route"].name
    asked = {"body": sent(body), "path": dict(request.path_params)}
    return reply(register.perform(actor, route, key, asked, command))


def reply(answer: Answer) -> Response:
    """The answer as a response. A repeated one says so."""
    headers = {}
    if answer.etag is not None:
        headers["ETag"] = f'"{answer.etag}"'
    if answer.location is not None:
        # An id may hold letters that no header can.
        headers["Location"] = quote(answer.location)
    if answer.repeated:
        headers["Idempotent-Replayed"] = "true"
    if answer.status == 204:
        return Response(status_code=204, headers=headers)
    return JSONResponse(answer.body, answer.status, headers)


def shown(
    value: Any, status: int = 200, *, version: int | None = None, location: str | None = None
) -> Answer:
    """An answer that holds this model."""
    etag = None if version is None else str(version)
    return Answer(status, jsonable_encoder(value), etag, location)


class Versioned(Protocol):
    """A record as it is shown, at a version."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=Versioned)


def made(value: Versioned, under: str) -> Answer:
    """An answer to what made a record, which is now to be had under this address."""
    return shown(value, 201, version=value.version, location=f"{under}/{value.id}")


def now(value: Versioned) -> Answer:
    """An answer to what changed a record, with the record as it is now."""
    return shown(value, version=value.version)


def tagged(value: V, response: Response) -> V:
    """A record read, with its version as the ETag that a change is made against."""
    response.headers["ETag"] = f'"{value.version}"'
    return value


def same_id(asked: str, told: str) -> None:
    """Raise InvalidError unless body and address speak of the same record."""
    if asked != told:
        raise InvalidError("the id in the body is not the id in the address")


@contextmanager
def reading(register: Register, actor: Actor) -> Iterator[Change]:
    """A consistent view, in the shape of a change that writes nothing."""
    with register.reading() as connection:
        yield register.change(connection, actor)


def seen(
    register: Register,
    actor: Actor,
    request: Request,
    subjects: Iterable[str],
    verb: str = "consultation",
) -> None:
    """Write who saw, or was given, which records: Data Protection Act 2018, section 62."""
    with register.changing(actor) as change:
        change.tell_of_access(verb, request.scope["route"].name, sorted(subjects))


@contextmanager
def telling_of_others(register: Register, actor: Actor, request: Request) -> Iterator[None]:
    """Other bids of the person that a refusal names are seen by whoever is refused."""
    try:
        yield
    except InvalidError as refusal:
        if others := refusal.extra.get("contradictions"):
            seen(register, actor, request, [each["referral_id"] for each in others])
        raise
