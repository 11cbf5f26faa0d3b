"""The key service answers over HTTP and obeys its operator's commands, and files carry offers of
forces without a connection.
"""

import io
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from commands.exchange.exchange import OfferStatus
from domain.kernel.envelope import Outgoing
from domain.kernel.values import Refused
from exchange import handover, national
from exchange.calling import over_https
from exchange.hublink import HubLink
from exchange.keyclient import KeyClient, NoTokens
from exchange.keyservice import KeyService, answer
from exchange.serving import LARGEST, application
from exchange.start import hub, keyservice
from tests.console.conftest import Line
from tests.notifying.servers import certificate
from tests.support.commands.offer import PREPARED, Exchange


def test_a_force_asks_by_http_and_too_much_at_once_is_refused(tmp_path: Path) -> None:
    service = KeyService(tmp_path / "keys", lambda: datetime.now(UTC))
    service.set_up()
    secret = service.register("aldmere")
    http, headers = TestClient(application(service)), {"Authorization": f"Bearer {secret}"}

    def call(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        answer = http.request(method, path, content=body, headers=headers)
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code, answer.content

    client = KeyClient(call, service.keys().public)
    first, again = (client.tokens([("vehicle", "PK95ABC")]) for _ in range(2))
    assert first == again
    assert call("POST", "/v1/evaluate", b"x" * (LARGEST + 1))[0] == 413
    headers["Authorization"] = "Bearer guessed"
    with pytest.raises(NoTokens, match="no force is registered"):
        client.tokens([("vehicle", "PK95ABC")])


@pytest.mark.parametrize("address", ["http://keys.example", "ftp://keys.example", "keys.example"])
def test_the_service_is_reached_by_https_alone(address: str) -> None:
    with pytest.raises(Refused, match="https"):
        over_https(address, b"secret")
    over_https("https://keys.example", b"secret")
    over_https("http://127.0.0.1:8444", b"secret")


def test_it_is_trusted_by_its_certificate_alone(tmp_path: Path) -> None:
    service = KeyService(tmp_path / "keys", lambda: datetime.now(UTC))
    service.set_up()
    secret, pinned = service.register("aldmere"), service.keys().public
    with over_tls(service, certificate(tmp_path)) as address:
        known = over_https(address, secret.encode(), certificate(tmp_path))
        assert KeyClient(known, pinned).tokens([("vehicle", "PK95ABC")]).epoch == 1
        unknown = over_https(address, secret.encode())
        with pytest.raises(NoTokens, match="does not answer"):
            KeyClient(unknown, pinned).tokens([("vehicle", "PK95ABC")])


@contextmanager
def over_tls(service: KeyService, pem: Path) -> Iterator[str]:
    """Run the key service behind a proxy with TLS; yield the proxy's address."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bearer = self.headers["Authorization"].removeprefix("Bearer ")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, told = answer(service, self.command, self.path, bearer, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_GET  # noqa: N815 (the library's name)

        def log_message(self, *told: Any) -> None:
            """Log nothing, because no test reads the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_force_and_a_hub_meet_by_tls_alone() -> None:
    with pytest.raises(Refused, match=r"exchange_hub.*sslmode=verify-full"):
        HubLink("postgresql://force_aldmere@hub.example/hub")
    HubLink("postgresql://force_aldmere@hub.example/hub?sslmode=verify-full").close()
    record = "postgresql://aldmere.example/record"
    with pytest.raises(Refused, match="the force's address"):
        national.follow(None, "aldmere", record, "s", make_slot=False)  # type: ignore[arg-type]


def test_its_operator_runs_it_from_the_command_line(tmp_path: Path) -> None:
    where, run = str(tmp_path / "keys"), CliRunner()

    def told(*words: str) -> str:
        result = run.invoke(keyservice, [*words])
        assert result.exit_code == 0, result.output
        return result.output.strip()

    first = json.loads(told("init", where))
    assert first["epoch"] == 1
    secret = told("register", where, "aldmere", "--a-day", "5")
    assert len(secret) > 40
    assert json.loads(told("rotate", where))["public"].keys() == {"1", "2"}
    told("bulk", where, "aldmere", "100", "1 January 2030")
    told("retire", where, "1")
    assert json.loads(told("keys", where))["public"].keys() == {"2"}
    service = KeyService(tmp_path / "keys", lambda: datetime.now(UTC))

    def call(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        return answer(service, method, path, secret, body)

    KeyClient(call, service.keys().public).tokens([("phone", "+447700900123")])
    use = json.loads(told("log", where))
    assert (use["force"], use["purpose"], use["elements"], use["answered"]) == (
        *("aldmere", "single"),
        *(1, True),
    )
    assert "7700900" not in told("log", where)


def test_what_an_operator_asks_in_vain_is_reported_in_a_sentence(tmp_path: Path) -> None:
    where, run = str(tmp_path / "keys"), CliRunner()
    assert run.invoke(keyservice, ["init", where]).exit_code == 0
    away = str(tmp_path)
    for words, told in (
        (["keys", away], "contains no key"),
        (["register", away, "aldmere"], "contains no key"),
        (["rotate", away], "contains no key"),
        (["init", where], "contains a key already"),
        (["bulk", where, "aldmere", "5", "2030-01-01"], "aldmere is not registered"),
        (["bulk", where, "aldmere", "5", "1/13/2030"], "Write 13/1/2030 or 13 January 2030."),
        (["retire", where, "1"], "this key is in use"),
        (["retire", where, "7"], "this key service has no key 7"),
    ):
        result = run.invoke(keyservice, words)
        assert (result.exit_code, told in result.output) == (2, True), result.output
    result = run.invoke(hub, ["check", "--database", "postgresql://127.0.0.1:1/hub"])
    assert result.exit_code == 2
    assert result.output.startswith("continuum-hub: the hub's database refuses this: ")
    for address in ("hub:s3cret", "postgresql://hub:s3cret@/\udcff"):
        result = run.invoke(hub, ["check", "--database", address])
        assert (result.exit_code, "is not an address" in result.output) == (2, True)
        assert "s3cret" not in result.output
    assert not list(tmp_path.glob("*.db"))


DAY = date(2026, 11, 23)
ROWS = [
    Outgoing(UUID(int=1), "all", "offer", "vehicle", DAY, "B", "P", DAY, 1, b"t" * 32, "RMS 12"),
    Outgoing(UUID(int=1), "all", "end"),
]
TOLD = OfferStatus(7, "match", UUID(int=1), "hexmoor", UUID(int=2), "C", DAY, "P")


def test_files_hold_what_leaves_and_what_is_reported() -> None:
    file = io.StringIO()
    assert handover.write_rows(file, "aldmere", ROWS) == 2
    file.seek(0)
    assert handover.read_rows(file, "aldmere") == ROWS
    file = io.StringIO()
    handover.write_messages(file, "aldmere", [TOLD])
    file.seek(0)
    assert handover.read_messages(file, "aldmere") == [TOLD]


def test_a_file_is_taken_of_the_force_alone_that_it_names() -> None:
    """The hub accepts a file only from the force that the file names; otherwise a force could make
    offers in another force's name.
    """
    file = io.StringIO()
    handover.write_rows(file, "hexmoor", ROWS)
    for read, whose, why in (
        (
            handover.read_rows,
            "aldmere",
            "this file is from hexmoor: give one from aldmere",
        ),
        (
            handover.read_messages,
            "hexmoor",
            "this file is from hexmoor: give one to hexmoor",
        ),
    ):
        file.seek(0)
        with pytest.raises(Refused, match=why):
            read(file, whose)


@pytest.mark.parametrize(
    "spoilt", [b"", b"{}\n", b"\xff\xfe", b'{"way":"to","force":"aldmere"}\n{}']
)
def test_what_is_no_file_of_the_exchange_is_refused(spoilt: bytes) -> None:
    for read in (handover.read_messages, handover.read_rows):
        with pytest.raises(Refused, match="file"):
            read(io.TextIOWrapper(io.BytesIO(spoilt), "utf-8"), "aldmere")


def test_what_can_no_longer_be_offered_leaves_by_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONTINUUM_EXCHANGE_FORCE", "aldmere")
    with PREPARED(tmp_path / "store", None) as (office, before):
        exchange = Exchange(office, before)
        exchange.offered()
        exchange.classed(before.baz, "victim")
        line = Line(str(tmp_path / "store"), tmp_path / "store")
        said = line("exchange", "send", "out", "--clock", office.desk.clock().isoformat())
        line.close()
    assert said.code == 0, said
    with Path("out").open() as file:
        assert [row.act for row in handover.read_rows(file, "aldmere")] == ["end", "end"]
