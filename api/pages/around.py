"""Around: what stands around a page that no visit makes: an error's, or one that is open to all.

Whoever is signed in has the same there as on every other page.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from api.access.actor import Actor
from api.pages.navigation import sections_for
from api.pages.visit import cookie_of
from api.service.refusals import NotSignedInError
from api.service.register import Register
from api.service.sessions import session_of, token_of

NOBODY: dict[str, Any] = {
    "actor": None,
    "sections": [],
    "here": "",
    "synthetic": False,
    "form_token": "",
}


def around(request: Request, *, may_look: bool = True) -> dict[str, Any]:
    """Who is signed in, their sections, and whether the register's people are invented.

    Not `may_look`: only what the request has found out already.
    """
    try:
        actor = _who(request, may_look)
        if actor is None:
            return NOBODY
        return {
            "actor": actor,
            "sections": sections_for(actor),
            "here": request.url.path,
            "synthetic": request.app.state.is_synthetic(),
            "form_token": token_of(cookie_of(request)),
        }
    except SQLAlchemyError:
        # A page that says the database is away is told without.
        return NOBODY


def _who(request: Request, may_look: bool) -> Actor | None:
    """Whose session it is, if it has not ended."""
    if not hasattr(request.app.state, "register") or not cookie_of(request):
        return None
    known = getattr(request.state, "actor", None)
    if isinstance(known, Actor):
        return known
    return session_actor(request) if may_look else None


def session_actor(request: Request) -> Actor | None:
    """Whose session the browser's cookie is, if it is one that has not ended."""
    register: Register = request.app.state.register
    secret = cookie_of(request)
    if not secret:
        return None
    try:
        with register.reading() as connection:
            session, ended = session_of(connection, secret, register.clock.now())
    except NotSignedInError:
        return None
    return None if ended else session.actor
