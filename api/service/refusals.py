"""Why a change or a question is refused. `api.problems` says which HTTP status each has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """Base: `code` for programs, `detail` for people; `extra` goes into the answer as it is.

    Neither holds personal data: ids of records only.
    """

    code = "refused"

    def __init__(self, detail: str, *, code: str = "", **extra: Any) -> None:
        super().__init__(detail)
        self.detail, self.extra = detail, extra
        self.code = code or type(self).code


class NotThereError(Refusal):
    """There is no such record, or the actor may not know of it."""

    code = "not-found"


class NotAllowedError(Refusal):
    """The actor's roles do not allow it."""

    code = "not-allowed"


class NotSignedInError(Refusal):
    """No token, or none that counts."""

    code = "not-signed-in"


class ConflictError(Refusal):
    """Lawful in itself, but not with what is there now."""

    code = "conflict"


class StaleError(Refusal):
    """The record has changed since the version that the change was made against."""

    code = "stale-version"


class VersionNeededError(Refusal):
    """A change must say which version it was made against."""

    code = "version-needed"


class UnlawfulError(Refusal):
    """A rule of docs/model.md would be breached; `breaches` lists them."""

    code = "unlawful"


class InvalidError(Refusal):
    """The input is wrong; `complaints` names every fault."""

    code = "invalid"

    def __init__(
        self, detail: str, complaints: Sequence[Mapping[str, Any]] = (), **extra: Any
    ) -> None:
        super().__init__(detail, complaints=list(complaints), **extra)


class TooManyError(Refusal):
    """A limit on how much one may ask for; `retry_after_s` says when to try again."""

    code = "too-many"


class BusyError(Refusal):
    """The register cannot be reached just now; nothing was changed."""

    code = "busy"
