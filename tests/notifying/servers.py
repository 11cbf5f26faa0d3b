"""Real servers on this machine for tests: a mail server, and a server that accepts signed
notifications.
"""

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message as Letter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifying.webhook import signature

SECRET = b"a secret between two programs"
PASSWORD = "a password of the mail server"


@dataclass
class Post(Handler):
    """A mail server that stores the mails that it accepts. If it is `closed`, it refuses mails. At
    the end of a connection it sends `goodbye` or, if it is `silent`, waits until the client
    hangs up."""

    letters: list[Letter] = field(default_factory=list)
    closed: bool = False
    goodbye: str = "221 Bye"
    silent: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_message(self, message: Letter) -> None:
        self.letters.append(message)

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.closed:
            return "451 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(  # noqa: N802 (the library's name)
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self.silent:
            await asyncio.Event().wait()  # this wait ends when the client closes the connection
        return self.goodbye

    @property
    def to(self) -> list[str]:
        """Return the recipient of each mail, in the order in which the mails arrived."""
        return [str(letter["To"]) for letter in self.letters]


class Server(Controller):
    """A mail server on a free port of this machine."""

    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(place: Path | None = None) -> Iterator[tuple[Post, int]]:
    """Run a mail server that accepts every mail. With a directory for its certificate, it requires
    STARTTLS and a password.
    """
    post, more = Post(), dict[str, Any]()
    if place:

        def known(server: Any, session: Any, envelope: Any, how: str, told: Any) -> AuthResult:
            right = isinstance(told, LoginPassword) and told.password == PASSWORD.encode()
            return AuthResult(success=right, handled=right)

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(place))
        more = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": known,
        }
    server = Server(post, hostname="127.0.0.1", port=0, ready_timeout=60, **more)
    server.start()
    try:
        yield post, server.port
    finally:
        server.stop()


@dataclass
class Calls:
    """The requests that arrived with a correct signature, and a count of the other requests.
    `before` is called before each answer."""

    address: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0
    answer: int = 204
    before: Callable[[], object] | None = None
    elsewhere: str | None = None


@contextmanager
def called_server(secret: bytes = SECRET, place: Path | None = None) -> Iterator[Calls]:
    """Run a server that accepts signed requests; with a directory for its certificate, it uses
    HTTPS.
    """
    calls = Calls()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            at = self.headers["Continuum-Timestamp"]
            young = abs(datetime.now(UTC).timestamp() - int(at)) < 300
            if not young or self.headers["Continuum-Signature"] != signature(secret, at, body):
                calls.forged += 1
                self.send_response(403)
            else:
                if calls.answer < 300:
                    calls.told.append(json.loads(body))
                if calls.before:
                    calls.before()
                self.send_response(calls.answer)
                if calls.elsewhere:
                    self.send_header("Location", calls.elsewhere)
            self.send_header("Content-Length", "0")
            # the caller has closed the connection
            with suppress(BrokenPipeError, ConnectionResetError):
                self.end_headers()

        def log_message(self, *told: Any) -> None:
            """Log nothing, because no test reads the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    if place:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(place))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    calls.address = f"http{'s' if place else ''}://127.0.0.1:{server.server_port}/told"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(place: Path) -> Path:
    """Make a certificate of this machine and its key in a directory, if there is none yet; return
    its path.
    """
    file = place / "server.pem"
    if file.exists():
        return file
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
