"""Reading files: in a process of its own with little memory, for a file may be hostile.

`python -m api.service.reading_files` is that process: what to read comes in, what was read goes
out.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

from allocator.ingest import Reading, Sources, read_files
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solver_process.fences import die_with, limit_memory
from api.service.refusals import InvalidError

MEMORY_GIB = 4.0
SECONDS = 120.0
_SOURCE = Path(__file__).resolve().parents[2]


def read_apart(sources: Sources, policy: Policy, known: Problem) -> Reading:
    """What `read_files` finds. Raises InvalidError when reading takes too much time or memory."""
    command = [sys.executable, "-P", "-m", "api.service.reading_files", str(os.getpid())]
    path = os.pathsep.join(filter(None, [str(_SOURCE), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            command,
            input=pickle.dumps((sources, policy, known)),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise InvalidError(
            "these files take more time or memory to read than any real ones do", code="too-large"
        ) from error
    # Only our own child can have written this.
    found = pickle.loads(done.stdout)
    assert isinstance(found, Reading)
    return found


def main() -> None:
    """Read a request, read its files, and say what was found."""
    die_with(int(sys.argv[1]))
    limit_memory(MEMORY_GIB)
    sources, policy, known = pickle.load(sys.stdin.buffer)
    out = os.dup(1)
    # What libraries print must not mix with the answer.
    os.dup2(2, 1)
    with os.fdopen(out, "wb") as pipe:
        pickle.dump(read_files(sources, policy, known=known), pipe)


if __name__ == "__main__":
    main()
