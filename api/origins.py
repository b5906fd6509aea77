"""Whether a request came by our own name and from our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem
from api.settings import Settings

_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})


class Origins:
    """Refuses other names (421) and changes that another site's page asked for (403).

    In local mode a page anywhere could point a name of its own at this machine and read answers;
    it cannot make the browser send our name.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        own = {name.casefold().strip("[]") for name in settings.hosts}
        # None: any name will do.
        self._names = own | _LOOPBACK_NAMES if settings.local else own or None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not self._is_ours(_sent(scope, b"host")):
            refusal = problem(scope, 421, "other-name", "This service has another name.")
            await refusal(scope, receive, send)
        elif scope["method"] not in _READS and _is_cross_site(scope):
            refusal = problem(scope, 403, "cross-site", "Another site's page may change nothing.")
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, hosts: list[str]) -> bool:
        if self._names is None:
            return True
        return len(hosts) == 1 and _parts(f"//{hosts[0]}")[0] in self._names


def _is_cross_site(scope: Scope) -> bool:
    """By what a browser says. A program says nothing, and brings no one else's sign-in."""
    if any(site.lower() not in _OWN_SITES for site in _sent(scope, b"sec-fetch-site")):
        return True
    hosts = [_parts(f"//{host}") for host in _sent(scope, b"host")]
    return any(_parts(origin) not in hosts for origin in _sent(scope, b"origin"))


def _sent(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _parts(url: str) -> tuple[str, int | None]:
    """Host and port; a scheme's own port is none, for a proxy may have taken the scheme away."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", None
    if parts.username is not None or parts.path:
        return "", None
    return (parts.hostname or ""), None if port in (80, 443) else port
