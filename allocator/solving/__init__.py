"""Solving: the one package that sees a solver. The way in is :func:`solve`."""

from allocator.solving.solve import solve

__all__ = ["solve"]
