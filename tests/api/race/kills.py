"""More kills than the tests make: `python -m tests.api.race.kills --kills 50`. Exit 1: a fault.

A service is killed with SIGKILL at random moments while four people write to it. What was answered
must be there, what was not must be whole or absent, and asking again must do nothing twice.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select

from api.access.actor import Role
from api.access.local import LocalTokens
from api.service.register import Register
from api.store.tables import ANSWERS, ATTEMPTS, BOOKINGS, EVENTS, PROPOSALS, REFERRALS
from tests.api import postgresql
from tests.api.filled import a_filled_register, propose
from tests.api.race.serving import Service, wait_until_alone
from tests.api.race.soundness import faults
from tests.api.race.writers import Gate, Request, Writer, proposed_to
from tests.builders import a_premises, a_problem, a_referral, an_estate

WRITERS = 4
ROUNDS = 20
"""Bids that a writer may get through between two kills; more than there is time for."""
LONGEST_S = 1.2
"""A service lives between nothing and this from when it first answered."""


@dataclass
class Counted:
    """What happened, and what was wrong."""

    kills: int = 0
    acknowledged: int = 0
    whole: int = 0
    """Not answered before the kill, and found done."""
    absent: int = 0
    """Not answered before the kill, and found not begun."""
    asked_again: int = 0
    faults: list[str] = field(default_factory=list)


def kill_and_count(url: str, folder: Path, kills: int, random: Random) -> Counted:
    """Kill the service so many times, and look at the register each time."""
    counted = Counted()
    register = _prepared(url, rounds=ROUNDS * kills)
    gate = Gate()
    token = LocalTokens(folder).mint("A. Coordinator", [Role.COORDINATOR, Role.MANAGER])
    writers = [Writer(number, gate, token, ROUNDS * kills) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for _ in range(kills):
        if any(writer.fault for writer in writers):
            break
        service = Service(url, folder)
        gate.open(service.port)
        gate.wait_for_an_answer()
        time.sleep(random.uniform(0, LONGEST_S))
        gate.shut_when(sum(writer.is_alive() for writer in writers), service.kill)
        wait_until_alone(register)
        counted.kills += 1
        _look(register, writers, counted)
    gate.over = True
    service = Service(url, folder)
    gate.open(service.port)
    for writer in writers:
        writer.join(60)
    counted.faults += [writer.fault for writer in writers if writer.fault]
    answered = [request for writer in writers for request in writer.answered]
    counted.acknowledged = len(answered)
    counted.faults += [*faults(register), *_missing(register, answered)]
    counted.faults += _asked_again(register, writers, counted)
    service.kill()
    register.database.close()
    return counted


def _prepared(url: str, rounds: int) -> Register:
    beds = an_estate({"P1": (1,) * (2 * WRITERS)})
    premises = (a_premises(arrivals_per_day=10_000),)
    proposed = [proposed_to(writer, n) for writer in range(WRITERS) for n in range(rounds)]
    bids = [
        a_referral(
            each.referral_id,
            release_date=each.stay.arrival,
            latest_arrival=each.stay.arrival,
        )
        for each in proposed
    ]
    register = a_filled_register(url, a_problem(referrals=bids, **{**beds, "premises": premises}))
    propose(register, proposed)
    return register


def _look(register: Register, writers: list[Writer], counted: Counted) -> None:
    """Between a kill and the next start: what nobody has heard of is done, or is not begun."""
    counted.faults += faults(register)
    with register.reading() as connection:
        for request in [writer.pending for writer in writers if writer.pending is not None]:
            kept = connection.execute(
                select(ANSWERS.c.key).where(ANSWERS.c.key == request.key)
            ).first()
            done = _done(connection, request)
            if done != (kept is not None):
                counted.faults.append(f"{request.what} {request.key}: done {done}, kept {kept}")
            counted.whole += done
            counted.absent += not done


def _done(connection, request: Request) -> bool:
    wanted = {
        "bid": select(REFERRALS).where(REFERRALS.c.id == request.subject),
        "booking": select(BOOKINGS).where(BOOKINGS.c.referral_id == request.subject),
        "cancellation": select(BOOKINGS).where(
            BOOKINGS.c.id == request.subject, BOOKINGS.c.status == "cancelled"
        ),
        "decision": select(PROPOSALS).where(
            PROPOSALS.c.referral_id == request.subject, PROPOSALS.c.status == "accepted"
        ),
    }
    return connection.execute(wanted[request.what]).first() is not None


def _missing(register: Register, answered: list[Request]) -> list[str]:
    """Answers whose change is not there, or is there more than once."""
    found = []
    with register.reading() as connection:
        events = Counter(
            (row.action, row.subject)
            for row in connection.execute(select(EVENTS.c.action, EVENTS.c.subject))
        )
        stays = [dict(row) for row in connection.execute(select(BOOKINGS)).mappings()]
        per_bid = Counter(row["referral_id"] for row in stays)
        failed = Counter(
            row.referral_id for row in connection.execute(select(ATTEMPTS.c.referral_id))
        )
    by_id = {row["id"]: row for row in stays}
    for request in answered:
        if request.what == "bid":
            number = events["referral.recorded", request.subject]
        elif request.what == "booking":
            made = by_id.get(request.answer["id"])
            number = per_bid[request.subject] if made is not None else 0
        elif request.what == "cancellation":
            bid = by_id[request.subject]["referral_id"]
            number = events["booking.cancelled", request.subject]
            number = number if failed[bid] == number else -failed[bid]
        else:
            made = by_id.get(request.answer["booking"]["id"])
            number = per_bid[request.subject] if made is not None else 0
            number = number if events["proposal.accepted", f"run-1/{request.subject}"] == 1 else -1
        if number != 1:
            found.append(f"{request.what} {request.key} was acknowledged and is there {number}×")
    return found


def _asked_again(register: Register, writers: list[Writer], counted: Counted) -> list[str]:
    """Every key once more: the same answer, and nothing new in the timeline."""
    found = []
    before = _last(register)
    for writer in writers:
        for request in writer.answered:
            again = writer.ask_again(request)
            counted.asked_again += 1
            same = (again.status, again.answer) == (request.status, request.answer)
            if not (same and again.repeated):
                found.append(f"{request.what} {request.key} was answered otherwise: {again}")
    if _last(register) != before:
        found.append("asking again changed something")
    return found


def _last(register: Register) -> list[str]:
    with register.reading() as connection:
        return list(connection.execute(select(EVENTS.c.hash).order_by(EVENTS.c.seq)).scalars())


def main() -> int:
    """Kill as often as was asked and print what was counted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    wrong = 0
    for kind in asked.database or ("sqlite", "postgresql"):
        began = time.monotonic()
        with (
            tempfile.TemporaryDirectory(prefix="kills-") as name,
            postgresql.cluster() if kind == "postgresql" else nullcontext("") as server,
            postgresql.database(server)
            if server
            else nullcontext(f"sqlite:///{name}/register.db") as url,
        ):
            found = kill_and_count(url, Path(name), asked.kills, Random(asked.seed))
        for fault in found.faults:
            print(f"{kind}: {fault}")
        print(
            f"{kind}: {found.kills} kills, {found.acknowledged:,} changes acknowledged, "
            f"{found.whole + found.absent} unheard of when killed ({found.whole} whole, "
            f"{found.absent} absent), {found.asked_again:,} keys asked again, "
            f"{len(found.faults)} faults, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        wrong += len(found.faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
