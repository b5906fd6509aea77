"""Private: an SQLite register is for its owner alone, whoever made the file and how."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sqlalchemy import make_url


class OpenToOthersError(Exception):
    """Others can read the register's file, and we may not change that."""


def make_private() -> None:
    """From now on, whatever this process writes is for its own user: all of it is about people."""
    os.umask(0o077)


def keep_private(url: str) -> None:
    """Take the register from others who could read it. Raises OpenToOthersError if we may not."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or parts.database in (None, "", ":memory:"):
        return
    for end in ("", "-wal", "-shm"):
        path = Path(f"{parts.database}{end}")
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                path.chmod(mode & 0o700)
        except FileNotFoundError:
            continue
        except PermissionError:
            raise OpenToOthersError(
                "Others can read the register's file, and it is another user's: have its owner "
                "take that away (chmod 600)."
            ) from None
