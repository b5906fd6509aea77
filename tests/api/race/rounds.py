"""Rounds: registers in which many want the same beds, and who is told to want what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from allocator.estate import Premises, Room
from allocator.nights import Stay
from allocator.problem import Problem
from api.service.register import Register
from tests.api.filled import Proposed, a_filled_register, propose
from tests.api.race.orders import Order
from tests.builders import (
    a_bed,
    a_booking,
    a_premises,
    a_problem,
    a_referral,
    a_room,
    a_stay,
    day,
)


@dataclass(frozen=True)
class Round:
    """A register made ready, and the orders of each client."""

    register: Register
    orders: list[list[Order]]


def one_bed(url: str, clients: int, random: Random) -> Round:
    """Everybody's bid is proposed for the same bed and the same nights."""
    stay = a_stay(random.randint(1, 60), random.randint(1, 84))
    bids = [_bid(f"bid-{number}", stay) for number in range(clients)]
    register = a_filled_register(url, a_problem(referrals=bids))
    run = propose(register, [Proposed(bid.id, _BED, stay) for bid in bids])
    return Round(register, [[Order("decide", bid.id, _BED, stay, run)] for bid in bids])


def one_bid(url: str, clients: int, random: Random) -> Round:
    """Everybody decides on one and the same proposal."""
    stay = a_stay(random.randint(1, 60), random.randint(1, 84))
    register = a_filled_register(url, a_problem(referrals=[_bid("bid-0", stay)]))
    run = propose(register, [Proposed("bid-0", _BED, stay)])
    return Round(register, [[Order("decide", "bid-0", _BED, stay, run)] for _ in range(clients)])


def plans(url: str, clients: int, random: Random, beds: int = 20) -> Round:
    """Everybody has a plan of their own for the same beds, shifted by some nights or none.

    In each bed the stays of two plans share anything from no night to all of them.
    """
    premises, rooms, their_beds = _singles(beds)
    nights = random.randint(2, 14)
    stays = {
        (number, bed.id): a_stay(
            20 + (random.randint(1 - nights, nights - 1) if number else 0), nights
        )
        for number in range(clients)
        for bed in their_beds
    }
    bids = {place: _bid(f"bid-{place[0]}-{place[1]}", stay) for place, stay in stays.items()}
    register = a_filled_register(
        url,
        a_problem(
            referrals=bids.values(),
            premises=(premises,),
            rooms=tuple(rooms),
            beds=tuple(their_beds),
        ),
    )
    orders = []
    for number in range(clients):
        wanted = [
            Order("decide", bids[number, bed.id].id, bed.id, stays[number, bed.id], f"run-{number}")
            for bed in their_beds
        ]
        propose(
            register,
            [Proposed(order.subject, order.bed_id, order.stay) for order in wanted],
            run_id=f"run-{number}",
        )
        random.shuffle(wanted)
        orders.append(wanted)
    return Round(register, orders)


def every_path(url: str, clients: int, random: Random, beds: int = 3) -> Round:
    """Every way there is to take a bed goes for the same nights of the same beds."""
    stay = a_stay(10, random.randint(1, 7))
    premises, rooms, all_beds = _singles(beds + clients)
    contested, elsewhere = all_beds[:beds], all_beds[beds:]
    base = a_problem(premises=(premises,), rooms=tuple(rooms), beds=tuple(all_beds))
    bids, there, proposed = [], [], []
    orders: list[list[Order]] = [[] for _ in range(clients)]
    for bed in contested:
        # Who is to leave on the day it begins, and would stay on in the same bed.
        before = a_booking(
            f"before-{bed.id}",
            bed_id=bed.id,
            stay=Stay(day(8), stay.arrival),
            referral=_bid(f"before-{bed.id}", a_stay(8, 2)),
            crn=f"CRN-before-{bed.id}",
        )
        there.append(before)
        ways = ["extend", *(_WAYS[n % len(_WAYS)] for n in range(clients - 1))]
        random.shuffle(ways)
        for number, how in enumerate(ways):
            name = f"{how}-{number}-{bed.id}"
            order = Order(how, name, bed.id, stay, "run-1")
            if how == "extend":
                order = replace(order, subject=before.id)
            elif how in ("decide", "book"):
                bids.append(_bid(name, stay))
                if how == "decide":
                    proposed.append(Proposed(name, bed.id, stay))
            elif how == "transfer":
                away = a_booking(name, bed_id=elsewhere[number].id, stay=stay, crn=f"CRN-{name}")
                # One bed elsewhere serves one client's transfers, so they need different nights.
                if any(b.bed_id == away.bed_id for b in there):
                    order = replace(order, how="close")
                else:
                    there.append(replace(away, referral=_bid(name, stay)))
            elif how == "import":
                order = replace(order, problem=_sent(base, name, bed.id, stay))
            orders[number].append(order)
    register = a_filled_register(url, replace(base, referrals=tuple(bids), bookings=tuple(there)))
    propose(register, proposed)
    return Round(register, orders)


def _sent(base: Problem, name: str, bed_id: str, stay: Stay) -> Problem:
    """What a file says that names one booking, and its bid."""
    booking = a_booking(name, bed_id=bed_id, stay=stay, crn=f"CRN-{name}")
    return base.with_bookings([replace(booking, referral=_bid(name, stay))])


def _bid(name: str, stay: Stay):
    return a_referral(
        name, release_date=stay.arrival, latest_arrival=stay.arrival, nights=stay.nights
    )


def _singles(count: int) -> tuple[Premises, list[Room], list]:
    """A premises of single rooms in which as many may arrive on one day as there are."""
    numbers = [f"{number:03}" for number in range(count)]
    return (
        a_premises(arrivals_per_day=10_000),
        [a_room(f"P1-{number}") for number in numbers],
        [a_bed(f"P1-{number}-B", f"P1-{number}") for number in numbers],
    )


_BED = "P1-R1-B1"
_WAYS = ("decide", "transfer", "book", "close", "import")
ROUNDS: dict[str, Callable[[str, int, Random], Round]] = {
    "one bed": one_bed,
    "one bid": one_bid,
    "plans": plans,
    "every path": every_path,
}
