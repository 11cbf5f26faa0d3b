"""A witness of another organisation runs as a process with a port. These tests check what it signs,
and what it remembers after it was killed.
"""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from ledger.proof import auditor_policy
from ledger.proof.checkpoint import cosigners
from tests import forked
from tests.console.conftest import Line
from tests.processes import child, until
from tests.web.conftest import free_port

NIGHT = ("--clock", "2011-03-18T23:40")


def words(line: Line, clock: str = "2011-03-18T23:40") -> None:
    said = line("record", "--clock", clock, text="A silver Corsa waits at the gates")
    assert said.code == 0, said.err


class There:
    """A witness at another organisation: its directory, its copy of the policy that names the
    signer, and its port.
    """

    def __init__(self, place: Path, line: Line, name: str) -> None:
        self.state, self.port, self.name = place / name, free_port(), name
        self.policy = self.state.with_name(f"{name}.policy")
        said = line("witness", "init", "--state", str(self.state), "--name", name)
        self.key = said.out.strip()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def serving(self) -> Iterator[None]:
        told = ("--state", self.state, "--policy", self.policy, "--port", self.port)
        command = [forked.programs() / "continuum", "witness", "serve", *told]
        with child(command, stderr=subprocess.DEVNULL):
            until(self.answers, "the witness does not answer")
            yield
        until(forked.idle, "the witness does not end")

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/add-checkpoint", timeout=5).status_code == 405
        except httpx.TransportError:
            return False


def named_witness(line: Line, tmp_path: Path) -> There:
    """Return a witness that is named in the policy of a small store's signer."""
    words(line)
    one = There(tmp_path, line, "council.example")
    state = ("--state", str(tmp_path / "signer"))
    one.policy.write_text(line("signer", "init", *state).out, "utf-8")
    said = line("signer", "witness", one.key, "--at", one.address, *state)
    assert said.code == 0, said.err
    (tmp_path / "policy.json").write_text(said.out, "utf-8")
    assert (line.home / "checkpoints" / "policy.json").read_text("utf-8") == said.out
    return one


@pytest.fixture
def witness_side(either: Line, tmp_path: Path) -> There:
    return named_witness(either, tmp_path)


def run(line: Line, place: Path) -> str:
    """Run one round of the signer, which must exit with 0; return its messages."""
    said = line("signer", "run", "--state", str(place / "signer"))
    assert said.code == 0, said
    return said.err


def verified(line: Line, place: Path) -> int:
    return line("verify", "--policy", str(place / "policy.json")).code


@pytest.mark.usually_on("sqlite")
def test_what_it_signed_is_proven_and_what_it_did_not_is_unproven(
    either: Line, witness_side: There, tmp_path: Path
) -> None:
    with witness_side.serving():
        said = run(either, tmp_path)
        logs = ("evidence", "sources", "product", "access")
        assert all(f"{log}: council.example signed it too." in said for log in logs)
        assert verified(either, tmp_path) == 0
        pinned = auditor_policy.read((tmp_path / "policy.json").read_text("utf-8"))["evidence"]
        note = (either.home / "checkpoints" / "evidence.checkpoint").read_text("utf-8")
        assert cosigners(note, pinned.witnesses) == {"council.example"}
    words(either, "2011-03-19T10:00")
    assert "NOT WITNESSED evidence: council.example: the witness does not answer" in run(
        either, tmp_path
    )
    told = either("verify", "--policy", str(tmp_path / "policy.json"))
    assert told.code == 6
    assert "signed but not witnessed" in told.out
    with witness_side.serving():
        assert "NOT WITNESSED" not in run(either, tmp_path)
    assert verified(either, tmp_path) == 0


def test_killed_it_remembers_what_it_signed(line: Line, tmp_path: Path) -> None:
    """A witness that was killed still remembers what it signed: it refuses a log and a signer that
    were restored from an earlier state.
    """
    there = named_witness(line, tmp_path)
    with there.serving():  # the witness is killed at the end of this block
        run(line, tmp_path)
        before = {
            file: file.read_bytes()
            for place in (tmp_path / "signer", line.home / "checkpoints")
            for file in place.rglob("*")
            if file.is_file()
        }
        seen = checkpoint(line)
        words(line, "2011-03-19T10:00")
        run(line, tmp_path)
        later = checkpoint(line)
    for file, told in before.items():
        file.write_bytes(told)
    with there.serving():
        back = httpx.post(f"{there.address}/add-checkpoint", content=f"old 0\n\n{seen}")
        assert (back.status_code, back.headers["content-type"]) == (409, "text/x.tlog.size")
        assert back.content.decode() == f"{later.splitlines()[1]}\n"
        again = httpx.post(
            f"{there.address}/add-checkpoint", content=f"old {back.text.strip()}\n\n{later}"
        )
        assert again.status_code == 200


def checkpoint(line: Line) -> str:
    """Return the published checkpoint of the evidence log, without the signature lines of other
    signers.
    """
    told = (line.home / "checkpoints" / "evidence.checkpoint").read_text("utf-8")
    text, _, lines = told.partition("\n\n")
    return f"{text}\n\n{lines.splitlines()[0]}\n"


def test_a_signer_that_runs_has_its_checkpoints_witnessed(
    either: Line, witness_side: There, tmp_path: Path
) -> None:
    """A signer that runs in rounds soon gets signatures of witnesses for later records. It leaves
    no thread or process behind."""
    either.close()
    state = ("--state", str(tmp_path / "signer"))
    where = ("--store", either.store, "--home", str(either.home))
    command = [forked.programs() / "continuum", *where, "signer", "run", *state, "--every", "0.2"]
    with witness_side.serving(), child(command, stdout=subprocess.DEVNULL) as signing:
        until(lambda: verified(either, tmp_path) == 0, "nothing was witnessed")
        words(either, "2011-03-19T10:00")
        size = json.loads(either("--json", "verify", "--log", "evidence").out)["size"]
        until(lambda: checkpoint(either).splitlines()[1] == str(size), "it was not signed")
        until(lambda: verified(either, tmp_path) == 0, "it was not witnessed")
        assert psutil.pid_exists(signing.pid)
        either.close()


def test_it_takes_no_more_than_a_request_has(line: Line, tmp_path: Path) -> None:
    words(line)
    one = There(tmp_path, line, "w")
    one.policy.write_text(line("signer", "init", "--state", str(tmp_path / "s")).out, "utf-8")
    with one.serving():
        address = f"{one.address}/add-checkpoint"
        assert httpx.post(address, content=b"words").status_code == 400
        assert httpx.post(address, content=b"x" * 100_000).status_code == 413
        pieces = (b"x" * 10_000 for _ in range(20))
        with_no_length = httpx.post(address, content=pieces)
        assert with_no_length.status_code == 413
        assert httpx.post(f"{one.address}/").status_code == 404
        with socket.create_connection(("127.0.0.1", one.port)) as gone:
            gone.sendall(
                b"POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\nold"
            )
        assert one.answers()
        one.policy.write_text("{}", "utf-8")
        assert httpx.post(address, content=b"words").status_code == 400
        told = checkpoint_of(line, tmp_path)
        assert httpx.post(address, content=f"old 0\n\n{told}").status_code == 503
        assert {file.name for file in one.state.iterdir()} == {"witness.key", "witness.name"}


def checkpoint_of(line: Line, place: Path) -> str:
    run_of = line("signer", "run", "--state", str(place / "s"))
    assert run_of.code == 0
    return checkpoint(line)


def test_what_it_cannot_start_with_is_reported_in_a_sentence(line: Line, tmp_path: Path) -> None:
    words(line)
    one = There(tmp_path, line, "w")
    told = line("signer", "init", "--state", str(tmp_path / "s")).out
    serve = ("witness", "serve", "--state", str(one.state), "--policy", str(one.policy))
    assert "cannot be read" in line.refused(*serve)
    one.policy.write_text("{}", "utf-8")
    assert "this is not a policy" in line.refused(*serve)
    one.policy.write_text(told, "utf-8")
    assert "make a witness with continuum witness init" in line.refused(
        "witness", "serve", "--state", str(tmp_path / "x"), "--policy", str(one.policy)
    )
    assert "behind-https" in line.refused(*serve, "--host", "192.0.2.1")
    name = ("signer", "witness", "--state", str(tmp_path / "s"))
    assert "is not a verifier key" in line.refused(*name, "w+words")
    assert "is not the address" in line.refused(*name, one.key, "--at", "council.example")
    assert "the policy asks for" in line.refused(*name, one.key, "--quorum", "2")
    assert "cannot be read" in line.refused(*name[:-1], str(tmp_path / "x"), one.key)
