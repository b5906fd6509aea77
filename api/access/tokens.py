"""What a bearer token must be before it counts, and whom it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt

from api.access.actor import Actor, Role
from api.access.claims import actor_from
from api.service.refusals import NotSignedInError

LONGEST_TOKEN = 8192
_REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
# RFC 9068's type for access tokens, and what most issuers still write.
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
# A token that brings its own key, or rules of its own, is never what our issuer sends.
_FOREIGN_HEADERS = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"})


@dataclass(frozen=True, slots=True)
class TokenRules:
    """The one algorithm, issuer and audience that count. Times are in seconds."""

    algorithm: str
    issuer: str
    audience: str
    longest_s: int
    leeway_s: int
    roles_claim: str
    role_names: Mapping[str, Role]


class Tokens(Protocol):
    """Verifies tokens; the application keeps one as `app.state.tokens`."""

    def verify(self, token: str) -> Actor:
        """Whoever the token names. Raises NotSignedInError when it does not count."""


def verified(token: str, rules: TokenRules, key_for: Callable[[str | None], Any]) -> Actor:
    """Whoever the token names, when it was signed with the key of its key id and is in time.

    The refusal says nothing of why: that would help only a forger. Its cause does, for our log.
    """
    try:
        header = _header(token, rules)
        claims = jwt.decode(
            token,
            key_for(header.get("kid")),
            algorithms=[rules.algorithm],
            audience=rules.audience,
            issuer=rules.issuer,
            leeway=rules.leeway_s,
            options={"require": _REQUIRED, "enforce_minimum_key_length": True},
        )
        _check_life(claims, rules)
        return actor_from(claims, rules.roles_claim, rules.role_names)
    except (jwt.PyJWTError, ValueError, TypeError) as fault:
        raise NotSignedInError(
            "The token is not one that counts here, or no longer.", code="token-refused"
        ) from fault


def ends_of(token: str) -> int:
    """When a token runs out that was verified a moment ago, in seconds since 1970."""
    return int(jwt.decode(token, options={"verify_signature": False})["exp"])


def _header(token: str, rules: TokenRules) -> Mapping[str, Any]:
    """The header, checked before anything it says is used, so that no forgery costs a look-up."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise jwt.DecodeError("Not of a length and letters that a token has.")
    header: Mapping[str, Any] = jwt.get_unverified_header(token)
    if header.get("alg") != rules.algorithm:
        raise jwt.InvalidAlgorithmError("Not the algorithm that was agreed.")
    if _FOREIGN_HEADERS & header.keys():
        raise jwt.InvalidTokenError("The header asks for a key or a rule of its own.")
    if "typ" in header and str(header["typ"]).lower() not in _TYPES:
        raise jwt.InvalidTokenError("Not an access token.")
    return header


def _check_life(claims: Mapping[str, Any], rules: TokenRules) -> None:
    """Refuse a life that is longer than the rules allow, or none."""
    if not 0 < claims["exp"] - claims["iat"] <= rules.longest_s:
        raise jwt.InvalidTokenError("Made to last longer than a token may.")
