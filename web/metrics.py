"""Metrics in the text format of Prometheus (0.0.4), on an address of their own.

They tell of the whole store, so no reader's rights bound them, and no screen and no API gives them:
the network is to let only their collector reach that address.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate, groupby
from threading import Lock, Thread

import structlog

from domain.envelope import LogUnavailable
from installation.system import INTEGRITY, System
from web.gauges import Gauge, gauges
from web.tally import BOUNDS, STATUSES, Counted, Tally, together

TYPE = "text/plain; version=0.0.4; charset=utf-8"
log = structlog.get_logger("continuum")


def told(counted: Sequence[Counted], found: Sequence[Gauge]) -> str:
    """The text that is collected."""
    return "".join(f"{line}\n" for line in (*_requests(counted), *_gauges(found)))


def _requests(counted: Sequence[Counted]) -> Iterator[str]:
    name = "continuum_requests_total"
    yield f"# HELP {name} Requests that were answered, by the pattern of their address."
    yield f"# TYPE {name} counter"
    for one in counted:
        for status, many in zip(STATUSES, one.statuses, strict=True):
            if many:
                yield f"{name}{_labels(route=one.route, status=status)} {many}"
    name = "continuum_request_seconds"
    yield f"# HELP {name} How long a request took until its answer began."
    yield f"# TYPE {name} histogram"
    for one in counted:
        bounds = (*map(str, BOUNDS), "+Inf")
        for bound, many in zip(bounds, accumulate(one.times), strict=True):
            yield f"{name}_bucket{_labels(route=one.route, le=bound)} {many}"
        yield f"{name}_sum{_labels(route=one.route)} {one.seconds:.6f}"
        yield f"{name}_count{_labels(route=one.route)} {sum(one.times)}"


def _gauges(found: Sequence[Gauge]) -> Iterator[str]:
    for name, same in groupby(found, key=lambda one: one.name):
        for number, one in enumerate(same):
            if number == 0:
                yield f"# HELP continuum_{name} {one.help}"
                yield f"# TYPE continuum_{name} {one.kind}"
            yield f"continuum_{name}{_labels(**dict(one.labels))} {float(one.value):g}"


def _labels(**told: str) -> str:
    """Patterns of addresses and names of logs: nothing in them has to be escaped."""
    return "{" + ",".join(f'{name}="{one}"' for name, one in told.items()) + "}" if told else ""


@contextmanager
def collected(
    host: str, port: int, tallies: Sequence[Tally], opened: Callable[[], System]
) -> Iterator[int]:
    """Give the metrics on this address meanwhile, to one who collects at a time; on which port.
    The store is `opened` when it is first asked for. Raises LogUnavailable."""
    held: list[System] = []
    lock = Lock()

    def tell() -> str:
        with lock:
            try:
                if not held:
                    held.append(opened())
                found = gauges(held[0])
            except (LogUnavailable, *INTEGRITY) as error:
                log.error("metrics without the store", reason=type(error).__name__)
                found = [Gauge("up", "1 where the whole store answers.", 0)]
        return told(together(tallies), found)

    class Collecting(BaseHTTPRequestHandler):
        """One collection."""

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self.send_error(404)
                return
            content = tell().encode()
            self.send_response(200)
            self.send_header("Content-Type", TYPE)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """No log has to tell of the program that collects."""

    try:
        server = ThreadingHTTPServer((host, port), Collecting)
    except OSError as error:
        raise LogUnavailable(
            f"no metrics can be given on port {port} of {host} ({error.strerror}): "
            "give another with --metrics"
        ) from error
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        for one in held:
            one.close()
