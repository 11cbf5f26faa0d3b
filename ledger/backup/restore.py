"""Restore a store from a backup.

Everything is checked before anything is written: every file against the manifest, and every log
against its root and the auditor's checkpoints. If a checkpoint signs more records than the backup
has, the backup can only be restored with new origins (unique names of the logs), and the first new
fact states the loss: a log must never continue its old origin differently from what was signed.
Logs are prepared in another directory and moved to their place last, so that an interrupted restore
leaves no store.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from domain.kernel.envelope import IntegrityFailure, LogName, LogUnavailable
from ledger.audit.auditor_access import AuditorAccess
from ledger.audit.report import LogReport
from ledger.backup import backup, copy_sqlite, manifest
from ledger.backup.backup import CHECKPOINTS, DATA_KEYS, KEYS, ORIGINALS
from ledger.backup.manifest import Manifest
from ledger.database.batch import to_micros
from ledger.database.durable_files import closed_directory, read_file, sync_directory
from ledger.keys.keystore import KeyStore
from ledger.proof.checkpoint import Checkpoint, parse
from ledger.store.setup import FILES, Catalogue, open_postgres, open_records

_STAGED = ".restoring"


class CheckedBackup(Struct, frozen=True):
    """A complete backup, compared with its manifest and the auditor's notes. `signed` are the
    largest known checkpoints of its logs; `short` are the logs with fewer records than these
    checkpoints sign.
    """

    directory: Path
    manifest: Manifest
    signed: dict[LogName, Checkpoint]
    short: tuple[LogName, ...]


def check(directory: Path, policy: Path | None, copies: Sequence[Path]) -> CheckedBackup:
    """Compare a backup with its manifest, and with the auditor's checkpoints.

    Raises Unprovable if the backup is incomplete, IntegrityFailure if it was changed.
    """
    found_manifest = manifest.read(directory, "store")
    backup.compare_with_manifest(directory, found_manifest)
    office = AuditorAccess(open_records(directory), directory / CHECKPOINTS, directory)
    try:
        reports = office.verify((), policy, copies, ())
    finally:
        office.close()
    for report in reports:
        _refuse_changed(report)
    signed = _signed(found_manifest, [*copies, *(directory / CHECKPOINTS).glob("*.checkpoint")])
    short = tuple(
        log for log, checkpoint in signed.items() if checkpoint.size > found_manifest.logs[log].size
    )
    return CheckedBackup(directory, found_manifest, signed, short)


def _refuse_changed(report: LogReport) -> None:
    for finding in report.findings:
        if finding.what != "truncated":
            raise IntegrityFailure(f"the {finding.log} log of the backup: {finding.words}")


def _signed(found_manifest: Manifest, notes: Sequence[Path]) -> dict[LogName, Checkpoint]:
    """Return the largest checkpoint of each log in these notes. The notes were already checked
    against the policy of the auditor.
    """
    logs = {held_log.origin: log for log, held_log in found_manifest.logs.items()}
    signed: dict[LogName, Checkpoint] = {}
    for checkpoint in sorted(
        (parse(read_file(path)) for path in notes), key=lambda note: note.size
    ):
        signed[logs[checkpoint.origin]] = checkpoint
    return signed


@contextmanager
def staged(checked: CheckedBackup, home: Path, store_id: str | None) -> Iterator[Path]:
    """Yield a directory in `home` with copies of the backup's logs, under new origins if `store_id`
    is given.

    Raises OSError, LogUnavailable.
    """
    with staging(home) as directory:
        for name in dict.fromkeys(FILES.values()):
            manifest.copy_file(checked.directory / name, directory / name, name)
        for log, name in FILES.items():
            if store_id:
                copy_sqlite.reseal(directory / name, log, store_id)
        yield directory


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """Yield an empty directory in `home` in which restored logs are prepared."""
    directory = home / _STAGED
    shutil.rmtree(directory, ignore_errors=True)  # an interrupted restore left this directory
    try:
        closed_directory(directory)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def put_files(
    checked: CheckedBackup, home: Path, *, checkpoints: bool, without: Collection[str]
) -> None:
    """Copy the backup's original files and published checkpoints into `home`, if `home` lacks them;
    `without` are the names of erased originals, which are not copied.
    """
    for name in (ORIGINALS, *((CHECKPOINTS,) if checkpoints else ())):
        _put_all(checked.directory, checked.manifest, name, home, without)


def put_keys(directory: Path, home: Path) -> None:
    """Copy the keys in a backup of keys into the directory `home`, which must not have keys yet.
    Raises Unprovable, IntegrityFailure, OSError.
    """
    _put_all(directory, manifest.read(directory, "keys"), KEYS, home)


def renew_keys(staged: Path, keys: Path) -> bool:
    """Update the data keys of the restored logs in `staged` from a backup of keys, so that erased
    text stays erased, and keys that were encrypted again can be decrypted. Return whether any data
    key changed. Raises LogUnavailable.
    """
    changed = [
        copy_sqlite.renew_keys(staged / name, keys / DATA_KEYS / name, log)
        for log, name in FILES.items()
    ]
    return any(changed)


def replay(staged: Path, destroyed: Mapping[LogName, Collection[str]], at: datetime) -> int:
    """Destroy those data keys of the restored logs in `staged` that signed certificates list as
    destroyed (SHA-256 in hex of their ids); return how many keys were destroyed. Raises
    LogUnavailable.
    """
    return sum(
        copy_sqlite.destroy_keys(staged / FILES[log], log, frozenset(keys), to_micros(at))
        for log, keys in destroyed.items()
    )


def refuse_closed(staged: Path, keys: KeyStore) -> None:
    """Raise LogUnavailable if a live data key of the restored logs in `staged` is encrypted with a
    key-encryption key that no longer exists.
    """
    for log, name in FILES.items():
        for family, epoch in sorted(copy_sqlite.wrapped_under(staged / name, log)):
            if epoch not in keys.epochs(family):
                raise LogUnavailable(
                    f"Data keys of the {log} log are encrypted with key {epoch} of the family "
                    f"{family}, which is not in the backup of keys given with --keys. Run "
                    "`continuum restore` again with the newest backup of keys."
                )


def erased(staged: Path) -> dict[LogName, dict[UUID, bool]]:
    """Return for each restored log in `staged` the streams (items) that lost a data key, and
    whether each of these streams has another, live key.
    """
    streams_by_log = {log: copy_sqlite.destroyed(staged / name, log) for log, name in FILES.items()}
    return {log: streams for log, streams in streams_by_log.items() if streams}


def _put_all(
    directory: Path, found_manifest: Manifest, name: str, home: Path, without: Collection[str] = ()
) -> None:
    file_names = [
        Path(file.name).name for file in found_manifest.files if file.name.startswith(f"{name}/")
    ]
    put(directory / name, home / name, [text for text in file_names if text not in without])


def put(source: Path, target: Path, names: Iterable[str]) -> None:
    """Copy those of the files `names` that the directory `target` does not have. Each file is
    copied completely or not at all.
    """
    closed_directory(target)
    for name in names:
        if not (target / name).exists():
            beside = target / f".{name}.new"
            beside.unlink(missing_ok=True)
            manifest.copy_file(source / name, beside, name)
            beside.rename(target / name)
    sync_directory(target)


def put_in_place(
    directory: Path,
    store: str | Path,
    catalogue: Catalogue,
    *,
    clock: Callable[[], datetime],
    keys: KeyStore,
    synthetic: bool,
) -> None:
    """Move the restored logs from `directory` to the place of the store. In a store on files, the
    files of the logs are renamed, the evidence log last. On a server, one transaction of the
    owner's role fills the tables of all logs. Raises LogUnavailable, OSError.
    """
    # sources.db first; log.db, with the evidence log, last
    names = sorted(set(FILES.values()), reverse=True)
    for name in names:
        copy_sqlite.settle(directory / name)
    if isinstance(store, Path):
        for name in names:
            (directory / name).rename(store / name)
        sync_directory(store)
        return
    from ledger.backup import copy_postgres

    logs = open_postgres(store, catalogue, clock=clock, keys=keys, create=True, synthetic=synthetic)
    for log in logs.values():
        log.close()
    copy_postgres.fill(store, {log: directory / name for log, name in FILES.items()})


def occupied(store: str | Path) -> bool:
    """Return whether there is a store already at this place."""
    if isinstance(store, Path):
        return any((store / name).exists() for name in FILES.values())
    from ledger.backup import copy_postgres

    return copy_postgres.records(store, tuple(FILES)) > 0
