"""If a record is not proven, `verify` prints the reasons and exits with 6, or with 0 if the user's
options allow it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger import verify
from tests.console.conftest import Line

NIGHT = ("--clock", "2011-03-18T23:40")


def words(either: Line, *clock: str) -> str:
    said = either("record", "--id", *(clock or NIGHT), text="A silver Corsa waits at the gates")
    assert said.code == 0, said.err
    return said.out.strip()


@pytest.fixture
def policy(either: Line, tmp_path: Path) -> Path:
    """Return the path of the policy of a signer that signed the records."""
    words(either)
    file = tmp_path / "policy.json"
    file.write_text(either("signer", "init", "--state", str(tmp_path / "signer")).out, "utf-8")
    assert either("signer", "run", "--state", str(tmp_path / "signer")).code == 0
    return file


def unproven(either: Line, *arguments: str, code: int = 6) -> str:
    """Run `verify`, which must exit with this code; return its messages about why the store is not
    proven.
    """
    said = either("verify", *arguments)
    assert said.code == code, said
    allowed = either("verify", "--allow-unproven", *arguments)
    assert (allowed.code, allowed.out) == (0, said.out)
    told: Any = json.loads(either("--json", "verify", *arguments).out)
    assert (told["ok"], told["verdict"], told["findings"]) == (False, "unproven", [])
    assert {told["integrity"], told["completeness"]} == {"unproven"}
    return " ".join(doubt for log in told["logs"] for doubt in log["doubts"])


def strict(policy: Path, quorum: int, *keys: str) -> Path:
    told = json.loads(policy.read_text("utf-8"))
    told["witnesses"] = {"quorum": quorum, "keys": keys}
    file = policy.with_name("strict.json")
    file.write_text(json.dumps(told), "utf-8")
    return file


def witnesses(either: Line, place: Path, *names: str) -> list[str]:
    made = []
    for name in names:
        said = either("witness", "init", "--state", str(place / name), "--name", name)
        made.append(said.out.strip())
    return made


def test_all_that_is_signed_is_proven(either: Line, policy: Path) -> None:
    said = either("verify", "--policy", str(policy))
    assert "no witness was asked" in said.out
    assert said.code == 0, said
    assert json.loads(either("--json", "verify", "--policy", str(policy)).out)["ok"]


@pytest.mark.usually_on("sqlite")
def test_a_store_without_a_signer_is_not_signed(either: Line) -> None:
    words(either)
    assert "not signed: there is no checkpoint" in unproven(either)


@pytest.mark.usually_on("sqlite")
def test_checkpoints_that_were_taken_away_are_missed(either: Line, policy: Path) -> None:
    for one in (either.home / "checkpoints").glob("*.checkpoint"):
        one.unlink()
    told = unproven(either, "--policy", str(policy))
    assert (
        "no checkpoint is published, and files that a signer publishes with a checkpoint exist"
        in told
    )
    state = policy.with_name("signer")
    told = unproven(either, "--policy", str(policy), "--state", str(state))
    assert "no checkpoint is published, and the signer's own record in" in told


@pytest.mark.usually_on("sqlite")
def test_a_quorum_that_was_missed_is_signed_but_not_witnessed(either: Line, policy: Path) -> None:
    keys = witnesses(either, policy.parent, "council.example", "trust.example", "force.example")
    told = unproven(either, "--policy", str(strict(policy, 2, *keys)))
    assert "signed but not witnessed" in told
    assert "2 of 3 witnesses" in told


@pytest.mark.usually_on("sqlite")
def test_a_quorum_of_none_is_not_witnessed(either: Line, policy: Path) -> None:
    for keys in ([], witnesses(either, policy.parent, "council.example")):
        told = unproven(either, "--policy", str(strict(policy, 0, *keys)))
        assert "signed but not witnessed: the policy asks for a quorum of 0" in told


@pytest.mark.usually_on("sqlite")
def test_a_signer_that_stopped_is_reported(
    either: Line, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words(either, "--clock", "2011-03-19T10:00")
    words(either, "--clock", "2011-03-19T10:10")
    soon = either("verify", "--policy", str(policy))
    assert soon.code == 0, soon
    assert "not signed yet" in soon.out
    words(either, "--clock", "2011-03-19T10:20")
    told = unproven(either, "--policy", str(policy))
    assert "not signed since record" in told
    assert "20 minutes, more than 15 minutes" in told
    monkeypatch.setenv("CONTINUUM_UNSIGNED_MINUTES", "30")
    either.close()
    assert either("verify", "--policy", str(policy)).code == 0
    monkeypatch.delenv("CONTINUUM_UNSIGNED_MINUTES")
    either.close()
    assert either("signer", "run", "--state", str(policy.with_name("signer"))).code == 0
    assert either("verify", "--policy", str(policy)).code == 0


@pytest.mark.usually_on("sqlite")
def test_what_is_wrong_is_never_only_unproven(either: Line, policy: Path) -> None:
    kept = (either.home / "checkpoints" / "evidence.checkpoint").read_text("utf-8")
    copy = policy.with_name("edited.checkpoint")
    size = kept.split("\n")[1]
    copy.write_text(kept.replace(f"\n{size}\n", "\n1\n"), "utf-8")
    for leave in ((), ("--allow-unproven",)):
        said = either("verify", "--policy", str(policy), "--copy", str(copy), *leave)
        assert said.code == 4, said


@pytest.mark.usually_on("sqlite")
def test_the_stand_alone_verifier_says_so_too(
    either: Line, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = policy.with_name("proof.json")
    item = words(either)
    assert either("signer", "run", "--state", str(policy.with_name("signer"))).code == 0
    proof.write_text(either("proof", item).out, "utf-8")
    (key,) = witnesses(either, policy.parent, "council.example")
    assert verify.main([str(proof), "--policy", str(policy)]) == 0
    assert "No witness was asked" in capsys.readouterr().err
    for one, quorum in (((key,), 1), ((), 0), ((key,), 0)):
        asked = [str(proof), "--policy", str(strict(policy, quorum, *one))]
        capsys.readouterr()
        assert verify.main(asked) == 6
        told = capsys.readouterr()
        assert told.err.startswith("UNPROVEN: signed but not witnessed")
        assert "It holds" not in told.out
        assert verify.main([*asked, "--allow-unproven"]) == 0
        assert capsys.readouterr().err == told.err


def test_the_signers_own_state_needs_no_witness(either: Line, policy: Path) -> None:
    """The signer's own directory proves the newest checkpoint even without witnesses. (The
    signatures of witnesses are in the published checkpoint.)
    """
    (key,) = witnesses(either, policy.parent, "council.example")
    file = either.home / "checkpoints" / "evidence.checkpoint"
    state = ("--policy", str(policy), "--state", str(policy.parent / "council.example"))
    file.write_text(either("witness", "sign", str(file), *state).out, "utf-8")
    told = ("--log", "evidence", "--policy", str(strict(policy, 1, key)))
    assert either("verify", *told).code == 0
    assert either("verify", *told, "--state", str(policy.with_name("signer"))).code == 0
