"""Kept: machine code is made when a function is first called, and kept for later runs.

It is kept under a name made from all the sources here: a function that stays as it is may call one
that does not. Where nothing may be written, every process makes its own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

# numba loads it at its first call. Under a memory limit its start may never end, so it is loaded
# before there is one.
import scipy.linalg.cython_blas  # noqa: F401

HERE = Path(__file__).parent
USERS = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "allocator"


def named_after(sources: Iterable[Path]) -> str:
    """A name for these files as they are."""
    found = hashlib.sha256()
    for source in sorted(sources):
        found.update(source.read_bytes())
    return found.hexdigest()[:16]


def first_writable(folders: Iterable[Path]) -> Path | None:
    """The first of the folders that is there, or can be made, and may be written to."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


_config: Any = numba.config
_name = named_after(HERE.glob("*.py"))
_folder = first_writable([HERE / "__pycache__" / _name, USERS / _name])
if _folder is not None and not _config.CACHE_DIR:
    _config.CACHE_DIR = str(_folder)

# Python goes on meanwhile: other threads may work beside it.
_machine_code = numba.njit(cache=bool(_config.CACHE_DIR), nogil=True)
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code. Of whole numbers it makes the same on every machine."""
    return cast(F, _machine_code(function))
