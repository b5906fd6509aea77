"""Signing in people at a browser: the issuer's authorization-code flow, with PKCE.

The code is exchanged by us, so that no token ever is in an address or a page.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from api.access.actor import Actor
from api.access.tokens import Tokens, ends_of
from api.safe_start import is_safe_url
from api.service.refusals import BusyError, NotSignedInError
from api.settings import Settings

RETURN = "/sign-in/return"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint")
_TIMEOUT_S = 5
_MOST_BYTES = 200_000
_WAIT_S = 10
"""Between two tries at an issuer that did not answer."""


class _NoRedirects(HTTPRedirectHandler):
    """A code or a secret is sent to the address that the issuer publishes, and nowhere further."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = build_opener(_NoRedirects)


class OidcFlow:
    """The flow at the configured issuer, whose addresses are asked for once.

    An issuer that is down is not asked by every sign-in in turn.
    """

    def __init__(
        self, settings: Settings, tokens: Tokens, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            raise ValueError("No issuer, or no client, is configured.")
        self._settings, self._tokens = settings, tokens
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, str] | None = None
        self._not_before = clock()

    def address(self, state: str, verifier: str) -> str:
        """Where the browser is sent to sign in."""
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._return_address(),
            "scope": self._settings.oidc_scope,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def actor(self, code: str, verifier: str) -> tuple[Actor, int]:
        """Whom the code signs in, and when their token runs out, in seconds since 1970."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._return_address(),
            "client_id": self._settings.oidc_client_id,
            "code_verifier": verifier,
        }
        if self._settings.oidc_client_secret is not None:
            asked["client_secret"] = self._settings.oidc_client_secret
        request = Request(self._endpoint("token_endpoint"), urlencode(asked).encode())
        token = _answer(request).get("access_token")
        if not isinstance(token, str):
            raise NotSignedInError("The sign-in service gave no token.", code="code-refused")
        actor = self._tokens.verify(token)
        if not actor.is_person:
            raise NotSignedInError("Pages are for people.", code="code-refused")
        return actor, ends_of(token)

    def _return_address(self) -> str:
        return f"{str(self._settings.public_url).rstrip('/')}{RETURN}"

    def _endpoint(self, name: str) -> str:
        with self._lock:
            known, too_soon = self._known, self._clock() < self._not_before
        if known is not None:
            return known[name]
        if too_soon:
            raise _unreachable()
        # Not under the lock: the issuer may take its time.
        try:
            known = self._asked_for()
        except BusyError:
            with self._lock:
                self._not_before = self._clock() + _WAIT_S
            raise
        with self._lock:
            self._known = known
        return known[name]

    def _asked_for(self) -> dict[str, str]:
        issuer = str(self._settings.oidc_issuer).rstrip("/")
        found = _answer(Request(f"{issuer}/.well-known/openid-configuration"))
        known = {name: str(found.get(name, "")) for name in _ENDPOINTS}
        if not all(is_safe_url(each) and not urlsplit(each).fragment for each in known.values()):
            raise _unreachable()
        return known


def new_verifier() -> str:
    """What only we know of a sign-in until its code is exchanged."""
    return secrets.token_urlsafe(48)


def _answer(request: Request) -> dict[str, Any]:
    request.add_header("Accept", "application/json")
    try:
        with _OPENER.open(request, timeout=_TIMEOUT_S) as answer:
            found = json.loads(answer.read(_MOST_BYTES))
    except URLError as fault:
        if 400 <= getattr(fault, "code", 0) < 500 and request.data is not None:
            raise NotSignedInError("The sign-in was not confirmed.", code="code-refused") from None
        raise _unreachable() from None
    except (OSError, ValueError):
        raise _unreachable() from None
    if not isinstance(found, dict):
        raise _unreachable()
    return found


def _unreachable() -> BusyError:
    return BusyError(
        "The sign-in service cannot be reached just now.",
        code="sign-in-unreachable",
        retry_after_s=_WAIT_S,
    )
