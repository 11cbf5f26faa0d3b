"""The kept stores, brought to life: unpacked into a place of a test's own."""

import lzma
import tarfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import msgspec
import psycopg
from packaging.version import Version

from domain.kernel.envelope import LogName
from ledger.database.datastore_postgres import PostgresLogDatastore
from ledger.keys.keystore import FAMILIES
from ledger.store.recorder_postgres import PostgresLogRecorder
from tests.kept.make import AFTERWARDS, HERE, Answers

__all__ = ["AFTERWARDS", "RELEASES", "answers", "bring_up", "restore_dump", "unpack"]

#: Every release of which a store is kept, the oldest first.
RELEASES = tuple(sorted((path.parent.name for path in HERE.glob("*/sqlite.json")), key=Version))


def unpack(release: str, database: str, place: Path) -> Path:
    """Unpack a kept store's files, below `place`."""
    packed = (HERE / release / f"{database}.tar.xz").read_bytes()
    with tarfile.open(fileobj=BytesIO(lzma.decompress(packed))) as tar:
        tar.extractall(place, filter="data")
    for path in place.rglob("*"):  # directories come out as everybody's
        if path.is_dir():
            path.chmod(0o700)
    return place


def answers(release: str, database: str) -> Answers:
    """Return the answers of a stored store on the day it was made."""
    told = (HERE / release / f"{database}.json").read_bytes()
    return msgspec.json.decode(told, type=Answers)


def bring_up(url: str) -> None:
    """Upgrade a log's tables and functions as `init` does, without making views."""
    logs: tuple[LogName, ...] = ("evidence", "sources", "product", "access")
    for log in logs:
        datastore = PostgresLogDatastore(url, log)
        try:
            recorder = PostgresLogRecorder(datastore, log, lambda: datetime.now(UTC), True)
            recorder.create_table(epochs=dict.fromkeys(FAMILIES, 1))  # those that there are stay
        finally:
            datastore.close()


def restore_dump(dump: Path, url: str) -> None:
    """Put a dump into an empty database; what speaks to `psql` in it is left out."""
    lines = dump.read_text("utf-8").splitlines(keepends=True)
    sql = "".join(line for line in lines if not line.startswith("\\"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.encode())
