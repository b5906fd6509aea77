"""Solvers that behave as the real one must never, and one that is good and quick.

Each is called in the child process by its name: `tests.solver_process.stand_ins:NAME`.
"""

import os
import subprocess
import sys
import time
from dataclasses import replace

from allocator.errors import ModelError
from allocator.plan import EndedBy
from allocator.progress import Progress
from tests.plans import a_plan


def named(function):
    """The name under which the child finds it."""
    return f"{__name__}:{function.__name__}"


def places_nobody(problem, policy, *, effort, seed, progress, **others):
    progress(Progress("placed/1", 0, None, 0.5, "begun"))
    return a_plan(problem, policy, effort=effort, seed=seed)


def tells_what_it_was_asked(
    problem, policy, *, workers, time_limit_s, keep, displacement, **others
):
    told = (workers, time_limit_s, keep and keep.seed, displacement)
    return a_plan(problem, policy, versions=(("told", repr(told)),))


def prints_on_stdout(problem, policy, **others):
    os.write(1, b"a banner from native code\n")
    print("and one from Python")
    return a_plan(problem, policy)


def stops_when_asked(problem, policy, *, progress, stop, **others):
    progress(Progress("placed/1", 0, None, 0.0, "waiting"))
    while not stop():
        time.sleep(0.01)
    return a_plan(problem, policy, ended_by=EndedBy.INTERRUPTED)


def sleeps(problem, policy, **others):
    time.sleep(600)


def sleeps_whatever_is_asked(problem, policy, *, progress, **others):
    progress(Progress("placed/1", None, None, 0.0, "waiting"))
    time.sleep(600)


def shows_a_plan_and_sleeps(problem, policy, *, incumbent, **others):
    incumbent(a_plan(problem, policy, seed=1))
    incumbent(a_plan(problem, policy, seed=2))
    time.sleep(600)


def shows_a_plan_and_never_stops(problem, policy, *, incumbent, progress, **others):
    incumbent(a_plan(problem, policy))
    progress(Progress("placed/1", 0, None, 0.0, "waiting"))
    time.sleep(600)


def never_comes_to_a_plan(problem, policy, *, progress, **others):
    progress(Progress("", None, None, 0.0, "waiting"))
    time.sleep(600)


def aborts(problem, policy, **others):
    os.abort()


def shows_a_plan_and_aborts(problem, policy, *, incumbent, **others):
    incumbent(a_plan(problem, policy))
    os.abort()


def raises(problem, policy, **others):
    raise KeyError(problem.referrals[0].crn)


def raises_one_of_ours(problem, policy, **others):
    raise ModelError("a row is over its budget")


def leaves(problem, policy, **others):
    os._exit(7)


def takes_all_memory(problem, policy, **others):
    held = []
    while True:
        held.append(bytearray(64 * 2**20))


def says_who_it_is_and_sleeps(problem, policy, *, progress, **others):
    progress(Progress("", None, None, 0.0, str(os.getpid())))
    time.sleep(600)


def starts_another_and_sleeps(problem, policy, *, progress, **others):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    progress(Progress("", None, None, 0.0, f"{os.getpid()} {other.pid}"))
    time.sleep(600)


def answers_unlawfully(problem, policy, **others):
    return replace(a_plan(problem, policy), unplaced=())
