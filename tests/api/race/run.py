"""More rounds than the tests run: `python -m tests.api.race.run --rounds 200`. Exit 1: a fault."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random

from tests.api import postgresql
from tests.api.race.clients import MANY, Clients, clients
from tests.api.race.orders import Outcome
from tests.api.race.rounds import ROUNDS
from tests.api.race.soundness import faults_of_race

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    """Run what was asked for and print what was counted."""
    asked = _asked()
    wrong = 0
    with clients(asked.clients, asked.start) as racers:
        for kind in asked.database or DATABASES:
            with postgresql.cluster() if kind == "postgresql" else nullcontext("") as server:
                wrong += _on(kind, server, racers, asked)
    return 1 if wrong else 0


def _on(kind: str, server: str, racers: Clients, asked: argparse.Namespace) -> int:
    wrong = 0
    for name in asked.round or ROUNDS:
        counted: Counter[str] = Counter()
        slowest, began = 0.0, time.monotonic()
        for number in range(asked.rounds):
            found, faults = _round(kind, server, racers, name, asked.clients, asked.seed + number)
            for fault in faults:
                print(f"{kind}, {name}, seed {asked.seed + number}: {fault}", flush=True)
            wrong += len(faults)
            counted.update(_what(each) for each in found)
            slowest = max([slowest, *(each.seconds for each in found)])
        told = ", ".join(f"{what} {count:,}" for what, count in sorted(counted.items()))
        print(
            f"{kind}, {name}: {asked.rounds} rounds, {asked.clients} clients, "
            f"{sum(counted.values()):,} orders ({told}), slowest {slowest:.1f} s, "
            f"{time.monotonic() - began:.0f} s in all",
            flush=True,
        )
    print(f"{kind}: {wrong} faults", flush=True)
    return wrong


def _round(
    kind: str, server: str, racers: Clients, name: str, count: int, seed: int
) -> tuple[list[Outcome], list[str]]:
    with _database(kind, server) as url:
        about = ROUNDS[name](url, count, Random(seed))
        try:
            outcomes = racers.race(url, about.orders)
            return outcomes, faults_of_race(about.register, outcomes)
        finally:
            about.register.database.close()


@contextmanager
def _database(kind: str, server: str) -> Iterator[str]:
    if kind == "postgresql":
        with postgresql.database(server) as url:
            yield url
    else:
        with tempfile.TemporaryDirectory(prefix="race-") as folder:
            yield f"sqlite:///{Path(folder) / 'register.db'}"


def _what(outcome: Outcome) -> str:
    if outcome.fault:
        return "faults"
    return outcome.code or ("won" if outcome.holder is not None else "surplus")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=MANY)
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    parser.add_argument("--round", action="append", choices=list(ROUNDS), help="default: all")
    parser.add_argument("--database", action="append", choices=DATABASES, help="default: both")
    parser.add_argument("--start", choices=("forkserver", "spawn"), default="forkserver")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
