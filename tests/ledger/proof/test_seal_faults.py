"""The audit detects every fault that an ordinary event store can have, on both databases.

The audit detects each change of a store, names it, and lowers the right verdict. The file is long
so that a reader can compare it with a published list of faults.
"""

import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.kernel.envelope import LogUnavailable
from ledger.audit.audit import audit
from ledger.audit.report import ExternalNotes, LogReport
from ledger.proof.checkpoint import Checkpoint, parse, sign
from ledger.proof.leaf import leaf_of, prefix
from ledger.proof.leaf_scan import examine, rows
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Closed, Counted, Noted, submission
from tests.ledger.sealing import STREAMS, Sealed, rewrite, seal

KEY = Ed25519PrivateKey.generate()
HELD = "seq, originator_id, originator_version, topic, state, recorded, command_id, leaf"


def finding_list(report: LogReport) -> list[tuple[str, int | None]]:
    return [(finding.what, finding.seq) for finding in report.findings]


def test_an_untouched_log_is_proven(sealed: Sealed) -> None:
    report = sealed.audit(sealed.older, sealed.newest)
    assert report.findings == []
    assert (report.size, report.signed) == (12, 12)
    assert (report.integrity, report.completeness) == ("proven", "proven")
    assert report.root == parse(sealed.newest).root
    assert sealed.audit(sealed.older).signed == 8


def test_the_database_writes_the_leaves_that_the_rule_says(sealed: Sealed) -> None:
    start = prefix(sealed.records.origin())
    found = list(rows(sealed.records, 1))
    assert [row.leaf for row in found] == [leaf_of(start, row) for row in found]
    assert len({row.leaf for row in found}) == 12
    assert [row.seq for row in found] == [*range(1, 13)]


def test_each_log_has_an_origin_of_its_own_that_never_changes(store: Store) -> None:
    logs = store.open(CATALOGUE)
    origins = {name: log.origin() for name, log in logs.items()}
    assert {origin.rpartition("/")[2] for origin in origins.values()} == {"evidence", "sources"}
    assert len({origin.split("/")[1] for origin in origins.values()}) <= 2
    again = store.open(CATALOGUE)
    assert {name: log.origin() for name, log in again.items()} == origins


SWAP = (
    "UPDATE evidence_events SET seq = 100 WHERE seq = {a}",
    "UPDATE evidence_events SET seq = {a} WHERE seq = {b}",
    "UPDATE evidence_events SET seq = {b} WHERE seq = 100",
)
MOVE_STATE = """UPDATE evidence_events SET state =
    (SELECT state FROM evidence_events WHERE seq = 6) WHERE seq = 5"""
EDITS = {
    "payload": "UPDATE evidence_events SET state = (SELECT state FROM evidence_events "
    "WHERE seq = 12) WHERE seq = 3",
    "topic": "UPDATE evidence_events SET topic = 'note.closed@1' WHERE seq = 3",
    "time": "UPDATE evidence_events SET recorded = recorded + 1 WHERE seq = 12",
    "version": "UPDATE evidence_events SET originator_version = 9 WHERE seq = 5",
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_record_is_named(sealed: Sealed, edit: str) -> None:
    sealed.tamper(EDITS[edit])
    report = sealed.audit()
    seq = {"time": 12, "version": 5}.get(edit, 3)
    assert ("edited", seq) in finding_list(report)
    assert {what for what, _ in finding_list(report)} == {"edited"}
    assert report.integrity == "broken"
    assert report.completeness == "proven"  # each signed leaf hash is present
    named = next(finding for finding in report.findings if finding.seq == seq)
    assert named.ref is not None
    assert named.ref.startswith("00000000-")


def test_an_edit_with_its_leaf_made_to_fit_is_a_fork(sealed: Sealed) -> None:
    """If a record is changed and its leaf hash is computed again, the audit reports a fork (two
    histories of one log), because the forger has no key to sign it."""
    edited = next(rows(sealed.records, 10))._replace(topic="note.counted@2")
    leaf = leaf_of(prefix(sealed.records.origin()), edited).hex()
    blob = f"'\\x{leaf}'" if sealed.store.url else f"x'{leaf}'"
    sealed.tamper(
        f"UPDATE evidence_events SET topic = 'note.counted@2', leaf = {blob} WHERE seq = 10"
    )
    report = sealed.audit(sealed.older, sealed.newest)
    assert finding_list(report) == [("forked", None)]
    assert "after record 8" in report.findings[0].words
    assert (report.integrity, report.signed) == ("broken", 8)


def test_a_record_taken_out_is_missing(sealed: Sealed) -> None:
    sealed.tamper("DELETE FROM evidence_events WHERE seq IN (4, 5)")
    report = sealed.audit()
    assert ("missing", 4) in finding_list(report)
    assert report.completeness == "broken"
    sealed.tamper("DELETE FROM evidence_commands")
    assert ("missing", 4) in finding_list(sealed.audit())


def test_a_record_taken_out_and_the_rest_renumbered(sealed: Sealed) -> None:
    sealed.tamper(
        "DELETE FROM evidence_events WHERE seq = 5",
        *(f"UPDATE evidence_events SET seq = {n - 1} WHERE seq = {n}" for n in range(6, 13)),
        "UPDATE evidence_head SET seq = 11",
    )
    report = sealed.audit()
    assert {("missing", 5), ("truncated", 12)} <= set(finding_list(report))
    assert report.completeness == "broken"


@pytest.mark.parametrize("head", [True, False])
def test_the_last_event_deleted(sealed: Sealed, head: bool) -> None:
    sealed.tamper("DELETE FROM evidence_events WHERE seq = 12")
    if head:
        sealed.tamper("UPDATE evidence_head SET seq = 11")
    report = sealed.audit()
    assert ("truncated", 12) in finding_list(report)
    assert report.completeness == "broken"


def test_the_head_alone_tells_of_the_last_event_deleted(sealed: Sealed) -> None:
    sealed.tamper("DELETE FROM evidence_events WHERE seq > 10")
    assert ("truncated", 11) in finding_list(
        audit(sealed.records, "evidence", ExternalNotes(sealed.pinned))
    )


def test_a_checkpoint_of_another_log_is_none_of_this(sealed: Sealed) -> None:
    other = sign(Checkpoint("continuum/7/evidence", 12, parse(sealed.newest).root), KEY)
    without_policy = ExternalNotes(None, [("a note", other)])
    assert finding_list(audit(sealed.records, "evidence", without_policy)) == [("forked", None)]
    assert finding_list(sealed.audit(other)) == [("wrong key", None)]


def test_the_seq_of_a_deleted_event_is_never_given_again(sealed: Sealed) -> None:
    """The number of a deleted event is never used again, because a view that has read 12 records
    would skip the new event.
    """
    sealed.tamper("DELETE FROM evidence_events WHERE seq = 12")
    assert sealed.log.append([submission(Closed())])[0][0].seq == 13
    assert ("missing", 12) in finding_list(sealed.audit())


@pytest.mark.parametrize(("a", "b"), [(3, 4), (2, 11), (11, 12)])
def test_the_order_swapped(sealed: Sealed, a: int, b: int) -> None:
    sealed.tamper(*(statement.format(a=a, b=b) for statement in SWAP))
    report = sealed.audit()
    assert {("reordered", a), ("reordered", b)} <= set(finding_list(report))
    assert report.integrity == "broken"


def test_what_one_record_holds_moved_into_another(sealed: Sealed) -> None:
    sealed.tamper(MOVE_STATE)
    assert ("edited", 5) in finding_list(sealed.audit())


def insert(seq: int, recorded: str, stream: str, leaf: str = "leaf") -> str:
    return (
        f"INSERT INTO evidence_events ({HELD}) SELECT {seq}, {stream}, 77, topic, state, "
        f"{recorded}, command_id, {leaf} FROM evidence_events WHERE seq = 12"
    )


def test_an_event_inserted_past_the_log(sealed: Sealed) -> None:
    sealed.tamper(insert(13, "recorded + 1", "originator_id"))
    assert {("inserted", 13), ("edited", 13)} <= set(finding_list(sealed.audit()))


def test_an_event_back_dated(sealed: Sealed) -> None:
    row = next(rows(sealed.records, 12))
    early = row._replace(seq=13, version=77, recorded=row.recorded - 10**9)
    leaf = leaf_of(prefix(sealed.records.origin()), early).hex()
    blob = f"'\\x{leaf}'::bytea" if sealed.store.url else f"x'{leaf}'"
    sealed.tamper(
        insert(13, "recorded - 1000000000", "originator_id", blob),
        "UPDATE evidence_head SET seq = 13",
    )
    assert ("back-dated", 13) in finding_list(sealed.audit())


def test_an_event_inserted_between_two(sealed: Sealed) -> None:
    sealed.tamper(
        *(f"UPDATE evidence_events SET seq = {n + 1} WHERE seq = {n}" for n in range(12, 5, -1)),
        "UPDATE evidence_head SET seq = 13",
        insert(6, "recorded", "originator_id").replace("seq = 12", "seq = 13"),
    )
    found = finding_list(sealed.audit())
    assert ("inserted", 7) in found
    assert ("edited", 6) in found


def test_an_event_before_the_first(sealed: Sealed) -> None:
    if sealed.store.url:
        sealed.tamper("ALTER TABLE evidence_events DROP CONSTRAINT evidence_events_seq_check")
    sealed.tamper(insert(-5, "1", "originator_id"))
    assert ("inserted", -5) in finding_list(sealed.audit())


def test_a_leaf_changed_beside_an_intact_record(sealed: Sealed) -> None:
    sealed.tamper(
        "UPDATE evidence_events SET leaf = (SELECT leaf FROM evidence_events WHERE seq = 1) "
        "WHERE seq = 2"
    )
    report = sealed.audit()
    assert finding_list(report) == [("edited", 2)]
    assert "the record is as signed" in report.findings[0].words
    assert report.signed == 12


def test_an_origin_swapped(sealed: Sealed) -> None:
    sealed.tamper("UPDATE evidence_origin SET origin = 'continuum/another/evidence'")
    assert finding_list(sealed.audit()) == [("forked", None)]
    sealed.tamper("DELETE FROM evidence_origin")
    assert finding_list(sealed.audit()) == [("edited", None)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM evidence_commands WHERE first_seq = 4",
        "UPDATE evidence_commands SET count = count + 1 WHERE first_seq = 4",
        "UPDATE evidence_commands SET first_seq = 5 WHERE first_seq = 4",
        """UPDATE evidence_events SET command_id =
            (SELECT command_id FROM evidence_events WHERE seq = 1) WHERE seq = 4""",
    ],
)
def test_a_command_that_does_not_fit_its_records(sealed: Sealed, statement: str) -> None:
    sealed.tamper(statement)
    found = finding_list(sealed.audit())
    assert found
    assert {what for what, _ in found} == {"edited"}


@pytest.mark.parametrize("seq", [3, 11, -1])
def test_a_head_turned_back(sealed: Sealed, seq: int) -> None:
    sealed.tamper(f"UPDATE evidence_head SET seq = {seq}")
    assert ("inserted", max(seq, 0) + 1) in finding_list(sealed.audit())
    sealed.tamper("DELETE FROM evidence_head")
    assert ("inserted", 1) in finding_list(sealed.audit())


def test_a_clock_turned_back(sealed: Sealed) -> None:
    sealed.tamper("UPDATE evidence_head SET recorded = 5")
    assert finding_list(sealed.audit()) == [("edited", 12)]


def test_a_receipt_is_kept_to(sealed: Sealed) -> None:
    receipts = [sealed.log.receipt(3, 3), sealed.log.receipt(12, 12), sealed.log.receipt(2, 5)]
    assert sealed.audit(receipts=receipts).findings == []
    sealed.tamper(EDITS["payload"], "DELETE FROM evidence_events WHERE seq = 12")
    report = sealed.audit(receipts=receipts)
    words = {
        finding.seq: finding.words for finding in report.findings if "receipt" in finding.words
    }
    assert set(words) == {3, 5, 12}
    assert (report.integrity, report.completeness) == ("broken", "broken")


def test_a_failed_append_leaves_no_gap_in_the_tree(sealed: Sealed) -> None:
    for _ in range(3):
        with pytest.raises(Exception, match="already has version"):
            sealed.log.append([submission(Closed()), submission(Closed(), stream=STREAMS[0])])
    sealed.log.append([submission(Closed())])
    assert sealed.audit().findings == []
    sealed.signer.round()


def test_a_log_restored_from_a_dump_is_the_same_log(tmp_path: Path) -> None:
    sealed = seal(Store(tmp_path, None))
    sealed.log.close()
    source = sqlite3.connect(tmp_path / "log.db")
    dump = "\n".join(source.iterdump())
    source.close()
    for file in tmp_path.glob("log.db*"):
        file.unlink()
    restored = sqlite3.connect(tmp_path / "log.db")
    restored.executescript(dump)
    restored.close()
    sealed.records.close()
    again = Store(tmp_path, None).open(CATALOGUE, create=False)["evidence"]
    assert again.append([submission(Counted(1))])[0][0].seq == 13
    assert sealed.signer.pinned.origin == again.origin()
    again.close()


# --- stores that earlier releases made -----------------------------------------------------------


@pytest.mark.parametrize("leaves", [True, False])
def test_a_log_made_before_words_were_sealed_is_refused_and_stays_as_it_was(
    store: Store, leaves: bool
) -> None:
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Closed())])
    sealed_before = Sealed(store, log, log._store, None, "", "")  # type: ignore[arg-type]
    sealed_before.tamper(
        "ALTER TABLE evidence_head DROP COLUMN shreds",
        "DROP TABLE evidence_keys CASCADE" if store.url else "DROP TABLE evidence_keys",
        "DROP TABLE evidence_epochs",
    )
    if not leaves:
        sealed_before.tamper("DROP TABLE evidence_origin", *_without_leaf(store))
    log.close()
    before = "before text was encrypted"
    old = store.open(CATALOGUE, create=False)["evidence"]
    with pytest.raises(LogUnavailable, match=before):
        old.read(0, 10)
    if store.url is None:
        with pytest.raises(LogUnavailable, match=before):
            old.append([submission(Noted("words"))])
    with pytest.raises(LogUnavailable, match=before):
        store.open(CATALOGUE, create=True)
    with pytest.raises(LogUnavailable, match=before):
        old.read(0, 10)


def _without_leaf(store: Store) -> list[str]:
    if store.url:
        return [
            "ALTER TABLE evidence_events DROP CONSTRAINT evidence_events_leaf_check",
            "ALTER TABLE evidence_events DROP COLUMN leaf",
        ]
    return [
        f"CREATE TABLE older AS SELECT {HELD.removesuffix(', leaf')} FROM evidence_events",
        "DROP TABLE evidence_events",
        "ALTER TABLE older RENAME TO evidence_events",
    ]


# --- changes that the log alone cannot show -------------------------------------------------------


def test_limit_before_the_first_checkpoint_only_a_receipt_tells(sealed: Sealed) -> None:
    receipt = sealed.log.receipt(2, 2)
    rewrite(sealed)
    report = audit(sealed.records, "evidence", ExternalNotes(sealed.pinned))
    assert report.findings == []
    # the report says that the audit cannot decide
    assert (report.integrity, report.completeness) == ("unproven", "unproven")
    report = audit(sealed.records, "evidence", ExternalNotes(sealed.pinned, (), [receipt]))
    assert finding_list(report) == [("edited", 2)]


def test_limit_a_stolen_key_is_told_by_an_older_checkpoint_alone(sealed: Sealed) -> None:
    stolen = Ed25519PrivateKey.from_private_bytes(
        (sealed.store.home / "signer" / "evidence.key").read_bytes()
    )
    rewrite(sealed)
    found = examine(sealed.records, sealed.pinned.origin)
    forged = sign(Checkpoint(sealed.pinned.origin, found.last, found.tree.root()), stolen)
    assert sealed.audit(forged).findings == []
    assert sealed.audit(forged).integrity == "proven"
    assert finding_list(sealed.audit(forged, sealed.older)) == [("forked", None)]
