"""Audit the tables beside a log's records: they decide how new records are written.

These tables have the number (epoch) of the key-encryption key for new data keys, the recorded
commands, the streams that have a blind index, the site that may write, and whether the log takes
its time from outside. docs/covered.md lists the columns and the check of each. The checks in this
file need several tables, or compare all logs of a store.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from domain.kernel.envelope import Explained, LogName
from ledger.audit.report import LogReport
from ledger.keys.keystore import FAMILIES
from ledger.proof.leaf_scan import KEPT
from ledger.store.recorder import LogRecorder

T = TypeVar("T")


def check_epochs(
    records: Mapping[LogName, LogRecorder], reports: Sequence[LogReport], moving: Callable[[], bool]
) -> None:
    """Add a finding for each log whose key epochs (the numbers of its key-encryption keys) differ
    from the epochs of the other logs, which all change together, or from the epochs of its own live
    keys. Raises LogUnavailable.
    """
    epochs = {
        report.log: log_epochs
        for report in reports
        if (log_epochs := records[report.log].epochs()) is not None
    }
    shared = _most_common(tuple(sorted(log_epochs.items())) for log_epochs in epochs.values())
    for report in reports:
        log_epochs = epochs.get(report.log)
        if log_epochs is None:
            continue
        wrong = [
            f"the epoch of {family} keys is gone" for family in FAMILIES if family not in log_epochs
        ]
        wrong += [
            f"an epoch of {family} keys, which there are none"
            for family in log_epochs
            if family not in FAMILIES
        ]
        live = {
            (key.family, key.epoch)
            for key in records[report.log].keys.seals().keys
            if key.sealed is not None
        }
        wrong += [
            f"the epoch of {family} keys is {log_epochs[family]}, "
            f"and keys are wrapped under {epoch}"
            for family, epoch in sorted(live)
            if family in log_epochs and epoch != log_epochs[family]
        ]
        if not wrong and tuple(sorted(log_epochs.items())) != shared:
            wrong = ["its epochs of keys are not those of the other logs"]
        if wrong and moving():
            report.doubt(
                "keys are being moved: see whether a rotation or an erasure was interrupted"
            )
        elif wrong:
            for words in wrong:
                report.add("edited", words)
            report.integrity = "broken"


def check_commands(records: LogRecorder, report: LogReport, explained: Explained) -> None:
    """Add a finding for each command whose digest is missing although its text is not erased: the
    store would refuse to repeat the command. Raises LogUnavailable."""
    for seq, stream in records.forgotten(KEPT):
        if (report.log, stream) not in explained.streams:
            report.add(
                "edited",
                "the digest of its command is missing, although its text is not erased",
                seq,
            )
            report.integrity = "broken"


def check_blind_indexes(records: LogRecorder, report: LogReport) -> None:
    """Add a finding for blind indexes (of plates, phones, accounts) whose item is not in the log.
    Raises LogUnavailable.
    """
    if astray := records.astray():
        words = f"{astray} blind indexes belong to items that the log does not have"
        report.add("edited", words)
        report.integrity = "broken"


def check_writing_sites(
    records: Mapping[LogName, LogRecorder], reports: Sequence[LogReport]
) -> None:
    """Add a finding for each log that has another writing site than the other logs, because a site
    gets the right to write for all logs together. Raises LogUnavailable.
    """
    terms = {report.log: records[report.log].terms() for report in reports}
    shared = _most_common(terms.values())
    for report in reports:
        if terms[report.log] != shared:
            words = "this log names another writing site than the other logs"
            report.add("edited", words)
            report.integrity = "broken"


def check_clock(
    records: Mapping[LogName, LogRecorder], reports: Sequence[LogReport], synthetic: bool | None
) -> None:
    """Add a finding for each log with the wrong kind of clock: a log of a live store that takes its
    time from outside, or a log of a synthetic store that does not. The parameter `synthetic` says
    which kind of store it is. Raises LogUnavailable.
    """
    for report in reports:
        is_synthetic = records[report.log].takes_time()
        if None not in (is_synthetic, synthetic) and is_synthetic != synthetic:
            kind = "synthetic" if is_synthetic else "live"
            report.add("edited", f"the log is marked as {kind}, and the store was not made so")
            report.integrity = "broken"


def check_extra_keys(records: LogRecorder, report: LogReport, restored: Callable[[], bool]) -> None:
    """Add a finding for each data key that no record uses: such a key would prevent the next record
    of its item. A restore may have brought back keys of lost records. Raises LogUnavailable."""
    if report.collected is None:
        return
    uses = report.collected.key_uses()
    seen = records.keys.seals()
    extra = [key for key in seen.keys if key.key_id not in uses]
    if extra and seen.size > report.size:
        later = records.key_ids(report.size + 1, seen.size)
        extra = [key_seal for key_seal in extra if key_seal.key_id not in later]
    if extra and restored():
        return
    for seal in extra[:KEPT]:
        where = f"{UUID(bytes=seal.stream)}, key {seal.number}"
        report.add("inserted", f"a key that no record uses ({where})")
        report.integrity = "broken"


def _most_common(values: Iterable[T]) -> T | None:
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else None
