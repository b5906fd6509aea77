"""Answers in words: what the figures of an answer do not say of themselves."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.plain_words import counted
from allocator.scenario.answers import EnoughBeds, SiteAnswers
from allocator.scenario.in_words import called


def sites_words(found: SiteAnswers, names: Mapping[str, str]) -> tuple[str, ...]:
    """Of the order, of differences that may be none, of the other premises, and of the price."""
    others = found.premises - found.looked_at
    left = (
        f"The other {others} were not looked at: one of them may be a better answer."
        if others
        else "None was left out."
    )
    return (
        "Best first: the fewest weighted unmet.",
        *_unsure(found, names),
        f"{found.looked_at} of {found.premises} premises were run, chosen by price. {left}",
        "A price is in weights of people a year. It holds for one bed more or less, were people to "
        "come evenly: 0.0 says that one bed would hardly be missed, not that the premises could "
        "close for nothing.",
    )


def enough_words(found: EnoughBeds, names: Mapping[str, str]) -> tuple[str, ...]:
    """How many beds more do, how sure it is that fewer do not, and whom no bed would help."""
    total = sum(count for _, count in found.beds)
    where = ", ".join(f"{count} at {called(site, names)}" for site, count in found.beds) or "none"
    years = counted(found.years, "simulated year")
    if found.enough:
        head = (
            "Beds more so that nobody of band 1 who could lawfully have one goes without in "
            f"{years}: {total} ({where})."
        )
        sure = (
            "No fewer would do in these years."
            if found.smallest
            else "Fewer might do: it is an upper bound on the smallest number, not proven smallest."
        )
    else:
        beds = counted(total, "bed")
        head = f"Not reached in {years} with {beds} more ({where})."
        sure = (
            f"Of band 1, {found.left} went without in all with them, and {found.without} with no "
            "bed more."
        )
        if total and found.left >= found.without:
            sure += (
                " That more beds leave no fewer without is most likely chance: with one bed more "
                f"all that comes after goes otherwise, and in {years} that outweighs a few beds. "
                "More replications would tell."
            )
    sets = counted(found.runs, "set of beds was run", "sets of beds were run")
    return head, sure, *_beyond_help(found), f"Method {found.method}; {sets}."


def _unsure(found: SiteAnswers, names: Mapping[str, str]) -> tuple[str, ...]:
    """Premises whose difference cannot be told from none."""
    if any(each.weighted_unmet.half is None for each in found.sites):
        return ("One year has no interval: any of these differences may be chance.",)
    unsure = [
        called(each.premises, names)
        for each in found.sites
        if each.weighted_unmet.low is not None
        and each.weighted_unmet.high is not None
        and each.weighted_unmet.low <= 0 <= each.weighted_unmet.high
    ]
    if not unsure:
        return ()
    whose = "every one of them" if len(unsure) == len(found.sites) else ", ".join(unsure)
    return (
        f"The interval of weighted unmet holds nought at {whose}: it cannot be told from no change "
        "at all. More replications would narrow it.",
    )


def _beyond_help(found: EnoughBeds) -> tuple[str, ...]:
    if not found.beyond_help:
        return ()
    if found.enough:
        return (
            f"Besides, {found.beyond_help} of band 1 went without whom no bed at these premises "
            "could lawfully take: no number of beds there would help.",
        )
    others = found.left - found.beyond_help
    return (
        f"Of those {found.left}, {found.beyond_help} no bed at these premises could lawfully take, "
        f"whatever their number; the other {others} are still to be housed.",
    )
