"""Functions that read the logs and facts of a store that an earlier release made."""

from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from ledger.store.log import Log
from ledger.store.setup import FILES
from tests.console.conftest import Line


def logs(line: Line, told: tuple[str, ...] = ()) -> dict[str, Log]:
    if line.kept.system is None:
        assert line(*told, "doctor").code == 0
    assert line.kept.system
    return {str(name): log for name, log in line.kept.system.logs.items()}


def facts(line: Line, told: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    return {name: log.read(0, max(log.last(), 1)) for name, log in logs(line, told).items()}


def stored(line: Line) -> bytes:
    """Return every byte in the logs of a store."""
    if "://" not in line.store:
        return b"".join((Path(line.store) / name).read_bytes() for name in set(FILES.values()))
    with psycopg.connect(line.store) as server:
        found = b""
        for name in FILES:
            for table in ("events", "commands", "unique", "keys", "head", "origin"):
                query = SQL("SELECT * FROM {}.{}").format(
                    Identifier(name), Identifier(f"{name}_{table}")
                )
                for row in server.execute(query):
                    for one in row:
                        found += bytes(one) if isinstance(one, bytes) else str(one).encode()
        return found
