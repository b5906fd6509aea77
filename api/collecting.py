"""Collecting: how often the service looks through all that it holds for what is held in a ring.

A look through a national register's plans and pages takes a third of a second, in which nobody is
answered; and by itself it comes once in a dozen pages, because each reads thousands of records.
What is not in a ring goes at once, with or without it.
"""

from __future__ import annotations

import gc

MADE, LOOKS, LONG_LOOKS = 50_000, 20, 100
"""More things made than gone before a look at the newest; so many of these before one at what
stayed; so many of those before one at all there is."""


def collect_seldom() -> None:
    """From now on; what there is now, the program itself, is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE, LOOKS, LONG_LOOKS)
