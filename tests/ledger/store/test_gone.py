"""A reader of a log notices deleted data, and the log writes nothing with a wrong key."""

from pathlib import Path
from uuid import uuid4

import pytest

from domain.kernel.envelope import Event, LogMissing, LogName, Undecodable
from ledger.audit.audit import audit
from ledger.audit.auditor_access import AuditorAccess
from ledger.audit.report import ExternalNotes
from ledger.keys.keys import KeyFault
from ledger.keys.keystore import FAMILIES, FileKeyStore
from ledger.store.log import Kind, Log, records_after
from ledger.store.setup import open_records
from tests.conftest import Store
from tests.ledger.events import CATALOGUE, Counted, Noted, submission
from tests.ledger.sealing import STREAMS, Sealed


def test_a_stream_without_its_middle_event_is_not_read(sealed: Sealed) -> None:
    # this deletes the second of three events
    sealed.tamper("DELETE FROM evidence_events WHERE seq = 4")
    with pytest.raises(Undecodable, match="version 2 of its stream is gone"):
        sealed.log.history(STREAMS[1])
    with pytest.raises(Undecodable, match="record 4 is gone"):
        sealed.log.read(0, 100)
    aside: list[int] = []
    rest = sealed.log.read(0, 100, lambda seq, reason: aside.append(seq))
    assert (aside, len(rest)) == ([4], 11)
    told = [seq for seq, kind in sealed.log.kinds(0, 100) if kind is None]
    assert told == [4], "what it was has to be looked into"
    assert sealed.log.history(STREAMS[3])  # other streams can still be read
    assert [fact.seq for fact in sealed.log.read(4, 2)] == [5, 6]


def test_a_stream_without_its_first_event_is_not_read(sealed: Sealed) -> None:
    sealed.tamper("DELETE FROM evidence_events WHERE seq IN (3, 4)")
    with pytest.raises(Undecodable):
        sealed.log.history(STREAMS[1])
    with pytest.raises(Undecodable, match="records 3 to 4 are gone"):
        sealed.log.read(2, 100)


def test_what_came_is_reported_without_what_passes_and_what_is_gone_is_not_passed(
    sealed: Sealed,
) -> None:
    logs: dict[LogName, Log] = {"evidence": sealed.log}

    def came(after: int, limit: int, *passing: type[Event]) -> tuple[int, list[Kind]]:
        topics = frozenset(one.stored.topic for one in passing)
        return records_after(logs, {"evidence": topics}, {"evidence": after}, limit)["evidence"]

    kinds = sealed.log.kinds(0, 100)
    every = {kind for _, kind in kinds if kind}
    assert len(every) > 1
    for after in range(13):
        assert came(after, 100) == (12, kinds[after:])
        assert came(after, 100, *every) == (12, [])
        for passing in every:
            rest = [one for one in kinds[after:] if one[1] is not passing]
            assert came(after, 100, passing) == (12, rest)
    assert came(2, 3) == (5, kinds[2:5])
    sealed.tamper("DELETE FROM evidence_events WHERE seq = 4")
    last, found = came(0, 100, *every)
    assert last == 12
    assert (4, None) in found, "what it was has to be looked into"
    sealed.tamper("UPDATE evidence_events SET topic = 'of two words' WHERE seq = 6")
    assert (6, None) in came(4, 100, *every)[1]


def keys_in(directory: Path) -> FileKeyStore:
    made = FileKeyStore(directory)
    for family in FAMILIES:
        made.rotate(family)
    return made


@pytest.fixture
def own(store: Store, tmp_path: Path) -> Log:
    store.keys = keys_in(tmp_path / "own")
    log = store.open(CATALOGUE)["evidence"]
    log.append([submission(Noted("words", 1))])
    return log


def test_nothing_is_written_under_a_key_that_opens_nothing(
    store: Store, own: Log, tmp_path: Path
) -> None:
    last = own.last()
    # these keys have the same names and epochs as the store's own
    store.keys = keys_in(tmp_path / "another")
    other = store.open(CATALOGUE, create=False)["evidence"]
    for _ in range(2):
        with pytest.raises(KeyFault, match="belongs to another store"):
            other.append([submission(Noted("would be lost", 2))])
    assert own.last() == last
    other.append([submission(Counted(1))])  # this event has no encrypted fields, so it needs no key
    own.append([submission(Noted("more", 3), stream=uuid4())])


def test_one_damaged_key_does_not_stop_everybody(store: Store, own: Log, tmp_path: Path) -> None:
    own.append([submission(Noted("more", 2))])
    own.key_table.rewrap(
        [row._replace(wrapped=bytes(60)) for row in own.key_table.older("record", 9, None, 1)]
    )
    store.keys = FileKeyStore(tmp_path / "own")
    store.open(CATALOGUE, create=False)["evidence"].append([submission(Noted("kept", 3))])


def test_an_anchor_in_another_log_tells_of_what_was_cut_off(sealed: Sealed) -> None:
    """`verify` notices that records were cut from the end of a log, even if the log was then signed
    again with its stolen key. Another log contains an anchor (root hash) that covers the missing
    records."""
    nothing = ExternalNotes(sealed.pinned)
    root = audit(sealed.records, "evidence", nothing).root
    assert not audit(sealed.records, "evidence", nothing, anchors={12: root}).findings
    forged = audit(sealed.records, "evidence", nothing, anchors={12: bytes(32)})
    assert [(finding.what, finding.seq) for finding in forged.findings] == [("forked", None)]
    sealed.tamper("DELETE FROM evidence_events WHERE seq > 9", "UPDATE evidence_head SET seq = 9")
    cut = audit(sealed.records, "evidence", nothing, anchors={12: root})
    assert ("truncated", 10) in [(finding.what, finding.seq) for finding in cut.findings]
    assert cut.completeness == "broken"


def test_a_log_whose_tables_are_gone_is_missing(sealed: Sealed, tmp_path: Path) -> None:
    store = sealed.store
    place = store.url or store.home
    office = AuditorAccess(open_records(place), tmp_path / "checkpoints", place)
    sealed.tamper(
        "DROP TABLE evidence_events CASCADE" if store.url else "DROP TABLE evidence_events"
    )
    with pytest.raises(LogMissing, match="run continuum verify"):
        sealed.log.history(STREAMS[0])
    other = next(log for log in CATALOGUE if log != "evidence")
    report, standing = office.verify(("evidence", other), None, (), ())
    assert [finding.what for finding in report.findings] == ["missing"]
    assert report.completeness == "broken"
    assert not standing.gone
