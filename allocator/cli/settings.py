"""Settings: the file that the command line and the service share, allocator.toml or another.

It is looked for where `ALLOCATOR_SETTINGS` says, or in the folder where the command starts. The
command line reads `policy` and `memory_gib` there; what an option says goes before it.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from allocator.errors import UnreadableFile
from allocator.policy import Policy, load_policy

DEFAULT_FILE = Path("allocator.toml")


def the_policy(name: str | None) -> Policy:
    """The policy of this name, or the settings' own, or the packaged one."""
    return load_policy(policy_named(name))


def policy_named(name: str | None) -> str | None:
    """This name, or the settings' own; None: the packaged policy. For what loads it elsewhere."""
    return name or os.environ.get("ALLOCATOR_POLICY") or settings().get("policy")


def memory_gib(otherwise: float) -> float:
    """Memory that the solver may use when no option says."""
    found = os.environ.get("ALLOCATOR_MEMORY_GIB") or settings().get("memory_gib", otherwise)
    try:
        return float(found)
    except (TypeError, ValueError) as error:
        raise UnreadableFile("memory_gib in the settings must be a number of GiB") from error


@cache
def settings() -> dict[str, Any]:
    """What the file says; nothing when there is none. Raises UnreadableFile when it is no TOML."""
    named = os.environ.get("ALLOCATOR_SETTINGS")
    path = Path(named or DEFAULT_FILE)
    if not path.is_file():
        if named:
            raise UnreadableFile(f"ALLOCATOR_SETTINGS names {path}, which is not there")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} is not a TOML file: {error}") from error
