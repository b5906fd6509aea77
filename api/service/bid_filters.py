"""Bid filters: what narrows lists of bids, of which a restricted bid would tell something."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, or_

from allocator.geography.regions import REGIONS
from api.access.actor import Actor
from api.service.refusals import InvalidError
from api.store.tables import REFERRALS

_R = REFERRALS.c
_DIGITS = tuple("0123456789")


def of_owner(owner: str, actor: Actor) -> Any:
    """Bids that are mine, nobody's, or whose owner has not said that they have them."""
    if owner == "mine":
        return _R.owner_id == actor.id
    if owner == "nobody":
        return _R.owner_id.is_(None)
    if owner == "unacknowledged":
        return _R.owner_id.is_not(None) & ~_R.owner_acknowledged
    raise InvalidError("The owner is mine, nobody or unacknowledged.")


def of_region(name: str) -> Any:
    """Bids of people who are to live near an outcode of this region."""
    region = next((each for each in REGIONS if each.name == name), None)
    if region is None:
        raise InvalidError("There is no region of this name.")
    outcode = _R.details["outcode"].as_string()
    return or_(
        *(
            and_(
                func.substr(outcode, 1, len(letters)) == letters,
                func.substr(outcode, len(letters) + 1, 1).in_(_DIGITS),
            )
            for letters in region.letters.split()
        )
    )
