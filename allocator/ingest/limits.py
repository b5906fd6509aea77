"""How big a file may be. Larger ones are refused before they are read whole."""

from __future__ import annotations

MIB = 1024 * 1024

FILE_BYTES = 20 * MIB
ROWS = 50_000
"""Rows below the header, blank ones included."""
COLUMNS = 120
CELL_CHARACTERS = 4_000
UNPACKED_BYTES = 200 * MIB
"""What all parts of a workbook come to when inflated; counted, not taken from its directory."""
PARTS = 1_000
SHARED_STRINGS = 2_000_000
"""Different texts of a workbook, which a reader keeps all at once."""
UNPACKED_RATIO = 200
"""Most bytes that one packed byte of a workbook may become."""
YEARS_AROUND = 5
"""A date more than this many calendar years from the plan's date has a mistyped year."""
ADDRESS_CHARACTERS = 160
"""An id in the register: others are made of it by adding to its end."""
