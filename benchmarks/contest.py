"""One method on one instance, in a process of its own, so that time and memory are its own."""

from __future__ import annotations

import json
import multiprocessing as mp
import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from allocator.check import check
from allocator.plan import Plan
from allocator.policy import Policy, load_policy
from allocator.problem import Problem
from benchmarks.instances import Instance

Method = Callable[[Problem, Policy, int, float], Plan]
GRACE = 3.0
"""A method may take this many times its limit before it is stopped: building is not limited."""


def _ours(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.ours import allocate

    return allocate(problem, policy, effort="standard", seed=seed, limit_s=limit_s)


def _quick(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.ours import allocate

    return allocate(problem, policy, effort="quick", seed=seed, limit_s=limit_s)


def _first_come(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.greedy import first_come_first_served
    from benchmarks.methods.situation import Situation

    return first_come_first_served(Situation(problem, policy))


def _best_fit(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.greedy import risk_order_best_fit
    from benchmarks.methods.situation import Situation

    return risk_order_best_fit(Situation(problem, policy))


def _cpsat(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.plain_cpsat import plain_cpsat
    from benchmarks.methods.situation import Situation

    return plain_cpsat(Situation(problem, policy), seed=seed, limit_s=limit_s)


def _mip(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.one_mip import one_mip
    from benchmarks.methods.situation import Situation

    return one_mip(Situation(problem, policy), seed=seed, limit_s=limit_s)


def _bed_and_delay(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.situation import Situation
    from benchmarks.methods.timefold import timefold

    return timefold(Situation(problem, policy), "bed-and-delay", seed=seed, limit_s=limit_s)


def _strongest(problem: Problem, policy: Policy, seed: int, limit_s: float) -> Plan:
    from benchmarks.methods.situation import Situation
    from benchmarks.methods.timefold import timefold

    return timefold(Situation(problem, policy), "strongest", seed=seed, limit_s=limit_s)


METHODS: dict[str, Method] = {
    "ours, quick": _quick,
    "ours, standard": _ours,
    "first come first served": _first_come,
    "risk order, best fit": _best_fit,
    "plain CP-SAT": _cpsat,
    "one HiGHS MIP": _mip,
    "Timefold, bed and delay": _bed_and_delay,
    "Timefold, strongest": _strongest,
}
NEEDS_TIMEFOLD = {"Timefold, bed and delay", "Timefold, strongest"}


def contest(instance: Instance, method: str, seed: int, limit_s: float) -> dict[str, Any]:
    """What came of it, as plain values for the results file. Nothing it started goes on."""
    spawn = mp.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    wait_s = 60 + GRACE * limit_s
    with tempfile.TemporaryDirectory() as scratch:
        process = spawn.Process(
            target=_run, args=(theirs, scratch, instance, method, seed, limit_s)
        )
        process.start()
        theirs.close()
        try:
            outcome = json.loads(ours.recv()) if ours.poll(wait_s) else {"failed": "did not end"}
        except EOFError:
            outcome = {"failed": "the process died"}
        finally:
            _end(process)
    return {
        "instance": instance.name,
        "digest": instance.digest,
        "method": method,
        "seed": seed,
        "limit_s": limit_s,
        **outcome,
    }


def _end(process: SpawnProcess) -> None:
    """With all of its session: Java would go on without the process that waits for it."""
    assert process.pid is not None
    with suppress(ProcessLookupError):  # it was too young for a session of its own
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _run(
    pipe: Connection, scratch: str, instance: Instance, method: str, seed: int, limit_s: float
) -> None:
    os.setsid()
    tempfile.tempdir = scratch  # a method that is stopped cannot tidy up
    problem, policy = instance.problem(), load_policy()
    started, cpu = time.perf_counter(), _cpu_seconds()
    try:
        plan = METHODS[method](problem, policy, seed, limit_s)
    except Exception as error:  # a peer that fails is a result, not the end of the run
        pipe.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}))
        return
    seconds, cpu = time.perf_counter() - started, _cpu_seconds() - cpu
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    pipe.send(json.dumps(_outcome(plan, problem, policy, seconds, cpu, peak)))


def _cpu_seconds() -> float:
    """Of this process, and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _outcome(
    plan: Plan, problem: Problem, policy: Policy, seconds: float, cpu: float, peak_kib: int
) -> dict[str, Any]:
    breaches = check(plan, problem, policy)
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mib": round(peak_kib / 1024),
        "breaches": len(breaches),
        "status": plan.status.value,
        "ended_by": plan.ended_by.value,
        "surplus": len(plan.surplus),
        "levels": [
            {
                "code": level.code,
                "value": level.value,
                "bound": level.bound,
                "proven": level.proven,
                "gap": level.gap,
            }
            for level in plan.levels
        ],
    }
