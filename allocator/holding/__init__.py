"""What to make firm now and what to hold back, for a plan beside a forecast. A person decides."""

from allocator.holding.advice import ADVICE_VERSION, Advice, BandChange, Hold, Standing, State
from allocator.holding.advise import advise, refuse_other_policy
from allocator.holding.checked import advice_faults

__all__ = [
    "ADVICE_VERSION",
    "Advice",
    "BandChange",
    "Hold",
    "Standing",
    "State",
    "advice_faults",
    "advise",
    "refuse_other_policy",
]
