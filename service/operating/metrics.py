"""Figures for Prometheus: requests by route, suggestions by attribute, who waits, and how jobs stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 30.0)
Gauges = Callable[[], dict[str, dict[str, float]]]


class _Now(Collector):
    """Values that are asked for when somebody looks: family -> label -> value."""

    def __init__(self, ask: Gauges) -> None:
        self._ask = ask

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each kind of value."""
        for name, values in self._ask().items():
            family = GaugeMetricFamily(f"gongkai_{name}", HELP.get(name, name), labels=["state"])
            for state, value in values.items():
                family.add_metric([state], value)
            yield family


HELP = {
    "jobs": "Jobs by state",
    "crew": "Children ready and wanted, orders under way and waiting",
    "lost": "Orders that cost a child its life, by why",
    "database": "1 when it answers",
}


class Metrics:
    """The figures of one application."""

    def __init__(self, ask: Gauges) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_Now(ask))
        self._requests = Counter(
            "gongkai_requests", "Requests by route and status", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "gongkai_request_seconds", "Time to answer", ("route",), buckets=SECONDS, registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def shown(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)


class Telling(Protocol):
    """What notes a request."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one answered request."""
        ...
