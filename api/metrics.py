"""Figures for those who keep the service running: times of requests, and counts. Nobody's data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.logs import Event, write_fault

Reading = Callable[[], Mapping[str, float]]
"""Gives a gauge's values by its label's value; by "" when the gauge has no label."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One application's figures."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Histogram(
            "allocator_request_seconds",
            "How long requests took.",
            ("route", "method", "status"),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request. `route` is a name from the table of permissions, never a path."""
        self._requests.labels(route, method, str(status)).observe(seconds)

    def gauge(self, name: str, meaning: str, read: Reading, *, label: str = "") -> None:
        """Add a figure that is read when it is asked for, such as runs by status or open bids."""
        self._registry.register(_Gauge(name, meaning, read, label))

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self._registry)


def metrics_text(metrics: Metrics) -> bytes:
    """The body of the answer to GET /metrics."""
    return metrics.text()


class _Gauge(Collector):
    """A figure with at most one label."""

    def __init__(self, name: str, meaning: str, read: Reading, label: str) -> None:
        self._name, self._meaning, self._read, self._label = name, meaning, read, label

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The name alone, so that adding a gauge reads nothing."""
        yield self._family()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = self._family()
        try:
            for value, figure in self._read().items():
                family.add_metric([value] if self._label else [], figure)
        except Exception as fault:
            # The other figures are most wanted just when this one cannot be had.
            write_fault(Event.CHECK_FAILED, fault)
            return
        yield family

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(
            self._name, self._meaning, labels=[self._label] if self._label else []
        )
