"""Case words: what is known of a person's case, as the pages of a bid say it."""

from __future__ import annotations

from collections.abc import Mapping

from allocator import code_words
from api.pages.words import sentence

OFFENCES: Mapping[str, str] = {
    offence.value: sentence(words) for offence, words in code_words.OFFENCES.items()
}
"""Kinds of offence that premises may not accept."""
APPLIES, NOT, UNKNOWN, LEFT = "applies", "not", "unknown", "as-it-is"
"""Answers of the form of risk; the last is offered for what is assumed, which no answer of a person
is."""
ANSWERS: Mapping[str, str] = {
    APPLIES: "Applies",
    NOT: "Does not apply",
    UNKNOWN: "Nobody has answered",
}
"""What a person can say of a kind of offence."""
MIX: Mapping[str, str] = {each.value: words for each, words in code_words.MIX.items()}
"""Of whom premises take only so many at once."""
