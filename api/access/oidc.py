"""Server mode: tokens that the configured issuer signed, checked with the keys it publishes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt

from api.access.actor import Actor
from api.access.tokens import TokenRules, verified
from api.service.refusals import BusyError
from api.settings import Settings

_KEYS_LAST_S = 600
_TIMEOUT_S = 3
_WAIT_S = 10
"""Between two tries for an unknown key, or at an issuer that did not answer."""


class OidcTokens:
    """Fetches keys from one address only: the configured one, whatever a token says."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        issuer, audience = settings.oidc_issuer, settings.oidc_audience
        if issuer is None or audience is None or settings.oidc_jwks_url is None:
            raise ValueError("No issuer is configured.")
        self._rules = TokenRules(
            algorithm=settings.oidc_algorithm,
            issuer=issuer,
            audience=audience,
            longest_s=settings.oidc_longest_token_s,
            leeway_s=settings.leeway_s,
            roles_claim=settings.roles_claim,
            role_names=settings.role_names,
        )
        self._keys = _Keys(settings.oidc_jwks_url, clock)

    def verify(self, token: str) -> Actor:
        """Whoever the token names. BusyError: the issuer's keys cannot be had just now."""
        return verified(token, self._rules, self._key)

    def _key(self, kid: str | None) -> jwt.PyJWK:
        if not kid:
            raise jwt.InvalidTokenError("No key id.")
        try:
            return self._keys.get_signing_key(kid)
        except jwt.PyJWKClientConnectionError:
            raise BusyError(
                "The sign-in service cannot be reached just now.",
                code="sign-in-unreachable",
                retry_after_s=_WAIT_S,
            ) from None


class _Keys(jwt.PyJWKClient):
    """The issuer's keys, cached. An issuer that is down is not asked by every request in turn."""

    def __init__(self, url: str, clock: Callable[[], float]) -> None:
        super().__init__(url, lifespan=_KEYS_LAST_S, timeout=_TIMEOUT_S, cooldown_duration=_WAIT_S)
        self._clock = clock
        self._not_before = clock()

    def fetch_data(self) -> Any:
        if self._clock() < self._not_before:
            raise jwt.PyJWKClientConnectionError("The issuer did not answer a moment ago.")
        try:
            return super().fetch_data()
        # Besides the library's own: an answer that is not JSON, or cut short.
        except (jwt.PyJWTError, ValueError, OSError) as fault:
            self._not_before = self._clock() + _WAIT_S
            raise jwt.PyJWKClientConnectionError("The issuer did not give its keys.") from fault
