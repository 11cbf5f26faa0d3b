"""The information that the server gives its operators, such as its health and its metrics, contains
no name, no id and no text of the record."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.openmetrics import exposition, parser
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from starlette.testclient import TestClient

from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Refused
from installation.auditing import open_office
from installation.log_lines import start_logging
from installation.opening import UnavailableRegister, open_system
from installation.system import System
from tests.commands.office import Office, opened
from tests.web.client import Client
from web.app import PATTERNS, make_app
from web.server.metrics import ScrapedStore, collected, gauge_metrics
from web.server.request_counts import ELSEWHERE, RequestCounts, shared, together
from web.server.store_metrics import Gauge, gauges
from web.server.tracing import Traces, traces

WORDS = "Baz waits at the gate"
ONE = UUID(int=7)
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    one = opened(tmp_path_factory.mktemp("running") / "store")
    yield one
    one.system.close()


def asking(app: Any) -> TestClient:
    headers = {"X-Continuum-User": "rms.north"}
    return Client(app, headers=headers)


def post_entry(client: TestClient, words: str = WORDS) -> str:
    key = {"Idempotency-Key": "6f1c1bb0-52b4-4f0e-8d3e-9d6c1f2f0a11"}
    answer = client.post("/api/v1/observations", json={"words": words}, headers=key)
    return str(answer.json()["id"])


def test_a_proxy_learns_without_signing_in_whether_it_can_send_people_here(office: Office) -> None:
    client = asking(make_app(office.system))
    del client.headers["X-Continuum-User"]
    assert (client.get("/healthz").text, client.get("/readyz").text) == ("alive\n", "ready\n")
    evidence = office.system.logs["evidence"]
    office.system.logs["evidence"] = UnavailableRegister("the server is gone")  # type: ignore[assignment]
    try:
        away = asking(make_app(office.system))
        assert away.get("/healthz").status_code == 200, "to start it again helps nothing"
        assert (away.get("/readyz").status_code, away.get("/readyz").text) == (503, "not ready\n")
    finally:
        office.system.logs["evidence"] = evidence


def test_metrics_are_collected_on_an_address_of_their_own(office: Office) -> None:
    tally = RequestCounts(PATTERNS)
    client = asking(make_app(office.system, tally=tally))
    item = post_entry(client)
    client.get(f"/api/v1/items/{item}")
    client.get("/nowhere/at/all")
    client.get("/api/v1/search", params={"q": "Baz"})
    assert client.get("/metrics").status_code == 404

    def again() -> System:
        return open_system(office.settings, now=office.system.clock())

    with collected("127.0.0.1", 0, [tally], again) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics")
        assert httpx.get(f"http://127.0.0.1:{port}/queue").status_code == 404
        asked = {"Accept": "application/openmetrics-text; version=1.0.0"}
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", headers=asked).text
        assert "continuum_up" in {one.name for one in strictly(text)}
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'continuum_requests_total{route="/api/v1/items/{item}",status="2xx"} 1.0' in lines
    assert f'continuum_requests_total{{route="{ELSEWHERE}",status="4xx"}} 2.0' in lines
    assert "continuum_up 1.0" in lines
    assert "continuum_queue_items 1.0" in lines
    for secret in (item, "Baz", "rms.north", "nowhere", "127.0.0.1"):
        assert secret not in answer.text


#: A parser of OpenMetrics that refuses everything that the format does not allow.
strictly: Any = parser.text_string_to_metric_families


def scraped(counts: Collector) -> str:
    """Return the metrics after a strict parser has read them. The parser refuses a name that is
    described twice, a counter without `_total`, and a histogram whose counts fall.
    """
    registry = CollectorRegistry()
    registry.register(counts)
    write: Any = exposition.generate_latest  # the library declares no types
    assert list(strictly(write(registry).decode()))
    text = generate_latest(registry).decode()
    assert list(text_string_to_metric_families(text))
    return text


def test_each_name_is_described_once_and_then_has_all_its_labels(office: Office) -> None:
    tally = RequestCounts(PATTERNS)
    for seconds in (0.001, 0.005, 0.3, 60):
        tally.add("/queue", 200, seconds)
    text = scraped(ScrapedStore([tally], lambda: office.system))
    described = re.findall(r"^# TYPE (\w+) (?:counter|gauge|histogram)$", text, re.MULTILINE)
    assert len(described) == len(set(described))
    steps = [float(one) for one in re.findall(r"^\w+_seconds_bucket{.*} (.+)$", text, re.MULTILINE)]
    assert (steps[0], steps[-1]) == (2, 4)
    assert 'continuum_request_seconds_count{route="/queue"} 4.0' in text
    apart = [
        Gauge("a", "A.", 1, (("log", "x"),)),
        Gauge("b", "B.", 2),
        Gauge("a", "A.", 3, (("log", "y"),)),
    ]
    assert [len(metric.samples) for metric in gauge_metrics(apart)] == [2, 1]


def test_what_does_not_answer_is_left_out_of_the_metrics(office: Office) -> None:
    evidence = office.system.logs["evidence"]
    office.system.logs["evidence"] = UnavailableRegister("the server is gone")  # type: ignore[assignment]
    try:
        found = {gauge.name: gauge.value for gauge in gauges(office.system)}
    finally:
        office.system.logs["evidence"] = evidence
    assert found["up"] == 0
    assert "queue_items" in found


def test_without_a_store_the_requests_are_reported_all_the_same() -> None:
    def away() -> Any:
        raise LogUnavailable("gone")

    tally = RequestCounts(PATTERNS)
    tally.add("/queue", 503, 0.1)
    with collected("127.0.0.1", 0, [tally], away) as port:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert "continuum_up 0.0" in text
    assert 'route="/queue",status="5xx"} 1.0' in text


def test_several_processes_are_counted_as_one() -> None:
    routes = ["/queue", "/mine"]
    cells = [shared(routes), shared(routes)]
    for cell in cells:
        RequestCounts(routes, cell).add("/queue", 200, 0.02)
    # a process that replaces another continues the counts of that process
    RequestCounts(routes, cells[0]).add("/mine", 500, 3)
    found = {one.route: one for one in together([RequestCounts(routes, cell) for cell in cells])}
    assert found["/queue"].statuses == (0, 2, 0, 0, 0)
    assert found["/queue"].seconds == pytest.approx(0.04)
    assert sum(found["/mine"].times) == 1


def test_the_request_log_holds_no_name_no_id_and_no_word(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging("info")
    try:
        client = asking(make_app(office.system))
        item = post_entry(client)
        client.get(f"/api/v1/items/{item}")
        client.get("/api/v1/search", params={"q": "Baz"})
        client.get("/people/../etc/passwd")
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        structlog.reset_defaults()
    told_of = [line for line in lines if line["event"] == "request"]
    assert [(one["method"], one["route"], one["status"]) for one in told_of][:3] == [
        ("POST", "/api/v1/observations", 201),
        ("GET", "/api/v1/items/{item}", 200),
        ("GET", "/api/v1/search", 200),
    ]
    for one in told_of:
        assert set(one) == {"event", "level", "timestamp", "method", "route", "status", "ms"}


def test_a_trace_holds_the_pattern_and_belongs_to_the_one_of_its_sender(office: Office) -> None:
    kept = InMemorySpanExporter()
    client = asking(make_app(office.system, tracer=Traces(SimpleSpanProcessor(kept))))
    item = post_entry(client)
    client.get(f"/api/v1/items/{item}", headers={"traceparent": PARENT, "tracestate": "who=me"})
    _, span = kept.get_finished_spans()
    assert span.name == "GET /api/v1/items/{item}"
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/api/v1/items/{item}",
        "http.response.status_code": 200,
    }
    assert dict(span.resource.attributes) == {"service.name": "continuum"}
    assert span.context
    assert f"{span.context.trace_id:032x}" == PARENT.split("-")[1]


def test_traces_leave_the_machine_by_https_only() -> None:
    assert traces(None) is None
    with pytest.raises(Refused, match="https only"):
        traces("http://collector.example/v1/traces")


def test_what_waits_for_the_signer_and_on_phones_is_reported(tmp_path: Path) -> None:
    one = opened(tmp_path / "store")
    with closing(one.system) as system:
        assert "unsigned_records" not in {gauge.name for gauge in gauges(system)}, "nobody signs"
        with open_office(one.settings, None) as office:
            office.init_signer(tmp_path / "state")
            for signer in office.signers(tmp_path / "state"):
                office.sign(signer)
        one.words()
        one.later(hours=2)
        phones = system.credentials.outboxes
        phones.register(ONE, "psw.ellis", "a phone")
        phones.contact(ONE, 3, system.clock() - timedelta(minutes=1))
        found = {
            (gauge.name, *dict(gauge.labels).values()): gauge.value for gauge in gauges(system)
        }
        text = scraped(ScrapedStore([RequestCounts(PATTERNS)], lambda: system))
    assert 'continuum_unsigned_records{log="product"} 0.0' in text
    if promtool := shutil.which("promtool"):
        command = [promtool, "check", "metrics"]
        checked = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    assert found["unsigned_records", "evidence"] >= 1
    assert found["unsigned_seconds", "evidence"] == pytest.approx(7200, abs=1)
    assert found["unsigned_records", "product"] == 0
    assert (found["phone_entries",], found["phone_oldest_seconds",]) == (3, 60)
