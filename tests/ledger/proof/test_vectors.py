"""The verifier gives each published test vector its expected verdict. It reads the same from the
published file as from a copy."""

import json
import os
import sys
import unicodedata
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.kernel.envelope import Unprovable
from ledger import verify
from ledger.proof import auditor_policy
from ledger.proof.checkpoint import BadCheckpoint, WrongKey, cosigners
from ledger.proof.checkpoint_compare import compare
from tests.fuzz import SEED, TIMES
from tests.ledger.vectors import VECTORS

INDEX: list[dict[str, Any]] = json.loads((VECTORS / "index.json").read_text("utf-8"))
#: How many random changes of each kind of file are tried.
CHANGED = 25 * TIMES


@pytest.mark.parametrize("vector", INDEX, ids=lambda one: Path(one["file"]).name)
def test_a_vector_gets_its_verdict(vector: dict[str, Any]) -> None:
    line = [str(VECTORS / vector["file"]), "--policy", str(VECTORS / vector["policy"])]
    for name in ("receipt", "copy"):
        if name in vector:
            line += [f"--{name}", str(VECTORS / vector[name])]
    assert verify.main(line) == vector["exit"], vector["what"]


@pytest.mark.parametrize("code", sorted({one["exit"] for one in INDEX}))
def test_a_reader_that_goes_away_changes_no_verdict(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the program that reads the verifier's output ends early, as in
    `python -m ledger.verify … | head -1`, the exit code is the same.
    """
    vector = next(
        one for one in INDEX if one["exit"] == code and not {"receipt", "copy"} & set(one)
    )
    line = [str(VECTORS / vector["file"]), "--policy", str(VECTORS / vector["policy"])]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe, open(os.dup(writer), "w") as errors:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(sys, "stderr", errors)
        assert verify.main(line) == code


@pytest.mark.parametrize(
    "name", ["item-words.json", "pack-words.zip", "consistency.json", "receipt.json"]
)
def test_a_file_that_was_changed_at_random_is_refused_or_says_nothing_new(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """If a file is changed at random, the verifier refuses it or prints nothing that it does not
    print about the original file."""
    draw, good = Random(f"{SEED} {name}"), (VECTORS / "files" / name).read_bytes()
    file = tmp_path / name
    line = [str(file), "--policy", str(VECTORS / "policy.json")]
    file.write_bytes(good)
    assert verify.main(line) == 0
    shown = {*capsys.readouterr().out.splitlines()}
    for _ in range(CHANGED):
        at = draw.randrange(len(good))
        put = draw.choice((b"", bytes([draw.randrange(256)]), good[at - 9 : at], b"0", b" "))
        file.write_bytes(good[:at] + put + good[at + draw.randrange(3) :])
        refused = verify.main(line) in (2, 4)
        assert refused or shown.issuperset(capsys.readouterr().out.splitlines()), file.read_bytes()
        capsys.readouterr()


NOTES = [one for one in INDEX if one["file"].endswith(".checkpoint")]


@pytest.mark.parametrize("vector", NOTES, ids=lambda one: Path(one["file"]).name)
def test_the_program_itself_reads_a_checkpoint_as_strictly(vector: dict[str, Any]) -> None:
    """The product reads checkpoints as strictly as the standalone verifier does: in `verify
    --copy`, in `checkpoint compare`, in the signer and in a witness."""
    note = (VECTORS / vector["file"]).read_bytes().decode()
    pinned = auditor_policy.read((VECTORS / vector["policy"]).read_text("utf-8"))
    refused = vector["exit"] in (2, 4)
    try:
        pinned["evidence"].opened(note)
        cosigners(note, pinned["evidence"].witnesses)
    except (BadCheckpoint, WrongKey):
        assert refused, vector["what"]
    else:
        assert not refused, vector["what"]
    newest = (VECTORS / "newest.checkpoint").read_text("utf-8")
    if refused:
        with pytest.raises(Unprovable):
            compare(note, newest, pinned)
    else:
        assert compare(note, newest, pinned).verdict == "consistent"


@pytest.mark.parametrize("name", ["pack-escapes.zip", "pack-left-out-escapes.zip"])
def test_what_would_move_a_screen_is_escaped(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = [str(VECTORS / "files" / name), "--policy", str(VECTORS / "policy.json")]
    assert verify.main(line) == 0
    told = capsys.readouterr().out
    assert "noted" in told
    assert told.count("It holds.\n") == 1
    assert not [one for one in told if unicodedata.category(one) in ("Cc", "Cf") and one != "\n"]


def test_the_index_names_every_file() -> None:
    named = {
        one[key] for one in INDEX for key in ("file", "policy", "receipt", "copy") if key in one
    }
    every = (*VECTORS.glob("*"), *VECTORS.glob("files/*"))
    found = {str(one.relative_to(VECTORS)) for one in every if one.is_file()}
    assert named == found - {"index.json", "envelopes.json"}
    assert {one["exit"] for one in INDEX} == {0, 2, 4, 6}
