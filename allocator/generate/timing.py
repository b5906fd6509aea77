"""When the synthetic people were referred, are released, may arrive, and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from allocator.generate import defaults
from allocator.generate.draws import choices
from allocator.generate.options import Options
from allocator.streams import Streams
from allocator.vocabulary import ApType


@dataclass(frozen=True, slots=True)
class Timing:
    """The dates of one referral, and the nights asked for."""

    referred: date
    release: date
    latest: date
    nights: int


def timings(options: Options, ap_types: list[ApType], streams: Streams) -> list[Timing]:
    """The dates of each referral, in order of the date of referral."""
    count = len(ap_types)
    notice = _notice(streams, count)
    # Seen on a chance day, a referral is anywhere between being made and release.
    left = np.floor(streams("timing/left").random(count) * (notice + 1)).astype(int)
    left %= options.size.release_days
    windows = defaults.WINDOWS.value[options.windows]
    longest, shares = zip(*windows, strict=True)
    slack = choices(streams, f"timing/{options.windows}", longest, shares, count)
    stays = nights_for(ap_types, streams)
    return [
        Timing(
            referred=options.as_of - timedelta(days=int(notice[n] - left[n])),
            release=(release := options.as_of + timedelta(days=int(left[n]))),
            latest=release + timedelta(days=slack[n]),
            nights=stays[n],
        )
        for n in range(count)
    ]


def nights_for(ap_types: list[ApType], streams: Streams, name: str = "timing") -> list[int]:
    """Nights asked for: the default of the AP type, and other lengths for some standard stays."""
    others = defaults.OTHER_NIGHTS.value
    usual = 1 - sum(share for _, share in others)
    drawn = choices(
        streams,
        f"{name}/nights",
        [None, *(nights for nights, _ in others)],
        [usual, *(share for _, share in others)],
        len(ap_types),
    )
    return [
        other if other is not None and kind is ApType.NORMAL else defaults.NIGHTS.value[kind]
        for kind, other in zip(ap_types, drawn, strict=True)
    ]


def _notice(streams: Streams, count: int) -> NDArray[np.int64]:
    """Days of notice of each open referral.

    A referral is open for as many days as its notice, so a list taken on one day has each length
    of notice in proportion to how often it is given times how long it lasts.
    """
    lengths: list[int] = []
    weights: list[float] = []
    for _, share, least, most in defaults.NOTICE.value:
        for days in range(least, most + 1):
            lengths.append(days)
            weights.append(share / (most + 1 - least) * (days + 1))
    return np.array(choices(streams, "timing/notice", lengths, weights, count), dtype=np.int64)
