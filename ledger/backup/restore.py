"""How does a store come back from a backup, and never as more than it is?

Everything is checked before anything is written: every file against the manifest, every log
against its root, and against the checkpoints that the auditor kept. What is short of such a
checkpoint comes back under a new origin only, with its loss declared as the first new fact: the
old origin must never go on another way than was signed. Logs are made ready beside their place
and put there last, so that what was interrupted is no store.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

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


@dataclass(frozen=True)
class CheckedBackup:
    """A backup that is whole. `signed` are the largest checkpoints known of its logs; `short` are
    the logs that hold less than these sign."""

    directory: Path
    manifest: Manifest
    signed: dict[LogName, Checkpoint]
    short: tuple[LogName, ...]


def check(directory: Path, policy: Path | None, copies: Sequence[Path]) -> CheckedBackup:
    """Holds a backup against its manifest, and against what the auditor brings.

    Raises Unprovable for what is no whole backup, IntegrityFailure for one that was changed.
    """
    found = manifest.read(directory, "store")
    backup.hold_against(directory, found)
    office = AuditorAccess(open_records(directory), directory / CHECKPOINTS, directory)
    try:
        reports = office.verify((), policy, copies, ())
    finally:
        office.close()
    for report in reports:
        _refuse_changed(report)
    signed = _signed(found, [*copies, *(directory / CHECKPOINTS).glob("*.checkpoint")])
    short = tuple(log for log, one in signed.items() if one.size > found.logs[log].size)
    return CheckedBackup(directory, found, signed, short)


def _refuse_changed(report: LogReport) -> None:
    for finding in report.findings:
        if finding.what != "truncated":
            raise IntegrityFailure(f"the {finding.log} log of the backup: {finding.words}")


def _signed(found: Manifest, notes: Sequence[Path]) -> dict[LogName, Checkpoint]:
    """They were held against the policy already, and are of these logs."""
    logs = {held.origin: log for log, held in found.logs.items()}
    signed: dict[LogName, Checkpoint] = {}
    for one in sorted((parse(read_file(path)) for path in notes), key=lambda note: note.size):
        signed[logs[one.origin]] = one
    return signed


@contextmanager
def staged(checked: CheckedBackup, home: Path, store_id: str | None) -> Iterator[Path]:
    """A directory in `home` with the backup's logs, under new origins if `store_id` is given.

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
    """An empty directory in `home` for logs that are made ready."""
    directory = home / _STAGED
    shutil.rmtree(directory, ignore_errors=True)  # of one that was interrupted
    try:
        closed_directory(directory)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def put_files(
    checked: CheckedBackup, home: Path, *, checkpoints: bool, without: Collection[str]
) -> None:
    """Puts originals, and what was published of checkpoints, where they are not yet; `without` the
    originals of these names, which were erased."""
    for name in (ORIGINALS, *((CHECKPOINTS,) if checkpoints else ())):
        _put_all(checked.directory, checked.manifest, name, home, without)


def put_keys(directory: Path, home: Path) -> None:
    """Puts the keys of a backup of keys into a home that has none.

    Raises Unprovable, IntegrityFailure, OSError.
    """
    _put_all(directory, manifest.read(directory, "keys"), KEYS, home)


def renew_keys(staged: Path, keys: Path) -> bool:
    """Brings the data keys of staged logs up to those of a backup of keys: what was erased since
    stays erased, and what was wrapped again opens. Gives whether any changed. Raises
    LogUnavailable."""
    changed = [
        copy_sqlite.renew_keys(staged / name, keys / DATA_KEYS / name, log)
        for log, name in FILES.items()
    ]
    return any(changed)


def replay(staged: Path, destroyed: Mapping[LogName, Collection[str]], at: datetime) -> int:
    """Destroys in staged logs the data keys that signed certificates say were destroyed (SHA-256 in
    hex of their ids); how many. Raises LogUnavailable."""
    return sum(
        copy_sqlite.destroy_keys(staged / FILES[log], log, frozenset(keys), to_micros(at))
        for log, keys in destroyed.items()
    )


def refuse_closed(staged: Path, keys: KeyStore) -> None:
    """Raises LogUnavailable if a live data key is under an epoch that is not there any more."""
    for log, name in FILES.items():
        for family, epoch in sorted(copy_sqlite.wrapped_under(staged / name, log)):
            if epoch not in keys.epochs(family):
                raise LogUnavailable(
                    f"Keys of the {log} log are under {family}/{epoch}, which was destroyed since: "
                    "bring the newest backup of keys with --keys."
                )


def erased(staged: Path) -> dict[LogName, dict[UUID, bool]]:
    """By log, the streams that lost a data key, and whether they were renewed."""
    found = {log: copy_sqlite.destroyed(staged / name, log) for log, name in FILES.items()}
    return {log: streams for log, streams in found.items() if streams}


def _put_all(
    directory: Path, found: Manifest, name: str, home: Path, without: Collection[str] = ()
) -> None:
    held = [Path(file.name).name for file in found.files if file.name.startswith(f"{name}/")]
    put(directory / name, home / name, [one for one in held if one not in without])


def put(source: Path, target: Path, names: Iterable[str]) -> None:
    """Copies files of a directory to where they are not yet, each whole or not at all."""
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
    """Puts staged logs where the store is to be: renamed, the evidence last, or in one
    transaction of an owner's. Raises LogUnavailable, OSError."""
    names = sorted(set(FILES.values()), reverse=True)  # sources.db, then log.db
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
    """Whether there is a store already."""
    if isinstance(store, Path):
        return any((store / name).exists() for name in FILES.values())
    from ledger.backup import copy_postgres

    return copy_postgres.records(store, tuple(FILES)) > 0
