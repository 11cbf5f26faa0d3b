"""If a thief removes a log, `verify` reports it, and no message advises the operator to make a new
log.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from ledger.store.recorder import TABLES
from tests.console.conftest import Line


def words(line: Line) -> str:
    said = line("record", "--id", text="He waits at the gate of Town A school")
    assert said.code == 0, said.err
    return said.out.strip()


def change(line: Line, log: str, *statements: str) -> None:
    """Run SQL statements on a log, as the owner of the database could."""
    line.close()
    if line.store.startswith("postgresql"):
        with psycopg.connect(line.store) as server:
            for statement in statements:
                told = statement.replace(f" {log}_", f" {log}.{log}_").replace("x'", "'")
                server.execute(told.encode())
        return
    file = "sources.db" if log == "sources" else "log.db"
    with closing(sqlite3.connect(Path(line.store) / file, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_the_source_register_deleted_is_missing(line: Line) -> None:
    words(line)
    line.close()
    for part in line.home.glob("sources.db*"):
        part.unlink()
    said = line("verify")
    assert said.code == 4, said
    assert "MISSING sources" in said.out
    assert "the whole log is gone" in said.out
    told = line("verify", "--json")
    assert told.code == 4
    assert '"completeness": "broken"' in told.out or '"completeness":"broken"' in told.out


LOGS = ("evidence", "sources", "product", "access")


def drop(line: Line, log: str, table: str) -> None:
    change(line, log, f"DROP TABLE {log}_{table}" + " CASCADE" * ("://" in line.store))


@pytest.mark.in_turn
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.usually_on("sqlite", "postgres")
def test_a_logs_tables_dropped_are_missing(either: Line, table: str) -> None:
    words(either)
    for gone, log in enumerate(LOGS, 1):
        drop(either, log, table)
        said = either("verify")
        assert said.code == 4, (log, said)
        assert said.out.count("MISSING") >= gone
        assert f"MISSING {log}" in said.out
        assert f"a table of the log went: {table}" in said.out
        assert "init" not in said.out + said.err
    either.close()
    refused = either("init", "--synthetic")
    assert refused.code == 5, refused
    assert "Nothing was made. This store lacks" in refused.err
    assert either("verify").code == 4


def test_what_nobody_takes_for_a_new_store(line: Line, tmp_path: Path) -> None:
    """`init` refuses to make a new store where there was one. If all log files are gone, the
    signer's publications and the auditor's notes still show this."""
    words(line)
    policy = tmp_path / "policy.json"
    state = ("--state", str(tmp_path / "signer"))
    policy.write_text(line("signer", "init", *state).out, "utf-8")
    assert line("signer", "run", *state).code == 0
    copy = tmp_path / "kept.checkpoint"
    copy.write_bytes((line.home / "checkpoints" / "evidence.checkpoint").read_bytes())
    line.close()
    for part in line.home.glob("log.db*"):
        part.unlink()
    for _ in range(2):
        said = line("verify")
        assert said.code == 4, said
        assert "MISSING evidence" in said.out
        refused = line("init", "--synthetic")
        assert refused.code == 5
        assert "checkpoints" in refused.err
        for part in line.home.glob("sources.db*"):
            part.unlink()
    shutil.rmtree(line.home)
    line.home.mkdir()
    assert line("verify").code == 5
    for brought in (("--policy", str(policy)), ("--copy", str(copy)), state):
        said = line("verify", *brought)
        assert said.code == 4, said
        assert "the whole log is gone" in said.out


def test_an_empty_directory_is_no_store(tmp_path: Path) -> None:
    empty = Line(str(tmp_path), tmp_path)
    assert empty("verify").code == 5
    empty.close()


def test_what_the_evidence_log_anchors_is_held_against_the_access_log(either: Line) -> None:
    item = words(either)
    for _ in range(4):
        assert either("show", item).code == 0
    assert either("anchor").code == 0
    assert either("verify", "--allow-unproven").code == 0
    last = sizes(either)["access"] - 1
    cut = last - 3  # the cut removes the evidence log's own anchor, too
    change(
        either,
        "access",
        f"DELETE FROM access_events WHERE seq > {cut}",
        f"DELETE FROM access_commands WHERE first_seq > {cut}",
        f"UPDATE access_head SET seq = {cut}",
    )
    said = either("verify")
    assert said.code == 4, said
    assert "TRUNCATED access" in said.out
    assert f"the evidence log anchored {last} records, and this log has only {cut}" in said.out


def signed(line: Line, place: Path) -> Path:
    """Sign the store's logs; return the path of the signer's policy."""
    policy, state = place / "policy.json", ("--state", str(place / "signer"))
    if not policy.exists():
        policy.write_text(line("signer", "init", *state).out, "utf-8")
    assert line("signer", "run", *state).code == 0
    return policy


def test_a_cut_access_log_that_its_stolen_key_signed_is_found(either: Line, tmp_path: Path) -> None:
    """`verify` detects that an access log was cut from seven records to three and signed again with
    its stolen key.
    """
    item = words(either)
    for _ in range(6):
        assert either("show", item).code == 0
    assert either("anchor").code == 0
    policy = signed(either, tmp_path)
    assert either("verify", "--policy", str(policy)).code == 0
    last = sizes(either)["access"]
    cut = last - 4
    change(
        either,
        "access",
        f"DELETE FROM access_events WHERE seq > {cut}",
        f"DELETE FROM access_commands WHERE first_seq > {cut}",
        f"UPDATE access_head SET seq = {cut}",
    )
    either.close()
    public, state = either.home / "checkpoints", tmp_path / "signer"
    for place in (public, state):
        for kept in place.glob("access*"):
            if kept.suffix != ".key":
                shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
    signed(either, tmp_path)
    said = either("verify", "--policy", str(policy))
    assert said.code == 4, said
    assert "TRUNCATED access" in said.out


def test_a_product_log_cut_behind_its_anchor_is_found(either: Line) -> None:
    grade = ("--source", "2", "--information", "C", "--handling", "P")
    report = either("assess", words(either), *grade, "--id").out.strip()
    assert either("sanitise", report, text="A man waits at a school").code == 0
    released = either(
        "disseminate", report, "--to", "school", "--purpose", "s47", "--urgent", "now"
    )
    assert released.code == 0, released
    before = sizes(either)["product"]
    assert before > 0
    assert either("anchor").code == 0
    assert either("verify", "--allow-unproven").code == 0
    change(
        either,
        "product",
        "DELETE FROM product_events",
        "DELETE FROM product_commands",
        "UPDATE product_head SET seq = 0, recorded = 0",
    )
    said = either("verify", "--allow-unproven")
    assert said.code == 4, said
    assert "TRUNCATED product" in said.out
    assert f"the evidence log anchored {before} records, and this log has only 0" in said.out


def test_what_the_access_log_anchors_is_held_against_the_evidence_log(either: Line) -> None:
    words(either)
    told = either("anchor", "--json").json
    before = sizes(either)
    assert either("anchor", "--json").json == told
    assert sizes(either) == before, "an anchor is no reason for the next one"
    words(either)
    assert either("anchor").code == 0
    assert either("verify", "--allow-unproven").code == 0
    last = sizes(either)["evidence"]
    cut = before["evidence"]
    change(
        either,
        "evidence",
        f"DELETE FROM evidence_events WHERE seq > {cut}",
        f"DELETE FROM evidence_commands WHERE first_seq > {cut}",
        f"UPDATE evidence_head SET seq = {cut}",
    )
    said = either("verify")
    assert said.code == 4, said
    assert "TRUNCATED evidence" in said.out
    assert "the access log anchored" in said.out
    assert last > cut
    assert either("anchor").code == 4


def sizes(line: Line) -> dict[str, int]:
    assert line.kept.system
    return {str(name): log.last() for name, log in line.kept.system.logs.items()}


def test_the_source_register_is_held_against_its_anchor_too(either: Line) -> None:
    for heard_from in ("Carol Marlow", "Gran"):
        said = either("record", "--heard-from", heard_from, text="He waits at the gate")
        assert said.code == 0, said.err
    told = either("anchor", "--json").json
    # the same state is not anchored a second time
    assert either("anchor", "--json").json == told
    assert either("verify", "--allow-unproven").code == 0
    change(
        either,
        "sources",
        "DELETE FROM sources_events",
        "DELETE FROM sources_commands",
        "UPDATE sources_head SET seq = 0, recorded = 0",
    )
    said = either("verify")
    assert said.code == 4
    assert "TRUNCATED sources" in said.out
    assert either("anchor").code == 4


def test_what_lacks_its_middle_is_not_shown_nor_added_to(either: Line) -> None:
    item = words(either)
    assert either("correct", item, text="It was the other gate").code == 0
    assert either("take", item).code == 0
    stream = UUID(item).hex
    change(
        either,
        "evidence",
        f"DELETE FROM evidence_events WHERE originator_version = 2 AND originator_id = x'{stream}'",
    )
    for command in (("show", item), ("trail", item), ("replay", item, "--step"), ("take", item)):
        said = either(*command)
        assert said.code == 4, (command, said)
    rebuilt = either("views", "rebuild")
    assert rebuilt.code == 4, rebuilt
    assert "is gone" in rebuilt.out


def test_a_wrong_key_is_not_written_under(line: Line) -> None:
    words(line)
    line.close()
    for file in (line.home / "keys").glob("record.*.kek"):
        file.write_bytes(bytes(32))
    before = line.home / "log.db"
    with closing(sqlite3.connect(before)) as db:
        many = db.execute("SELECT count(*) FROM evidence_events").fetchone()
    said = line("record", text="These words would be lost")
    assert said.code in (4, 5), said
    with closing(sqlite3.connect(before)) as db:
        assert db.execute("SELECT count(*) FROM evidence_events").fetchone() == many
