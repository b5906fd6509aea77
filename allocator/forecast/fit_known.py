"""What the history does not say of people, and the bands that come of it."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.forecast.remark import Kind, Remark
from allocator.history import History
from allocator.referral import Referral

NAMES = {"rosh": "risk of serious harm", "tier": "risk tier", "mappa_level": "MAPPA level"}
WORTH_TELLING = 0.05
"""Share of people of whom a thing is not known that moves a band by more than chance does."""


def fit_known(history: History, covered: Sequence[Referral]) -> tuple[Remark, ...]:
    """A remark for each thing that sets a person's band and is often not in the files."""
    found = []
    for name, words in NAMES.items():
        lacking = sum(
            getattr(each, name) is None or any(a.field == name for a in each.assumptions)
            for each in covered
        )
        if lacking > WORTH_TELLING * len(covered):
            text = (
                f"not in the files for {lacking:,} of {len(covered):,}: each is read as the worst "
                "it may be, so that higher bands have people of lower ones; bands cannot be told "
                "apart by it"
            )
            found.append(Remark(Kind.NOTE, words, text))
    if history.left_out:
        text = (
            f"{history.left_out:,} rows of the files were wrong and are not counted: rates are too "
            "low, and may be so for some people more than for others"
        )
        found.append(Remark(Kind.NOTE, "rows left out", text))
    return tuple(found)
