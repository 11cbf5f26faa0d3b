"""What is kept apart, so that nothing recorded is lost with a machine?

A backup of the *store* holds the four logs, the originals and what was published of checkpoints;
never views (they are made anew), rejects or exports. A backup of the *keys* opens it, and is made
apart so that no thief finds both in one place. Logs are copied in the order that makes every
reference whole: the evidence first, then who told us, then the files that both name.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from domain.envelope import IntegrityFailure, LogName
from ledger import copy_sqlite, manifest
from ledger.examine import examine
from ledger.keystore import KeyStore
from ledger.manifest import FORMAT, HeldFile, HeldLog, Manifest
from ledger.setup import FILES, Catalogue, open_records, open_sqlite

CHECKPOINTS = "checkpoints"
KEYS = "keys"
ORIGINALS = "originals"


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
    """Copies a store that is in use into a new directory.

    `public` is where checkpoints are published; `keys` tell the epochs in force, no more. Raises
    LogUnavailable; IntegrityFailure for a log that is not as a log is written (a backup of it must
    not take a good one's place); OSError.
    """
    with _new_directory(into):
        files = [  # the checkpoints first: they must not sign more than the copy holds
            *_copy_all(public, into, CHECKPOINTS),
            *_copy_logs(store, into, made, keys),
            *_copy_all(home / ORIGINALS, into, ORIGINALS),
        ]
        told = Manifest(FORMAT, "store", made, product, synthetic, _examined(into), tuple(files))
        manifest.write(into, told)
    return told


def back_up_keys(
    home: Path, into: Path, *, made: datetime, product: str, synthetic: bool
) -> Manifest:
    """Copies a store's keys into a new directory. Raises OSError."""
    with _new_directory(into):
        files = tuple(_copy_all(home / KEYS, into, KEYS))
        told = Manifest(FORMAT, "keys", made, product, synthetic, {}, files)
        manifest.write(into, told)
    return told


def hold_against(directory: Path, found: Manifest) -> None:
    """Holds every log of a backup against its manifest. Raises IntegrityFailure."""
    for log, held in _examined(directory).items():
        if held != found.logs.get(log):
            raise IntegrityFailure(f"the {log} log of the backup is not the one in its manifest")


def _copy_logs(store: str | Path, into: Path, made: datetime, keys: KeyStore) -> Iterator[HeldFile]:
    if isinstance(store, str):
        from ledger import copy_postgres

        files: Mapping[LogName, Path] = {log: into / name for log, name in FILES.items()}
        no_events: Catalogue = dict.fromkeys(FILES, ())
        for log in open_sqlite(
            into, no_events, clock=lambda: made, keys=keys, create=True
        ).values():
            log.close()
        copy_postgres.dump(store, files)
        for path in dict.fromkeys(files.values()):
            copy_sqlite.settle(path)
    else:
        for name in dict.fromkeys(FILES.values()):
            copy_sqlite.copy(store / name, into / name)
    for name in dict.fromkeys(FILES.values()):
        yield manifest.fingerprint(into / name, name)


def _copy_all(source: Path, into: Path, name: str) -> Iterator[HeldFile]:
    """The files of a directory, without those that are being written at this moment."""
    for path in sorted(source.iterdir()) if source.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            yield manifest.copy_file(path, into / name / path.name, f"{name}/{path.name}")


def _examined(directory: Path) -> dict[LogName, HeldLog]:
    logs: dict[LogName, HeldLog] = {}
    for log, store in open_records(directory).items():
        try:
            origin = store.origin()
            found = examine(store, origin)
        finally:
            store.close()
        if found.odd:
            raise IntegrityFailure(
                f"The {log} log is not as a log is written; continuum verify tells what is wrong."
            )
        logs[log] = HeldLog(origin, found.last, found.tree.root().hex())
    return logs


@contextmanager
def _new_directory(path: Path) -> Iterator[None]:
    """What fails leaves nothing behind; what is killed leaves no manifest."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
