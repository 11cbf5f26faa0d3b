"""A police force's connection to the hub, for reading and acknowledging messages."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from access.transport import require_protected
from commands.exchange.exchange import OfferStatus
from domain.kernel.decoding import convert

#: Number of messages that are read at once.
MANY = 500
#: Seconds that a connection waits for the hub's answer.
PATIENCE = 10


class NoHub(Exception):
    """Raised if the hub does not answer, or if a message is not understood; the messages stay at
    the hub."""


class HubLink:
    """The connection of a force to the hub at `url`. The hub shows each force only that force's own
    messages. Raises the errors of `require_protected` if the connection would not be protected."""

    def __init__(self, url: str) -> None:
        require_protected(url, "the hub's address (exchange_hub)")
        self._url = url
        self._open: psycopg.Connection[Any] | None = None

    def read_messages(self) -> list[OfferStatus]:
        """Return the oldest messages of the hub that were not acknowledged, at most `MANY`. Raises
        NoHub."""
        with self._connected() as hub:
            return read_messages_where(hub, SQL("ORDER BY id LIMIT %s"), MANY)

    def acknowledge(self, ids: Collection[int]) -> None:
        """Acknowledge messages that were recorded, so that the hub deletes them. Raises NoHub."""
        with self._connected() as hub:
            hub.execute("DELETE FROM hub.told WHERE id = ANY (%s)", (list(ids),))

    def wait(self, seconds: float) -> None:
        """Wait until the hub has a message, for at most this many seconds. Raises NoHub."""
        with self._connected() as hub:
            for _ in hub.notifies(timeout=seconds, stop_after=1):
                return

    def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            if self._open is None:
                hub = psycopg.connect(self._url, autocommit=True, connect_timeout=PATIENCE)
                for (channel,) in hub.execute("SELECT channel FROM hub.forces"):
                    hub.execute(SQL("LISTEN {}").format(Identifier(channel)))
                self._open = hub
            yield self._open
        except psycopg.Error as error:
            self.close()
            raise NoHub(type(error).__name__) from None


def read_messages_where(
    hub: psycopg.Connection[Any], which: SQL, value: str | int
) -> list[OfferStatus]:
    """Return the messages of the hub that the SQL condition `which` selects; `value` is its
    parameter. Raises NoHub if this version of the program does not understand a message."""
    columns = SQL(", ").join(map(Identifier, OfferStatus.__struct_fields__))
    with hub.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SQL("SELECT {} FROM hub.told {}").format(columns, which), (value,))
        try:
            return convert(rows.fetchall(), list[OfferStatus])
        except msgspec.ValidationError:
            raise NoHub(
                "the hub's answer is not understood: a newer release may be needed"
            ) from None
