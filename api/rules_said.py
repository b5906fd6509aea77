"""Rules said: what a value of several fields breaks, by its field and without what was sent.

The values of the field say so themselves, but with ids and numbers in their words.
"""

from __future__ import annotations

import re

_SAID: tuple[tuple[str, str, str], ...] = (
    (
        r"latest arrival is before the release date$",
        "latest_arrival",
        "latest_arrival must not be before release_date.",
    ),
    (r"nights must be at least 1, not -?\d+$", "nights", "nights must be at least 1."),
    (r"MAPPA level must be 0 to 3$", "mappa_level", "mappa_level must be 0, 1, 2 or 3, or null."),
    (
        r"failed attempts cannot be negative$",
        "failed_attempts",
        "failed_attempts must be 0 or more.",
    ),
    (r"^latitude must be from ", "latitude", "latitude must be from -90 to 90 degrees."),
    (r"^longitude must be from ", "longitude", "longitude must be from -180 to 180 degrees."),
    (r"^a stay must end after it starts", "departure", "departure must be after arrival."),
    (
        r"^an exclusion zone needs ",
        "circle",
        "A zone needs a circle, a polygon or premises_ids.",
    ),
    (
        r"^A problem goes with that kind of run",
        "problem",
        "With over 'problem' send the problem; with any other, send none.",
    ),
    (r"^A forecast comes in one way", "", "Send forecast or history, and not both."),
    (
        r"^A study is asked for in one way",
        "",
        "With kind 'scenario' send scenario or scenario_yaml, with 'simulation' simulation.",
    ),
    (
        r"^A hold by hand needs",
        "run_id",
        "Send first_night, last_night, lowest_band, until and why; or run_id, as it advised.",
    ),
    (r"^An owner has an id and a name", "owner_name", "Send owner_id and owner_name, or neither."),
    (
        r"^Either referral_id or referral",
        "referral_id",
        "Send either referral_id or referral, and not both.",
    ),
    (r"^Changes go with referral_id", "changes", "changes go with referral_id, not with referral."),
    (
        r"^two (premises|room|bed|referral|booking) records have the id",
        "",
        "Two {} records have the same id.",
    ),
    (
        r"^an? (room|bed|out-of-service record|booking|hold) names (?:premises|room|bed) ",
        "",
        "One {} names a place that is not in the problem.",
    ),
    (
        r"is held for no band",
        "lowest_band",
        "lowest_band must be at least 1, the highest band.",
    ),
    (r"^booking .* names bed .* not at premises ", "bookings", "A booking's bed is elsewhere."),
)


def said(message: str) -> tuple[str, str] | None:
    """The field, and the rule in words of ours; None for a message that is not known here."""
    for pattern, field, words in _SAID:
        found = re.search(pattern, message, flags=re.S)
        if found:
            return field, words.format(*found.groups())
    return None
