"""Policy: the dated values that rules and aims read, with unit and source."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from allocator.errors import PolicyError
from allocator.referral import Referral
from allocator.vocabulary import ApType, Criterion, Gender, RiskTier, Rosh, TierScheme

DEFAULT_POLICY = "2026-11"

AIM_CODES = (
    "residents_kept",
    "bookings_kept",
    "bookings_suited",
    "placed",
    "urgent_first",
    "uncovered_nights",
    "bookings_disturbed",
    "miles_beyond",
    "miles",
    "preferred_premises",
    "desirable_criteria",
    "scarce_features",
    "least_change",
)
AIMS_BY_BAND = frozenset({"placed", "uncovered_nights"})


@dataclass(frozen=True, slots=True)
class Band:
    """A priority band: a person belongs to the first band that names one of their values."""

    number: int
    name: str
    rosh: frozenset[Rosh]
    mappa_levels: frozenset[int]
    tier_letters: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the escalation ladder: `role` must know of a person without a bed.

    Reached when release is at most `days_to_release` away or `failed_attempts` have failed.
    """

    role: str
    days_to_release: int
    failed_attempts: int
    acknowledge_within_days: int
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The values a plan is made under. `digest` is the SHA-256 of the file they came from."""

    name: str
    in_force: date
    summary: str
    digest: str
    bands: tuple[Band, ...]
    gate_v2: frozenset[str]
    gate_v2_women_also: frozenset[str]
    gate_v3: frozenset[str]
    commit_by_days: tuple[int, ...]
    band_weights: tuple[int, ...]
    """What one person of each band counts when it is asked whom to hold a bed for."""
    default_nights: dict[ApType, int]
    overstay_nights: int
    ap_types_for: dict[ApType, frozenset[ApType]]
    aimed_radius_miles: int
    unknown_miles: int
    arrivals_per_day: int
    """0: no limit."""
    never_share: frozenset[frozenset[str]]
    points_per_failed_attempt: int
    most_attempts_counted: int
    weeks_counted: int
    displacement_freeze_days: int
    aims: tuple[str, ...]
    scarce_features: tuple[Criterion, ...]
    escalation: tuple[Rung, ...]
    """The ladder, lowest rung first."""

    def rung_of(self, days_to_release: int, failed_attempts: int) -> int:
        """The highest rung that time or attempts have reached, 0 the lowest."""
        return max(
            number
            for number, rung in enumerate(self.escalation)
            if not number
            or days_to_release <= rung.days_to_release
            or failed_attempts >= rung.failed_attempts
        )

    def band_of(self, referral: Referral) -> int:
        """The priority band, 1 the highest; what is not known is read as the worst."""
        rosh = referral.rosh or Rosh.VERY_HIGH
        level = 3 if referral.mappa_level is None else referral.mappa_level
        letter = "A" if referral.tier is None else referral.tier.letter
        for band in self.bands:
            if rosh in band.rosh or level in band.mappa_levels or letter in band.tier_letters:
                return band.number
        return self.bands[-1].number

    def known_band(self, referral: Referral) -> int:
        """The band that what is known puts the person in, whatever else may come to be known.

        Where something is not known it may be lower than `band_of`, and is never higher: what
        nobody has said opens no bed that is held for others.
        """
        for band in self.bands:
            if (
                referral.rosh in band.rosh
                or referral.mappa_level in band.mappa_levels
                or (referral.tier is not None and referral.tier.letter in band.tier_letters)
            ):
                return band.number
        return self.bands[-1].number

    def inside_gate(self, tier: RiskTier | None, gender: Gender) -> bool:
        """Whether the tier needs no exceptional case; a missing tier is inside."""
        if tier is None:
            return True
        if tier.scheme is TierScheme.V3:
            return tier.value in self.gate_v3
        women = self.gate_v2_women_also if gender is Gender.WOMAN else frozenset()
        return tier.value in self.gate_v2 or tier.value in women

    def needs_agreement(self, referral: Referral) -> bool:
        """Whether a senior manager must agree an exceptional case before the bed is accepted."""
        return not (referral.exceptional_case or self.inside_gate(referral.tier, referral.gender))

    def urgency(self, referral: Referral, as_of: date) -> int:
        """Points that break ties inside a band: failed attempts first, then weeks left."""
        attempts = min(referral.failed_attempts, self.most_attempts_counted)
        weeks = max(0, (referral.release_date - as_of).days) // 7
        return self.points_per_failed_attempt * attempts + max(0, self.weeks_counted - weeks)


def load_policy(source: str | Path | None = None) -> Policy:
    """The packaged default, a packaged policy by name, or a policy file by path.

    Raises PolicyError, naming the key, when the file is incomplete or a value is out of range.
    """
    name = str(source) if source is not None else DEFAULT_POLICY
    packaged = resources.files("allocator.policies").joinpath(f"{name}.toml")
    try:
        text = packaged.read_bytes() if packaged.is_file() else Path(name).read_bytes()
    except OSError as error:
        there = ", ".join(sorted(each.name.removesuffix(".toml") for each in _packaged()))
        why = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise PolicyError(
            f"no policy called {name}, and {why}; give the path of a policy file, or one of {there}"
        ) from error
    try:
        return _parse(tomllib.loads(text.decode()), hashlib.sha256(text).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{name} is not a TOML file: {error}") from error
    except KeyError as error:
        raise PolicyError(f"{name} lacks the key {error}") from error
    except (TypeError, ValueError) as error:
        raise PolicyError(f"{name}: {error}") from error


def _packaged() -> list[Traversable]:
    found = resources.files("allocator.policies").iterdir()
    return [each for each in found if each.name.endswith(".toml")]


def _parse(data: dict[str, Any], digest: str) -> Policy:
    bands = tuple(_band(entry) for entry in data["bands"])
    if [band.number for band in bands] != list(range(1, len(bands) + 1)):
        raise ValueError("bands must be numbered 1, 2, 3 … in order")
    commit_by = tuple(
        _whole(days, "decide.commit_by_days") for days in _value(data, "decide", "commit_by_days")
    )
    if len(commit_by) != len(bands):
        raise ValueError("decide.commit_by_days needs one value for each band")
    weights = tuple(
        _whole(weight, "decide.band_weights", least=1)
        for weight in _value(data, "decide", "band_weights")
    )
    if len(weights) != len(bands) or list(weights) != sorted(weights, reverse=True):
        raise ValueError("decide.band_weights needs one value for each band, none above the last")
    aims = tuple(data["aims"]["order"])
    unknown = [code for code in aims if code not in AIM_CODES]
    if unknown or len(set(aims)) != len(aims):
        raise ValueError(f"aims.order names an unknown or repeated aim: {unknown or aims}")
    if aims[:2] != AIM_CODES[:2]:
        raise ValueError("aims.order must begin with residents_kept and bookings_kept")
    return Policy(
        name=data["name"],
        in_force=data["in_force"],
        summary=data["summary"],
        digest=digest,
        bands=bands,
        gate_v2=frozenset(data["eligibility"]["v2"]),
        gate_v2_women_also=frozenset(data["eligibility"]["v2_women_also"]),
        gate_v3=frozenset(data["eligibility"]["v3"]),
        commit_by_days=commit_by,
        band_weights=weights,
        default_nights={
            ApType(kind): _whole(nights, "stay.default_nights", least=1)
            for kind, nights in _value(data, "stay", "default_nights").items()
        },
        overstay_nights=_whole(_value(data, "stay", "overstay_nights"), "stay.overstay_nights"),
        ap_types_for={
            kind: frozenset(ApType(name) for name in data["ap_types"][kind.value])
            for kind in ApType
        },
        aimed_radius_miles=_whole(
            _value(data, "distance", "aimed_radius_miles"), "aimed_radius_miles"
        ),
        unknown_miles=_whole(_value(data, "distance", "unknown_miles"), "unknown_miles"),
        arrivals_per_day=_whole(_value(data, "caps", "arrivals_per_day"), "arrivals_per_day"),
        never_share=frozenset(frozenset(pair) for pair in _value(data, "sharing", "incompatible")),
        points_per_failed_attempt=_whole(
            _value(data, "urgency", "points_per_failed_attempt"), "points_per_failed_attempt"
        ),
        most_attempts_counted=_whole(
            _value(data, "urgency", "most_attempts_counted"), "most_attempts_counted"
        ),
        weeks_counted=_whole(_value(data, "urgency", "weeks_counted"), "weeks_counted"),
        displacement_freeze_days=_whole(_value(data, "displacement", "freeze_days"), "freeze_days"),
        aims=aims,
        scarce_features=tuple(Criterion(name) for name in _value(data, "scarce", "features")),
        escalation=_ladder(data["escalation"]),
    )


def _ladder(entries: list[dict[str, Any]]) -> tuple[Rung, ...]:
    if not entries:
        raise ValueError("escalation needs at least one rung")
    return tuple(
        Rung(
            role=entry["role"],
            days_to_release=_whole(entry["days_to_release"], "escalation.days_to_release"),
            failed_attempts=_whole(entry["failed_attempts"], "escalation.failed_attempts"),
            acknowledge_within_days=_whole(
                entry["acknowledge_within_days"], "escalation.acknowledge_within_days", least=1
            ),
            source=entry["source"],
        )
        for entry in entries
    )


def _band(entry: dict[str, Any]) -> Band:
    return Band(
        number=_whole(entry["number"], "bands.number", least=1),
        name=entry["name"],
        rosh=frozenset(Rosh(value) for value in entry["rosh"]),
        mappa_levels=frozenset(
            _whole(level, "bands.mappa_levels") for level in entry["mappa_levels"]
        ),
        tier_letters=frozenset(entry["tier_letters"]),
        source=entry["source"],
    )


def _value(data: dict[str, Any], table: str, key: str) -> Any:
    entry = data[table][key]
    if not {"value", "unit", "source"} <= set(entry):
        raise ValueError(f"{table}.{key} needs a value, a unit and a source")
    return entry["value"]


def _whole(value: object, key: str, least: int = 0, most: int = 10_000) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{key} must be a whole number from {least} to {most}, not {value!r}")
    return value
