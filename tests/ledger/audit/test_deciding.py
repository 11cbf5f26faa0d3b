"""Besides its records, a log has tables of keys and of other facts. `verify` checks these tables
against the records and against the other logs."""

from domain.kernel.envelope import Explained, LogName
from ledger.audit.deciding import check_commands, check_epochs, check_extra_keys
from ledger.audit.report import LogReport
from ledger.store.recorder import LogRecorder
from tests.ledger.events import Noted, submission
from tests.ledger.sealing import STREAMS, Sealed

NOTHING = Explained(frozenset(), frozenset())


def words(report: LogReport) -> list[str]:
    return [finding.words for finding in report.findings]


def blob(sealed: Sealed, hexes: str) -> str:
    return f"decode('{hexes}', 'hex')" if sealed.store.url else f"x'{hexes}'"


def put_key(sealed: Sealed) -> None:
    id_, secret = blob(sealed, "cd" * 16), blob(sealed, "ef" * 60)
    sealed.tamper(
        "INSERT INTO evidence_keys SELECT stream, number + 1, family, "
        f"{id_}, epoch, {secret}, NULL FROM evidence_keys WHERE number = 1"
    )


def test_a_key_that_no_record_bears_is_found(sealed: Sealed) -> None:
    """`verify` reports a key in the key table that belongs to no record. (Such a key had made the
    store refuse an item's next entry.)"""
    report = sealed.audit()
    sealed.log.append([submission(Noted("after the audit read the records"))])
    check_extra_keys(sealed.records, report, lambda: False)
    assert words(report) == [], "a key of a record that came meanwhile is none"
    put_key(sealed)
    check_extra_keys(sealed.records, report, lambda: True)
    assert words(report) == [], "a restore may have brought keys of lost records"
    check_extra_keys(sealed.records, report, lambda: False)
    assert report.integrity == "broken"
    assert all(word.startswith("a key that no record uses") for word in words(report))


def test_an_epoch_that_was_changed_is_found_but_while_keys_are_moved(sealed: Sealed) -> None:
    """`verify` reports a changed key epoch (the generation of the key-encryption key), except while
    keys are moved to a new epoch. (A bug had made `record` fail with wrong advice.)
    """
    logs: dict[LogName, LogRecorder] = {"evidence": sealed.records}
    report = sealed.audit()
    check_epochs(logs, [report], lambda: False)
    assert words(report) == []
    sealed.tamper("UPDATE evidence_epochs SET epoch = epoch + 1")
    check_epochs(logs, [report], lambda: True)
    assert (words(report), report.doubts[-1][:20]) == ([], "keys are being moved")
    check_epochs(logs, [report], lambda: False)
    assert "keys are wrapped under 1" in words(report)[0]


def test_a_digest_that_is_gone_without_an_erasure_is_found(sealed: Sealed) -> None:
    report = sealed.audit()
    check_commands(sealed.records, report, NOTHING)
    assert words(report) == []
    sealed.tamper("UPDATE evidence_commands SET digest = NULL WHERE first_seq = 1")
    erasing = Explained(frozenset(), frozenset({("evidence", STREAMS[0])}))
    check_commands(sealed.records, report, erasing)
    assert words(report) == [], "an erasure of it is being carried out"
    check_commands(sealed.records, report, NOTHING)
    assert [finding.seq for finding in report.findings] == [1]
