"""Metrics for Prometheus, on an address of their own.

They cover the whole store, so no reader's rights limit them. Neither the screens nor the API shows
them, and the network must let only the collector reach their address.

One process reports the counts of all processes of a server, from the memory that they share
(`web.server.request_counts`). So the multiprocess mode of prometheus-client, which needs a
directory of files, is not used: its registry asks `ScrapedStore` at each scrape.
"""

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from itertools import accumulate
from threading import Lock, Thread
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, MetricsHandler
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from access.logger import log
from domain.kernel.envelope import LogUnavailable
from installation.system import INTEGRITY, System
from web.server.request_counts import BOUNDS, STATUSES, PatternCount, RequestCounts, together
from web.server.store_metrics import Gauge, gauges, up


def request_metrics(counted: Sequence[PatternCount]) -> Iterator[Metric]:
    """Yield the counts and the times of the requests, by the pattern of their address."""
    requests = CounterMetricFamily(
        # Prometheus's text format shows the counter as `continuum_requests_total`
        "continuum_requests",
        "Number of answered requests, by the pattern of their address.",
        labels=("route", "status"),
    )
    seconds = HistogramMetricFamily(
        "continuum_request_seconds",
        "Seconds from a request to the beginning of its answer.",
        labels=("route",),
    )
    bounds = (*map(str, BOUNDS), "+Inf")
    for count in counted:
        for status, number in zip(STATUSES, count.statuses, strict=True):
            if number:
                requests.add_metric((count.route, status), number)
        buckets = list(zip(bounds, accumulate(count.times), strict=True))
        seconds.add_metric((count.route,), buckets, count.seconds)
    yield requests
    yield seconds


def gauge_metrics(gauges: Iterable[Gauge]) -> Iterator[Metric]:
    """Yield one metric for each name, with all its labels, because a name may occur in only one
    metric.
    """
    families: dict[str, GaugeMetricFamily] = {}
    for gauge in gauges:
        names, values = zip(*gauge.labels, strict=True) if gauge.labels else ((), ())
        family = families.get(gauge.name)
        if family is None:
            family = GaugeMetricFamily(f"continuum_{gauge.name}", gauge.help, labels=names)
            families[gauge.name] = family
        family.add_metric(values, gauge.value)
    yield from families.values()


class ScrapedStore(Collector):
    """Reads the store's values at each scrape of the metrics. `opened` opens the store at the first
    scrape.
    """

    def __init__(self, tallies: Sequence[RequestCounts], opened: Callable[[], System]) -> None:
        self._tallies, self._opened = tallies, opened
        self._system: System | None = None
        self._lock = Lock()

    def collect(self) -> Iterable[Metric]:
        """Return all metrics, also while the store does not answer."""
        with self._lock:
            try:
                self._system = self._system or self._opened()
                all_gauges = gauges(self._system)
            except (LogUnavailable, *INTEGRITY) as error:
                log.error("metrics without the store", reason=type(error).__name__)
                all_gauges = [up(0)]
        yield from request_metrics(together(self._tallies))
        yield from gauge_metrics(all_gauges)

    def close(self) -> None:
        """Close the store, if a scrape opened it."""
        with self._lock:
            if self._system:
                self._system.close()


class _Handler(MetricsHandler):
    """Answers the requests for metrics; for other addresses it answers that they do not exist."""

    def do_GET(self) -> None:  # noqa: N802 (http.server calls the method by this name)
        if urlsplit(self.path).path == "/metrics":
            super().do_GET()
        else:
            self.send_error(404)


class _Server(ThreadingHTTPServer):
    def __init__(self, host: str, port: int, registry: CollectorRegistry) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler.factory(registry))


@contextmanager
def collected(
    host: str, port: int, tallies: Sequence[RequestCounts], opened: Callable[[], System]
) -> Iterator[int]:
    """Serve the metrics on this address, and yield the port. Raises LogUnavailable."""
    counts, registry = ScrapedStore(tallies, opened), CollectorRegistry()
    registry.register(counts)
    try:
        server = _Server(host, port, registry)
    except OSError as error:
        raise LogUnavailable(
            f"the metrics cannot be served on port {port} of {host} ({error.strerror}): "
            "give another port with --metrics"
        ) from error
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        counts.close()
