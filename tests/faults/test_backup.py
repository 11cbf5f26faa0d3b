"""A backup contains all acknowledged records. The whole backup is restored, or the restore says why
it is not.
"""

import json
import stat
from pathlib import Path

import pytest

from domain.data_protection.copies import StoreRestored
from tests.console.conftest import Line
from tests.faults.conftest import ALONE, Depot


def test_what_was_backed_up_comes_back(depot: Depot) -> None:
    depot.sign()
    backup = depot.back_up()
    said, again = depot.restore(backup, "--policy", str(depot.place / "policy.json"))
    assert said.code == 0, said
    for log in ("evidence", "sources"):
        roots = [
            one("--json", "verify", "--allow-unproven", "--log", log).json["root"]
            for one in (again, depot.line)
        ]
        assert roots[0] == roots[1]
    # the restored access log continues: a new record says that the backup was restored, and who
    # restored it
    held = json.loads((backup / "manifest.json").read_text("utf-8"))["logs"]["access"]
    assert again.kept.system
    access = again.kept.system.logs["access"]
    (fact,) = access.read(held["size"], 1)
    assert isinstance(fact.event, StoreRestored)
    assert (fact.event.recipient, fact.event.place) == ("ds.hart", str(backup))
    assert again("--json", "views", "compare").json["equal"]
    for command in (("queue",), ("search", "corsa"), ("replay",)):
        told, before = (line("--json", *command).json for line in (again, depot.line))
        if command == ("replay",):  # the restore adds one record to the access log
            assert told["positions"].pop("access") > before["positions"].pop("access")
        assert told == before
    assert again("record", text="And again tonight.").code == 0
    assert again("--json", "verify", "--allow-unproven").json["ok"]


@pytest.mark.usually_on("sqlite")
def test_the_manifest_names_every_file_and_log_and_no_person(depot: Depot) -> None:
    backup = depot.back_up()
    told = json.loads((backup / "manifest.json").read_text("utf-8"))
    assert {(told["format"], told["kind"])} == {("continuum-backup/1", "store")}
    assert told["synthetic"] is True
    assert {"log.db", "sources.db"} <= {file["name"] for file in told["files"]}
    assert (
        told["logs"]["evidence"]["size"]
        == depot.line("--json", "verify", "--allow-unproven").json["logs"][0]["size"]
    )
    assert not [f["name"] for f in told["files"] if f["name"].startswith(("keys", "views"))]
    for path in [backup, *backup.rglob("*"), *Path(f"{backup}-keys").rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    everything = b"".join(path.read_bytes() for path in backup.rglob("*.json"))
    assert b"Baz" not in everything


def test_a_file_of_a_backup_that_was_changed_is_found(depot: Depot) -> None:
    backup = depot.back_up()
    for file in (backup / "sources.db", backup / "log.db"):
        content = bytearray(file.read_bytes())
        content[-1] ^= 1
        file.write_bytes(content)
        assert "was changed after the backup was made" in depot.restore(backup)[0].err
    (backup / "log.db").unlink()
    said, again = depot.restore(backup)
    assert (said.code, "missing" in said.err) == (4, True)
    assert again("stages").code == 5


@pytest.mark.usually_on("sqlite")
def test_a_backup_that_was_interrupted_is_none(depot: Depot) -> None:
    backup = depot.back_up()
    (backup / "manifest.json").unlink()
    said, _ = depot.restore(backup)
    assert (said.code, "was interrupted" in said.err) == (2, True)


def test_nothing_is_written_over(depot: Depot) -> None:
    backup = depot.back_up()
    again = depot.line("backup", str(backup))
    assert (again.code, "not empty" in again.err) == (2, True)
    said = depot.line("restore", str(backup), "--into", depot.line.store)
    assert (said.code, "contains a store" in said.err) == (2, True)
    inside = depot.place / "new"
    said = depot.line("backup", str(inside), "--keys", str(inside / "keys"))
    assert (said.code, inside.exists()) == (2, False)


@pytest.mark.usually_on("sqlite")
def test_without_its_keys_no_store_comes_back(depot: Depot) -> None:
    backup = depot.back_up()
    store = depot.fresh() or str(depot.place / "keyless")
    keyless = Line(store, depot.place / "keyless")
    said = keyless("restore", str(backup), "--into", store, *ALONE)
    assert (said.code, "--keys" in said.err) == (5, True)


@pytest.mark.usually_on("sqlite")
def test_a_backup_older_than_a_checkpoint_comes_back_as_a_new_origin_only(depot: Depot) -> None:
    backup = depot.back_up()
    depot.words("She went to the arcade again.")
    policy = str(depot.sign())
    kept = ("--policy", policy, "--copy", str(depot.checkpoint))
    said, _ = depot.restore(backup, *kept)
    assert (said.code, "more records of evidence" in said.err) == (4, True)

    said, resumed = depot.restore(backup)  # restore without a checkpoint
    assert (said.code, "No checkpoint was given" in said.err) == (0, True)
    refused = resumed("signer", "run", "--state", str(depot.place / "signer"))
    assert (refused.code, "became shorter" in refused.err) == (4, True)
    found = resumed("--json", "verify", "--allow-unproven", *kept)
    assert (found.code, "truncated" in found.out) == (4, True)

    new = ("--as-new-origin", "--because", "the disk failed")
    none = ("--without-erasures", "--user", "ds.hart", "--purpose", "nothing was erased since")
    said, again = depot.restore(backup, *kept, *new, *none)
    assert (said.code, "No checkpoint was given" in said.err) == (0, False)
    told = again("--json", "verify", "--allow-unproven").json["logs"]
    before = json.loads((backup / "manifest.json").read_text("utf-8"))["logs"]
    for log in told:
        assert log["origin"] != before[log["log"]]["origin"]
    # the report declares that one record was lost
    assert told[0]["size"] == before["evidence"]["size"] + 1
    refused = again("signer", "run", "--state", str(depot.place / "signer"))
    assert (refused.code, "has the origin" in refused.err) == (4, True)
    assert again("record", text="And again tonight.").code == 0
    assert again("--json", "views", "compare").json["equal"]


@pytest.mark.usually_on("sqlite")
def test_under_new_origins_who_looked_is_anchored_anew(depot: Depot) -> None:
    """After a restore under new origins (the names under which logs are signed), the evidence log
    gets a new anchor (root hash) of the access log. The earlier anchors prove nothing about the
    new log."""
    assert depot.line("anchor").code == 0
    backup = depot.back_up()
    depot.words("She went to the arcade again.")
    kept = ("--policy", str(depot.sign()), "--copy", str(depot.checkpoint))
    new = ("--as-new-origin", "--because", "the disk failed")
    none = ("--without-erasures", "--user", "ds.hart", "--purpose", "nothing was erased since")
    said, again = depot.restore(backup, *kept, *new, *none)
    assert said.code == 0, said
    assert again("--json", "verify", "--allow-unproven").json["findings"] == []
    assert again("anchor").code == 0
    assert again("--json", "verify", "--allow-unproven").json["findings"] == []


@pytest.mark.parametrize("options", [("--as-new-origin",), ("--because", "the disk failed")])
@pytest.mark.usually_on("sqlite")
def test_a_loss_is_declared_with_a_reason(depot: Depot, options: tuple[str, ...]) -> None:
    said, _ = depot.restore(depot.back_up(), *options)
    assert (
        said.code,
        "--as-new-origin and --because REASON are given together: add the missing option"
        in said.err,
    ) == (
        2,
        True,
    )
