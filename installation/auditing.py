"""Audit the logs of a store without decrypting them: check that the logs agree with each other, and
with the facts that are recorded about keys and the signer.

The file is long because each comparison of the logs with the records about them is here.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid5

from msgspec import Struct

from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import store_admin
from domain.data_protection import erasure_told
from domain.data_protection.copies import StoreRestored
from domain.kernel.envelope import IntegrityFailure, LogName, LogUnavailable
from domain.people_and_teams.recovery import (
    ABOUT_A_COPY,
    LossDeclared,
    RecordCopied,
    succeeded,
)
from domain.people_and_teams.store_admin import (
    ANCHORS,
    KEYS,
    SIGNER,
    STORE,
    SUCCESSION,
    AccessAnchored,
    EvidenceAnchored,
    KeysMoving,
    KeysRotated,
    LogAnchored,
    SignerKeyChanged,
    StoreMade,
)
from installation.settings import Settings
from installation.stores import home_of, place_of
from installation.system import System
from ledger.audit.auditor_access import AuditorAccess, read_policy
from ledger.audit.previous_origin import Origins
from ledger.audit.report import FormerLog
from ledger.backup.backup import CHECKPOINTS
from ledger.database.durable_files import read_file
from ledger.keys.key_table_root import KeyFacts, Sealed
from ledger.keys.keys import read_passphrase
from ledger.proof.auditor_policy import Pinned
from ledger.proof.checkpoint import BadCheckpoint, parse
from ledger.proof.checkpoint_compare import CheckpointComparison, compare
from ledger.store.setup import open_records, remains
from ledger.witness import signer, tlog_witness
from ledger.witness.signer import POLICY
from ledger.witness.witness import Witness


@contextlib.contextmanager
def open_office(settings: Settings, public: Path | None) -> Iterator[AuditorAccess]:
    """Return the logs of a store as an auditor may read them, without keys and views.

    `public` is the directory of published checkpoints. Raises LogUnavailable.
    """
    place = place_of(settings)
    office = AuditorAccess(
        open_records(place),
        public or home_of(settings) / "checkpoints",
        place,
        lambda access: erasure_told.explained_keys(
            lambda stream: access.read_events(stream, erasure_told.TOLD)
        ),
        anchored,
        timedelta(minutes=settings.unsigned_minutes),
        key_facts,
        describe_key_changes,
        read_origins,
        remains(place, home_of(settings)),
        made_synthetic,
        restored,
    )
    try:
        yield office
    finally:
        office.close()


def compare_checkpoints(
    settings: Settings, notes: tuple[Path, Path], policy: Path | None, proof: Path | None
) -> CheckpointComparison:
    """Compare two checkpoints of a log; the store is not opened. Their signatures are checked by
    the keys in the file `policy`, or else in the published policy of the store. Raises Unprovable.
    """
    pinned = read_policy(policy or home_of(settings) / "checkpoints" / POLICY)
    first_text, second_text = map(read_file, notes)
    return compare(first_text, second_text, pinned, read_file(proof) if proof else None)


#: Logs whose roots (hashes of all records) are recorded in the evidence log, besides the access
#: log. The evidence log's own root is recorded in the access log.
OTHERS: tuple[Literal["sources", "product"], ...] = ("sources", "product")


def anchored(office: AuditorAccess, log: LogName) -> dict[int, bytes]:
    """Return the anchors of a log: roots (hashes) of its first records, as another log recorded
    them, by the number of these records.

    The access log has the anchors of the evidence log; the evidence log has the anchors of all
    other logs. Anchors that are older than the log's present origin (unique name) are left out.
    """
    roots_by_size: dict[int, bytes] = {}
    if log == "evidence":
        origin = office.records["evidence"].origin()
        for event in office.read_events(ANCHORS, [EvidenceAnchored], log="access"):
            if isinstance(event, EvidenceAnchored) and event.origin == origin:
                roots_by_size[event.size] = bytes.fromhex(event.root)
        return roots_by_size
    for anchor_event in office.read_events(
        ANCHORS, [AccessAnchored, LogAnchored], _origin_since(office)
    ):
        match anchor_event:
            case AccessAnchored() if log == "access":
                roots_by_size[anchor_event.size] = bytes.fromhex(anchor_event.root)
            case LogAnchored() if anchor_event.log == log:
                roots_by_size[anchor_event.size] = bytes.fromhex(anchor_event.root)
    return roots_by_size


def _origin_since(office: AuditorAccess) -> int:
    """Return the position of the record with which the evidence log got its present origin (unique
    name); 0 if the origin never changed.
    """
    records = office.records["evidence"]
    begins = (LossDeclared.stored.topic, RecordCopied.stored.topic)
    rows = [*records.select_stream(SUCCESSION)]
    rows += records.select_stream(uuid5(STORE, records.origin()))
    return max((row[0] for row in rows if row[3] in begins), default=0)


def read_origins(office: AuditorAccess) -> Origins:
    """Return the former origins (unique names) of the logs, if this store was copied from another
    store; and the new store that continues the record, if this store was copied.
    """
    events = list(office.read_events(SUCCESSION, ABOUT_A_COPY))
    copied = [event for event in events if isinstance(event, RecordCopied)]
    former: dict[LogName, FormerLog] = {}
    for copied_log in copied[-1].logs if copied else ():
        leaves = {
            rewritten.seq: bytes.fromhex(rewritten.leaf) for rewritten in copied_log.rewritten
        }
        root = bytes.fromhex(copied_log.root)
        former[copied_log.log] = FormerLog(
            copied_log.origin, copied_log.size, root, copied_log.checkpoint, leaves
        )
    return Origins(former, succeeded(events))


def key_facts(office: AuditorAccess) -> KeyFacts:
    """Return what the evidence log records about the data keys of each log."""
    tables: dict[LogName, Sealed] = {}
    moving = False
    for event in office.read_events(KEYS, [KeysMoving, KeysRotated]):
        moving = isinstance(event, KeysMoving)
        for keys in event.tables if isinstance(event, KeysRotated) else ():
            if keys.origin == office.records[keys.log].origin():
                moved = tables[keys.log].moved + 1 if keys.log in tables else 1
                tables[keys.log] = Sealed(moved, keys.size, bytes.fromhex(keys.root))
    return KeyFacts(
        tables,
        lambda: (
            moving
            or erasure_told.is_in_progress(
                lambda stream: office.read_events(stream, erasure_told.TOLD)
            )
        ),
    )


def foreign(settings: Settings) -> tuple[list[str], list[str]]:
    """Return the database objects of the logs, such as tables, that differ from those that this
    release makes; and the names of the logs whose databases were made by another release, instead
    of their differences. Logs that do not answer are left out.
    """
    ours: list[str] = []
    others: list[str] = []
    for name, records in open_records(place_of(settings)).items():
        with contextlib.closing(records), contextlib.suppress(LogUnavailable):
            if records.absent():
                continue
            differing, another = records.differing(), records.made_by_another()
            ours += [f"{name}: {text}" for text in records.foreign()]
            ours += [f"{name}: {text}" for text in differing if not another]
            others += [name] if differing and another else []
    return list(dict.fromkeys(ours)), others


def restored(office: AuditorAccess) -> bool:
    """Return whether the access log records that the store was restored from a backup."""
    records, after = office.records["access"], 0
    while page := records.select_topics(after, 1_000):
        if any(topic == StoreRestored.stored.topic for _, topic in page):
            return True
        after = page[-1][0]
    return False


def made_synthetic(office: AuditorAccess) -> bool | None:
    """Return whether the store was made as a synthetic store, which has invented data and a clock
    that can be set; None if its first fact does not say this.
    """
    made = [
        event for event in office.read_events(STORE, [StoreMade]) if isinstance(event, StoreMade)
    ]
    return made[0].synthetic if made else None


def describe_key_changes(office: AuditorAccess, log: LogName) -> list[str]:
    """Return the notes in the evidence log about changes of a log's signing keys."""
    events = office.read_events(SIGNER, [SignerKeyChanged])
    return [
        event.change for event in events if isinstance(event, SignerKeyChanged) and event.log == log
    ]


def anchor(system: System) -> Receipt:
    """Record the roots of the other logs in the evidence log, and the evidence log's root in the
    access log, after checking the earlier anchors; also record changes of the signer's keys. Return
    the receipt of the fact that anchors the access log.

    Raises IntegrityFailure if an earlier anchor is wrong, and LogUnavailable if a log does not
    answer.
    """
    with open_office(system.settings, None) as office:
        origin = office.records["evidence"].origin()
        heads = {"access": _head(system, office, "access")}
        heads["evidence"] = _head(system, office, "evidence")
        for log in OTHERS:
            # even if the other logs do not answer, the access log's root is recorded
            with contextlib.suppress(LogUnavailable):
                heads[log] = _head(system, office, log)
        changes = list(office.untold_changes())
    receipt = store_admin.anchor_access(system.desk, system.machine, *heads["access"])
    for log in OTHERS:
        if log in heads and heads[log][0]:
            store_admin.anchor_log(system.desk, system.machine, log, *heads[log])
    store_admin.anchor_evidence(system.desk, system.machine, origin, *heads["evidence"])
    for name, note in changes:
        store_admin.signer_key_changed(system.desk, system.machine, name, note)
    return receipt


#: Events that record anchors. They need no anchor themselves, otherwise each anchor would require
#: another one.
_MADE = (AccessAnchored, LogAnchored, EvidenceAnchored)
_ROUND = 8


def _head(system: System, office: AuditorAccess, log: LogName) -> tuple[int, bytes]:
    """Return the number of records in a log and their root (hash), to be recorded as an anchor in
    another log. If only anchors were recorded after the last anchor, return the last anchor's
    number and root. Raises IntegrityFailure, LogUnavailable.
    """
    anchors = anchored(office, log)
    head = office.continues(log, anchors)
    if anchors:
        last = max(anchors)
        odd: list[int] = []
        since = system.logs[log].read(last, _ROUND, lambda seq, why: odd.append(seq))
        made = all(isinstance(fact.event, _MADE) for fact in since)
        if made and not odd and len(since) < _ROUND:
            return last, anchors[last]
    return head


def open_witness(directory: Path, passphrase: Path | None = None) -> Witness:
    """Return a witness, which signs checkpoints of the logs of other stores. No store is opened for
    this. Raises LogUnavailable if the passphrase cannot be read."""
    return Witness(directory, read_passphrase(passphrase) if passphrase else None)


def witness_answers(
    witness: Witness, policies: Sequence[Path], second: Callable[[], int]
) -> Callable[[bytes], tuple[int, str, bytes]]:
    """Return a function that answers requests to a witness of the logs in these policies (C2SP
    tlog-witness) with status, content type and body. A changed policy is used from the next request
    on. Raises Unprovable if a policy or the witness cannot be used."""

    def logs() -> list[Pinned]:
        return [pinned for file in policies for pinned in read_policy(file).values()]

    def answers(body: bytes) -> tuple[int, str, bytes]:
        response = tlog_witness.answer(witness, logs, body, second())
        return response.status, response.kind, response.body

    witness.name(), logs()
    return answers


class Unsigned(Struct, frozen=True):
    """The number of records of a log that its published checkpoint does not sign, and the time
    since which the first of these records waits for a signature.
    """

    many: int
    since: datetime | None


def unsigned(system: System, public: Path | None = None) -> dict[LogName, Unsigned]:
    """Return for each log how many records its published checkpoint does not sign; logs without a
    published checkpoint are left out. The checkpoint is read but not verified (`verify` does that).
    Raises LogUnavailable.
    """
    unsigned_by_log: dict[LogName, Unsigned] = {}
    for name, log in system.logs.items():
        note = signer.published(public or system.home / CHECKPOINTS, name)
        if not note.is_file():
            continue
        try:
            signed = parse(read_file(note)).size
        except BadCheckpoint as error:
            raise IntegrityFailure(f"{note} is not a checkpoint: {error}") from None
        last = log.last()
        first = log.read(signed, 1, lambda *_: None) if last > signed else []
        unsigned_by_log[name] = Unsigned(
            max(last - signed, 0), first[0].recorded if first else None
        )
    return unsigned_by_log
