"""Smallest changes: what would give each person without a bed one, in the last plan there is.

Looked for once a person and plan: at national size one takes some hundredths of a second.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from allocator.explain import Unplaced, explain_unplaced
from api.service.documents import require_kept
from api.service.refusals import NotThereError
from api.service.register import Register
from api.service.situations import SITUATIONS
from api.store.tables import RUNS
from api.store.values import Row

_MOST = 2_000
_LOCK = threading.Lock()
_KNOWN: OrderedDict[tuple[str, str], Told] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Told:
    """The changes in words; where there are none, that nothing of the kinds tried would do."""

    changes: tuple[str, ...]
    nothing: str


def last_run(connection: Connection) -> Row | None:
    """The finished run over the register that proposals are of now."""
    wanted = select(RUNS).where(
        RUNS.c.status == "finished", RUNS.c.over == "register", RUNS.c.replay_of.is_(None)
    )
    newest = wanted.order_by(RUNS.c.register_seq.desc(), RUNS.c.ended_at.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    return None if row is None else dict(row)


def changes_for(register: Register, run: Row, ids: Sequence[str]) -> dict[str, Told]:
    """By bid, of those that the run leaves without a bed. Nothing, where it has been erased."""
    known = {name: told for name in ids if (told := _KNOWN.get((run["id"], name))) is not None}
    try:
        with register.reading() as connection:
            require_kept(connection, run["snapshot"], run["plan"])
        wanted = [name for name in ids if name not in known]
        if wanted:
            known |= _looked_for(register, run, wanted)
    except NotThereError:
        return {}
    return {name: told for name, told in known.items() if told.changes or told.nothing}


def _looked_for(register: Register, run: Row, ids: Sequence[str]) -> dict[str, Told]:
    found = {}
    with SITUATIONS.of(register, run) as situation:
        left = set(situation.plan.unplaced)
        for name in ids:
            told = Told((), "")
            if name in left:
                told = _told(explain_unplaced(situation.problem.referrals_by_id[name], situation))
            found[name] = told
    with _LOCK:
        for name, told in found.items():
            _KNOWN[run["id"], name] = told
        while len(_KNOWN) > _MOST:
            _KNOWN.popitem(last=False)
    return found


def _told(found: Unplaced) -> Told:
    changes = tuple(f"{each.text} {each.price}".strip() for each in found.changes)
    return Told(changes, found.nothing)
