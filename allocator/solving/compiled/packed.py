"""Packed: named arrays behind one pointer, as compiled functions hand them to one another.

Handed over one by one, thirty arrays a call make code that takes minutes to compile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from numba import types
from numba.experimental import structref as typed

structref: Any = typed
unliteral: Any = types.unliteral


class Kind(types.StructRef):
    """The compiled type of packed arrays. Each has a class of its own, in a module: that is how
    kept machine code is found again."""

    def preprocess_fields(self, fields: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
        """The fields' types, of whatever value."""
        return tuple((name, unliteral(kind)) for name, kind in fields)


class Packed(typed.StructRefProxy):
    """What compiled functions take. It is made by one of them, which is kept; by itself it would
    compile its making anew in every process."""


def packs(names: type[NamedTuple], packed: type[Packed], kind: type[Kind]) -> None:
    """Say once which names the arrays have."""
    structref.register(kind)
    structref.define_proxy(packed, kind, list(names._fields))
