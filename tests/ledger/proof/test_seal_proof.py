"""The standalone verifier, which shares no code with the program, accepts a proof file only if the
file is unchanged."""

import ast
import base64
import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.envelope import IntegrityFailure, Unprovable
from ledger import verify
from ledger.proof import auditor_policy, proof
from ledger.store.shred import Shredder
from tests.ledger.events import Counted, submission
from tests.ledger.sealing import STREAMS, Sealed, another_home, sealed_copy

Spoil = Callable[[dict[str, Any]], None]


def pinned(sealed: Sealed) -> Any:
    return json.loads(auditor_policy.written({"evidence": sealed.pinned}))


def proven(sealed: Sealed, *, with_words: bool = False) -> Any:
    told = proof.prove(
        sealed.proven,
        STREAMS[2],
        sealed.newest,
        opens=sealed.log.event_secrets if with_words else None,
    )
    return json.loads(json.dumps(told))


@pytest.mark.parametrize("with_words", [True, False])
def test_a_proof_holds(sealed: Sealed, with_words: bool) -> None:
    told = proven(sealed, with_words=with_words)
    assert [record["seq"] for record in told["records"]] == [6, 7, 8]
    assert ("state" in told["records"][0]) is with_words
    receipt = sealed.log.receipt(7, 7).as_json()
    lines = verify.check(told, pinned(sealed), receipt, sealed.newest)
    assert ('"words":"last"' in "".join(lines)) is with_words
    assert lines[-3] == ("These are all events of the item among the 12 records that were signed.")
    assert lines[-1] == "Your checkpoint of 12 records is the same."
    with pytest.raises(verify.DoesNotHold, match="not proven: your checkpoint is of 8 records"):
        verify.check(told, pinned(sealed), None, sealed.older)


def record(number: int, **changed: object) -> Spoil:
    return lambda told: told["records"][number].update(changed)


def test_words_are_shown_to_be_those_that_were_sealed(sealed: Sealed) -> None:
    """A proof with text shows that this text was encrypted in the record, even if AES-GCM alone
    might decrypt the record with two keys.
    """
    told = proven(sealed, with_words=True)
    # this event has no encrypted fields, so the proof has no key for it
    assert told["records"][0]["opens"] is None
    for changed in ("00" * 32, proven(sealed, with_words=True)["records"][2]["opens"][2:] + "00"):
        told["records"][2]["opens"] = changed
        with pytest.raises(verify.DoesNotHold, match="the given key is not the key of this record"):
            verify.check(told, pinned(sealed))
    del told["records"][2]["opens"]
    with pytest.raises(verify.BadInput):
        verify.check(told, pinned(sealed))


def test_a_proof_of_erased_words_holds_and_says_so(sealed: Sealed) -> None:
    with_words = proven(sealed, with_words=True)
    Shredder({"evidence": sealed.log.key_table}, sealed.store.keys).shred(
        {"evidence": [STREAMS[2]]}
    )
    told = proven(sealed, with_words=True)
    assert told["records"][2]["opens"] is None
    assert "  its words were erased" in verify.check(told, pinned(sealed))
    # the verifier still accepts the file that was given to a user earlier
    assert verify.check(with_words, pinned(sealed))
    assert sealed.audit().findings == []


SPOILT: dict[str, Spoil] = {
    "topic": record(0, topic="note.closed@1"),
    "time": record(1, recorded=5),
    "place": record(1, seq=6),
    "no place": record(1, seq=0),
    "hash": record(2, state_sha256="00" * 32),
    "stream": record(0, stream=str(STREAMS[1])),
    "said to be another item": lambda told: told.update(stream=str(STREAMS[1])),
    "one left out": lambda told: told["records"].pop(1),
    "the first left out": lambda told: told["records"].pop(0),
    "all left out": lambda told: told["records"].clear(),
    "order": lambda told: told["records"].reverse(),
    "path cut": lambda told: told["records"][0]["path"].pop(),
    "path longer": lambda told: told["records"][0]["path"].append("00" * 32),
    "path changed": lambda told: told["records"][0]["path"].reverse(),
    "words": record(0, state=base64.b64encode(b"other words").decode()),
    "size": lambda told: told.update(checkpoint=told["checkpoint"].replace("\n12\n", "\n13\n")),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_proof_that_was_changed_does_not_hold(name: str, tmp_path: Path) -> None:
    with sealed_copy(tmp_path) as sealed:
        told = proven(sealed)
        SPOILT[name](told)
        with pytest.raises(verify.DoesNotHold):
            verify.check(told, pinned(sealed))


def test_another_signers_proof_does_not_hold(sealed: Sealed, tmp_path: Path) -> None:
    forged = another_home(sealed, tmp_path / "impostor").round()
    told = proof.prove(sealed.proven, STREAMS[2], forged)
    with pytest.raises(verify.DoesNotHold, match="wrong key"):
        verify.check(told, pinned(sealed))


def test_a_receipt_and_a_copy_are_held_against_the_proof(sealed: Sealed) -> None:
    told = proven(sealed)
    receipt = sealed.log.receipt(7, 7).as_json()
    wrongs: tuple[tuple[verify.Receipt, str], ...] = (
        ({"leaf": "00" * 32}, "edited"),
        ({"seq": 1}, "missing"),
        ({"log": "sources"}, "missing"),
    )
    for wrong, said in wrongs:
        with pytest.raises(verify.DoesNotHold, match=said):
            verify.check(told, pinned(sealed), receipt | wrong)
    with pytest.raises(verify.DoesNotHold, match="wrong key"):
        verify.check(told, pinned(sealed), None, sealed.newest.replace("\n12\n", "\n11\n"))
    early = proof.prove(sealed.proven, STREAMS[2], sealed.older)
    with pytest.raises(verify.DoesNotHold, match="truncated"):
        verify.check(early, pinned(sealed), None, sealed.newest)


def test_a_log_that_grew_is_proven_to_have_grown(sealed: Sealed) -> None:
    told = proof.prove_consistency(sealed.proven, sealed.older, sealed.newest)
    assert verify.check(told, pinned(sealed)) == [
        "The log of 12 records begins with the log of 8 records."
    ]
    changed = copy.deepcopy(told)
    changed["path"][0] = "11" * 32
    with pytest.raises(verify.DoesNotHold, match="forked"):
        verify.check(changed, pinned(sealed))
    with pytest.raises(Unprovable, match="older"):
        proof.prove_consistency(sealed.proven, sealed.newest, sealed.older)


def test_what_is_not_signed_yet_is_not_proven(sealed: Sealed) -> None:
    sealed.log.append([submission(Counted(9), stream=STREAMS[2], version=4)])
    told = proven(sealed)
    assert (len(told["records"]), told["unsigned"]) == (3, 1)
    assert any("not signed yet" in line for line in verify.check(told, pinned(sealed)))
    with pytest.raises(Unprovable, match="none of this item"):
        proof.prove(sealed.proven, STREAMS[3], sealed.older)


def test_no_proof_is_made_of_a_log_that_is_not_as_signed(sealed: Sealed) -> None:
    sealed.tamper("UPDATE evidence_events SET recorded = recorded + 1 WHERE seq = 2")
    with pytest.raises(IntegrityFailure, match="run continuum verify"):
        proven(sealed)


@pytest.mark.parametrize(
    ("told", "pins"),
    [
        ({}, {}),
        ([], []),
        ({"log": "evidence", "format": "other"}, None),
        ({"log": "diary", "format": "continuum-proof/2"}, None),
        ({"log": "evidence", "format": "continuum-proof/2", "checkpoint": "x"}, None),
    ],
)
def test_what_is_no_proof_is_bad_input(told: Any, pins: Any, tmp_path: Path) -> None:
    with (
        sealed_copy(tmp_path) as sealed,
        pytest.raises((verify.BadInput, verify.DoesNotHold)) as refused,
    ):
        verify.check(told, pinned(sealed) if pins is None else pins)
    assert refused.type is verify.BadInput


def test_the_verifier_is_one_file_of_the_standard_library(tmp_path: Path) -> None:
    source = Path(verify.__file__).read_text("utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
    alone = tmp_path / "verify.py"
    alone.write_text(source, "utf-8")
    with sealed_copy(tmp_path) as sealed:
        for name, content in (("proof", proven(sealed)), ("policy", pinned(sealed))):
            (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-S", alone, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    good = run("proof.json", "--policy", "policy.json")
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "It holds.")
    assert run("proof.json", "--policy", "proof.json").returncode == 2
    assert run("nothing.json", "--policy", "policy.json").returncode == 2
    told = json.loads((tmp_path / "proof.json").read_text("utf-8"))
    told["records"][0]["recorded"] += 1
    (tmp_path / "proof.json").write_text(json.dumps(told), "utf-8")
    bad = run("proof.json", "--policy", "policy.json")
    assert (bad.returncode, bad.stdout) == (4, "")
    assert "IT DOES NOT HOLD" in bad.stderr
