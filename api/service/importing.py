"""Importing: what files say, brought into the register whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.problem import Problem
from allocator.referral import Referral
from api.service.basis import MAY_CHANGE, Basis
from api.service.change import Change
from api.service.held import Held
from api.service.import_bookings import import_bookings
from api.service.import_estate import import_estate, import_out_of_service
from api.service.imported import Imported
from api.service.new_id import new_id
from api.service.referrals import (
    changed_bid,
    new_bid,
    raise_flag,
    restricted_people,
    risk_differs,
)
from api.store import records
from api.store.marks import SYNTHETIC, is_synthetic
from api.store.values import Row, as_json


def import_problem(
    change: Change, problem: Problem, seats: Mapping[str, str], basis: Basis | None = None
) -> Imported:
    """Record what is new and what differs. Nothing that the files do not name is removed.

    `seats`: beds, by booking, for those whose file names none. `basis`: what the files were read
    against; ConflictError when a record they speak of has changed since.
    """
    done = Imported()
    if problem.synthetic and not is_synthetic(change.connection):
        mark = {"id": SYNTHETIC, "version": 1, "at": change.at}
        change.record("register.marked", "mark", mark, by="import")
    import_estate(change, problem, basis, done)
    held = Held(change)
    import_bookings(change, problem, seats, held, basis, done)
    import_out_of_service(change, problem.out_of_service, held, done)
    _referrals(change, problem, basis, done)
    _safeguards(change, problem, done)
    done.holds_shrunk = sorted(set(change.holds_shrunk))
    return done


def _referrals(change: Change, problem: Problem, basis: Basis | None, done: Imported) -> None:
    there = {row["id"]: row for row in change.rows("referral")}
    restricted = restricted_people(change)
    fresh, changed, riskier = [], [], []
    for value in problem.referrals:
        before = there.get(value.id)
        if before is None:
            fresh.append(new_bid(change, value, restricted=restricted))
        elif before["status"] not in MAY_CHANGE:
            done.closed.append(value.id)
        elif _says_more(before, records.details(value)):
            if basis is not None:
                basis.require_unchanged("referral", value.id, before)
            changed.append(changed_bid(change, before, value))
            if risk_differs(records.read(Referral, before), value):
                riskier.append(changed[-1])
    change.record_all("referral.recorded", "referral", fresh, by="import")
    change.record_all("referral.changed", "referral", changed, by="import")
    for row in riskier:
        raise_flag(change, [row], "risk_changed", row["id"])
    done.recorded["referral"] += len(fresh)
    done.changed["referral"] += len(changed)
    done.changed_bids += [row["id"] for row in changed]


def _says_more(before: Row, details: Row) -> bool:
    """Whether a file says something else; attempts are counted here and not in files."""
    without = {"failed_attempts"}
    return {k: v for k, v in before["details"].items() if k not in without} != {
        k: v for k, v in details.items() if k not in without
    }


def _safeguards(change: Change, problem: Problem, done: Imported) -> None:
    pairs = [records.separation_row(new_id(), each, 1) for each in problem.separations]
    zones = [records.zone_row(new_id(), each, 1) for each in problem.zones]
    for kind, rows in (("separation", pairs), ("zone", zones)):
        known = [as_json(row["details"]) for row in change.rows(kind)]
        seen = {repr(each) for each in known}
        fresh = [row for row in rows if repr(as_json(row["details"])) not in seen]
        change.record_all(f"{kind}.recorded", kind, fresh, by="import")
        done.recorded[kind] += len(fresh)
