"""Control characters: what free text never holds, in files and at the service alike.

As parts of a character class of a regular expression.
"""

from __future__ import annotations

CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
"""Without tab and line breaks, which people type."""
TURNS_TEXT_ROUND = r"\u202a-\u202e\u2066-\u2069"
"""Unicode's controls of direction: what follows one on a page would be read the wrong way."""
