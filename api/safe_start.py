"""Which settings would leave the register open, and the reasons in words."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from api.settings import Settings

# What manuals print, and what people type to get past a prompt.
_SAMPLE_PASSWORDS = frozenset(
    {"admin", "change-me", "change_me", "changeit", "changeme", "example", "password", "postgres"}
    | {"sample", "secret", "test", "todo", "xxx"}
)
# RFC 2606 keeps these for examples: nobody's issuer is there.
_SAMPLE_HOSTS = ("example", "example.com", "example.net", "example.org", "invalid")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine and cannot be reached from another. Empty means any."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def why_unsafe(settings: Settings) -> list[str]:
    """Every reason not to start, each with what to do. No reason holds a value that was set."""
    return [
        *_oidc_in_part(settings),
        *_tls_in_part(settings),
        *_open_to_a_network(settings),
        *_sample_values(settings),
        *_lease_too_short(settings),
    ]


def _oidc_in_part(settings: Settings) -> Iterator[str]:
    parts = (settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url)
    if any(parts) and not all(parts):
        yield "Set oidc_issuer, oidc_audience and oidc_jwks_url together, or none of them."
    if settings.oidc_client_id is not None and not (settings.oidc_issuer and settings.public_url):
        yield "oidc_client_id, for the pages, goes with oidc_issuer and public_url."
    for name in ("oidc_issuer", "oidc_jwks_url", "public_url"):
        value = getattr(settings, name)
        if value is not None and not is_safe_url(value):
            yield f"{name} must be an https address without a name or password in it."


def is_safe_url(url: str) -> bool:
    """Whether the address is https; http only to this machine, for a test of the whole."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _tls_in_part(settings: Settings) -> Iterator[str]:
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        yield "Set tls_certificate and tls_key together, or neither."
    for name in ("tls_certificate", "tls_key"):
        path = getattr(settings, name)
        if path is not None and not path.is_file():
            yield f"The file that {name} names is not there."


def _open_to_a_network(settings: Settings) -> Iterator[str]:
    reachable = not settings.loopback or settings.behind_tls_proxy
    if reachable and settings.local:
        yield (
            "Other machines could reach this service, and it has no sign-in: set oidc_issuer,"
            " oidc_audience and oidc_jwks_url, or host to 127.0.0.1 and behind_tls_proxy to false."
        )
    if reachable and not settings.tls:
        yield (
            "Other machines could reach this service without TLS: set tls_certificate and tls_key,"
            " or behind_tls_proxy if a proxy ends TLS and is the only way in."
        )


def _sample_values(settings: Settings) -> Iterator[str]:
    if _password_is_sample(settings.database_url):
        yield "The password in database_url is empty or one from a manual."
    for name in ("oidc_issuer", "oidc_jwks_url"):
        host = _host(getattr(settings, name) or "")
        if any(host == sample or host.endswith("." + sample) for sample in _SAMPLE_HOSTS):
            yield f"{name} is an example's address."
    if (settings.oidc_audience or "").casefold() in _SAMPLE_PASSWORDS:
        yield "oidc_audience is a sample value."


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _password_is_sample(url: str) -> bool:
    """Whether the address has a password and it protects nothing. None: it comes another way."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return False
    if password is None:
        return False
    return unquote(password).strip().casefold() in {"", *_SAMPLE_PASSWORDS}


def _lease_too_short(settings: Settings) -> Iterator[str]:
    # One beat may come late; a worker that lives must not lose its run for that.
    if settings.lease_s < 3 * settings.beat_s:
        yield "lease_s must be at least three times beat_s."
