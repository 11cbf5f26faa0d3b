"""Traces of requests (OpenTelemetry), sent to the installation's collector.

A trace has the method, the pattern of the address, the status and the times: no name, no id, no
machine's address, and no text that was typed or recorded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from domain.kernel.values import Refused
from notifying.message import OWN
from web.server.request_log import Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span

_FAULT = 500


class Traces:
    """Begins a trace for each request; if the sender has begun a trace, the request's trace
    continues that one.
    """

    def __init__(self, processor: "SpanProcessor") -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        # with the default resource, traces would contain the process and its command line
        provider = TracerProvider(
            resource=Resource({"service.name": "continuum"}), shutdown_on_exit=True
        )
        provider.add_span_processor(processor)
        self._tracer = provider.get_tracer("continuum")
        self._from = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, method: str, headers: Any) -> Iterator[Trace]:
        """Yield the trace of one request. Errors are left out of the trace, because they may
        contain words.
        """
        from opentelemetry.trace import SpanKind

        header_by_name = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in headers
        }
        with self._tracer.start_as_current_span(
            method,
            context=self._from.extract(
                {header: header_by_name[header] for header in PARENT if header in header_by_name}
            ),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield _RequestTrace(span, method)


#: The header that names the sender's trace (W3C Trace Context).
PARENT = ("traceparent",)


class _RequestTrace:
    def __init__(self, span: "Span", method: str) -> None:
        self._span, self._method = span, method

    def record_request(self, route: str, status: int) -> None:
        from opentelemetry.trace import StatusCode

        self._span.update_name(f"{self._method} {route}")
        self._span.set_attributes({"http.route": route, "http.response.status_code": status})
        if status >= _FAULT:
            self._span.set_status(StatusCode.ERROR)


def traces(address: str | None) -> Traces | None:
    """Return the tracer that sends to this address (OTLP over HTTP); None without an address.
    Raises Refused if the connection to the address is not encrypted."""
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in OWN):
        raise Refused(
            "traces are sent by https only: set traces_url to an address that begins with https://"
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return Traces(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
