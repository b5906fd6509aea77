"""The code of a local restriction, in the one form in which codes are compared."""

from __future__ import annotations

import unicodedata


def folded(code: str) -> str:
    """Without regard to case, to full-width letters, or to blanks: `R1` and ` r1` are one code.

    A code that is written otherwise on a referral than on the premises would protect nobody.
    """
    return " ".join(unicodedata.normalize("NFKC", code).casefold().split())
