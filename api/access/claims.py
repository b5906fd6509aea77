"""Who a token's claims name, and in which roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt

from api.access.actor import Actor, Role

_LONGEST_NAME = 200
_NAME_CLAIMS = ("name", "preferred_username", "user_name")


def actor_from(claims: Mapping[str, Any], roles_claim: str, names: Mapping[str, Role]) -> Actor:
    """The actor. Role names that we do not know count for nothing."""
    subject = claims["sub"]
    if not isinstance(subject, str) or not _is_plain(subject):
        raise jwt.InvalidTokenError("A subject that cannot stand in a timeline.")
    roles = _roles(claims.get(roles_claim), names)
    if _is_client(claims):
        # Otherwise a system that was granted a person's role would count as that person.
        roles &= {Role.SERVICE}
        if not roles:
            raise jwt.InvalidTokenError("A system without the role for systems.")
    return Actor(subject, _name(claims, subject), roles)


def _roles(value: Any, names: Mapping[str, Role]) -> frozenset[Role]:
    """From a list, or from one string with blanks between, as `scope` is written."""
    told = value.split() if isinstance(value, str) else value
    if not isinstance(told, list):
        return frozenset()
    return frozenset(names[each] for each in told if isinstance(each, str) and each in names)


def _is_client(claims: Mapping[str, Any]) -> bool:
    """Whether a system asked for this token for itself and no person signed in."""
    # Issuers differ in how they say so.
    if str(claims.get("grant_type", claims.get("gty"))).replace("-", "_") == "client_credentials":
        return True
    if claims.get("idtyp") == "app":
        return True
    if str(claims.get("preferred_username", "")).startswith("service-account-"):
        return True
    return claims["sub"] in (claims.get("client_id"), claims.get("azp"))


def _name(claims: Mapping[str, Any], subject: str) -> str:
    for claim in _NAME_CLAIMS:
        value = claims.get(claim)
        if isinstance(value, str) and _is_plain(value):
            return value
    return subject


def _is_plain(text: str) -> bool:
    return bool(text.strip()) and len(text) <= _LONGEST_NAME and text.isprintable()
