"""When the synthetic people were referred, are released, may arrive, and how long they stay."""

from __future__ import annotations

from collections.abc import Mapping
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
    referred = [options.as_of - timedelta(days=int(notice[n] - left[n])) for n in range(count)]
    release = [options.as_of + timedelta(days=int(days)) for days in left]
    return _timings(options, referred, release, nights_for(ap_types, streams), streams)


def timings_from(
    options: Options,
    referred: list[date],
    ap_types: list[ApType],
    usual: Mapping[ApType, int],
    streams: Streams,
) -> list[Timing]:
    """The dates of referrals made on these days; `usual` nights by AP type.

    Notice is drawn in the shares of the referrals made, not as a list on one day has it.
    """
    spans = [(least, most) for _, _, least, most in defaults.NOTICE.value]
    shares = [share for _, share, _, _ in defaults.NOTICE.value]
    drawn = choices(streams, "timing/kind", spans, shares, len(referred))
    spread = streams("timing/notice").random(len(referred))
    release = [
        day + timedelta(days=least + int(spread[n] * (most + 1 - least)))
        for n, (day, (least, most)) in enumerate(zip(referred, drawn, strict=True))
    ]
    return _timings(options, referred, release, nights_for(ap_types, streams, usual=usual), streams)


def _timings(
    options: Options,
    referred: list[date],
    release: list[date],
    nights: list[int],
    streams: Streams,
) -> list[Timing]:
    """The same with the latest arrival, by the windows of the options."""
    windows = defaults.WINDOWS.value[options.windows]
    longest, shares = zip(*windows, strict=True)
    slack = choices(streams, f"timing/{options.windows}", longest, shares, len(referred))
    return [
        Timing(referred[n], release[n], release[n] + timedelta(days=slack[n]), nights[n])
        for n in range(len(referred))
    ]


def nights_for(
    ap_types: list[ApType],
    streams: Streams,
    name: str = "timing",
    usual: Mapping[ApType, int] = defaults.NIGHTS.value,
) -> list[int]:
    """Nights asked for: the usual of the AP type, and other lengths for some standard stays."""
    others = defaults.OTHER_NIGHTS.value
    most = 1 - sum(share for _, share in others)
    drawn = choices(
        streams,
        f"{name}/nights",
        [None, *(nights for nights, _ in others)],
        [most, *(share for _, share in others)],
        len(ap_types),
    )
    return [
        other if other is not None and kind is ApType.NORMAL else usual[kind]
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
