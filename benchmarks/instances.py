"""The stored instances: how each is made, and the hash that shows it is still the same.

`python -m benchmarks.instances` checks every hash; `--write` makes instances.toml anew.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from allocator.generate import GENERATOR_VERSION, generate
from allocator.problem import Problem
from allocator.problem_file import problem_hash

STORE = Path(__file__).with_name("instances.toml")
_HEADER = """\
# Synthetic instances, made by allocator.generate from size, windows, load and seed. The hash is of
# the whole problem: when it differs the generator has changed, and old results do not compare.
"""


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance; `digest` is the SHA-256 of its problem.json."""

    name: str
    size: str
    windows: str
    load: float
    seed: int
    generator: int
    digest: str

    def problem(self) -> Problem:
        """The problem, made again. Raises ValueError when it is not what it was."""
        problem = _made(self.size, self.windows, self.load, self.seed)
        if problem_hash(problem) != self.digest:
            raise ValueError(
                f"{self.name} is not the instance that was stored (generator version "
                f"{self.generator} then, {GENERATOR_VERSION} now)"
            )
        return problem


def stored() -> dict[str, Instance]:
    """Every stored instance by name."""
    entries = tomllib.loads(STORE.read_text(encoding="utf-8"))["instance"]
    return {entry["name"]: Instance(**entry) for entry in entries}


def _made(size: str, windows: str, load: float, seed: int) -> Problem:
    return generate(size, seed, windows=windows, load=load)


def _wanted() -> Iterator[tuple[str, str, float, int]]:
    """The main table first, then the sweeps."""
    yield from product(("S", "M", "L"), ("fixed", "mixed"), (1.1,), (1, 2, 3))
    yield from product(("S", "M", "L"), ("long",), (1.1,), (1,))
    yield from product(("S", "M", "L"), ("mixed",), (1.5, 2.5), (1,))


def _name(size: str, windows: str, load: float, seed: int) -> str:
    return f"{size}-{windows}-{load}-{seed}"


def write() -> None:
    """Make instances.toml anew."""
    parts = [_HEADER]
    for size, windows, load, seed in _wanted():
        digest = problem_hash(_made(size, windows, load, seed))
        parts.append(
            f'[[instance]]\nname = "{_name(size, windows, load, seed)}"\nsize = "{size}"\n'
            f'windows = "{windows}"\nload = {load}\nseed = {seed}\n'
            f'generator = {GENERATOR_VERSION}\ndigest = "{digest}"\n'
        )
    STORE.write_text("\n".join(parts), encoding="utf-8")


def main() -> int:
    """Check, or with --write make, the stored instances."""
    if "--write" in sys.argv[1:]:
        write()
    for instance in stored().values():
        instance.problem()
        print(f"{instance.name} is as stored")
    return 0


if __name__ == "__main__":
    sys.exit(main())
