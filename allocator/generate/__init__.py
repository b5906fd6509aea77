"""Synthetic problems: invented people and places at the size and with the traps of real ones."""

from allocator.generate.files import write_files
from allocator.generate.options import SIZES, Options, Size
from allocator.generate.problem import GENERATOR_VERSION, generate
from allocator.generate.year import TrueDemand

__all__ = [
    "GENERATOR_VERSION",
    "SIZES",
    "Options",
    "Size",
    "TrueDemand",
    "generate",
    "write_files",
]
