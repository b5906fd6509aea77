"""Addresses: what none may hold, and parameters that a route does not know or gets twice.

A filter that is misspelt would otherwise quietly give everything.
"""

from __future__ import annotations

from collections import Counter

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.service.refusals import InvalidError
from api.wire.bounds import FORBIDDEN

_MOST = 20


async def check_address(request: Request) -> None:
    """Refuse the request unless it has each parameter at most once, and only known ones."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = _known(route.dependant)
    sent = request.query_params.multi_items()
    times = Counter(name for name, _ in sent)
    faults = [_fault("path.?", "not_kept")] * any(
        FORBIDDEN.search(str(value)) for value in request.path_params.values()
    )
    faults += [_fault("query.?", "unknown") for name in times if name not in known]
    for name in sorted(known & times.keys()):
        if times[name] > 1:
            faults.append(_fault(f"query.{name}", "repeated"))
        if any(FORBIDDEN.search(value) for each, value in sent if each == name):
            faults.append(_fault(f"query.{name}", "not_kept"))
    if faults:
        raise InvalidError("The address is not valid; complaints says where.", faults[:_MOST])


_WORDS = {
    "unknown": "There is no such parameter.",
    "repeated": "This parameter may be given once.",
    "not_kept": "Control characters cannot be kept.",
}


def _fault(where: str, kind: str) -> dict[str, str]:
    return {"where": where, "message": _WORDS[kind], "kind": kind}


def _known(dependant: Dependant) -> set[str]:
    """Parameters that the route takes, itself or through what it depends on."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*map(_known, dependant.dependencies))
