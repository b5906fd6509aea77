"""Known: where the service departs from its specification, told to its authors and not settled.

With `strict` these fail like anything else; without it streams go on past them.
"""

from __future__ import annotations

STRICT = {"on": False}


def strict() -> bool:
    """Whether known disagreements fail too."""
    return STRICT["on"]


def be_strict(on: bool) -> None:
    STRICT["on"] = on
