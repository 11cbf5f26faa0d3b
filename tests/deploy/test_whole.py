"""The services of deploy/compose.yaml work together. Each runs as a process with its own command
and environment on a real PostgreSQL, in the order of docs/deploying.md. No container engine is
needed, and no proxy runs (test_walked.py has a proxy)."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from ledger.backup import sealed_copy
from tests.deploy.walking import PASSWORD, blocks, code_in, enrolling
from tests.forked import programs
from tests.postgres import running
from tests.processes import LIMIT, child, until
from tests.support.deploy.files import DEPLOY, SERVICES
from tests.web.conftest import free_port

WORDS = "He waits at the gate of Town A school"


@dataclass
class Deployment:
    """The services of deploy/compose.yaml, each with directories that the test made."""

    root: Path
    socket: str
    ports: dict[str, int] = field(default_factory=dict)
    token: str = field(default="", repr=False)

    def here(self, text: str) -> str:
        """Return a service's settings with the directories of this test instead of the
        container's.
        """
        told = re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda one: one[2] or "", text)
        told = told.replace("/var/run/postgresql", self.socket)
        # a container mounts the signer's checkpoints into the home directory
        told = told.replace("/srv/checkpoints", "/srv/continuum/checkpoints")
        return told.replace("/srv/", f"{self.root}/srv/").replace("/run/secrets", str(self.root))

    def command(self, name: str) -> list[str]:
        told = [self.here(word) for word in SERVICES[name]["command"]]
        if name in self.ports:
            port = self.ports[name]
            told = [one.replace("8000", str(port)).replace("9100", str(port + 1)) for one in told]
        return told

    def environment(self, name: str) -> dict[str, str]:
        told = {one: self.here(str(word)) for one, word in SERVICES[name]["environment"].items()}
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CONTINUUM_")}
        path = f"{programs()}:{DEPLOY}:{os.environ['PATH']}"
        return clean | told | {"PATH": path}

    def run(self, name: str, command: list[str] | None = None, **other: str) -> str:
        """Run a service that ends by itself, or another command with the service's settings; return
        its output.
        """
        command = command or self.command(name)
        env = self.environment(name) | other
        ran = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, timeout=LIMIT
        )
        assert ran.returncode == 0, (name, ran.stderr)
        return ran.stdout

    def set_up(self) -> None:
        """Run the document's one-time commands, line by line. Then enrol the manager and the first
        colleague, whose role the administrator proposes and the manager confirms.
        """
        (typed, *_) = blocks("With containers")
        lines = re.findall(
            r"^docker compose --profile set-up run --rm (.*?)(?: +#.*)?$", typed, re.MULTILINE
        )
        codes = [""]
        for line in lines:
            name, *command = line.split()
            if "--enrol" in command:
                enrolling(command, codes[-1], env=self.environment(name))
            elif command:
                said = self.run(name, command=command)
                codes += [code_in(said)] if "enrol" in command else []
            else:
                self.run(name)
        manager, own = (
            self.environment("accounts") | {"CONTINUUM_TOKEN_FILE": f"{self.root}/{one}/token"}
            for one in ("mgr", "psw")
        )
        enrolling(["continuum", "login", "mgr.cole", "--enrol"], codes[-2], env=manager)
        (proposes,) = blocks("The first people")
        self.run("accounts", command=proposes.split())
        confirms = ["continuum", "user", "role", "confirm", "psw.ellis", "psw"]
        subprocess.run(confirms, env=manager, check=True, timeout=LIMIT)
        enrolling(["continuum", "login", "psw.ellis", "--enrol"], codes[-1], env=own)
        self.token = (self.root / "psw" / "token").read_text("utf-8")

    def ask(self, name: str, *command: str) -> Any:
        """Run a command as the user of this service; return its JSON output."""
        ran = subprocess.run(
            ["continuum", "--json", *command],
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        assert ran.stdout, ran.stderr
        return json.loads(ran.stdout)

    def client(self, name: str, port: int = 0) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        where = f"http://127.0.0.1:{self.ports[name] + port}"
        return httpx.Client(base_url=where, headers=headers, timeout=LIMIT)


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    with running() as server, ExitStack() as held:
        told = psycopg.conninfo.conninfo_to_dict(server.get_uri())
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            admin.execute("CREATE DATABASE record ENCODING 'UTF8' TEMPLATE template0")
        one = Deployment(tmp_path, str(told["host"]))
        for place in ("continuum", "signer", "backups", "vault"):
            (tmp_path / "srv" / place).mkdir(mode=0o700, parents=True)
        (tmp_path / "srv" / "continuum" / "checkpoints").mkdir()
        one.set_up()
        for name in ("serve1", "serve2"):
            one.ports[name] = free_port()
        log = held.enter_context((tmp_path / "said").open("w+"))
        for name in ("serve1", "serve2", "watch", "signer"):
            env = one.environment(name)
            held.enter_context(child(one.command(name), env=env, stderr=log, stdout=log))
        for name in one.ports:
            with one.client(name) as client:
                until(lambda: _ready(client), f"{name} is not ready")
        yield one


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").text == "ready\n"
    except httpx.HTTPError:
        return False


@pytest.mark.in_turn("deployed")
@pytest.mark.postgres
def test_words_go_through_the_whole_of_it(deployment: Deployment) -> None:
    """One process records an entry and another process reads it; the other services follow, sign,
    measure, back up and verify the store.
    """
    with deployment.client("serve1") as first, deployment.client("serve2") as second:
        key = {"Idempotency-Key": str(uuid4())}
        made = first.post("/api/v1/observations", json={"words": WORDS}, headers=key)
        assert made.status_code == 201, made.text
        item = made.json()["id"]
        again = second.post("/api/v1/observations", json={"words": WORDS}, headers=key)
        assert again.json()["id"] == item, "sent again to the other one it is done once"
        read = second.get(f"/api/v1/items/{item}")
        assert WORDS in read.text

    published = deployment.root / "srv" / "continuum" / "checkpoints" / "evidence.checkpoint"

    def signed() -> int:
        return int(published.read_text().splitlines()[1]) if published.exists() else 0

    with deployment.client("serve2", port=1) as collector:
        metrics = collector.get("/metrics").text
        last = int(re.findall(r'log_records{log="evidence"} (\d+)', metrics)[0])
        until(lambda: signed() >= last, "the signer does not sign")
        until(lambda: "views_followed 1" in collector.get("/metrics").text, "nobody follows")
        metrics = collector.get("/metrics").text
    assert 'route="/api/v1/items/{item}",status="2xx"} 1' in metrics
    assert 'continuum_unsigned_records{log="evidence"} 0' in metrics
    assert item not in metrics

    public = deployment.root / "srv" / "backup-keys"
    public.mkdir()
    for half in ("store", "keys"):
        private = deployment.root / f"{half}.private.pem"
        sealed_copy.make_pair(private, public / f"{half}.public.pem", PASSWORD)
    deployment.run("backup", EVERY="")
    (store,) = (deployment.root / "srv" / "backups").iterdir()
    (keys,) = (deployment.root / "srv" / "vault").iterdir()
    assert store.name == keys.name
    assert [one.name for one in (*store.iterdir(), *keys.iterdir())] == [sealed_copy.NAME] * 2
    assert WORDS.encode() not in b"".join(
        one.read_bytes() for one in store.rglob("*") if one.is_file()
    )

    report = deployment.ask("signer", "verify", f"--checkpoints={published.parent}")
    assert (report["integrity"], report["findings"]) == ("proven", [])
    found = {one["what"] for one in deployment.ask("serve1", "doctor")["findings"]}
    assert "not encrypted" in found
    assert not found & {
        "runs as the superuser", "may write beside the log", "the signer stopped", "not signed",
        "nothing is escalated", "in the clear on the network", "not UTF-8", "open to others",
    }, found  # fmt: skip
    assert WORDS not in (deployment.root / "said").read_text()
