"""The synthetic referral list."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.estate import Premises
from allocator.generate import defaults
from allocator.generate.draws import choices, yes
from allocator.generate.homes import Home, homes, preferred_premises
from allocator.generate.kinds import MENS_ONLY
from allocator.generate.needs import Needs, needs
from allocator.generate.options import Options
from allocator.generate.risk import Risk, risks
from allocator.generate.timing import Timing, timings
from allocator.referral import Referral
from allocator.streams import Streams
from allocator.vocabulary import ApType, Gender

# Shares by age, ethnic group and so on, only so that monitoring has something to count: ours.
_PROTECTED: dict[str, dict[str, float]] = {
    "age": {"18-24": 0.1, "25-34": 0.3, "35-49": 0.38, "50-69": 0.2, "70+": 0.02},
    "ethnicity": {"White": 0.72, "Black": 0.12, "Asian": 0.09, "Mixed": 0.05, "Other": 0.02},
    "religion": {"None": 0.4, "Christian": 0.4, "Muslim": 0.15, "Other": 0.05},
    "disability": {"NO": 0.65, "YES": 0.35},
}


@dataclass(frozen=True, slots=True)
class Asking:
    """The people who ask, each list with one entry a person."""

    genders: list[Gender]
    ap_types: list[ApType]
    when: list[Timing]
    where: list[Home]
    attempts: list[int]


def make_referrals(
    options: Options, premises: tuple[Premises, ...], crns: list[str], streams: Streams
) -> tuple[Referral, ...]:
    """One referral for each CRN; ids are in order of the date of referral."""
    count = len(crns)
    genders = genders_of_people(streams, count)
    ap_types = requested_types(genders, premises, streams)
    when = timings(options, ap_types, streams)
    attempts = choices(streams, "people/attempts", range(4), defaults.FAILED_ATTEMPTS.value, count)
    asking = Asking(genders, ap_types, when, homes(options, streams, count), attempts)
    by_date = sorted(range(count), key=lambda n: (when[n].referred, n))
    ids = [""] * count
    for number, n in enumerate(by_date, start=1):
        ids[n] = f"R{number:06d}"
    found = referrals_of(asking, ids, crns, premises, streams)
    return tuple(found[n] for n in by_date)


def referrals_of(
    asking: Asking,
    ids: list[str],
    crns: list[str],
    premises: tuple[Premises, ...],
    streams: Streams,
) -> list[Referral]:
    """A referral for each person who asks, with their risk, needs and preferences drawn."""
    count = len(ids)
    who = risks(streams, count)
    what = needs(asking.when, streams)
    preferred = preferred_premises(asking.where, asking.genders, premises, streams)
    agreed = yes(streams, "people/exceptional", 0.6, count)
    protected = _protected(streams, count)
    return [
        _referral(
            identifier=ids[n],
            crn=crns[n],
            gender=asking.genders[n],
            ap_type=asking.ap_types[n],
            timing=asking.when[n],
            risk=who[n],
            need=what[n],
            home=asking.where[n],
            preferred=preferred[n],
            attempts=asking.attempts[n],
            exceptional=bool(agreed[n]) and _may_be_exceptional(who[n]),
            protected=protected[n],
        )
        for n in range(count)
    ]


def genders_of_people(streams: Streams, count: int) -> list[Gender]:
    """Which estate each person needs."""
    return [
        Gender.WOMAN if woman else Gender.MAN
        for woman in yes(streams, "people/woman", defaults.WOMENS_PREMISES.value, count)
    ]


def _referral(
    *,
    identifier: str,
    crn: str,
    gender: Gender,
    ap_type: ApType,
    timing: Timing,
    risk: Risk,
    need: Needs,
    home: Home,
    preferred: tuple[str, ...],
    attempts: int,
    exceptional: bool,
    protected: tuple[tuple[str, str], ...],
) -> Referral:
    return Referral(
        id=identifier,
        crn=crn,
        gender=gender,
        release_date=timing.release,
        latest_arrival=timing.latest,
        nights=timing.nights,
        ap_type=ap_type,
        tier=risk.tier,
        rosh=risk.rosh,
        mappa_level=risk.mappa_level,
        mappa_category=risk.mappa_category,
        exceptional_case=exceptional,
        outcode=home.place.outcode,
        location=home.place.point,
        aimed_radius_miles=home.aimed_radius,
        consented_radius_miles=home.consented_radius,
        essential=need.essential,
        desirable=need.desirable,
        offences=need.offences,
        offences_unknown=need.offences_unknown,
        restriction_codes=need.restriction_codes,
        licence_expiry=need.licence_expiry,
        sharing=need.sharing,
        preferred_premises=preferred,
        failed_attempts=attempts,
        protected=protected,
    )


def requested_types(
    genders: list[Gender], premises: tuple[Premises, ...], streams: Streams
) -> list[ApType]:
    """The AP type asked for; a type that the person's estate does not have becomes standard."""
    shares = defaults.REQUESTED_TYPES.value
    drawn = choices(
        streams,
        "people/ap type",
        [ApType.NORMAL, *shares],
        [1 - sum(shares.values()), *shares.values()],
        len(genders),
    )
    there = types_there(premises)
    return [
        kind if (gender, kind) in there else ApType.NORMAL
        for gender, kind in zip(genders, drawn, strict=True)
    ]


def types_there(premises: tuple[Premises, ...]) -> frozenset[tuple[Gender, ApType]]:
    """The AP types that each estate has and may be asked for."""
    return frozenset(
        (site.gender, kind)
        for site in premises
        for kind in site.ap_types
        if not (site.gender is Gender.WOMAN and kind in MENS_ONLY)
    )


def _may_be_exceptional(risk: Risk) -> bool:
    return risk.tier is not None and risk.tier.letter in "CD"


def _protected(streams: Streams, count: int) -> list[tuple[tuple[str, str], ...]]:
    """Protected characteristics, drawn apart from everything else."""
    drawn = [
        (name, choices(streams, f"people/{name}", list(shares), shares.values(), count))
        for name, shares in _PROTECTED.items()
    ]
    return [tuple((name, values[n]) for name, values in drawn) for n in range(count)]
