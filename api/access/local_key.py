"""The key that signs local tokens: 256 random bits in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32
KEY_FILE = "local.key"


class UnsafeKeyError(Exception):
    """The key file is not what it should be. Remove it, and everyone signs in again."""


def local_key(folder: Path) -> bytes:
    """The folder's key, made on first use."""
    path = folder / KEY_FILE
    if not path.exists():
        _make(path)
    try:
        # A link could stand for a file of someone else's choosing.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        raise UnsafeKeyError(f"{KEY_FILE} cannot be read as a file of its own.") from None
    with open(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if stat.S_IMODE(about.st_mode) & 0o077 or about.st_uid != os.getuid():
            raise UnsafeKeyError(f"{KEY_FILE} can be read by others than its owner.")
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise UnsafeKeyError(f"{KEY_FILE} does not hold {KEY_BYTES} bytes.")
    return key


def _make(path: Path) -> None:
    """Put a new key there, whole or not at all, and never over another process's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
