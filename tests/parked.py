"""Connections that tests closed and later tests use again.

A new connection costs the server five milliseconds, and as much again until it has cached the
tables and statements; a test opens seven connections. A connection is parked only if tests use its
database again. The server first removes each lock, setting, statement and listener of the session.
"""

import os
import select
from collections import deque
from collections.abc import Generator
from typing import Any

import psycopg
from psycopg import pq

#: How many connections may be parked, of the hundred that a server allows.
MOST = 32
#: A broken connection that code gets in place of the connection that it closed; any use fails as on
#: a closed connection.
_GONE = pq.PGconn.connect(b"host=/nowhere")
_IDLE = pq.TransactionStatus.IDLE
_BEGUN = (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)


class Parked:
    """The parked connections of this process, by the connection string that opened them, the newest
    connection last.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, pq.abc.PGconn]] = deque()
        self._owner = os.getpid()
        #: The databases whose connections may be parked, each as the server's directory and the
        #: database's name.
        self.databases: set[tuple[str, str]] = set()

    def take(self, conninfo: str) -> pq.abc.PGconn | None:
        """Return a working parked connection that the same connection string opened, or None if
        there is none.
        """
        # a forked process inherits the connections of its parent, which still uses them
        if os.getpid() != self._owner:
            return None
        for waiting in reversed([one for one in self._waiting if one[0] == conninfo]):
            self._waiting.remove(waiting)
            if _is_quiet(waiting[1]):
                return waiting[1]
            waiting[1].finish()
        return None

    def put(self, conninfo: str, connection: pq.abc.PGconn) -> bool:
        """Park a connection, which means: leave it open, so that a later test can use it again.
        Return False if it cannot be parked.
        """
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
        """Return the numbers of the server processes behind the parked connections to the database
        `name`."""
        here = [one for _, one in self._waiting if _database(one) == (host, name)]
        return [one.backend_pid for one in here]

    def end(self, host: str, name: str) -> None:
        """Close the parked connections to the database `name` on the server `host`, and park no
        more connections to this database.
        """
        self.databases.discard((host, name))
        for waiting in [one for one in self._waiting if _database(one[1]) == (host, name)]:
            self._waiting.remove(waiting)
            waiting[1].finish()

    def end_all(self) -> None:
        """Close all parked connections, and park no more connections."""
        for place in [*self.databases]:
            self.end(*place)


def _is_quiet(connection: pq.abc.PGconn) -> bool:
    """Return whether the server has sent nothing since the connection was parked. (The server sends
    a message before it ends a connection.)"""
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
    """Change psycopg for the rest of this process: a connection that a test closes stays open, so
    that a later test that connects to the same database can use it again.
    """
    psycopg.Connection._connect_gen = classmethod(_connected)  # type: ignore[assignment,method-assign]
    psycopg.Connection.close = _closed  # type: ignore[method-assign]
