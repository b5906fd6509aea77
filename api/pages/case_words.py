"""Case words: what is known of a person's case, as the pages of a bid say it."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.vocabulary import MixAttribute, Offence

OFFENCES: Mapping[str, str] = {
    Offence.SEXUAL_ADULT.value: "Sexual, against adults",
    Offence.SEXUAL_CHILD.value: "Sexual, against children",
    Offence.NON_SEXUAL_CHILD.value: "Not sexual, against children",
    Offence.HATE.value: "Hate crime",
    Offence.ARSON.value: "Arson",
}
"""Kinds of offence that premises may not accept."""
MIX: Mapping[str, str] = {
    MixAttribute.SEXUAL_ADULT.value: "people with sexual offences against adults",
    MixAttribute.SEXUAL_CHILD.value: "people with sexual offences against children",
    MixAttribute.NON_SEXUAL_CHILD.value: "people with other offences against children",
    MixAttribute.HATE.value: "people with hate crimes",
    MixAttribute.ARSON.value: "people with arson",
    MixAttribute.TOP_BAND.value: "people of band 1",
    MixAttribute.VULNERABLE.value: "people at risk of exploitation",
}
"""Of whom premises take only so many at once."""
