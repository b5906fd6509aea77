"""How a chance is written in a remark."""

from __future__ import annotations


def p_value(chance: float) -> str:
    """p to two figures, or that it is very small."""
    return "p < 0.0001" if chance < 0.0001 else f"p = {chance:.2g}"
