"""Verification: the whole register looked at beside everything else, and what was found."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.visit import Visiting
from api.service.change import Change
from api.service.register import Answer
from api.service.verifying import VERIFYING, last_verified

router = APIRouter()


@router.get("/audit/verification")
def page_verification(visit: Visiting) -> HTMLResponse:
    """What the last look at the whole register found, and one that is under way."""
    under_way = VERIFYING.under_way(visit.register)
    with visit.register.reading() as connection:
        last = last_verified(connection)
    return visit.page(
        "verification.html",
        title="Verify the register",
        under_way=under_way,
        failed=VERIFYING.failed(visit.register),
        last=last,
    )


@router.post("/audit/verification")
def page_start_verification(visit: Visiting) -> Response:
    """Look at the whole register, in a process of its own."""
    head = visit.said("head", 64)

    def nothing(change: Change) -> Answer:
        return Answer(200, {})

    if head and not _is_head(head):
        under_way = VERIFYING.under_way(visit.register)
        with visit.register.reading() as connection:
            last = last_verified(connection)
        wrong = "A fingerprint is 64 hexadecimal digits, as a verification shows it"
        return visit.page(
            "verification.html",
            422,
            title="Verify the register",
            under_way=under_way,
            failed=None,
            last=last,
            error_summary=[{"text": wrong, "href": "#head"}],
        )
    # Sent twice, it is begun once.
    if not visit.once({"head": head}, nothing).repeated:
        VERIFYING.begin(visit.register, visit.actor, head or None)
    return visit.go("/audit/verification", "verifying")


def _is_head(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")
