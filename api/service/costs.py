"""Costs: what another bed than the one proposed or booked costs the person, in words, before it is
booked."""

from __future__ import annotations

from allocator.geography.distance import miles_between
from allocator.nights import Stay
from allocator.plain_words import counted
from allocator.referral import Referral
from allocator.rules.place import place_of
from api.service.change import Change
from api.store.snapshot import snapshot
from api.store.values import Row


def costs_of(
    change: Change, referral: Referral, proposal: Row, bed_id: str, stay: Stay
) -> list[str]:
    """Days later, nights fewer, miles further, desirable criteria lost; none of them: empty.

    A bed that is no more has no place to compare with, and that is said instead.
    """
    found: list[str] = []
    later = (stay.arrival - proposal["arrival"]).days
    if later > 0:
        found.append(f"{counted(later, 'day')} later than proposed")
    fewer = (proposal["departure"] - proposal["arrival"]).days - stay.nights
    if fewer > 0:
        found.append(f"{counted(fewer, 'night')} fewer than proposed")
    if bed_id == proposal["bed_id"]:
        return found
    if change.find("bed", proposal["bed_id"]) is None:
        return [*found, "not compared with the bed that was proposed, which is no more"]
    return found + costs_of_place(change, referral, proposal, bed_id)


def costs_of_place(change: Change, referral: Referral, had: Row, bed_id: str) -> list[str]:
    """Miles further and desirable criteria lost by a bed, beside that of a proposal or booking."""
    sites = {change.row("bed", bed_id)["premises_id"], had["premises_id"]}
    problem = snapshot(change.connection, change.today, change.policy, premises=frozenset(sites))
    was, now = place_of(had["bed_id"], problem), place_of(bed_id, problem)
    found = []
    home = referral.location
    if home is not None and was.premises.location is not None and now.premises.location is not None:
        further = miles_between(home, now.premises.location) - miles_between(
            home, was.premises.location
        )
        if further > 0.05:
            found.append(f"{further:.1f} miles further from home")
    lost = sorted(c.value for c in referral.desirable if was.offers(c) and not now.offers(c))
    if lost:
        found.append(f"desirable criteria lost: {', '.join(lost)}")
    return found
