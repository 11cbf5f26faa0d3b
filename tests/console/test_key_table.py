"""The signatures protect the table of data keys: `verify` detects a change that was made directly
in the database.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from ledger.proof.checkpoint import parse
from tests.console.conftest import Line

NIGHT = ("--clock", "2011-03-18T23:40")


def words(line: Line, text: str, *clock: str) -> str:
    said = line("record", "--id", *(clock or NIGHT), text=text)
    assert said.code == 0, said.err
    return said.out.strip()


@pytest.fixture
def policy(either: Line, tmp_path: Path) -> Path:
    """Return the path of the policy of a signer that signed a small store."""
    for text in ("A silver Corsa waits at the gates", "He calls himself Baz"):
        words(either, text)
    file = tmp_path / "policy.json"
    file.write_text(either("signer", "init", "--state", str(tmp_path / "signer")).out, "utf-8")
    sign(either, file)
    return file


def sign(line: Line, policy: Path, code: int = 0) -> str:
    said = line("signer", "run", "--state", str(policy.with_name("signer")))
    assert said.code == code, said
    return said.err


def verified(line: Line, policy: Path, code: int, *arguments: str) -> str:
    said = line("verify", "--policy", str(policy), *arguments)
    assert said.code == code, said
    return said.out


def tamper(line: Line, statement: str) -> int:
    """Change the table of data keys directly, as the database's owner could; return the number of
    changed rows.
    """
    line.close()
    if line.store.startswith("postgresql"):
        statement = statement.replace("evidence_keys", "evidence.evidence_keys")
        statement = statement.replace("x'", r"'\x")
        statement = statement.replace("zeroblob(60)", "decode(repeat('00', 60), 'hex')")
        with psycopg.connect(line.store) as server:
            return server.execute(statement.encode()).rowcount
    with closing(sqlite3.connect(line.home.parent / "store" / "log.db")) as db, db:
        return db.execute(statement).rowcount


FIRST = "(stream, number) = (SELECT stream, number FROM evidence_keys ORDER BY stream LIMIT 1)"


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "change",
    [
        "SET wrapped = zeroblob(60)",
        f"SET wrapped = zeroblob(60) WHERE {FIRST}",
        f"SET key_id = x'{uuid4().hex}' WHERE {FIRST}",
        f"SET family = 'subject' WHERE {FIRST}",
        f"SET epoch = epoch + 1 WHERE {FIRST}",
        f"SET wrapped = NULL, destroyed = 1 WHERE {FIRST}",
    ],
)
def test_a_key_that_was_changed_is_found_and_not_signed(
    either: Line, policy: Path, change: str
) -> None:
    verified(either, policy, 0)
    assert tamper(either, f"UPDATE evidence_keys {change}") > 0
    verified(either, policy, 4)
    verified(either, policy, 4, "--allow-unproven")
    assert "differ from those" in sign(either, policy, code=4)


def test_a_key_that_no_checkpoint_covers_is_found_by_opening_it(either: Line, policy: Path) -> None:
    assert either("verify", "--policy", str(policy), "--open").code == 0
    item = words(either, "and again", "--clock", "2011-03-18T23:50")
    stream = item.replace("-", "")
    where = f"stream = '{item}'" if either.store.startswith("p") else f"stream = x'{stream}'"
    assert tamper(either, f"UPDATE evidence_keys SET wrapped = zeroblob(60) WHERE {where}") == 1
    verified(either, policy, 0)
    told = verified(either, policy, 4, "--open")
    assert f"cannot be decrypted (stream {item}, key 1)" in told
    assert told.count("cannot be decrypted") == 1


def test_without_its_epoch_no_key_opens(either: Line, policy: Path) -> None:
    either.close()
    (either.home / "keys" / "record.1.kek").rename(policy)
    assert "cannot be decrypted" in verified(
        either, either.home / "checkpoints" / "policy.json", 4, "--open"
    )


def test_new_records_bring_new_keys_and_a_running_signer_takes_them(
    either: Line, policy: Path
) -> None:
    from installation.auditing import open_office
    from installation.settings import load_settings

    settings = load_settings(store=either.store, home=either.home)
    with open_office(settings, None) as office:
        (one, *_) = [
            signer
            for signer in office.signers(policy.with_name("signer"))
            if signer.log == "evidence"
        ]
        first = parse(office.sign(one))
        words(either, "and again", "--clock", "2011-03-18T23:41")
        kept_up = parse(office.sign(one))
        again = office.sign(one)
    assert first.keys
    assert kept_up.keys
    assert first.keys[0] == kept_up.keys[0] == 0
    assert first.keys[1] != kept_up.keys[1]
    # the signer accepts the changed key table after it has read the whole table
    sign(either, policy)
    assert parse(again) == parse((either.home / "checkpoints/evidence.checkpoint").read_text())
    verified(either, policy, 0)


def test_a_rotation_and_an_erasure_account_for_what_they_changed(
    either: Line, policy: Path
) -> None:
    copy = policy.with_name("kept.checkpoint")
    copy.write_bytes((either.home / "checkpoints/evidence.checkpoint").read_bytes())
    assert either("keys", "rotate").code == 0
    verified(either, policy, 0, "--copy", str(copy))
    sign(either, policy)
    verified(either, policy, 0, "--copy", str(copy))
    signed = parse((either.home / "checkpoints/evidence.checkpoint").read_text("utf-8"))
    assert signed.keys
    assert signed.keys[0] == 1
    tamper(either, f"UPDATE evidence_keys SET wrapped = zeroblob(60) WHERE {FIRST}")
    assert "the key table is not the one that was signed" in verified(either, policy, 4)


def test_after_an_erasure_the_rest_is_under_the_seal(either: Line, policy: Path) -> None:
    doomed = words(either, "Kayleigh is out with him", "--clock", "2011-03-18T23:45")
    sign(either, policy)
    proposed = either(
        "--id",
        "--user",
        "di.marsh",
        "erase",
        doomed,
        "--basis",
        "recorded-in-error",
        "--clock",
        "2011-03-18T23:46",
    )
    assert proposed.code == 0, proposed.err
    done = either(
        "--user",
        "di.okoro",
        "erase",
        "--approve",
        proposed.out.strip(),
        "--clock",
        "2011-03-18T23:47",
    )
    assert done.code == 0, done.err
    verified(either, policy, 0)
    sign(either, policy)
    verified(either, policy, 0)
    live = f"{FIRST.replace('FROM evidence_keys', 'FROM evidence_keys WHERE wrapped IS NOT NULL')}"
    assert tamper(either, f"UPDATE evidence_keys SET wrapped = zeroblob(60) WHERE {live}") == 1
    verified(either, policy, 4)


@pytest.mark.usually_on("sqlite", "postgres")
def test_while_keys_are_moved_they_are_not_proven_and_records_are_signed_all_the_same(
    either: Line, policy: Path
) -> None:
    from commands.people_and_teams import store_admin
    from installation.opening import open_system
    from installation.settings import load_settings

    either.close()
    system = open_system(load_settings(store=either.store, home=either.home))
    store_admin.keys_move(system.desk, system.machine)
    system.close()
    verified(either, policy, 0)
    tamper(either, f"UPDATE evidence_keys SET epoch = epoch + 1 WHERE {FIRST}")
    assert "keys are being moved" in verified(either, policy, 6)
    sign(either, policy)
    signed = parse((either.home / "checkpoints/evidence.checkpoint").read_text("utf-8"))
    assert signed.keys is None
    assert "keys are not under a checkpoint" in verified(either, policy, 6)
