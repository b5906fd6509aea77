"""Progress, under the name that the solving knows it by.

The value itself lies outside: whoever watches a solve need not load a solver to read it.
"""

from __future__ import annotations

from allocator.progress import Progress

__all__ = ["Progress"]
