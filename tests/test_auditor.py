"""The commands on the auditor's page work exactly as they are written there, and print JSON as the
page promises.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from cli import captured
from console.engine.session import OpenStore
from domain.data_protection.copies import CopyFingerprinted
from domain.people_and_teams.store_admin import ExportMade, PackMade
from ledger import verify
from ledger.keys.keys import read_key
from ledger.proof.checkpoint import parse, sign
from tests.pages import HOUSE, run

PAGE = HOUSE / "docs" / "auditor.md"


def test_the_page_runs_as_written(tmp_path: Path) -> None:
    """The commands of the page work as written: they start in an empty directory, and end with a
    verified proof and a detected edit.
    """
    done = run(PAGE, tmp_path)
    assert done.stdout.count("It holds.") == 5
    assert re.search(r"The receipt's record \d is among them\.", done.stdout)
    assert re.search(r"The log of \d+ records begins with the log of \d records\.", done.stdout)
    assert "integrity proven, completeness proven" in done.stdout
    assert "EDITED evidence 2" in done.stdout
    assert done.stdout.count("exit code 4") == 2
    assert "REFUSED evidence" in done.stderr


class Desk:
    """A store in a directory, into which command lines record."""

    def __init__(self, place: Path) -> None:
        self.place, self.kept = place, OpenStore()

    def run(self, *arguments: object, text: str = "", code: int = 0) -> str:
        words: Sequence[str] = ["--store", str(self.place / "s"), *map(str, arguments)]
        ended, out, err = captured(words, text, self.kept)
        assert ended == code, (ended, out, err)
        return out + (err if code else "")

    def json(self, *arguments: object, text: str = "", code: int = 0) -> Any:
        return json.JSONDecoder().raw_decode(self.run("--json", *arguments, text=text, code=code))[
            0
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    one.run("--clock", "2011-03-18T09:00", "init", "--synthetic")
    yield one
    one.kept.close()


def words(desk: Desk, clock: str = "2011-03-18T10:00") -> Any:
    return desk.json("--clock", clock, "record", text="A silver Corsa")


def signed(desk: Desk) -> tuple[Path, Path]:
    policy = desk.place / "policy.json"
    policy.write_text(desk.run("signer", "init", "--state", desk.place / "signer"), "utf-8")
    desk.run("signer", "run", "--state", desk.place / "signer")
    return policy, desk.place / "s" / "checkpoints" / "evidence.checkpoint"


def test_without_a_signer_it_says_that_nothing_is_proven(desk: Desk) -> None:
    words(desk)
    assert desk.json("verify", "--allow-unproven")["ok"]
    report = desk.json("verify", code=6)
    assert (report["ok"], report["integrity"], report["completeness"]) == (
        False,
        "unproven",
        "unproven",
    )
    assert [one["log"] for one in report["logs"]] == ["evidence", "product", "access", "sources"]
    assert "run the signer" in desk.run("proof", words(desk)["id"], code=2)


def test_verify_answers_with_size_root_and_findings(desk: Desk) -> None:
    words(desk)
    policy, checkpoint = signed(desk)
    report = desk.json("verify", "--log", "evidence", "--policy", policy, "--copy", checkpoint)
    assert (report["ok"], report["findings"]) == (True, [])
    assert (report["integrity"], report["completeness"]) == ("proven", "proven")
    # these records are the store's creation, the log entry, and the mentions that were read in the
    # entry
    assert report["size"] == 3
    assert len(bytes.fromhex(report["root"])) == 32
    later = words(desk, "2011-03-18T11:00")
    with sqlite3.connect(desk.place / "s" / "log.db") as db:
        db.execute("DELETE FROM evidence_events WHERE seq = 2")
    db.close()
    report = desk.json("verify", "--log", "evidence", "--policy", policy, code=4)
    assert (report["ok"], report["completeness"]) == (False, "broken")
    assert {"log": "evidence", "seq": 2, "what": "missing"}.items() <= report["findings"][0].items()
    assert set(report["findings"][0]) == {"log", "seq", "ref", "what", "words"}
    assert "run continuum verify" in desk.run("proof", later["id"], code=4)


def test_an_import_gives_a_receipt_for_all_of_its_records(desk: Desk) -> None:
    sheet = desk.place / "links.csv"
    sheet.write_text("from,to,kind\nBaz,Ginge,seen-with\nBaz,Nicks,seen-with\n", "utf-8")
    answer = desk.json("import", sheet, "--form", "links", "--clock", "2011-03-19T10:00")
    kept = desk.place / "receipt.json"
    kept.write_text(json.dumps(answer), "utf-8")
    receipt = answer["receipt"]
    assert (receipt["log"], receipt["first"]) == ("evidence", 2)
    assert receipt["seq"] > 2
    desk.run("verify", "--allow-unproven", "--receipt", kept)
    assert desk.json("import", sheet, "--form", "links")["receipt"] is None
    with sqlite3.connect(desk.place / "s" / "log.db") as db:
        db.execute("UPDATE evidence_events SET recorded = recorded + 1 WHERE seq = 2")
    db.close()
    told = desk.json("verify", "--receipt", kept, code=4)
    assert "records 2 to" in " ".join(finding["words"] for finding in told["findings"])


def test_the_json_of_a_report_card_is_a_receipt_for_the_log_at_its_position(desk: Desk) -> None:
    words(desk)
    period = ("--from", "2011-01-01", "--until", "2011-03-31", "--edition", "team")
    answer = desk.json("card", *period, "--used-for", "a bid", "--clock", "2011-03-19T10:00")
    card = desk.place / "card.json"
    card.write_text(json.dumps(answer), "utf-8")
    words(desk, "2011-03-19T11:00")
    desk.run("verify", "--allow-unproven", "--receipt", card)
    answer["receipt"]["root"] = "00" * 32
    card.write_text(json.dumps(answer), "utf-8")
    told = desk.json("verify", "--receipt", card, code=4)
    assert "that the receipt was given for" in " ".join(one["words"] for one in told["findings"])


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("--receipt", "{}", "is not a receipt"),
        ("--receipt", '{"log": "diary", "seq": 1, "leaf": ""}', "is not a receipt"),
        ("--receipt", "[]", "is not a receipt"),
        ("--policy", "{}", "this is not a policy"),
        (
            "--policy",
            '{"format": "continuum-policy/1", "logs": {"evidence": 3}}',
            "this is not a policy",
        ),
        (
            "--policy",
            '{"format": "continuum-policy/1", "logs": {"diary": 3}}',
            "this is not a policy",
        ),
        ("--copy", "words", "is not a checkpoint"),
    ],
)
def test_what_cannot_be_used_is_reported_in_a_sentence(
    desk: Desk, option: str, content: str, said: str
) -> None:
    brought = desk.place / "brought"
    brought.write_text(content, "utf-8")
    assert said in desk.run("verify", option, brought, code=2)
    assert "cannot be read" in desk.run("verify", option, desk.place / "nowhere", code=2)


def test_a_signer_is_made_once_and_runs_where_it_was_made(desk: Desk) -> None:
    signed(desk)
    again = desk.run("signer", "init", "--state", desk.place / "signer", code=5)
    assert "There is a signer" in again
    assert "cannot be read" in desk.run("signer", "run", "--state", desk.place / "other", code=2)
    line = ("signer", "run", "--state", desk.place / "signer", "--every")
    for seconds in ("nan", "inf", "0", "soon"):
        assert desk.run(*line, seconds, code=2)


def test_a_witness_reports_in_a_sentence_what_it_cannot_judge(desk: Desk) -> None:
    policy, checkpoint = signed(desk)
    state = desk.place / "witness"
    assert desk.run("witness", "init", "--state", state, "--name", "w").startswith("w+")
    line = ("witness", "sign", "--policy", policy, "--state", state)
    assert "\N{EM DASH} w " in desk.run(*line, checkpoint)
    words(desk, "2011-03-18T12:00")
    desk.run("signer", "run", "--state", desk.place / "signer")
    assert "give the proof that this log continues them" in desk.run(*line, checkpoint, code=2)
    blob = desk.place / "blob"
    blob.write_bytes(b"\xff\xfe")
    assert "not text in UTF-8" in desk.run(*line, blob, code=2)
    assert "cannot be read" in desk.run(*line, desk.place / "nowhere", code=2)
    assert "the proof cannot be read" in desk.run(*line, checkpoint, "--proof", policy, code=2)


def test_a_store_made_before_sealing_is_refused(desk: Desk) -> None:
    desk.kept.close()
    with sqlite3.connect(desk.place / "s" / "log.db") as db:
        db.execute("DROP TABLE evidence_origin")
        db.execute("ALTER TABLE evidence_head DROP COLUMN shreds")
        db.execute("ALTER TABLE evidence_events RENAME TO sealed_events")
        db.execute(
            "CREATE TABLE evidence_events AS SELECT seq, originator_id, originator_version, topic, "
            "state, recorded, command_id FROM sealed_events"
        )
    db.close()
    assert "made before text was encrypted" in desk.run("stages", code=5)
    assert "made before text was encrypted" in desk.run("verify", code=5)
    assert "made before text was encrypted" in desk.run("init", "--synthetic", code=5)


def test_a_receipt_is_upgraded_once_a_checkpoint_covers_it(desk: Desk) -> None:
    policy, _ = signed(desk)
    kept = desk.place / "receipt.json"
    kept.write_text(json.dumps(words(desk)), "utf-8")
    assert "wait for the next" in desk.run("receipt", kept, code=2)
    desk.run("signer", "run", "--state", desk.place / "signer")
    proven = desk.place / "signed.json"
    proven.write_text(desk.run("receipt", kept), "utf-8")
    assert verify.main([str(proven), "--policy", str(policy)]) == 0
    desk.run("verify", "--receipt", proven)
    kept.write_text(kept.read_text("utf-8").replace('"leaf": "', '"leaf": "00'), "utf-8")
    assert "is not a receipt" in desk.run("receipt", kept, code=2)


def test_wrong_tiles_are_reported_and_are_no_finding(desk: Desk) -> None:
    policy, _ = signed(desk)
    tiles = desk.place / "s" / "checkpoints" / "evidence.tiles"
    line = ("verify", "--log", "evidence", "--policy", policy)
    assert desk.json(*line)["logs"][0]["tiles"] == "whole"
    sheet = desk.place / "links.csv"
    sheet.write_text(
        "from,to,kind\n" + "".join(f"Baz {n},Ginge {n},seen-with\n" for n in range(90)), "utf-8"
    )
    desk.run("import", sheet, "--form", "links", "--clock", "2011-03-19T10:00")
    desk.run("signer", "run", "--state", desk.place / "signer")
    (tiles / "tile/0/000").write_bytes(bytes(8192))
    report = desk.json(*line)
    assert (report["ok"], report["logs"][0]["tiles"]) == (True, "wrong")
    assert "its tiles are wrong" in desk.run(*line)
    desk.run("signer", "run", "--state", desk.place / "signer")
    assert desk.json(*line)["logs"][0]["tiles"] == "whole"


def test_a_pack_of_a_trail_is_written_down_as_an_export(desk: Desk) -> None:
    policy, _ = signed(desk)
    first = words(desk)["id"]
    desk.run("signer", "run", "--state", desk.place / "signer")
    to = desk.place / "pack.zip"
    second = desk.json("--clock", "2011-03-18T12:00", "refer", first, "--child", "Kayleigh Marlow")[
        "id"
    ]
    line = ("pack", second, to, "--with-words", "--for", "the defence", "--wait", 0)
    assert "wait for the next" in desk.run(*line, code=2)
    assert not to.exists()
    desk.run("signer", "run", "--state", desk.place / "signer")
    told = desk.json(*line)
    assert (told["items"], told["finished"]) == (2, False)
    assert verify.main([str(to), "--policy", str(policy)]) == 4
    assert "wait for the next" in desk.run("pack", "--finish", to, code=2)
    desk.run("signer", "run", "--state", desk.place / "signer")
    assert desk.json("pack", "--finish", to)["finished"]
    assert verify.main([str(to), "--policy", str(policy)]) == 0
    files = verify.unpack(to.read_bytes())
    assert b"A silver Corsa" in files["words.txt"]
    assert first in files["trail.txt"].decode()
    assert json.loads(files["pack.json"])["facts"][f"{second}:2"] == [first]
    assert "exists already" in desk.run(*line, code=2)
    assert "give either an ID" in desk.run("pack", second, "--finish", to, code=2)
    facts = desk.kept.system.logs["access"].read(0, 100)  # type: ignore[union-attr]
    manifest = sha256(files["pack.json"]).hexdigest()
    (export,) = [fact for fact in facts if isinstance(fact.event, ExportMade)]
    assert isinstance(export.event, ExportMade)
    assert export.event.recipient == "the defence"
    (beside,) = [fact.event for fact in facts if isinstance(fact.event, CopyFingerprinted)]
    assert beside == CopyFingerprinted(export.stream, (manifest,))
    (listed,) = [fact.event for fact in facts if isinstance(fact.event, PackMade)]
    assert listed.manifest == manifest


def test_a_pack_waits_for_the_signer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    policy, _ = signed(desk)
    first, to = words(desk)["id"], desk.place / "pack.zip"

    def rounds(seconds: float) -> None:
        desk.run("signer", "run", "--state", desk.place / "signer")

    monkeypatch.setattr("console.records.proof_pack.time", SimpleNamespace(sleep=rounds))
    assert desk.json("pack", first, to)["finished"]
    assert verify.main([str(to), "--policy", str(policy)]) == 0


def test_one_event_is_proven_as_the_field_has_it(desk: Desk) -> None:
    first = words(desk)["id"]
    policy, _ = signed(desk)
    told = desk.run("proof", first, "--tlog", 1)
    assert told.startswith("c2sp.org/tlog-proof@v1\nextra ")
    kept = desk.place / "event.tlog-proof"
    kept.write_text(told, "utf-8")
    assert verify.main([str(kept), "--policy", str(policy)]) == 0
    assert "signs no version 99" in desk.run("proof", first, "--tlog", 99, code=2)
    assert "--tlog proves one event" in desk.run(
        "proof", first, "--tlog", 1, "--with-words", code=2
    )


def test_a_released_copy_is_proven_under_the_product_log(desk: Desk) -> None:
    clock = ("--clock", "2011-03-18T11:05")
    item = words(desk)["id"]
    grade = ("--source", 2, "--information", "A", "--handling", "P")
    report = desk.json(*clock, "assess", item, *grade)["id"]
    desk.run(*clock, "sanitise", item, "--because-of", item, text="A named man uses a car.")
    assert "no released copy of" in desk.run("proof", report, "--released", code=2)
    desk.run(*clock, "disseminate", report, "--to", "Team B", "--purpose", "safety")
    policy, _ = signed(desk)
    soon = ("--clock", "2011-03-18T11:14", "proof", report, "--released")
    assert "is released at" in desk.run(*soon, code=2)
    assert desk.json("--clock", "2011-03-18T11:15", "releases", "--leave") == {"left": 1}
    desk.run("signer", "run", "--state", desk.place / "signer")
    told = json.loads(desk.run("proof", report, "--released", "--with-words"))
    assert (told["log"], told["stream"] == report) == ("product", False)
    assert report not in json.dumps(told)
    assert item not in json.dumps(told)
    kept = desk.place / "released.json"
    kept.write_text(json.dumps(told), "utf-8")
    assert verify.main([str(kept), "--policy", str(policy)]) == 0
    assert "--released needs" in desk.run("proof", report, "--released", "--tlog", 1, code=2)


def test_two_checkpoints_are_held_against_each_other(desk: Desk) -> None:
    policy, published = signed(desk)
    kept = desk.place / "kept.checkpoint"
    kept.write_bytes(published.read_bytes())
    line = ("checkpoint", "compare", kept, published, "--policy", policy)
    assert desk.json(*line)["verdict"] == "consistent"
    words(desk)
    desk.run("signer", "run", "--state", desk.place / "signer")
    undecided = desk.json(*line, code=6)
    assert undecided["verdict"] == "undecided"
    grown = desk.place / "grown.json"
    grown.write_text(desk.run("proof", "--since", kept), "utf-8")
    assert desk.json(*line, "--proof", grown)["verdict"] == "consistent"
    key = Ed25519PrivateKey.from_private_bytes(read_key(desk.place / "signer" / "evidence.key"))
    kept.write_text(sign(replace(parse(published.read_text("utf-8")), root=bytes(32)), key))
    assert "LIE: two signed roots" in desk.run(*line, code=4)
    assert "no checkpoint" in desk.run(*line[:3], policy, "--policy", policy, code=2)


def test_who_looked_is_anchored_in_the_evidence_log(desk: Desk) -> None:
    first = words(desk)["id"]
    desk.run("show", first)
    told = desk.json("anchor")
    assert desk.json("anchor") == told, "of one state once"
    desk.run("show", first)
    later = desk.json("anchor")
    assert later["ref"] != told["ref"]
    desk.kept.close()
    with sqlite3.connect(desk.place / "s" / "log.db") as db:
        db.execute("DELETE FROM access_events")
        db.execute("DELETE FROM access_commands")
        db.execute("UPDATE access_head SET seq = 0, recorded = 0")
    db.close()
    assert "no longer begins with" in desk.run("anchor", code=4)
