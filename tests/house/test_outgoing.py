"""The program sends HTTP requests only to configured addresses, by a current version of TLS, and
only to servers whose certificate it has checked.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from access.signing_in.oidc import Provider
from domain.kernel.envelope import LogUnavailable
from exchange.calling import over_https
from ledger.proof import auditor_policy
from ledger.proof.auditor_policy import BadPolicy, Pinned
from ledger.proof.checkpoint import WITNESS, VerifierKey
from ledger.witness.http_post import NotAnswered, client, post
from ledger.witness.time_stamps import BadStamp, ask_stamp
from ledger.witness.tlog_witness import ADD
from notifying.message import Message, Undelivered
from notifying.webhook import Pager, Webhook
from tests.ledger.vectors import VECTORS
from tests.notifying.servers import certificate
from tests.processes import LIMIT

NOTE = (VECTORS / "newest.checkpoint").read_text("utf-8")
MESSAGE = Message(
    UUID(int=1), datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "dc.reed", "07700 900123", "https://c/"
)
#: A function that calls an address; its second argument names the certificate authorities to trust,
#: if they can be chosen.
Call = Callable[[str, Path | None], object]


def now() -> datetime:
    return datetime.now(UTC)


def webhook(address: str, authorities: Path | None) -> None:
    Webhook(address, b"secret", now, authorities).send(MESSAGE)


def pager(address: str, authorities: Path | None) -> None:
    Pager(address, b"secret", now, authorities).send(MESSAGE)


def key_service(address: str, authorities: Path | None) -> None:
    status, _ = over_https(address, b"secret", authorities)("GET", "/v1/keys", b"")
    if status != 200:
        raise OSError(status)


def provider(address: str, _: Path | None) -> None:
    with closing(Provider(address, "continuum", now, secret="a secret")) as one:
        one.begin("https://continuum.example/back")


def witness(address: str, _: Path | None) -> None:
    with client() as http:
        said = post(http, address + ADD, "text/plain", b"old 0\n\n", LIMIT)
    if said.status != 200:
        raise NotAnswered(said.status)


def stamps(address: str, _: Path | None) -> None:
    with client() as http:
        ask_stamp(http, address, NOTE, LIMIT)


CALLS: dict[Call, type[Exception]] = {
    webhook: Undelivered,
    pager: Undelivered,
    key_service: OSError,
    provider: LogUnavailable,
    witness: NotAnswered,
    stamps: NotAnswered,
}
#: Functions for which an administrator of the store configures the trusted certificate authorities.
CHOOSING: tuple[Call, ...] = (webhook, pager, key_service)


@dataclass
class Answering:
    """A server that records each request and gives the same answer to all requests."""

    port: int = 0
    came: list[str] = field(default_factory=list)
    status: int = 200
    location: str | None = None
    body: bytes = b""


@contextmanager
def server(context: ssl.SSLContext | None = None) -> Iterator[Answering]:
    one = Answering()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one.came.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(one.status)
            if one.location:
                self.send_header("Location", one.location)
            self.send_header("Content-Length", str(len(one.body)))
            self.end_headers()
            # the client stops reading before the server has sent the whole answer
            with suppress(OSError):
                self.wfile.write(one.body)

        do_POST = do_GET  # noqa: N815 (the library's name)

        def log_message(self, *told: object) -> None:
            """Log nothing, because no test reads the log."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # errors are ignored, because a client may close the connection early
    made.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context:
        made.socket = context.wrap_socket(
            made.socket, server_side=True, do_handshake_on_connect=False
        )
    one.port = made.server_port
    thread = Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield one
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


def over_tls(place: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(place))
    return context


def name_of(call: Call) -> str:
    return call.__name__


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_nobody_is_followed_elsewhere(call: Call) -> None:
    with server() as inside, server() as outside:
        outside.location = f"http://127.0.0.1:{inside.port}/admin"
        for status in (301, 302, 303, 307, 308):
            outside.status = status
            with pytest.raises(CALLS[call]):
                call(f"http://127.0.0.1:{outside.port}", None)
        assert len(outside.came) == 5
        assert inside.came == []


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_a_server_for_whom_nobody_vouches_is_shown_nothing(call: Call, tmp_path: Path) -> None:
    with server(over_tls(tmp_path)) as outside:
        with pytest.raises(CALLS[call]):
            call(f"https://127.0.0.1:{outside.port}", None)
        assert outside.came == []


@pytest.mark.parametrize("call", CHOOSING, ids=name_of)
def test_a_certificate_counts_for_its_own_name_alone(call: Call, tmp_path: Path) -> None:
    with server(over_tls(tmp_path)) as outside:
        with pytest.raises(CALLS[call]):
            call(f"https://localhost:{outside.port}", certificate(tmp_path))
        assert outside.came == []
        call(f"https://127.0.0.1:{outside.port}", certificate(tmp_path))
        assert len(outside.came) == 1


@pytest.mark.parametrize("call", CHOOSING, ids=name_of)
def test_a_server_with_an_old_tls_is_shown_nothing(call: Call, tmp_path: Path) -> None:
    context = over_tls(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with server(context) as outside:
        with pytest.raises(CALLS[call]):
            call(f"https://127.0.0.1:{outside.port}", certificate(tmp_path))
        assert outside.came == []


@pytest.mark.parametrize("call", CALLS, ids=name_of)
@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", "data", "unix", ""])
def test_no_other_scheme_is_spoken(call: Call, scheme: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    with pytest.raises(Exception) as refused:  # noqa: PT011 (each function raises another error, which is checked below)
        call(f"{scheme}://127.0.0.1{secret}" if scheme else str(secret), None)
    assert type(refused.value).__module__.partition(".")[0] in {
        "access", "domain", "exchange", "ledger", "notifying",
    }  # fmt: skip
    assert "a secret" not in str(refused.value)


def test_a_provider_sends_nobody_to_this_machine_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """An identity provider that lies about its addresses cannot send the program to this machine.
    Otherwise the program would send its secret to a service that only this machine can reach.
    """
    with server() as inside:
        here = f"http://127.0.0.1:{inside.port}"
        issuer = "https://idp.example"
        told = {  # the document that the provider publishes about itself
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "device_authorization_endpoint": f"{here}/device",
        }
        with closing(Provider(issuer, "continuum", now, secret="a secret")) as one:
            monkeypatch.setattr(
                one, "_get", lambda address, ask=one._get: (
                    told if urlsplit(address).hostname == "idp.example" else ask(address)
                ),
            )  # fmt: skip
            started = one.begin("https://continuum.example/back")
            with pytest.raises(
                LogUnavailable,
                match="the identity provider's address must begin with https://",
            ):
                one.finish(started, started.state, "code")
            with pytest.raises(
                LogUnavailable,
                match="the identity provider's address must begin with https://",
            ):
                one.begin_device()
            with pytest.raises(
                LogUnavailable,
                match="the identity provider's address must begin with https://",
            ):
                one._key_set()
        assert inside.came == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://council.example/w",
        "//council.example/w",
        "https://keeper:secret@council.example/w",
        "https://council.example/w?to=http://127.0.0.1",
        "https://council.example/w#add",
        "https://council.example /w",
        "https://council.example/w\r\nHost: 127.0.0.1",
        "",
    ],
)
def test_what_is_no_address_of_a_witness_is_in_no_policy(address: str) -> None:
    pinned = auditor_policy.read((VECTORS / "strict.json").read_text("utf-8"))["evidence"]
    (key,) = pinned.witnesses
    named = Pinned(pinned.origin, pinned.keys, (key,), 1, (), {key.name: address})
    with pytest.raises(BadPolicy, match="address"):
        auditor_policy.read(auditor_policy.written({"evidence": named}))
    assert VerifierKey.parse(str(key), WITNESS) == key


@pytest.mark.parametrize("call", [provider, witness, stamps], ids=name_of)
@pytest.mark.parametrize(
    "body", [b" " * 2_000_000, b"[" * 200_000, b"{", b"\xff", b"[]", b"null", b"NaN"],
    ids=["endless", "deep", "cut", "no text", "a list", "null", "no number"],
)  # fmt: skip
def test_an_answer_that_is_none_counts_as_no_answer(call: Call, body: bytes) -> None:
    with server() as outside:
        outside.body = body
        if call is witness and len(body) < 100:
            # this function returns any short answer, because its caller checks the answer
            call(f"http://127.0.0.1:{outside.port}", None)
        else:
            with pytest.raises((CALLS[call], BadStamp)):
                call(f"http://127.0.0.1:{outside.port}", None)
        assert len(outside.came) == 1
