"""Synthetic out-of-service records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from allocator.estate import Bed, OutOfService
from allocator.generate import defaults
from allocator.generate.draws import choices, whole, yes
from allocator.generate.streams import Streams
from allocator.nights import Stay


def make_out_of_service(
    beds: tuple[Bed, ...], as_of: date, streams: Streams
) -> tuple[OutOfService, ...]:
    """At most one record a bed; some have begun, some are still to come."""
    return tuple(_records(beds, as_of, streams))


def _records(beds: tuple[Bed, ...], as_of: date, streams: Streams) -> Iterator[OutOfService]:
    count = len(beds)
    has = yes(streams, "out of service", defaults.OUT_OF_SERVICE.value, count)
    least, most = defaults.OUT_OF_SERVICE_DAYS.value
    lengths = whole(streams, "out of service/days", least, most, count)
    starts = whole(streams, "out of service/start", -most + 1, 120, count)
    reasons = defaults.OUT_OF_SERVICE_REASONS.value
    drawn = choices(streams, "out of service/reason", list(reasons), reasons.values(), count)
    for n, bed in enumerate(beds):
        start = as_of + timedelta(days=starts[n])
        nights = Stay.of(start, lengths[n])
        if has[n] and nights.departure > as_of:
            yield OutOfService(bed.id, nights, drawn[n])
