"""Proposals: what a finished run over the register says should be done, for people to decide."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from allocator.explain import Main
from allocator.plan import Plan
from api.service import referrals
from api.service.change import Change
from api.service.escalation import HAS_A_BED, HAS_A_BED_IN_PART
from api.service.run_values import Why
from api.store.tables import FLAGS, PROPOSALS, REFERRALS, RUNS
from api.store.values import Row

PROPOSED, SUPERSEDED = "proposed", "superseded"


def propose(change: Change, run: Row, plan: Plan, reasons: Mapping[str, Why]) -> None:
    """Proposals in place of earlier ones; attempts that failed; flags that are answered.

    Only of bids that are still open. A run that a later one has overtaken proposes nothing that
    could be decided, and counts no attempt. Nor is it one that failed where the same person has a
    bed on those nights already.
    """
    bids = {row["id"]: row for row in change.rows("referral", REFERRALS.c.status == "open")}
    late = _overtaken(change, run)
    if not late:
        waiting = change.rows("proposal", PROPOSALS.c.status == PROPOSED)
        change.record_all(
            "proposal.superseded", "proposal", [{**row, "status": SUPERSEDED} for row in waiting]
        )
    rows = _rows(change, run, plan, bids, SUPERSEDED if late else PROPOSED)
    change.record_all("proposal.made", "proposal", rows)
    if late:
        return
    left = [name for name in plan.unplaced if name in bids]
    has_none = [name for name in left if reasons[name].code != Main.SAME_PERSON.code]
    referrals.failed(
        change,
        [
            (bids[name], reasons[name].code, reasons[name].text, {"main": reasons[name].main})
            for name in has_none
        ],
        change.today,
        run["id"],
    )
    _answer_flags(change, run, {*left, *(row["referral_id"] for row in rows)})


def _rows(change: Change, run: Row, plan: Plan, bids: Mapping[str, Row], status: str) -> list[Row]:
    premises_of = {row["id"]: row["premises_id"] for row in change.rows("bed")}
    return [
        {
            "id": f"{run['id']}/{placement.referral_id}",
            "run_id": run["id"],
            "referral_id": placement.referral_id,
            "status": status,
            "band": placement.band,
            "bed_id": placement.bed_id,
            "premises_id": premises_of[placement.bed_id],
            "arrival": placement.stay.arrival,
            "departure": placement.stay.departure,
            "decide_by": placement.decide_by,
            "decided_by": None,
            "decided_at": None,
            "reason": None,
            "booking_id": None,
        }
        for placement in plan.placements
        # A bed can have been removed since; nobody can be put there.
        if placement.referral_id in bids and placement.bed_id in premises_of
    ]


def _overtaken(change: Change, run: Row) -> bool:
    """Whether a run over a later state of the register has finished before this one."""
    later = select(RUNS.c.id).where(
        RUNS.c.status == "finished",
        RUNS.c.over == "register",
        RUNS.c.replay_of.is_(None),
        RUNS.c.register_seq > run["register_seq"],
    )
    return change.connection.execute(later.limit(1)).first() is not None


def _answer_flags(change: Change, run: Row, looked_at: set[str]) -> None:
    """Flags raised before the snapshot: their bids have now been looked at again.

    That somebody has a bed by another booking holds whatever a plan says.
    """
    not_asked = FLAGS.c.why.not_in((HAS_A_BED, HAS_A_BED_IN_PART))
    before = FLAGS.c.raised_seq <= run["register_seq"]
    raised = change.rows("flag", ~FLAGS.c.cleared, before, not_asked)
    change.record_all(
        "flag.cleared",
        "flag",
        [{**row, "cleared": True} for row in raised if row["referral_id"] in looked_at],
        run_id=run["id"],
    )
