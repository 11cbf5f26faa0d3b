"""A time-stamping authority for tests: `openssl ts` behind a port of this machine."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.answering import answering

OPENSSL = shutil.which("openssl")
_CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {place}/serial
signer_cert = {place}/tsa.pem
signer_key = {place}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """A time-stamping authority for tests, whose root certificate is `place/root.pem`. A test may
    replace the function `says`, which makes the answers, to get false answers."""

    place: Path
    asked: int = 0
    port: int = 0
    says: Callable[[bytes], tuple[int, bytes]] = field(init=False)
    _one: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self.says = self.truly
        self.place.mkdir()
        self._make()
        (self.place / "serial").write_text("01\n", "ascii")
        (self.place / "conf").write_text(_CONFIG.format(place=self.place), "utf-8")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsr"

    @property
    def root(self) -> Path:
        return self.place / "root.pem"

    def truly(self, request: bytes) -> tuple[int, bytes]:
        asked, told = self.place / "asked.tsq", self.place / "told.tsr"
        line = ["ts", "-reply", "-config", self.place / "conf", "-queryfile", asked, "-out", told]
        with self._one:
            asked.write_bytes(request)
            subprocess.run([str(OPENSSL), *map(str, line)], check=True, capture_output=True)
            return 200, told.read_bytes()

    def _make(self) -> None:
        now = datetime.now(UTC)
        root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

        def certificate(name: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
            return (
                x509.CertificateBuilder()
                .subject_name(_name(name))
                .issuer_name(_name("root.example"))
                .public_key(public)
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - timedelta(days=1))
                .not_valid_after(now + timedelta(days=1))
            )

        above = certificate("root.example", root.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        below = certificate("tsa.example", key.public_key()).add_extension(usage, critical=True)
        for file, one in (("root.pem", above), ("tsa.pem", below)):
            made = one.sign(root, hashes.SHA256())
            (self.place / file).write_bytes(made.public_bytes(serialization.Encoding.PEM))
        (self.place / "tsa.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


@contextmanager
def stamping(authority: Authority) -> Iterator[Authority]:
    """Run the authority on a port of this machine."""

    def says(_: str, body: bytes) -> tuple[int, str, bytes]:
        authority.asked += 1
        status, told = authority.says(body)
        return status, "application/timestamp-reply", told

    with answering(says) as authority.port:
        yield authority
