"""Own stays: whether a place that the same person has already is what keeps a bid without a bed."""

from __future__ import annotations

from allocator.explain.request import Request
from allocator.explain.situation import Situation
from allocator.explain.stock import Ints
from allocator.plain_words import counted


def own_stays(request: Request, situation: Situation, lawful: Ints) -> str:
    """What to say where the person's other stays are in the way; empty where they are not.

    They are where each stay that is allowed would meet one, or where a lawful bed would be open
    were they not there.
    """
    mine = [
        stay
        for stay in situation.ledger.stays.get(request.referral.crn, ())
        if situation.ledger.meets(stay, request.days, request.nights).any()
    ]
    if not mine or len(situation.open_to(request, lawful)[0]):
        return ""
    if situation.ledger.elsewhere(request, request.days).all():
        how = "each stay that this bid allows would share nights with that one"
    else:
        with situation.ledger.changed(out=mine):
            opened = len(set(situation.open_to(request, lawful)[0].tolist()))
        if not opened:
            return ""
        how = f"but for that, {counted(opened, 'lawful bed')} would be open to this bid"
    booked = all(stay.booked for stay in mine)
    where = "is booked already" if booked else "is given a bed by this plan for another bid"
    return f"The same person {where}, and one person is in one place at a time: {how}."
