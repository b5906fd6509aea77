"""Signing in and out at a browser: a code or a token at this machine, the issuer elsewhere."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from api.access.actor import Actor
from api.access.local import LocalTokens
from api.access.oidc_flow import OidcFlow, new_verifier
from api.access.tokens import ends_of
from api.pages.around import around, session_actor
from api.pages.visit import clean, cookie_name, cookie_of, go, require_ours
from api.service.leases import ALLOCATOR
from api.service.refusals import NotSignedInError, NotThereError
from api.service.register import Register
from api.service.sessions import (
    begin,
    begin_sign_in,
    end,
    end_sign_in,
    new_state,
    session_of,
)
from api.settings import Settings


async def _short_form(request: Request) -> FormData:
    return await request.form(max_fields=10, max_files=1)


ShortForm = Annotated[FormData, Depends(_short_form)]
router = APIRouter()
LONGEST_TOKEN = 8_192


@router.get("/sign-in")
def sign_in(request: Request) -> Response:
    """Spend the code that was printed at the start; without one, say how to sign in."""
    to = safe_path(request.query_params.get("to", ""))
    tokens, code = request.app.state.tokens, request.query_params.get("code")
    if not isinstance(tokens, LocalTokens):
        return _to_the_issuer(request, to)
    if code is not None:
        token = tokens.exchange(code[:100])
        return _signed_in(request, tokens.verify(token), to, ends_of(token))
    return _asked(request, to)


@router.post("/sign-in")
def sign_in_with_token(request: Request, form: ShortForm) -> Response:
    """Local mode: somebody pastes a token that `python -m api token` printed for them."""
    tokens = request.app.state.tokens
    if not isinstance(tokens, LocalTokens):
        raise NotThereError("People sign in elsewhere.")
    to = safe_path(str(form.get("to", "")))
    try:
        token = clean(form.get("token"), LONGEST_TOKEN)
        actor = tokens.verify(token)
        if not actor.is_person:
            raise NotSignedInError("Pages are for people.")
    except NotSignedInError:
        return _asked(request, to, "Paste a token that still counts, whole and without the prompt")
    return _signed_in(request, actor, to, ends_of(token))


@router.get("/sign-in/return")
def sign_in_return(request: Request) -> Response:
    """The issuer has sent somebody back: exchange the code, and let them in."""
    flow = _flow(request)
    state, code = (request.query_params.get(name, "")[:2_000] for name in ("state", "code"))
    register: Register = request.app.state.register
    with register.changing(ALLOCATOR) as change:
        begun = end_sign_in(change, state, cookie_of(request))
    if not code:
        raise NotSignedInError("The sign-in service did not sign you in.", code="code-refused")
    actor, expires = flow.actor(code, begun.verifier)
    return _signed_in(request, actor, begun.goes_to, expires)


@router.post("/sign-out")
def sign_out(request: Request, form: ShortForm) -> Response:
    """The session ends at once. Whoever is not signed in is out already."""
    register: Register = request.app.state.register
    secret = cookie_of(request)
    answer = go("/signed-out")
    try:
        with register.reading() as connection:
            session, _ = session_of(connection, secret, register.clock.now())
    except NotSignedInError:
        return answer
    require_ours(form, session)
    with register.changing(session.actor) as change:
        end(change, secret)
    _set(answer, request, "", 0)
    return answer


@router.get("/signed-out")
def signed_out(request: Request) -> HTMLResponse:
    """That one is out."""
    return _plain(request, "signed_out.html", "You have signed out")


@router.get("/accessibility")
def accessibility(request: Request) -> HTMLResponse:
    """The accessibility statement."""
    return _plain(request, "accessibility.html", "Accessibility statement")


def safe_path(path: str) -> str:
    """The path, if it is one of ours; else the first page. Never another site."""
    ours = path.startswith("/") and not path.startswith("//") and len(path) <= 400
    return path if ours and path.isprintable() and "\\" not in path else "/"


def _to_the_issuer(request: Request, to: str) -> Response:
    flow, verifier = _flow(request), new_verifier()
    if session_actor(request) is not None:
        # What begins a sign-in takes the place of the session's cookie.
        return go(to)
    state = new_state()
    # First: the issuer may not answer, and nothing is written for that.
    address = flow.address(state, verifier)
    register: Register = request.app.state.register
    with register.changing(ALLOCATOR) as change:
        secret = begin_sign_in(change, state, verifier, to)
    answer = RedirectResponse(address, 303)
    _set(answer, request, secret, 600)
    return answer


def _flow(request: Request) -> OidcFlow:
    flow: OidcFlow | None = request.app.state.oidc_flow
    if flow is None:
        raise NotThereError("These settings have no sign-in for the pages: set oidc_client_id.")
    return flow


def _signed_in(request: Request, actor: Actor, to: str, expires: int) -> RedirectResponse:
    """Let them in, for as long as their token lasts at most; `expires`: seconds since 1970."""
    register: Register = request.app.state.register
    settings: Settings = request.app.state.settings
    left = timedelta(seconds=expires - time.time())
    with register.changing(actor) as change:
        most = timedelta(minutes=settings.session_minutes)
        # As a span: a token's time is the machine's, whatever clock the register goes by.
        secret = begin(change, actor, change.at + min(most, left))
    answer = go(to)
    # It outlasts the session, so that what comes too late is known to be theirs.
    _set(answer, request, secret, 12 * 3600)
    return answer


def _set(answer: Response, request: Request, value: str, seconds: int) -> None:
    settings: Settings = request.app.state.settings
    answer.set_cookie(
        cookie_name(settings),
        value,
        max_age=seconds,
        path="/",
        secure=settings.tls,
        httponly=True,
        samesite="lax",
    )


def _asked(request: Request, to: str, error: str = "") -> HTMLResponse:
    text = request.app.state.renderer.render(
        "sign_in.html",
        title="Sign in",
        error=error,
        to=to,
        actor=None,
        sections=[],
        here="/sign-in",
        synthetic=False,
    )
    return HTMLResponse(text, 422 if error else 200)


def _plain(request: Request, template: str, title: str) -> HTMLResponse:
    """A page that is open to all; whoever is signed in keeps what they have on every page."""
    renderer = request.app.state.renderer
    return HTMLResponse(renderer.render(template, title=title, **around(request)))
