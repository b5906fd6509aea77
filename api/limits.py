"""How much one request may send and how often an address may ask."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem, refusal_problem
from api.rate import Rates
from api.service.refusals import NotSignedInError, TooManyError
from api.settings import Settings

LONGEST_URL = 4096
LARGE = ("/v1/imports", "/v1/runs", "/v1/studies", "/v1/forecasts", "/files")
"""Addresses that take files, or a whole problem; none below them does."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class TooLargeError(HTTPException):
    """More came than the limit, whatever the header said would come."""

    def __init__(self) -> None:
        super().__init__(413)


class Limits:
    """Refuses what is too long, too large, too often or nameless before any of it is parsed."""

    def __init__(self, app: ASGIApp, settings: Settings, rates: Rates) -> None:
        self._app, self._settings, self._rates = app, settings, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        try:
            self._rates.take_address(_address(scope))
            _check_signed(scope)
        except (TooManyError, NotSignedInError) as refusal:
            await refusal_problem(scope, refusal)(scope, receive, send)
            return
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_URL:
            await problem(
                scope, 414, "address-too-long", f"An address has at most {LONGEST_URL} characters."
            )(scope, receive, send)
        elif _announced(scope) > limit:
            await _too_large(scope, limit, receive, send)
        else:
            await self._counting(limit, scope, receive, send)

    def _limit(self, path: str) -> int:
        return self._settings.upload_bytes if path in LARGE else self._settings.body_bytes

    async def _counting(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes, for a length that was announced may be a lie, or be missing."""
        came, begun, exceeded = 0, False, False

        async def counted() -> Message:
            nonlocal came, exceeded
            message = await receive()
            if message["type"] == "http.request":
                came += len(message.get("body", b""))
                if came > limit:
                    exceeded = True
                    raise TooLargeError
            return message

        async def answering(message: Message) -> None:
            nonlocal begun
            # Whatever the application made of the error, it was this; unless it had begun before.
            if exceeded and not begun:
                return
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, answering)
        except Exception:
            if begun or not exceeded:
                raise
        if exceeded and not begun:
            await _too_large(scope, limit, receive, send)


def _check_signed(scope: Scope) -> None:
    """Refuse to take in a body from someone who does not even say who they are."""
    if scope["method"] in _READS or not scope["path"].startswith("/v1/"):
        return
    if not any(name.lower() == b"authorization" for name, _ in scope["headers"]):
        raise NotSignedInError("Send a token: Authorization: Bearer TOKEN.")


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value[:18])
    return 0


async def _too_large(scope: Scope, limit: int, receive: Receive, send: Send) -> None:
    # What is still to come must not be taken for the next request.
    closing = {"Connection": "close"}
    detail = f"At most {limit} bytes may be sent here."
    await problem(scope, 413, "too-large", detail, headers=closing)(scope, receive, send)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
