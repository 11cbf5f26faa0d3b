"""Unpack the stores of earlier releases into a test's own directory."""

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

#: Every release of which a store is stored, the oldest first.
RELEASES = tuple(sorted((path.parent.name for path in HERE.glob("*/sqlite.json")), key=Version))


def unpack(release: str, database: str, place: Path) -> Path:
    """Unpack the files of a release's store below `place`; return their directory."""
    packed = (HERE / release / f"{database}.tar.xz").read_bytes()
    with tarfile.open(fileobj=BytesIO(lzma.decompress(packed))) as tar:
        tar.extractall(place, filter="data")
    # the archive leaves its directories open to every user of the machine
    for path in place.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
    return place


def answers(release: str, database: str) -> Answers:
    """Return the answers of a release's store on the day on which it was made."""
    told = (HERE / release / f"{database}.json").read_bytes()
    return msgspec.json.decode(told, type=Answers)


def bring_up(url: str) -> None:
    """Upgrade the tables and functions of a log as `init` does, but without creating the views."""
    logs: tuple[LogName, ...] = ("evidence", "sources", "product", "access")
    for log in logs:
        datastore = PostgresLogDatastore(url, log)
        try:
            recorder = PostgresLogRecorder(datastore, log, lambda: datetime.now(UTC), True)
            # existing records keep the epochs of their keys
            recorder.create_table(epochs=dict.fromkeys(FAMILIES, 1))
        finally:
            datastore.close()


def restore_dump(dump: Path, url: str) -> None:
    """Load a dump into an empty database, without the dump's lines that are commands of `psql`."""
    lines = dump.read_text("utf-8").splitlines(keepends=True)
    sql = "".join(line for line in lines if not line.startswith("\\"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.encode())
