"""What to make firm now and what to hold back, for a plan beside a forecast. A person decides."""

from allocator.holding.advice import ADVICE_VERSION, Advice, BandChange, Hold, Standing, State
from allocator.holding.advise import advise, refuse_other_policy

__all__ = [
    "ADVICE_VERSION",
    "Advice",
    "BandChange",
    "Hold",
    "Standing",
    "State",
    "advise",
    "refuse_other_policy",
]
