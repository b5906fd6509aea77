"""Plan needs: the beds that proposals which wait rest on, besides those that they name.

A proposal may be of a bed that has somebody in it whose bed nobody has named: accepting it moves
them to where the plan seats them (`seating.py`). The bed that they are to move to looks empty, and
whoever takes it takes the proposed one from somebody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import select

from allocator.nights import Stay
from api.service.change import Change
from api.service.decisions import seats_of
from api.service.kept_answers import KeptAnswers
from api.service.learned import learned_since
from api.service.making_room import making_room
from api.service.refusals import NotThereError
from api.service.refused_by_now import Suspect, refused_by_now
from api.service.seeing import hidden_people
from api.service.waiting_proposals import waiting_proposals
from api.store.kept_states import KeptStates
from api.store.tables import PREMISES, PROPOSALS, REFERRALS
from api.store.values import Row

SEATS: KeptAnswers[Mapping[str, str]] = KeptAnswers(2)
"""Where a plan seats bookings whose bed nobody has named: the same at every look."""


@dataclass(frozen=True, slots=True)
class Needs:
    """A proposal that can be accepted still. `moves`: bookings that would move first, in the beds
    that they would have."""

    proposal: Row
    moves: Sequence[Row] = ()

    def would_lose(self, bed_id: str, stay: Stay) -> bool:
        """Whether it could be accepted no more if somebody else had the bed for the stay."""
        proposed = Stay(self.proposal["arrival"], self.proposal["departure"])
        if self.proposal["bed_id"] == bed_id and proposed.meets(stay):
            return True
        return any(row["bed_id"] == bed_id and _span(row).meets(stay) for row in self.moves)


@dataclass(frozen=True)
class PlanNeeds:
    """Of some premises, what is proposed there and can be accepted; and what cannot, any more:
    its bed was taken or is out of service, the stay would begin before the release or today, or
    booking would refuse it by what was learned since of the person, the premises or others there.
    """

    needs: Sequence[Needs] = ()
    lost: Sequence[Row] = ()
    at: Mapping[str, Sequence[Needs]] = field(default_factory=dict)
    """By bed, those that rest on it."""

    def losing(self, bed_id: str, stay: Stay, but: str = "") -> list[Row]:
        """Proposals to others that could not be accepted, were the bed booked. `but`: whose own
        bid it is."""
        return [
            each.proposal
            for each in self.at.get(bed_id, ())
            if each.proposal["referral_id"] != but and each.would_lose(bed_id, stay)
        ]

    @property
    def seats(self) -> dict[str, str]:
        """By booking that would move were all of them accepted, the bed that it would have."""
        return {row["id"]: row["bed_id"] for each in self.needs for row in each.moves}

    def among(self, premises: Collection[str]) -> PlanNeeds:
        """The same of some of these premises."""
        needs = [each for each in self.needs if each.proposal["premises_id"] in premises]
        lost = [row for row in self.lost if row["premises_id"] in premises]
        return PlanNeeds(needs, lost, _at(needs))

    @property
    def lost_ids(self) -> frozenset[str]:
        """Ids of the proposals that cannot be accepted any more."""
        return frozenset(row["id"] for row in self.lost)


_KEPT: KeptStates[PlanNeeds] = KeptStates()
"""Of all premises, as the register stands: most pages ask, and it takes tenths of a second."""


def plan_needs(change: Change, *premises: Any, everybody: bool = False) -> PlanNeeds:
    """Of the premises of which these are conditions; of none: of all.

    `everybody`: people whom the actor may not know of among them, for what the actor is not told.
    """
    hidden = frozenset() if everybody else hidden_people(change.connection, change.actor)
    asked = change.today, change.policy.digest, hidden
    work_out = partial(_worked_out, change, everybody)
    if not premises:
        return _KEPT.of(change.connection, work_out, *asked)
    everywhere = _KEPT.found(change.connection, *asked)
    if everywhere is None:
        return work_out(*premises)
    there = select(PREMISES.c.id).where(*premises)
    return everywhere.among(frozenset(change.connection.execute(there).scalars()))


def _worked_out(change: Change, everybody: bool, *premises: Any) -> PlanNeeds:
    sites_asked = PROPOSALS.c.premises_id.in_(select(PREMISES.c.id).where(*premises))
    among = [sites_asked] if premises else []
    proposals = waiting_proposals(change, *among, everybody=everybody)
    if not proposals:
        return PlanNeeds()
    sites = sorted({row["premises_id"] for row in proposals})
    room = making_room(change, sites)
    bids = _bids(change, *among)
    runs = {run_id: change.row("run", run_id) for run_id in {row["run_id"] for row in proposals}}
    seats = {run_id: kept_seats(change, run) for run_id, run in runs.items()}
    learned = learned_since(change, min(run["register_seq"] for run in runs.values()), seats)
    can_be_had, lost, suspects = [], [], []
    for proposal in proposals:
        site, stay = proposal["premises_id"], Stay(proposal["arrival"], proposal["departure"])
        bed_id, bid = proposal["bed_id"], bids[proposal["referral_id"]]
        moves = room.moves(site, bed_id, stay, seats[proposal["run_id"]])
        if moves is None or stay.arrival < max(change.today, bid["release_date"]):
            lost.append(proposal)
            continue
        can_be_had.append(Needs(proposal, moves))
        if about := learned.about(bid["crn"], site):
            suspects.append(Suspect(proposal, bid["crn"], moves, about))
    refused = refused_by_now(change, suspects, seats)
    needs = [each for each in can_be_had if each.proposal["id"] not in refused]
    lost += [each.proposal for each in can_be_had if each.proposal["id"] in refused]
    return PlanNeeds(needs, lost, _at(needs))


def lost_of(change: Change, proposals: Sequence[Row]) -> frozenset[str]:
    """Of these, the ids of those that wait and cannot be accepted any more."""
    sites = {row["premises_id"] for row in proposals if row["status"] == "proposed"}
    lost = plan_needs(change, PREMISES.c.id.in_(sorted(sites))).lost_ids if sites else frozenset()
    return lost & {row["id"] for row in proposals}


def lost_in(change: Change, run_id: str) -> frozenset[str]:
    """Of a run's, the ids of those that wait and cannot be accepted any more."""
    here = PROPOSALS.c.run_id == run_id, PROPOSALS.c.status == "proposed"
    if change.connection.execute(select(PROPOSALS.c.id).where(*here).limit(1)).first() is None:
        return frozenset()
    return frozenset(row["id"] for row in plan_needs(change).lost if row["run_id"] == run_id)


def _at(needs: Sequence[Needs]) -> dict[str, list[Needs]]:
    found: dict[str, list[Needs]] = defaultdict(list)
    for each in needs:
        for bed_id in {each.proposal["bed_id"], *(row["bed_id"] for row in each.moves)}:
            found[bed_id].append(each)
    return dict(found)


def _bids(change: Change, *among: Any) -> dict[str, Row]:
    """Those that wait, of the proposals of which these are conditions: the person, and the release
    as it is known now."""
    waiting = select(PROPOSALS.c.referral_id).where(PROPOSALS.c.status == "proposed", *among)
    rows = change.outlines("referral", ("crn", "release_date"), REFERRALS.c.id.in_(waiting))
    return {row["id"]: row for row in rows}


def kept_seats(change: Change, run: Row) -> Mapping[str, str]:
    """Where the run's plan seats them; for looking, and not under the lock."""
    try:
        return SEATS.of(change.connection, run, partial(seats_of, change, run))
    except NotThereError:  # erased since: nobody can be moved as it had it
        return {}


def _span(row: Row) -> Stay:
    return Stay(row["held_from"], row["departure"])
