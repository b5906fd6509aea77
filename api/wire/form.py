"""Forms: a field that a route does not know, or gets twice where one is meant, is refused.

A file under a misspelt name would otherwise be passed over, and what it says protect nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterator
from difflib import get_close_matches
from typing import Any

from fastapi import Request

from api.complaints import named
from api.service.refusals import InvalidError

_MOST = 20
_CONTENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")
Fault = dict[str, str]


def check_form(
    once: Collection[str], often: Collection[str]
) -> Callable[[Request], Coroutine[Any, Any, None]]:
    """A dependency that refuses a form with other fields than these."""

    async def check(request: Request) -> None:
        form = await request.form()
        times = Counter(name for name, _ in form.multi_items())
        if faults := [*_unknown(times, {*once, *often}), *_repeated(times, once)]:
            raise InvalidError("The form is not valid; complaints says where.", faults[:_MOST])
        request.state.fields = sorted(times)

    return check


def what_came(request: Request) -> str:
    """What was sent where no file was, in words."""
    fields: list[str] = request.state.fields
    if fields:
        return f"only {', '.join(fields)} came"
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _CONTENT_TYPE.fullmatch(kind):
        return f"{kind} came, with no field in it"
    return "nothing came"


def _unknown(times: Counter[str], known: Collection[str]) -> Iterator[Fault]:
    for name in sorted(times.keys() - known):
        near = get_close_matches(name, sorted(known), n=1)
        mend = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(known))}."
        yield _fault(name, f"There is no such field. {mend}", "unknown")


def _repeated(times: Counter[str], once: Collection[str]) -> Iterator[Fault]:
    for name in sorted(times.keys() & once):
        if times[name] > 1:
            yield _fault(name, "This field may be given once.", "repeated")


def _fault(name: str, message: str, kind: str) -> Fault:
    return {"where": f"form.{named(name)}", "message": message, "kind": kind}
