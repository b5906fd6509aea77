"""Ways to decide, behind one interface: see `allocator.simulate.decision.Method`."""

from __future__ import annotations

from allocator.simulate.decision import Method
from allocator.simulate.methods.bid_prices import BidPrices
from allocator.simulate.methods.commit_all import CommitAll
from allocator.simulate.methods.commit_by import CommitBy
from allocator.simulate.methods.first_come import FirstCome
from allocator.simulate.methods.look_ahead import LookAhead
from allocator.simulate.methods.optimise_all import OptimiseAll
from allocator.simulate.methods.protection import Protection
from allocator.simulate.methods.risk_order import RiskOrder

METHODS: dict[str, Method] = {
    "first-come": FirstCome(),
    "risk-order": RiskOrder(),
    "commit-all": CommitAll(),
    "optimise-all": OptimiseAll(),
    "commit-by": CommitBy(),
    "protection": Protection(),
    "bid-prices": BidPrices(),
    "look-ahead": LookAhead(),
}
"""By the name they are asked for."""
DEFAULT = "look-ahead"

__all__ = ["DEFAULT", "METHODS", "Method"]
