"""The operations of an auditor and a signer on a store: they only read its records.

The file is long because it has all of these operations, which exist nowhere else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.kernel.envelope import (
    Event,
    Explained,
    IntegrityFailure,
    LogMissing,
    LogName,
    LogUnavailable,
    Unprovable,
)
from ledger.audit.audit import audit, report_foreign_objects, report_head_time
from ledger.audit.deciding import (
    check_blind_indexes,
    check_clock,
    check_commands,
    check_epochs,
    check_extra_keys,
    check_writing_sites,
)
from ledger.audit.key_audit import check_keys, open_all
from ledger.audit.previous_origin import Origins, compare_with_former
from ledger.audit.report import ExternalNotes, LogReport, worst
from ledger.audit.unreadable import lost_words
from ledger.database.batch import rows
from ledger.database.durable_files import PUBLIC, read_file, replace_file
from ledger.keys.key_table_root import NO_FACTS, KeyFacts
from ledger.keys.keys import KeyFault, read_passphrase
from ledger.keys.keystore import KeyStore
from ledger.proof import auditor_policy, proof, receipt
from ledger.proof.checkpoint import WITNESS, BadCheckpoint, VerifierKey, WrongKey, parse
from ledger.proof.head_map import heads_of
from ledger.proof.leaf import make_origin
from ledger.proof.leaf_scan import examine
from ledger.proof.merkle import EMPTY, Peaks, leaf_hash
from ledger.proof.proof_pack import PackTrail, draft, finish
from ledger.proof.receipt import Receipt
from ledger.proof.tiles import Tiles, tiles_of
from ledger.store.mapper import EventMapper, Unreadable
from ledger.store.recorder import RECORDS, TABLES, LogRecorder
from ledger.verify import Proof
from ledger.witness import signer

if TYPE_CHECKING:
    from ledger.witness.witness_requests import Growth, WitnessRequests


class AuditorAccess(Struct, frozen=True):
    """Access to the logs' records, the directory of published checkpoints, and the place (a
    directory or a URL) where a second process opens the records.

    - `explain` returns the reasons for destroyed keys in the logs; without it, destroyed text is
      not checked.
    - `anchored` returns the anchors of a log in the evidence log.
    - `patience` is how long a record may wait for its signature before the signer counts as
      stopped.
    - `key_facts` returns the facts about data keys; without it, key tables are not compared with
      their signatures.
    - `changes` and `origins` return the changes of the signer's keys, and the logs' earlier
      origins.
    - `traces` are the files of a store beside its logs; if there are any, there was a store.
    - `synthetic` and `restored` say whether the store was made with an outside clock, or restored
      from a backup.
    """

    records: Mapping[LogName, LogRecorder]
    public: Path
    place: str | Path
    explain: Callable[["AuditorAccess"], Explained] | None = None
    anchored: Callable[["AuditorAccess", LogName], Mapping[int, bytes]] | None = None
    patience: timedelta = timedelta(minutes=15)
    key_facts: Callable[["AuditorAccess"], KeyFacts] | None = None
    changes: Callable[["AuditorAccess", LogName], Sequence[str]] | None = None
    origins: Callable[["AuditorAccess"], Origins] | None = None
    traces: Sequence[str] = ()
    synthetic: Callable[["AuditorAccess"], bool | None] | None = None
    restored: Callable[["AuditorAccess"], bool] | None = None

    def read_events(
        self,
        stream: UUID,
        events: Sequence[type[Event]],
        after: int = 0,
        log: LogName = "evidence",
    ) -> Iterator[Event]:
        """Yield the unencrypted events of these types in a stream whose `seq` is higher than
        `after`, except unreadable ones; yield nothing if a row of the stream is damaged. Raises
        LogUnavailable.
        """
        mapper = EventMapper(log, events, {})
        topics = {event.stored.topic for event in events}
        try:
            stored = rows(self.records[log].select_stream(stream))
        except msgspec.ValidationError:
            return
        for row in stored:
            if row.topic in topics and row.seq > after:
                with suppress(Unreadable):
                    here = stream.bytes, row.version, row.topic, row.state
                    yield mapper.decode(*here, lambda _: None)[0].event

    def verify(
        self,
        logs: Sequence[LogName],
        policy_file: Path | None,
        copies: Sequence[Path],
        receipts: Sequence[Path],
        state: Path | None = None,
        opening: KeyStore | None = None,
        stamps: Path | None = None,
        audited: Callable[[LogReport], object] = lambda _: None,
    ) -> list[LogReport]:
        """Return a report on each log of the store. Each log is compared with published
        checkpoints, with the auditor's own checkpoints, and with the signer's own directory
        `state`. With a key store every live key is decrypted; with root certificates in `stamps`
        every time stamp is checked. `audited` is called with the unfinished report on a log when
        the log's records have been read.

        Without a policy file the published policy is used, which proves less: a person who can
        write to the store may have written the policy, too. Raises Unprovable, LogUnavailable.
        """
        pinned = {
            log: self._knowing(log, log_policy)
            for log, log_policy in self._policy(policy_file).items()
        }
        parsed_receipts = [_receipt(path) for path in receipts]
        checkpoint_copies = [(str(path), read_file(path)) for path in copies]
        logs = logs or tuple(self.records)
        reports = []
        for log in logs:
            reports.append(self._verify(log, pinned, checkpoint_copies, parsed_receipts, state))
            audited(reports[-1])
        gone = {report.log for report in reports if report.gone}
        has_inputs = policy_file or copies or receipts or state or self.traces
        if not has_inputs and all(
            len(recorder.absent()) == len(TABLES) for recorder in self.records.values()
        ):
            raise LogUnavailable(
                f"There is no log of a store in {self.place}: give the place of the store "
                "with --store."
            )
        for report in reports:
            if not report.gone:
                report_foreign_objects(self.records[report.log], report)
                report_head_time(self.records[report.log], report)
            report.witnessed = not (report.gone or report.lacks) and self._witness(report.log)
        whole = [
            log_report
            for log_report in reports
            if not (log_report.gone or log_report.lacks or log_report.witnessed)
        ]
        check_writing_sites(
            self.records,
            [log_report for log_report in reports if not (log_report.gone or log_report.lacks)],
        )
        for report in whole:
            check_blind_indexes(self.records[report.log], report)
        if "evidence" not in gone:
            check_clock(self.records, whole, self.synthetic and self.synthetic(self))
        if self.explain and "evidence" not in gone:
            explained = self.explain(self)
            for report in whole:
                check_commands(self.records[report.log], report, explained)
                lost = lost_words(self.records[report.log], report.log, explained)
                for finding in lost:
                    report.findings.append(finding)
                    report.completeness = "broken"
        if self.key_facts and "evidence" not in gone:
            facts = partial(self.key_facts, self)
            for report in whole:
                check_keys(self.records[report.log], report, facts)
                check_extra_keys(self.records[report.log], report, self._restored)
            check_epochs(self.records, whole, lambda: facts().moving())
        if self.origins and "evidence" not in gone:
            self._tell_origins(reports, self.origins(self))
        for report in reports:
            if opening and not (report.gone or report.lacks):
                open_all(self.records[report.log], report, opening)
        self._doubt_the_late(reports)
        for report in reports:
            if stamps:
                self._check_stamp(report, stamps)
        return reports

    def _restored(self) -> bool:
        return self.restored is not None and self.restored(self)

    def _witness(self, log: LogName) -> bool:
        """Return whether this is a witness's copy of a log, which has the records and no key."""
        turn = self.records[log].turn()
        witness = turn is not None and turn.holds == "records"
        return witness and not self.records[log].keys.count()

    def _tell_origins(self, reports: Sequence[LogReport], origins: Origins) -> None:
        """If another store continues the records under new origins, add each log's new origin to
        the log's report. Compare each log that is itself a copy with the log from which it was
        copied.
        """
        for report in reports:
            report.succeeded = origins.store and make_origin(origins.store, report.log)
            if (former := origins.former.get(report.log)) and not report.gone:
                report.former = former
                compare_with_former(self.records[report.log], report, former)

    def _check_stamp(self, report: LogReport, roots: Path) -> None:
        """Check the published time stamp of a log's checkpoint, and add the stamped time to the
        report, or a doubt if there is no valid time stamp. `roots` is a file with the root
        certificates.
        """
        # imported here, because most commands do not need it
        from ledger.witness import time_stamps

        note, stamp = time_stamps.stamped(self.public, report.log), b""
        certificates = time_stamps.read_roots(roots)
        with suppress(FileNotFoundError):
            stamp = time_stamps.stamp_of(self.public, report.log).read_bytes()
        if not (note.is_file() and stamp):
            report.doubt("no time stamp of it is published")
            return
        try:
            text = read_file(note)
            report.stamped = parse(text).size, time_stamps.time_of(stamp, text, certificates)
        except ValueError as error:
            report.doubt(f"its time stamp does not count: {error}")

    def _doubt_the_late(self, reports: Sequence[LogReport]) -> None:
        """Add a doubt if a record has waited too long for its signature. The waiting time ends with
        the newest record of the store and not now, because an idle log has nothing to sign and a
        synthetic store has its own time."""
        newest = 0
        for recorder in self.records.values():
            with suppress(LogUnavailable):
                newest = max(newest, recorder.head()[1])
        for report in reports:
            if report.gone or report.integrity != "proven" or report.size <= report.signed:
                continue
            first = self.records[report.log].select_sealed(report.signed + 1, 1)
            waited = timedelta(microseconds=newest - first[0].recorded) if first else timedelta()
            if waited > self.patience:
                report.doubt(
                    f"not signed since record {report.signed}: the next has waited "
                    f"{_minutes(waited)}, more than {_minutes(self.patience)}; see whether the "
                    "signer runs"
                )

    worst = staticmethod(worst)

    def _knowing(self, log: LogName, pinned: auditor_policy.Pinned) -> auditor_policy.Pinned:
        """Return a log's part of the auditor's policy, with all published and recorded changes of
        the signer's keys.
        """
        notes = signer.changes_in(self.public, log)
        if self.changes:
            with suppress(LogMissing):
                notes += self.changes(self, log)
        return pinned.knowing(notes)

    def untold_changes(self) -> Iterator[tuple[LogName, str]]:
        """Yield each log with a published note about a change of its signer's keys that is not
        recorded in the evidence log yet.
        """
        for log, log_policy in self._policy(None).items():
            recorded_notes = set(self.changes(self, log)) if self.changes else set()
            for note in log_policy.knowing(signer.changes_in(self.public, log)).changes:
                if note not in recorded_notes:
                    yield log, note

    @staticmethod
    def over(reports: Sequence[LogReport]) -> bytes:
        """Return one root (a hash) over the roots of several logs, in the order of the
        logs' names.
        """
        tree = Peaks()
        for report in sorted(reports, key=lambda log_report: log_report.log):
            tree.add(leaf_hash(report.root))
        return tree.root()

    def _verify(
        self,
        log: LogName,
        pinned: Mapping[LogName, auditor_policy.Pinned],
        stored_notes: Sequence[tuple[str, str]],
        given: Sequence[Receipt],
        state: Path | None,
    ) -> LogReport:
        notes = [
            (name, note) for name, note in stored_notes if self._log_of(name, note, pinned) == log
        ]
        published, signed = (
            signer.published(self.public, log),
            state and signer.signer_path(state, log),
        )
        expected = None
        if published.is_file():
            notes.insert(0, ("the published checkpoint", read_file(published)))
        elif signed and signed.is_file():
            expected = f"the signer's own record in {signed} shows that one was published"
        elif tiles_of(self.public, log).is_dir() or heads_of(self.public, log).is_file():
            expected = "files that a signer publishes with a checkpoint exist"
        if signed and signed.is_file():
            notes.append(("the signer's state", read_file(signed)))
        stamped = self.public / f"{log}.stamped"
        if stamped.is_file():
            notes.append(("the stamped checkpoint", read_file(stamped)))
        mine = [parsed_receipt for parsed_receipt in given if parsed_receipt.log == log]
        held_notes = ExternalNotes(pinned.get(log), notes, mine, expected)
        absent = self.records[log].absent()
        if RECORDS & {*absent}:
            return _report_missing_log(log, held_notes, absent)
        report = audit(self.records[log], log, held_notes, self.place, self.anchors(log))
        if absent:
            report.lacks, report.completeness = absent, "broken"
            report.add("missing", _lacking(absent))
        report.tiles = self._tiles(log, report)
        return report

    def _tiles(self, log: LogName, report: LogReport) -> Literal["whole", "wrong"] | None:
        """Return "whole" if the published tiles (files with hashes of the log's Merkle tree) match
        the log as computed from its records, "wrong" if they do not match, and None if there are no
        tiles.
        """
        place, published = tiles_of(self.public, log), signer.published(self.public, log)
        if not (place.is_dir() and published.is_file()):
            return None
        with suppress(BadCheckpoint):
            if tree := report.trees.get(parse(read_file(published)).size):
                return "whole" if Tiles(place, lambda *_: []).agree(tree) else "wrong"
        return None

    def anchors(self, log: LogName) -> dict[int, bytes]:
        """Return the roots of this log that another log of the store recorded, by the number of
        records; {} if the other log is missing (the report on the other log says so).
        """
        if self.anchored is None:
            return {}
        with suppress(LogMissing):
            return dict(self.anchored(self, log))
        return {}

    def _log_of(
        self, name: str, note: str, pinned: Mapping[LogName, auditor_policy.Pinned]
    ) -> LogName | None:
        """Return the log to which a checkpoint belongs.

        Raises Unprovable if the checkpoint is invalid or belongs to no log of this store.
        """
        try:
            origin = parse(note).origin
        except BadCheckpoint as error:
            raise Unprovable(f"{name}: {error}") from None
        for log, log_policy in pinned.items():
            if log_policy.origin == origin:
                return log
        ending = origin.rpartition("/")[2]
        for log in self.records:
            if log == ending:
                return log
        raise Unprovable(f"{name} is of {origin}, which is not a log of this store")

    def prove(self, log: LogName, stream: UUID, opens: proof.Opens | None = None) -> Proof:
        """Return the proof of an item, by the published checkpoint; if `opens` is given, the item's
        text is included. Raises Unprovable if all events of the item are unsigned, IntegrityFailure
        if the log does not give the checkpoint's root, BadCheckpoint.
        """
        return proof.prove(self._proven(log), stream, self._published(log), opens=opens)

    def prove_event(self, log: LogName, stream: UUID, version: int) -> str:
        """Return the C2SP tlog-proof of one event. Raises Unprovable if the event is not signed
        yet, IntegrityFailure if the log does not give the signed root, BadCheckpoint."""
        return proof.tlog(self.prove(log, stream), version)

    def signs(self, log: LogName) -> int:
        """Return how many records of a log the published checkpoint signs. Raises Unprovable
        without one.
        """
        return parse(self._published(log)).size

    def draft_pack(
        self,
        item: UUID,
        facts: Mapping[str, Sequence[UUID]],
        pages: Mapping[str, str],
        statements: Mapping[str, object],
        opens: proof.Opens | None,
        made: datetime,
        fact: UUID,
    ) -> tuple[bytes, str]:
        """Return an archive with the proofs of an item and its trail, and the SHA-256 (hex) of its
        manifest; the parameters are the fields of `PackTrail`. Raises Unprovable if a part of the
        trail is not signed yet, or if the archive would be too large; IntegrityFailure if the log
        does not give the signed root.
        """
        trail = PackTrail(item, facts, pages, statements, opens)
        return draft(self._proven("evidence"), trail, self._published("evidence"), made, fact)

    def finish_pack(self, content: bytes) -> bytes:
        """Return the pack's archive with the proof that its manifest was recorded. Raises
        Unprovable if the file is not a pack, or if the record of its manifest is missing or not
        signed yet; IntegrityFailure if the log does not give the signed root.
        """
        return finish(content, self._proven("access"), self._published("access"))

    def prove_consistency(self, copy: Path) -> Proof:
        """Return the proof that the published checkpoint continues an earlier one, in the file
        `copy`.
        """
        note = read_file(copy)
        log = self._log_of(str(copy), note, self._policy(None))
        if log is None:
            raise Unprovable(f"{copy} does not belong to a log of this store")
        return proof.prove_consistency(self._proven(log), note, self._published(log))

    def prove_receipt(self, file: Path) -> Proof:
        """Return a receipt with the proof that the published checkpoint signs its records."""
        parsed_receipt = _receipt(file)
        return proof.prove_receipt(
            self._proven(parsed_receipt.log), parsed_receipt, self._published(parsed_receipt.log)
        )

    def _proven(self, log: LogName) -> proof.Proven:
        return proof.Proven(
            self.records[log], log, tiles_of(self.public, log), heads_of(self.public, log)
        )

    def continues(self, log: LogName, earlier_roots: Mapping[int, bytes]) -> tuple[int, bytes]:
        """Return the size and root of a log, after checking that it still has its earlier roots:
        `earlier_roots` has the root of the first records, by their number.

        Raises IntegrityFailure if the log has another root for one of these numbers, or if it is
        invalid.
        """
        store = self.records[log]
        examined = examine(store, store.origin(), earlier_roots)
        roots = examined.roots | {0: EMPTY}
        broken = [size for size, root in earlier_roots.items() if roots.get(size) != root]
        if broken:
            raise IntegrityFailure(
                f"The {log} log no longer begins with the {min(broken)} records that an "
                "anchor confirmed: run continuum verify"
            )
        if examined.has_differences:
            raise IntegrityFailure(
                f"The {log} log does not have the form of a log: run continuum verify"
            )
        return examined.last, examined.tree.root()

    def rotate_signer(self, directory: Path, passphrase: Path | None = None) -> str:
        """Make the next keys of a signer and publish its policy; return the policy. Raises
        LogUnavailable, Unprovable.
        """
        return self._changed(lambda word: signer.rotate(directory, self.public, word), passphrase)

    def revoke_key(
        self, directory: Path, log: LogName, key: str, size: int, passphrase: Path | None = None
    ) -> str:
        """Revoke an older key of a log's signer after `size` records and publish the policy; return
        the policy. Raises LogUnavailable, Unprovable.
        """
        try:
            named = VerifierKey.parse(key)
        except ValueError as error:
            raise Unprovable(str(error)) from None
        return self._changed(
            lambda word: signer.revoke(directory, self.public, log, named, size, word), passphrase
        )

    @staticmethod
    def _changed(change: Callable[[bytes | None], str], passphrase: Path | None) -> str:
        try:
            return change(_word(passphrase))
        except (auditor_policy.BadPolicy, BadCheckpoint, WrongKey) as error:
            raise Unprovable(str(error)) from None

    def name_witness(
        self, directory: Path, key: str, address: str | None, quorum: int | None
    ) -> str:
        """Add a witness to a signer's policy and publish the policy; return the policy. Raises
        Unprovable.
        """
        try:
            named = VerifierKey.parse(key, WITNESS)
            return signer.name_witness(directory, self.public, named, address, quorum)
        except ValueError as error:
            raise Unprovable(str(error)) from None

    def asking(self, stamps: str | None = None) -> "WitnessRequests":
        """Return the object that requests signatures from the witnesses of this store's logs, and,
        if `stamps` is given, time stamps from the authority at the address `stamps`.
        """
        from ledger.witness.witness_requests import (
            WitnessRequests,  # imported here, because most commands do not need the network
        )

        return WitnessRequests(self._growth, stamps)

    def _growth(self, log: LogName) -> "Growth":
        return lambda size, note: proof.growth(self._proven(log), size, parse(note))

    def init_signer(self, directory: Path, passphrase: Path | None = None) -> str:
        """Make a signer in a directory and publish its policy; return the policy. Raises
        LogUnavailable.
        """
        try:
            text = signer.init(directory, self.records, _word(passphrase))
        except KeyFault as error:
            raise LogUnavailable(str(error)) from None
        replace_file(self.public / signer.POLICY, text, PUBLIC)
        return text

    def signers(self, directory: Path, passphrase: Path | None = None) -> list[signer.Signer]:
        """Return the signers that `init_signer` made, one for each log. Raises Unprovable if there
        are none."""
        pinned = read_policy(directory / signer.POLICY)
        read_key_facts = partial(self.key_facts, self) if self.key_facts else lambda: NO_FACTS
        return [
            signer.Signer(
                log,
                self.records[log],
                log_policy,
                directory,
                self.public,
                read_key_facts,
                _word(passphrase),
            )
            for log, log_policy in pinned.items()
        ]

    @staticmethod
    def rounds(
        signers: Sequence[signer.Signer],
        interval: float,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> Iterator[signer.Signer]:
        """Yield without end the signer that has to sign its log next (see `signer.due`)."""
        return signer.due(signers, interval, now, sleep)

    def sign(self, log_signer: signer.Signer) -> str:
        """Let a signer sign its log once; return the signed note."""
        try:
            return log_signer.round()
        except KeyFault as error:
            raise LogUnavailable(str(error)) from None

    def close(self) -> None:
        """Close the files and connections of the store."""
        for store in self.records.values():
            store.close()

    def _published(self, log: LogName) -> str:
        path = signer.published(self.public, log)
        if not path.is_file():
            raise Unprovable(
                f"no published checkpoint of the {log} log was found: run the signer, or "
                "give its directory with --checkpoints"
            )
        return read_file(path)

    def _policy(self, file: Path | None) -> dict[LogName, auditor_policy.Pinned]:
        if file is not None:
            return read_policy(file)
        published = self.public / signer.POLICY
        return read_policy(published) if published.is_file() else {}


def _word(passphrase: Path | None) -> bytes | None:
    return read_passphrase(passphrase) if passphrase else None


def _minutes(waited: timedelta) -> str:
    minutes = waited // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{waited.days} days"


def read_policy(path: Path) -> dict[LogName, auditor_policy.Pinned]:
    """Return the auditor's policy in a file. Raises Unprovable."""
    try:
        return auditor_policy.read(read_file(path))
    except auditor_policy.BadPolicy as error:
        raise Unprovable(f"{path}: {error}") from None


def _receipt(path: Path) -> Receipt:
    try:
        return receipt.parse(read_file(path))
    except ValueError as error:
        raise Unprovable(f"{path} is not a receipt: {error}") from None


def _report_missing_log(log: LogName, notes: ExternalNotes, absent: Sequence[str]) -> LogReport:
    """Return the report on a log that is missing, or that lacks too many tables to be read."""
    report = LogReport(log, gone=True, lacks=absent, completeness="broken")
    signed = [parse(note).size for _, note in notes.notes]
    suffix = f", and a checkpoint signs {max(signed)} records" if signed else ""
    whole = "the whole log is gone: neither its file nor its tables are there"
    report.add("missing", (whole if len(absent) == len(TABLES) else _lacking(absent)) + suffix)
    return report


def _lacking(absent: Sequence[str]) -> str:
    names = ", ".join(absent)
    return f"{'a table' if len(absent) == 1 else 'tables'} of the log went: {names}"
