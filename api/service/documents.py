"""Documents: what runs and studies were given and made, kept once under the content's hash."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from api.service.refusals import NotThereError
from api.store.tables import RUN_DOCUMENTS
from api.store.values import sha256


class SpoiledError(Exception):
    """A document is not what it was when it was kept."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A document ready to be kept, so that what is long is packed without the lock."""

    hash: str
    content: bytes
    size: int
    """In bytes, before it was packed."""


def packed(content: bytes) -> Packed:
    """The document with its hash."""
    return Packed(sha256(content), zlib.compress(content), len(content))


def put(connection: Connection, content: bytes) -> str:
    """Keep a document; its hash. The caller has the lock."""
    return keep(connection, packed(content))


def keep(connection: Connection, document: Packed) -> str:
    """The same of a packed one."""
    name = document.hash
    known = select(RUN_DOCUMENTS.c.hash).where(RUN_DOCUMENTS.c.hash == name)
    if connection.execute(known).first() is None:
        row = {"hash": name, "content": document.content}
        connection.execute(insert(RUN_DOCUMENTS), [row])
    return name


def document(connection: Connection, name: str) -> bytes:
    """The content. Raises NotThereError when it has been erased, SpoiledError when altered."""
    wanted = select(RUN_DOCUMENTS.c.content).where(RUN_DOCUMENTS.c.hash == name)
    found: bytes | None = connection.execute(wanted).scalar()
    if found is None:
        raise _erased()
    try:
        content = zlib.decompress(found)
    except zlib.error as fault:
        raise SpoiledError(name) from fault
    if sha256(content) != name:
        raise SpoiledError(name)
    return content


def require_kept(connection: Connection, *names: str | None) -> None:
    """Raise NotThereError unless these documents are all there still."""
    if not are_kept(connection, *names):
        raise _erased()


def are_kept(connection: Connection, *names: str | None) -> bool:
    """Whether these documents are all there still."""
    wanted = {name for name in names if name is not None}
    kept = select(RUN_DOCUMENTS.c.hash).where(RUN_DOCUMENTS.c.hash.in_(wanted))
    return not wanted - set(connection.execute(kept).scalars())


def _erased() -> NotThereError:
    return NotThereError("this document of the run has been erased", code="erased")
