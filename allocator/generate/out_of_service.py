"""Synthetic out-of-service records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from allocator.estate import Bed, OutOfService
from allocator.generate import defaults
from allocator.generate.draws import choices, whole
from allocator.nights import Stay
from allocator.streams import Streams


def make_out_of_service(
    beds: tuple[Bed, ...], as_of: date, streams: Streams
) -> tuple[OutOfService, ...]:
    """At most one record a bed: some beds are out of service now, some will be later."""
    return tuple(_records(beds, as_of, streams))


def _records(beds: tuple[Bed, ...], as_of: date, streams: Streams) -> Iterator[OutOfService]:
    count = len(beds)
    now, later = defaults.OUT_OF_SERVICE.value
    luck = streams("out of service").random(count)
    place = streams("out of service/start").random(count)
    lengths = whole(streams, "out of service/days", *defaults.OUT_OF_SERVICE_DAYS.value, count)
    reasons = defaults.OUT_OF_SERVICE_REASONS.value
    drawn = choices(streams, "out of service/reason", list(reasons), reasons.values(), count)
    for n, bed in enumerate(beds):
        if luck[n] < now:
            first = as_of - timedelta(days=int(place[n] * lengths[n]))
        elif luck[n] < now + later:
            ahead = int(place[n] * defaults.OUT_OF_SERVICE_AHEAD.value)
            first = as_of + timedelta(days=1 + ahead)
        else:
            continue
        yield OutOfService(bed.id, Stay.of(first, lengths[n]), drawn[n])
