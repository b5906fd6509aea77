"""Owners: who a bid can be handed to: people who have worked on bids here, and are known by it.

The register has no list of users: whoever signs in is vouched for by the token. What somebody has
opened or decided tells that their role lets them have a bid.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from api.access.actor import Role
from api.access.permissions import PAGES, PERMISSIONS
from api.service.change import Change
from api.service.referrals import set_owner, the_bid
from api.service.refusals import ConflictError, InvalidError
from api.store.tables import ACCESS_LOG, EVENTS, SESSIONS
from api.store.values import Row

KNOWN_FOR = timedelta(days=180)
"""Who has not been here for so long is not offered: they may have left."""
FITTING = frozenset({Role.COORDINATOR, Role.MANAGER})
"""Roles in which somebody may have a bid."""


def owners_for(change: Change, bid: Row) -> dict[str, str]:
    """Names of those who may have the bid, by the id they sign in with, in order of names."""
    allowed = bid["restricted_to"]
    found = possible_owners(change, *(allowed or ()))
    return found if allowed is None else {id_: found[id_] for id_ in found if id_ in allowed}


def possible_owners(change: Change, *ids: str) -> dict[str, str]:
    """Names of those who may have a bid, by the id they sign in with; with `ids`, of these alone.

    In order of names.
    """
    log, recent = ACCESS_LOG.c, change.at - KNOWN_FOR
    only = [log.actor_id.in_(ids)] if ids else []
    last = (
        select(func.max(log.seq))
        .where(log.at >= recent, log.what.in_(_for_them_alone()), *only)
        .group_by(log.actor_id)
    )
    seen = select(log.actor_id, log.actor_name).where(log.seq.in_(last))
    found = {str(row.actor_id): str(row.actor_name) for row in change.connection.execute(seen)}
    for row in change.connection.execute(select(SESSIONS)):
        if FITTING & set(row.roles) and (not ids or row.actor_id in ids):
            found[str(row.actor_id)] = str(row.actor_name)
    return dict(sorted(found.items(), key=lambda each: (each[1].casefold(), each[0])))


def require_seen(change: Change, identifier: str, seen: str) -> None:
    """Raise ConflictError where somebody else has the bid than whom the actor saw; `seen`: their
    id, empty for nobody. Whoever has it themselves knows."""
    bid = the_bid(change, identifier)
    if bid["owner_id"] in (None, seen, change.actor.id):
        return
    since = select(func.max(EVENTS.c.at)).where(
        EVENTS.c.kind == "referral",
        EVENTS.c.subject == identifier,
        EVENTS.c.action == "owner.changed",
    )
    raise ConflictError(
        f"{bid['owner_name']} has the bid by now",
        code="owner-changed",
        owner_name=bid["owner_name"],
        since=change.connection.execute(since).scalar_one(),
    )


def hand_over(change: Change, identifier: str, owner_id: str) -> Row:
    """Hand a bid to somebody else, or take it. Raises InvalidError for whoever may have none."""
    if owner_id == change.actor.id:
        return set_owner(change, identifier, owner_id, change.actor.name)
    allowed = the_bid(change, identifier)["restricted_to"]
    if allowed is not None and owner_id not in allowed:
        raise InvalidError(
            "the case is restricted to others: whoever has it must be able to see it",
            code="owner-may-not-see",
        )
    found = possible_owners(change, owner_id)
    if owner_id not in found:
        raise InvalidError(
            "nobody of this id is known here as a placement coordinator or a manager: choose "
            "somebody who is, or ask them to sign in and look at people without a bed first",
            code="unknown-owner",
        )
    return set_owner(change, identifier, owner_id, found[owner_id])


def _for_them_alone() -> list[str]:
    """Routes and pages that nobody can have used in another role."""
    routes = {name for name, who in PERMISSIONS.items() if who.roles <= FITTING}
    return sorted(routes | {page for page, route in PAGES.items() if route in routes})
