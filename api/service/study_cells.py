"""Study cells: simulated years that were run, kept under the hash of all that they depend on.

Every worker finds them, so that a study that lost its worker goes on, and one that differs from
another by a scenario runs that scenario alone. They hold counts, and nobody.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from api.service.change import Change
from api.store.by_many import by_many
from api.store.tables import STUDY_CELLS


def found(connection: Connection, keys: Sequence[str]) -> Iterator[bytes]:
    """Results of those years that are kept, as JSON; one that cannot be read is not told of."""
    for some_keys in by_many(keys):
        some = STUDY_CELLS.c.key.in_(some_keys)
        for result in connection.execute(select(STUDY_CELLS.c.result).where(some)).scalars():
            try:
                yield zlib.decompress(result)
            except zlib.error:
                continue


def keep(change: Change, key: str, result: bytes) -> None:
    """Keep a year that has been run; another worker may have run it meanwhile, to the same."""
    there = select(STUDY_CELLS.c.key).where(STUDY_CELLS.c.key == key)
    if change.connection.execute(there).first() is None:
        row = {"key": key, "result": result, "made_at": change.at}
        change.connection.execute(insert(STUDY_CELLS), [row])


def forget_cells(change: Change, days: int) -> None:
    """Delete the years that were run longer ago than that; they would be run anew."""
    oldest = change.at - timedelta(days=days)
    change.connection.execute(delete(STUDY_CELLS).where(STUDY_CELLS.c.made_at < oldest))
