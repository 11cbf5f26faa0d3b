"""The signer requests time stamps (RFC 3161) from an authority, and `verify` checks the stamps
without a network.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.witness.witness_requests import WitnessRequests
from tests.authority import OPENSSL, Authority, stamping
from tests.conftest import Store
from tests.console.conftest import Line
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import seal

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="there is no openssl to stamp with")
LOGS = ("evidence", "sources", "product", "access")


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with stamping(Authority(tmp_path / "tsa")) as one:
        yield one


def words(line: Line, clock: str = "2011-03-18T23:40") -> None:
    assert line("record", "--clock", clock, text="A silver Corsa").code == 0


@pytest.fixture
def policy(either: Line, tmp_path: Path) -> Path:
    words(either)
    file = tmp_path / "policy.json"
    file.write_text(either("signer", "init", "--state", str(tmp_path / "signer")).out, "utf-8")
    return file


def run(line: Line, policy: Path, authority: Authority) -> str:
    state = ("--state", str(policy.with_name("signer")))
    said = line("signer", "run", *state, "--stamps", authority.address)
    assert said.code == 0, said
    return said.err


def verified(line: Line, policy: Path, root: Path, code: int = 0) -> Any:
    told = ("verify", "--policy", str(policy), "--stamp-roots", str(root))
    said = line("--json", *told)
    assert said.code == code, said
    assert line(*told).code == code
    return json.loads(said.out)["logs"]


@pytest.mark.usually_on("sqlite")
def test_what_was_stamped_existed_before(either: Line, policy: Path, authority: Authority) -> None:
    said = run(either, policy, authority)
    assert all(f"{log}: {authority.address} gave it a time stamp." in said for log in LOGS)
    logs = verified(either, policy, authority.root)
    assert all(log["stamped"]["size"] == log["size"] for log in logs), logs
    assert "existed before 20" in either("verify", "--stamp-roots", str(authority.root)).out
    run(either, policy, authority)
    assert authority.asked == 4, "what has its stamp is not stamped again"
    words(either, "2011-03-19T10:00")
    assert run(either, policy, authority).count("gave it a time stamp") == 1
    words(either, "2011-03-19T11:00")
    assert either("signer", "run", "--state", str(policy.with_name("signer"))).code == 0
    first = verified(either, policy, authority.root)[0]
    assert first["stamped"]["size"] < first["size"], "the stamp stays with what it is of"


def test_a_signer_that_runs_asks_once_an_hour(store: Store, authority: Authority) -> None:
    """A signer that runs in rounds requests a time stamp once an hour, and again a minute after a
    failure.
    """
    sealed, now = seal(store), 1_000.0
    asking = WitnessRequests(lambda _: lambda size, note: [], authority.address, clock=lambda: now)
    authority.says = lambda _: (500, b"")
    asked = []
    for wait in (0, 59, 2, 3_599, 2):
        now += wait
        sealed.log.append([submission(Counted(1))])
        asking.send_requests(sealed.signer, sealed.signer.round())
        for thread in asking._at_it.values():
            thread.join()
        asked.append(authority.asked)
        if authority.asked == 1:
            authority.says = authority.truly
    assert asked == [1, 1, 2, 2, 3]
    asking.close()
    sealed.log.close()
    sealed.records.close()


@pytest.mark.usually_on("sqlite")
def test_another_tool_reads_it(either: Line, policy: Path, authority: Authority) -> None:
    run(either, policy, authority)
    place = either.home / "checkpoints"
    text = policy.with_name("text")
    note = (place / "evidence.stamped").read_text("utf-8")
    text.write_text(note.partition("\n\n")[0] + "\n", "utf-8")
    line = ["ts", "-verify", "-data", text, "-in", place / "evidence.tsr"]
    done = subprocess.run(
        [str(OPENSSL), *map(str, line), "-CAfile", str(authority.root)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.usually_on("sqlite")
def test_a_stamp_that_does_not_count_is_reported(
    either: Line, policy: Path, authority: Authority, tmp_path: Path
) -> None:
    run(either, policy, authority)
    other = Authority(tmp_path / "other")
    logs = verified(either, policy, other.root, code=6)
    assert all(
        "the certificate of the time stamp leads to none of the given roots"
        in " ".join(log["doubts"])
        for log in logs
    )
    place = either.home / "checkpoints"
    good = (place / "evidence.tsr").read_bytes()
    for bad, why in (
        ((place / "access.tsr").read_bytes(), "the time stamp is of another checkpoint"),
        (good[:-9], "this file is not a time stamp"),
        (good[:-40] + bytes(40), "does not count"),
        (b"", "no time stamp of it is published"),
    ):
        (place / "evidence.tsr").write_bytes(bad)
        first = verified(either, policy, authority.root, code=6)[0]
        assert why in " ".join(first["doubts"]), first
        assert first["stamped"] is None
    assert either("verify", "--policy", str(policy)).code == 0, "who names no root asks for none"
    (place / "evidence.tsr").write_bytes(good)
    verified(either, policy, authority.root)
    assert "no certificate" in either.refused("verify", "--stamp-roots", str(policy))


@pytest.mark.usually_on("sqlite")
def test_an_authority_that_lies_or_is_down_keeps_nobody_from_signing(
    either: Line, policy: Path, authority: Authority
) -> None:
    kept: list[bytes] = []

    def replayed(request: bytes) -> tuple[int, bytes]:
        kept.append(authority.truly(request)[1])
        return 200, kept[0]

    for lie, why in (
        (lambda _: (500, b""), "the time-stamping service answers with 500"),
        (lambda _: (200, b"words"), "this file is not a time stamp"),
        (lambda _: (200, b"x" * 100_000), "the witness answers with more data than allowed"),
        (replayed, "the time stamp is of another"),
    ):
        authority.says = lie
        assert f"NOT STAMPED access: {authority.address}: " in (
            said := run(either, policy, authority)
        )
        assert why in said
    authority.says = authority.truly
    assert "NOT STAMPED" not in run(either, policy, authority)
    verified(either, policy, authority.root)
