"""Open the four logs of a store, on files or on a server.

On SQLite `log.db` has evidence, product and access, and `sources.db` has the sources, so that they
can be stored elsewhere, backed up separately, and be unavailable while the others are used. On
PostgreSQL each log has a schema.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from domain.kernel.envelope import LogMissing, LogName, LogUnavailable
from ledger.database import datastore_sqlite
from ledger.database.durable_files import NOT_THERE, closed_directory, closed_file
from ledger.keys.data_keys import DataKeys
from ledger.keys.keystore import FAMILIES, KeyStore, newest
from ledger.store.log import Log
from ledger.store.mapper import STATE_CAP, Converter, EventMapper, Events
from ledger.store.recorder import TABLES, LogRecorder
from ledger.store.recorder_sqlite import SQLiteLogRecorder

FILES: Mapping[LogName, str] = MappingProxyType(
    {"evidence": "log.db", "product": "log.db", "access": "log.db", "sources": "sources.db"}
)

Catalogue = Mapping[LogName, Events]
"""The events of each log; other events are neither written nor read."""

NO_CONVERTERS: Mapping[str, Converter] = MappingProxyType({})


def open_sqlite(
    directory: Path,
    catalogue: Catalogue,
    *,
    clock: Callable[[], datetime],
    keys: KeyStore,
    create: bool,
    store_id: str | None = None,
    converters: Mapping[str, Converter] = NO_CONVERTERS,
    cap: int = STATE_CAP,
) -> dict[LogName, Log]:
    """Return the four logs in the files of `directory`; with `create`, missing ones are made.

    `clock` returns the time with its zone; `keys` is the store of the keys that encrypt ("wrap")
    data keys. `store_id`, random by default, is part of the origin of new logs. `converters` maps
    topics of old versions to their class and to the function that makes the next version. `cap` is
    the size of the largest permitted event, in bytes. The files are for their owner only. Raises
    `LogUnavailable` if there is no store, or it cannot be opened.
    """
    logs: dict[LogName, Log] = {}
    recorders: dict[str, SQLiteLogRecorder] = {}
    writing = {file: Lock() for file in FILES.values()}
    for name, mapper in _mappers(catalogue, converters, cap).items():
        path = directory / FILES[name]
        if create:
            _make_file(path)
        elif not path.is_file():
            raise LogMissing(
                f"There is no log at {path}: give its place with --store, and {NOT_THERE}."
            )
        data = datastore_sqlite.SqliteLogDatastore(path, writing=writing[FILES[name]])
        recorder = SQLiteLogRecorder(data, name, clock)
        logs[name] = _log(mapper, recorder, keys, create, store_id)
        recorders[FILES[name]] = recorder
    try:
        for file, recorder in recorders.items():
            recorder.bring_up([name for name in FILES if FILES[name] == file])
    except LogUnavailable:
        for log in logs.values():
            log.close()
        raise
    return logs


def open_postgres(
    url: str,
    catalogue: Catalogue,
    *,
    clock: Callable[[], datetime],
    keys: KeyStore,
    create: bool,
    synthetic: bool,
    store_id: str | None = None,
    converters: Mapping[str, Converter] = NO_CONVERTERS,
    cap: int = STATE_CAP,
    first: str | None = None,
    home: Path | None = None,
) -> dict[LogName, Log]:
    """Return the four logs in the schemas of the database at `url`; with `create`, missing ones are
    made.

    `clock` is used if the store is `synthetic`; a live store takes the server's time and refuses
    any other. Several processes may make the logs at once. Afterwards, the program should run
    without `create`, as a database user with only the rights SELECT and EXECUTE; it then connects
    to the server only when it first uses a log. A file in `home` identifies the store's server;
    with `create`, the present server is accepted as the store's server. If `first` is the address
    of the site that writes, this site reads its own copy. Raises `LogUnavailable`, also if the
    store was made live and is opened as synthetic, or is live on a server that could lose
    acknowledged data.
    """
    # imported here, so that a store on files does not load the server's driver
    from ledger.database import datastore_postgres, postgres_roles
    from ledger.database.known_server import KnownServer, address_of
    from ledger.store.recorder_postgres import PostgresLogRecorder

    server, known_first = KnownServer(address_of(url), home, accept=create), KnownServer()

    def recorder(name: LogName) -> PostgresLogRecorder:
        here = datastore_postgres.PostgresLogDatastore(
            url,
            name,
            writes=first is None,
            makes_live=create and not synthetic,
            server=server,
        )
        if first is None:
            return PostgresLogRecorder(here, name, clock, synthetic)
        from ledger.store.second_site import SecondSiteRecorder

        there = datastore_postgres.PostgresLogDatastore(
            first, name, writes=True, server=known_first
        )
        return SecondSiteRecorder(here, there, name, clock, synthetic)

    logs = {
        name: _log(mapper, recorder(name), keys, create, store_id)
        for name, mapper in _mappers(catalogue, converters, cap).items()
    }
    if create:
        postgres_roles.grant_to_roles(url)
    return logs


def open_records(store: str | Path) -> dict[LogName, LogRecorder]:
    """Return all four logs of a store for examining their records, not for writing.

    `store` is a directory or the URL of a PostgreSQL database, on which SELECT is enough. A log is
    opened when it is first used; a missing log is then reported.
    """
    if isinstance(store, str):
        from ledger.database import datastore_postgres
        from ledger.store.recorder_postgres import PostgresLogRecorder

        return {
            name: PostgresLogRecorder(
                datastore_postgres.PostgresLogDatastore(store, name), name, _no_clock, False
            )
            for name in FILES
        }
    records: dict[LogName, LogRecorder] = {}
    for name, file in FILES.items():
        data = datastore_sqlite.SqliteLogDatastore(store / file, read_only=True)
        records[name] = SQLiteLogRecorder(data, name, _no_clock)
    return records


_LEFT = ("checkpoints/*", "originals/*", "credentials.db", "views*")
"""Files that a used store leaves, other than its logs and keys."""


def remains(store: str | Path, home: Path) -> list[str]:
    """Return the names of files and directories, other than logs and keys, that show that a store
    was used at this place.
    """
    places = {home} if isinstance(store, str) else {home, store}
    return [
        text.removesuffix("/*").rstrip("*")
        for text in _LEFT
        if any(next(place.glob(text), None) for place in places)
    ]


def refuse_existing(store: str | Path, home: Path) -> None:
    """Raise LogMissing if a log, or a table of a log, would be made at a place where other parts of
    a store remain: the new log would hide that the old log is lost. After an interrupted `init`,
    nothing is raised: `init` makes all tables of a log together, and before the first record.
    """
    records = open_records(store)
    try:
        absent = {
            log: gone for log, log_recorder in records.items() if (gone := log_recorder.absent())
        }
        if not absent or any(log_recorder.unsealed() for log_recorder in records.values()):
            return  # opening the log reports that it was made before text was encrypted
        parts = [log for log, gone in absent.items() if len(gone) < len(TABLES)]
        used = [log for log in records if log not in absent and records[log].head()[0] > 0]
    finally:
        for recorder in records.values():
            recorder.close()
    if existing_parts := [*(f"the {log} log" for log in (*parts, *used)), *remains(store, home)]:
        raise LogMissing(
            f"Nothing was made. This store lacks {_lacks(absent)}, and {_and(existing_parts)} "
            f"{'is' if len(existing_parts) == 1 else 'are'} still here. Change nothing, run "
            "continuum verify and tell the auditor; continuum restore restores a store "
            "from a backup. For a new store name another place with --store and --home."
        )


def holds_records(store: str | Path) -> bool:
    """Return whether there is a log with records at the place `store`, in the form of
    this release.
    """
    records = open_records(store)
    try:
        there = [log_recorder for log_recorder in records.values() if not log_recorder.absent()]
        return not any(log_recorder.unsealed() for log_recorder in there) and any(
            log_recorder.head()[0] > 0 for log_recorder in there
        )
    finally:
        for recorder in records.values():
            recorder.close()


def _lacks(absent: Mapping[LogName, Sequence[str]]) -> str:
    return _and(
        [
            f"the {log} log" if len(gone) == len(TABLES) else f"{_and(gone)} of the {log} log"
            for log, gone in absent.items()
        ]
    )


def _and(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _no_clock() -> datetime:
    raise TypeError("these records can be read, but not written")


def _log(
    mapper: EventMapper,
    recorder: LogRecorder,
    keys: KeyStore,
    create: bool,
    store_id: str | None,
) -> Log:
    log = Log(mapper, recorder, DataKeys(mapper.log, recorder.keys, keys))
    if create:
        try:
            recorder.create_table(store_id, {family: newest(keys, family) for family in FAMILIES})
        except LogUnavailable:
            log.close()
            raise
    return log


def _mappers(
    catalogue: Catalogue, converters: Mapping[str, Converter], cap: int
) -> dict[LogName, EventMapper]:
    return {
        name: EventMapper(
            name,
            events,
            {topic: c for topic, c in converters.items() if c[0].stored.log == name},
            cap,
        )
        for name, events in catalogue.items()
    }


def _make_file(path: Path) -> None:
    """Create the file of a log if it is missing. An existing file is not opened: closing it would
    end this process's SQLite locks on it, and another process that closes the store could then
    delete the write-ahead log while it is in use.
    """
    try:
        if not path.exists():
            closed_directory(path.parent)
        closed_file(path)  # the write-ahead log gets the same mode as the file
    except OSError as error:
        raise LogUnavailable(f"The log file {path} cannot be made: {error.strerror}.") from error
