"""Study folder: where a study's process finds what it names, and leaves what it makes.

It may hold people, so it is in our own folder and for us alone; and what a worker that was killed
has left behind, the next one removes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "studies"
LOCK = "lock"


@contextmanager
def study_folder(data_folder: Path) -> Iterator[Path]:
    """A new folder, which is gone at the end."""
    above = data_folder.resolve() / FOLDER
    above.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(above):
        remove_left(above)
        folder = Path(tempfile.mkdtemp(prefix="study-", dir=above))
        held = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def remove_left(above: Path) -> None:
    """Remove the folders that nobody alive holds."""
    for folder in above.glob("study-*"):
        held = _locked(folder)
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


@contextmanager
def _alone(above: Path) -> Iterator[None]:
    """One process at a time: a folder that has just been made is not yet held."""
    held = os.open(above / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _locked(folder: Path) -> int | None:
    """Hold the folder while this process lives; None: somebody else does, or it is gone."""
    try:
        held = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held
