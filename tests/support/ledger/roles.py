"""A store on a server that was set up with the database roles only, and never used as the server's
administrator."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from cli import captured
from console.engine.session import OpenStore


@dataclass
class Server:
    """A store on a server that was set up with the four database roles only, and never used as the
    server's administrator."""

    url: str
    home: Path
    told: datetime = datetime(2011, 3, 18, 9, tzinfo=UTC)

    def later(self) -> tuple[str, str]:
        """Move the server's clock on by an hour; return the command line's options with the new
        time."""
        self.told += timedelta(hours=1)
        return ("--clock", self.told.isoformat())

    def of(self, duty: str) -> str:
        return make_url(self.url).set(username=f"told_{duty}").render_as_string(False)

    def run(self, duty: str, *arguments: str, text: str = "", code: int = 0) -> str:
        url = self.url if duty == "admin" else self.of(duty)
        line = ["--store", url, "--home", str(self.home), *arguments]
        kept = OpenStore()
        ended, out, err = captured(line, text, kept)
        kept.close()
        assert ended == code, (ended, out, err)
        return err if code else out

    def connected(self, duty: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.of(duty))

    def try_(self, duty: str, statement: str) -> None:
        with psycopg.connect(self.of(duty)) as server:
            server.execute(statement.encode())
