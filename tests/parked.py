"""Connections that tests closed and later tests use again.

A new one costs the server five milliseconds, and as much again until it knows the tables and the
statements; a test opens seven. Only connections to a database that tests use again wait here. Each
is emptied first, so that the server has no lock, setting, statement or listener of its session.
"""

import os
import select
from collections import deque
from collections.abc import Generator
from typing import Any

import psycopg
from psycopg import pq

#: As many wait at most: a server has a hundred connections.
MOST = 32
#: The connection of whoever closed theirs: any use of it fails as of a closed one.
_GONE = pq.PGconn.connect(b"host=/nowhere")
_IDLE = pq.TransactionStatus.IDLE
_BEGUN = (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)


class Parked:
    """The connections that wait in this process, each with the words that opened it, the newest
    last."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, pq.abc.PGconn]] = deque()
        self._owner = os.getpid()
        #: The databases whose connections wait: the server's directory, and the name.
        self.databases: set[tuple[str, str]] = set()

    def take(self, conninfo: str) -> pq.abc.PGconn | None:
        """Return a connection that was opened by the same words and still lives; None if there is
        none."""
        if os.getpid() != self._owner:  # a forked process has them from its parent, who uses them
            return None
        for waiting in reversed([one for one in self._waiting if one[0] == conninfo]):
            self._waiting.remove(waiting)
            if _is_quiet(waiting[1]):
                return waiting[1]
            waiting[1].finish()
        return None

    def put(self, conninfo: str, connection: pq.abc.PGconn) -> bool:
        """Let a connection wait; return False if it cannot."""
        if os.getpid() != self._owner or _database(connection) not in self.databases:
            return False
        if connection.transaction_status in _BEGUN:
            connection.exec_(b"ROLLBACK")
        if connection.transaction_status != _IDLE:
            return False
        if connection.exec_(b"DISCARD ALL").status != pq.ExecStatus.COMMAND_OK:
            return False
        while connection.notifies():
            pass
        self._waiting.append((conninfo, connection))
        while len(self._waiting) > MOST:
            self._waiting.popleft()[1].finish()
        return True

    def processes(self, host: str, name: str) -> list[int]:
        """Return the numbers of the server's processes whose connections wait."""
        here = [one for _, one in self._waiting if _database(one) == (host, name)]
        return [one.backend_pid for one in here]

    def end(self, host: str, name: str) -> None:
        """Close those of a database, and let no more wait."""
        self.databases.discard((host, name))
        for waiting in [one for one in self._waiting if _database(one[1]) == (host, name)]:
            self._waiting.remove(waiting)
            waiting[1].finish()

    def end_all(self) -> None:
        """Close all, and let no more wait."""
        for place in [*self.databases]:
            self.end(*place)


def _is_quiet(connection: pq.abc.PGconn) -> bool:
    """Return whether the server has sent nothing since: the first it sends is that it ends it."""
    unread = select.poll()
    unread.register(connection.socket, select.POLLIN)
    return not unread.poll(0)


def _database(connection: pq.abc.PGconn) -> tuple[str, str]:
    return connection.host.decode(), connection.db.decode()


PARKED = Parked()
_connect: Any = psycopg.Connection._connect_gen.__func__  # type: ignore[attr-defined]
_close = psycopg.Connection.close


def _connected(cls: type[Any], conninfo: str = "") -> Generator[Any, Any, Any]:
    if waiting := PARKED.take(conninfo):
        made = cls(waiting)
    else:
        made = yield from _connect(cls, conninfo)
    made._opened_by = conninfo
    return made


def _closed(self: Any) -> None:
    opened_by = getattr(self, "_opened_by", None)
    if opened_by is None or self.closed or not PARKED.put(opened_by, self.pgconn):
        _close(self)
    else:
        self._closed, self.pgconn = True, _GONE


def park() -> None:
    """Let the connections that this process closes wait from now on."""
    psycopg.Connection._connect_gen = classmethod(_connected)  # type: ignore[assignment,method-assign]
    psycopg.Connection.close = _closed  # type: ignore[method-assign]
