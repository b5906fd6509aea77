"""Theory: what is known exactly of beds that are all alike, to hold the simulation against."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

ROUNDS = 200_000
ENOUGH = 1e-12


def erlang_b(servers: int, erlangs: float) -> float:
    """Share of arrivals that find every bed taken, when nobody waits.

    `erlangs`: arrivals a day times the mean stay in days. Whatever the stays' lengths are spread
    like (A. K. Erlang, 1917; B(0) = 1, B(n) = a B(n-1) / (n + a B(n-1))).
    """
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = erlangs * blocked / (count + erlangs * blocked)
    return blocked


def accepted(servers: int, high: float, low: float, reserved: int) -> tuple[float, float]:
    """Shares of two classes accepted, when the lower is refused with `reserved` beds or fewer free.

    `high`, `low`: erlangs of each. Stays are exponential, with one mean.
    """
    share = np.zeros(servers + 1)
    share[0] = 1.0
    for busy in range(servers):
        rate = high + (low if servers - busy > reserved else 0.0)
        share[busy + 1] = share[busy] * rate / (busy + 1)
    share /= share.sum()
    return float(1 - share[-1]), float(share[: max(0, servers - reserved)].sum())


def best_reservation(servers: int, high: float, low: float, ratio: float) -> tuple[int, float]:
    """Beds that it is best to keep from the lower class, and the reward a mean stay, by value
    iteration; an accepted one of the higher class counts `ratio`, one of the lower 1.

    A threshold is best (B. L. Miller, Management Science 16(3), 1969, 234); the iteration does not
    assume it. Raises ValueError when what comes out is none.
    """
    pace = high + low + servers
    value = np.zeros(servers + 1)
    busy = np.arange(servers + 1)
    reward = 0.0
    for _ in range(ROUNDS):
        up = np.append(value[1:], -np.inf)
        taken = np.maximum(value, ratio + up)
        picked = np.maximum(value, 1.0 + up)
        down = np.append(0.0, value[:-1])
        fresh = (high * taken + low * picked + busy * down + (servers - busy) * value) / pace
        change = fresh - value
        value = fresh - fresh[0]
        reward = float(change.mean() * pace)
        if float(np.ptp(change)) < ENOUGH:
            break
    lets_in: npt.NDArray[np.bool_] = 1.0 + value[1:] >= value[:-1]
    threshold = int(lets_in.sum())
    if not lets_in[:threshold].all():
        raise ValueError("the best policy is no threshold")
    return servers - threshold, reward
