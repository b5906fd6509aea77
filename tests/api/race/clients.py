"""Client processes that share nothing but a database, and set off together."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from api.store import database
from tests.api.filled import a_person, register_at
from tests.api.race.orders import Order, Outcome, carry_out

MANY = 50
PATIENCE_S = 100


class Clients:
    """Processes that wait for orders."""

    def __init__(self, pipes: list[Connection]) -> None:
        self._pipes = pipes

    def race(self, url: str, orders: Sequence[Sequence[Order]]) -> list[Outcome]:
        """Each client carries out its orders, all beginning at once; what came of them."""
        assert len(orders) <= len(self._pipes)
        mine = [*orders, *([()] * (len(self._pipes) - len(orders)))]
        for pipe, some in zip(self._pipes, mine, strict=True):
            pipe.send((url, some))
        found = []
        for pipe in self._pipes:
            if not pipe.poll(PATIENCE_S):
                raise TimeoutError("a client does not answer")
            found += pipe.recv()
        return found


@contextmanager
def clients(count: int = MANY, start: str = "forkserver") -> Iterator[Clients]:
    """So many processes.

    `forkserver`: each comes from a process that has the modules loaded and nothing open, which
    takes a fiftieth of the time of `spawn` and shares as little.
    """
    context = context_of(start)
    barrier = context.Barrier(count)
    pairs = [context.Pipe() for _ in range(count)]
    processes = [
        context.Process(target=_client, args=(number, theirs, barrier), daemon=True)
        for number, (_, theirs) in enumerate(pairs)
    ]
    for process in processes:
        process.start()
    for _, theirs in pairs:
        theirs.close()
    try:
        yield Clients([ours for ours, _ in pairs])
    finally:
        for ours, _ in pairs:
            ours.close()
        for process in processes:
            process.join(10)
            if process.is_alive():
                process.kill()


def context_of(start: str = "forkserver"):
    """A way to start processes. The first that is used settles what is loaded beforehand."""
    context = multiprocessing.get_context(start)
    if start == "forkserver":
        context.set_forkserver_preload(
            ["tests.api.race.serving", "tests.api.race.clients", "psycopg"]
        )
    return context


def _client(number: int, pipe: Connection, barrier: Barrier) -> None:
    actor = a_person(f"Colleague {number}")
    # Each of fifty processes makes its first change, which takes longest, while the others wait.
    database.LOCK_WAIT_MS = 1_000 * PATIENCE_S
    while True:
        try:
            url, orders = pipe.recv()
        except EOFError:
            return
        register = register_at(url)
        try:
            # Connected before the race begins: it is for beds, not for connections.
            register.database.check()
            barrier.wait(PATIENCE_S)
            pipe.send(
                [
                    carry_out(register, actor, order, f"race-{number}-{place}")
                    for place, order in enumerate(orders)
                ]
            )
        finally:
            register.database.close()
