"""Case words: what is known of a person's case, as the pages of a bid say it."""

from __future__ import annotations

from collections.abc import Mapping

from allocator import code_words
from api.pages.words import sentence

OFFENCES: Mapping[str, str] = {
    offence.value: sentence(words) for offence, words in code_words.OFFENCES.items()
}
"""Kinds of offence that premises may not accept."""
MIX: Mapping[str, str] = {each.value: words for each, words in code_words.MIX.items()}
"""Of whom premises take only so many at once."""
