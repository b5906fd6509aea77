"""Synthetic problems: invented people and places at the size and with the traps of real ones."""

from allocator.generate.options import SIZES, Options, Size
from allocator.generate.problem import generate

__all__ = ["SIZES", "Options", "Size", "generate"]
