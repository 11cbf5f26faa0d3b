"""Make backups of a store.

A backup of the *store* contains the four logs, the originals and the published checkpoints, but no
views (which can be rebuilt), rejects or exports. A backup of the *keys* decrypts the store. It is
made separately, so that no thief gets both backups in one place. A record is copied before the
record or file to which it refers: first the evidence, then the sources, then the files. So no
reference in the copy leads to something missing.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from domain.kernel.envelope import IntegrityFailure, LogName, LogUnavailable
from ledger.backup import copy_sqlite, manifest
from ledger.backup.manifest import FORMAT, HeldFile, HeldLog, Manifest
from ledger.database.durable_files import closed_directory
from ledger.keys.keystore import FAMILIES, KeyStore
from ledger.proof.leaf_scan import examine
from ledger.store.setup import FILES, Catalogue, open_records, open_sqlite

CHECKPOINTS = "checkpoints"
DATA_KEYS = "data-keys"
KEYS = "keys"
ORIGINALS = "originals"
KEY_TABLES = ("keys", "epochs")
"""The tables of a log that hold its data keys."""


def back_up(
    store: str | Path,
    home: Path,
    into: Path,
    *,
    public: Path,
    keys: KeyStore,
    made: datetime,
    product: str,
    synthetic: bool,
) -> Manifest:
    """Copy a store in use into a new directory.

    `public` is the directory of published checkpoints. From the key store `keys` only the numbers
    of the present key-encryption keys are read, and no secret. Raises LogUnavailable;
    IntegrityFailure if a log is invalid, because a backup of an invalid log must not replace a good
    backup; OSError.
    """
    with _new_directory(into):
        # checkpoints are copied first, because they must not sign more records than the copy has
        files = [
            *copy_all(public, into, CHECKPOINTS),
            *copy_logs(store, into, made, keys),
            *copy_all(home / ORIGINALS, into, ORIGINALS),
        ]
        new_manifest = Manifest(
            FORMAT, "store", made, product, synthetic, examined(into), tuple(files)
        )
        manifest.write(into, new_manifest)
    return new_manifest


def back_up_keys(
    store: str | Path,
    home: Path,
    into: Path,
    *,
    keys: KeyStore,
    made: datetime,
    product: str,
    synthetic: bool,
) -> Manifest:
    """Copy a store's keys into a new directory: the keys in its home, and the encrypted data keys
    of each log as they are now. An older backup of the store cannot be read without a later backup
    of the keys, if keys were destroyed between the two.

    Raises LogUnavailable, also if keys were destroyed during the copying; OSError.
    """
    with _new_directory(into):
        before = _epochs(keys)
        files = (*copy_all(home / KEYS, into, KEYS), *_copy_data_keys(store, into, made, keys))
        keys.refresh()
        if _epochs(keys) != before:
            raise LogUnavailable(
                "Keys were destroyed while they were copied: make the backup again."
            )
        new_manifest = Manifest(FORMAT, "keys", made, product, synthetic, {}, files)
        manifest.write(into, new_manifest)
    return new_manifest


def _epochs(keys: KeyStore) -> dict[str, tuple[int, ...]]:
    return {family: keys.epochs(family) for family in FAMILIES}


def _copy_data_keys(
    store: str | Path, into: Path, made: datetime, keys: KeyStore
) -> Iterator[HeldFile]:
    files = _made_empty(into / DATA_KEYS, made, keys)
    if isinstance(store, str):
        from ledger.backup import copy_postgres

        copy_postgres.dump(store, files, KEY_TABLES)
    else:
        for log, path in files.items():
            for table, columns in copy_sqlite.tables(path, log, KEY_TABLES).items():
                rows = copy_sqlite.rows(store / path.name, table, columns)
                copy_sqlite.fill(path, table, columns, rows)
    yield from _settled(into, DATA_KEYS)


def _made_empty(into: Path, made: datetime, keys: KeyStore) -> dict[LogName, Path]:
    """Make log files that have the tables of every log and no rows; return their paths."""
    no_events: Catalogue = dict.fromkeys(FILES, ())
    for log in open_sqlite(into, no_events, clock=lambda: made, keys=keys, create=True).values():
        log.close()
    return {log: into / name for log, name in FILES.items()}


def _settled(into: Path, within: str = "") -> Iterator[HeldFile]:
    for name in dict.fromkeys(FILES.values()):
        text = f"{within}/{name}" if within else name
        copy_sqlite.settle(into / text)
        yield manifest.fingerprint(into / text, text)


def compare_with_manifest(directory: Path, found_manifest: Manifest) -> None:
    """Compare every log of the backup in `directory` with the backup's manifest (the list of its
    files and logs). Raises IntegrityFailure if a log and the manifest differ.
    """
    for log, held_log in examined(directory).items():
        if held_log != found_manifest.logs.get(log):
            raise IntegrityFailure(f"the {log} log of the backup is not the one in its manifest")


def copy_logs(store: str | Path, into: Path, made: datetime, keys: KeyStore) -> Iterator[HeldFile]:
    """Copy the logs of a store in use into files. Raises LogUnavailable, OSError."""
    if isinstance(store, str):
        from ledger.backup import copy_postgres

        copy_postgres.dump(store, _made_empty(into, made, keys))
    else:
        for name in dict.fromkeys(FILES.values()):
            copy_sqlite.copy(store / name, into / name)
    yield from _settled(into)


def copy_all(source: Path, into: Path, name: str) -> Iterator[HeldFile]:
    """Copy the files of a directory, except files that are being written; yield their entries for
    the manifest."""
    for path in sorted(source.iterdir()) if source.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            yield manifest.copy_file(path, into / name / path.name, f"{name}/{path.name}")


def examined(directory: Path) -> dict[LogName, HeldLog]:
    """Return the manifest's entries for copied logs. Raises IntegrityFailure for an invalid log."""
    logs: dict[LogName, HeldLog] = {}
    for log, store in open_records(directory).items():
        try:
            origin = store.origin()
            examination = examine(store, origin)
        finally:
            store.close()
        if examination.has_differences:
            raise IntegrityFailure(
                f"The {log} log does not have the form of a log: continuum verify shows "
                "what is wrong."
            )
        logs[log] = HeldLog(origin, examination.last, examination.tree.root().hex())
    return logs


@contextmanager
def _new_directory(path: Path) -> Iterator[None]:
    """Make the directory of a backup, for use inside a `with` statement. If the backup fails, the
    directory is deleted; if the process is killed, the directory stays without a manifest.
    """
    closed_directory(path)
    try:
        yield
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
