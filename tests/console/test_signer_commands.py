"""The signer's keys are changed at the command line, and the evidence log records each change."""

from pathlib import Path

from tests.console.conftest import Line

NIGHT = ("--clock", "2011-03-18T23:40")


def test_keys_are_rotated_and_revoked_and_the_record_says_so(line: Line, tmp_path: Path) -> None:
    assert line("record", *NIGHT, text="A silver Corsa waits").code == 0
    state, word = ("--state", str(tmp_path / "signer")), tmp_path / "word"
    word.write_text("seven silver swans", "utf-8")
    word.chmod(0o600)
    lock = ("--passphrase-file", str(word))
    first = tmp_path / "first.json"
    first.write_text(line("signer", "init", *state, *lock).out, "utf-8")
    assert "has a passphrase" in line("signer", "run", *state).err
    assert line("signer", "run", *state, *lock).code == 0
    rotated = line("signer", "rotate", *state, *lock)
    assert rotated.code == 0, rotated
    assert line("anchor", *NIGHT).code == 0
    assert line("signer", "run", *state, *lock).code == 0
    # without this file, the auditor learns of the changed keys only from the record
    (line.home / "checkpoints" / "evidence.keys").unlink()
    said = line("verify", "--policy", str(first), "--log", "evidence")
    assert said.code == 0, said
    key = first.read_text("utf-8").split('"keys": [')[1].split('"')[1]
    revoked = line("signer", "revoke", key, "--log", "evidence", "--from", "1", *state, *lock)
    assert revoked.code == 0, revoked
    assert "revoked 1" in revoked.out
    assert line("verify", "--policy", str(first), "--log", "evidence").code == 0
