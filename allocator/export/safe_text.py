"""Text that is only ever text, in a spreadsheet and on a terminal."""

from __future__ import annotations

import unicodedata

STARTS_A_FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")
"""Characters that make a spreadsheet read a CSV cell as a formula, or hide one that does.

Source: OWASP, "CSV Injection"; NUL because some readers drop it and then see the next one.
"""


def safe_for_csv(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet might run it.

    Spaces and unseen characters are looked through, because some spreadsheets trim them.
    """
    if text and (text[0] in STARTS_A_FORMULA or _first_seen(text) in STARTS_A_FORMULA):
        return "'" + text
    return text


def visible(text: str) -> str:
    """The text with control characters and direction overrides shown as a replacement mark.

    A terminal would obey them: they could move the cursor or turn the line round.
    """
    return "".join("\ufffd" if _unseen(character) else character for character in text)


def _first_seen(text: str) -> str:
    return next((c for c in text if not c.isspace() and not _unseen(c)), "")


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"}
