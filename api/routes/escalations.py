"""Routes of the escalation ladder, and of bids that nobody has in hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import After, Key, Limit, TheRegister, once, reading, seen, shown
from api.routes.bids import bid_shown, bids_shown
from api.routes.lists import page
from api.service.change import Change
from api.service.escalation import acknowledge, on_the_ladder
from api.service.ladder import reassess, rung_at
from api.service.referrals import the_bid, visible
from api.service.refusals import InvalidError
from api.service.register import Answer
from api.service.review import review
from api.service.unowned import unowned
from api.store.tables import FLAGS
from api.store.values import Row
from api.wire.shown import Page, ReferralShown
from api.wire.words import Shown

router = APIRouter(prefix="/v1", tags=["Nobody dropped"])
RUNG = ("rung", "rung_due", "rung_acknowledged_by")
SOONEST = ("band", "release_date")


class Reviewed(Shown):
    """Bids that have risen to a higher rung."""

    risen: list[str]


@router.get("/escalations", responses=problems())
def list_escalations(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    role: Annotated[str | None, Query(max_length=100, description="Only this rung.")] = None,
    acknowledged: bool | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[ReferralShown]:
    """Every open bid at its rung, and every bid whose booking was to begin and of which nobody has
    said whether the person came: highest rung first, then what is due soonest.

    Without open bids whose person has a bed by another booking for as long as they ask: those are
    flagged."""
    with reading(register, actor) as change:
        roles = list(dict.fromkeys(rung.role for rung in change.policy.escalation))
        if role is not None and role not in roles:
            raise InvalidError(f"role must be one of {', '.join(roles)}")
        rows = [
            row
            for row in change.outlines("referral", RUNG, on_the_ladder(change.today))
            if (role is None or rung_at(change.policy, row["rung"]).role == role)
            and (acknowledged is None or acknowledged == (row["rung_acknowledged_by"] is not None))
        ]
        order = ("-rung", "rung_due")
        found = _page(change, rows, order, limit, after)
    return _logged(register, actor, request, found)


@router.post(
    "/escalations/{referral_id}/acknowledgement",
    response_model=ReferralShown,
    responses=problems(404, 409),
)
def acknowledge_escalation(
    referral_id: str, register: TheRegister, actor: Permitted, key: Key, request: Request
) -> Response:
    """A named person says that they know of this bid at this rung; the first one stands.

    The first rung is for coordinators and managers, every higher one for managers.
    """

    def known(change: Change) -> Answer:
        row = acknowledge(change, the_bid(change, referral_id))
        bid = bid_shown(change, row, [])
        return shown(bid, version=bid.version)

    return once(register, actor, request, key, None, known)


@router.post("/escalations/review", response_model=Reviewed, responses=problems())
def review_escalations(
    register: TheRegister, actor: Permitted, key: Key, request: Request
) -> Response:
    """Bring every bid on the list to the rung where it must be by now, and open the bids again
    whose booking is over without anybody having come. Workers do it every minute."""

    def reviewed(change: Change) -> Answer:
        reassess(change)
        return shown(Reviewed(risen=[row["id"] for row in review(change)]))

    return once(register, actor, request, key, None, reviewed)


@router.get("/unowned", responses=problems())
def list_unowned(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    limit: Limit = 50,
    after: After = None,
) -> Page[ReferralShown]:
    """Bids without a bed that nobody owns, or whose owner has not acknowledged them.

    Without those that you may not see: who owns them is not told.
    """
    with reading(register, actor) as change:
        rows = change.outlines("referral", SOONEST, *unowned(change))
        found = _page(change, rows, SOONEST, limit, after)
    return _logged(register, actor, request, found)


@router.get("/flagged", responses=problems())
def list_flags(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    limit: Limit = 50,
    after: After = None,
) -> Page[ReferralShown]:
    """Bids to look at again: a bed was freed that could serve an open one, the risk changed of one
    that is open or placed, nobody has said whether the person came, or the person has a bed by
    another bid.

    Without those that you may not see: their flags are not told.
    """
    with reading(register, actor) as change:
        flagged = {row["referral_id"] for row in change.rows("flag", ~FLAGS.c.cleared)}
        rows = [
            row
            for row in change.outlines("referral", (*SOONEST, "restricted_to"))
            if row["id"] in flagged and visible(row, actor)
        ]
        found = _page(change, rows, SOONEST, limit, after)
    return _logged(register, actor, request, found)


def _page(
    change: Change, rows: list[Row], order: Sequence[str], limit: int, after: str | None
) -> Page[ReferralShown]:
    found = page(rows, order, limit, after, lambda row: row)
    bids = bids_shown(change, change.in_full("referral", found.records))
    return Page(records=bids, after=found.after, total=found.total)


def _logged(
    register: TheRegister, actor: Permitted, request: Request, found: Page[ReferralShown]
) -> Page[ReferralShown]:
    """The page, once it is written who sees it: called when the view has been let go.

    Whoever holds one connection and waits for another can wait for ever.
    """
    seen(register, actor, request, [bid.id for bid in found.records])
    return found
