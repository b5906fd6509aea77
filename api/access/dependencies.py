"""What a route asks for to know who is asking: `actor: Permitted`. Refuses by default."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.access.actor import Actor
from api.access.permissions import OPEN, permission_of
from api.access.tokens import Tokens
from api.logs import Event, write
from api.rate import Rates
from api.service.refusals import NotAllowedError, NotSignedInError

# Only so that the API's description says how to sign in; the header is read by `signed_in`.
_bearer = HTTPBearer(auto_error=False, description="A token of the issuer, or of local mode.")


def signed_in(request: Request) -> Actor:
    """Whoever the bearer token names. Cookies do not count: a browser sends them unasked."""
    sent = request.headers.getlist("authorization")
    scheme, _, token = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedInError("Send a token: Authorization: Bearer TOKEN.")
    tokens: Tokens = request.app.state.tokens
    try:
        actor = tokens.verify(token.strip())
    except NotSignedInError as refusal:
        write(Event.TOKEN_REFUSED, fault=type(refusal.__cause__).__name__)
        raise
    request.state.actor = actor
    rates: Rates = request.app.state.rates
    rates.take_actor(actor.id)
    return actor


def check_permission(route_name: str, actor: Actor) -> None:
    """Refuse unless the table lets this actor use the route; a route not in it is nobody's."""
    if route_name in OPEN:
        return
    if not may(route_name, actor):
        raise NotAllowedError("Your roles do not include this.", code="role-not-allowed")


def may(route_name: str, actor: Actor) -> bool:
    """Whether the table lets this actor use a route or a page that is not open to all."""
    permission = permission_of(route_name)
    return permission is not None and permission.allows(actor)


# Not a coroutine: the key look-up may wait for the issuer, and must not hold up everyone.
def permitted(
    request: Request,
    _described: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Actor:
    """The actor, signed in and allowed to use the route that was matched."""
    actor = signed_in(request)
    check_permission(getattr(request.scope.get("route"), "name", ""), actor)
    return actor


Permitted = Annotated[Actor, Depends(permitted)]
