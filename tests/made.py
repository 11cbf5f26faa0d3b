"""Stores with a history, of which tests use copies, because a copy takes a fifth to a tenth of the
time. On files, a store is made once in a test run; on a server, once in each process."""

import atexit
import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from tests.memory import claimed
from tests.postgres import COPY
from tests.reused import REUSED, close_parked, execute

T = TypeVar("T")
#: The environment variable that names the directory of the stores of which tests use copies. All
#: processes of a test run share this directory, and only the process that made it removes it.
PLACE = "TESTS_MADE"


def place() -> Path:
    """Return the directory of these stores. If there is none, make it, and remove it when this
    process ends.
    """
    if PLACE not in os.environ:
        os.environ[PLACE] = str(claimed())
        atexit.register(_remove, os.environ[PLACE], os.getpid())
    return Path(os.environ[PLACE])


def _remove(where: str, maker: int) -> None:
    # only the process that made the directory removes it: a forked child inherits this function,
    # too
    if os.getpid() == maker:
        shutil.rmtree(where, ignore_errors=True)


def once(run: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Return the directory that `make` fills. All processes of the test run with the directory
    `run` share it, so it is filled only once."""
    made = run / name
    with (run / f"{name}.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not made.exists():
            making = run / f"{name}-making"
            # a process that failed may have left this directory
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(made)
    return made


class Made(Generic[T]):
    """A store that is made once and then copied for each test. `make` creates it in a directory
    and, on a server, in a database. The value that `make` returns applies to each copy, and no
    two stores may have the same `name`."""

    def __init__(self, name: str, make: Callable[[Path, str | None], T]) -> None:
        self._name, self._make = name, make
        self._first: dict[str | None, tuple[Path, T]] = {}

    def copied(self, home: Path, url: str | None = None) -> T:
        """Copy the store to `home` and, on a server, to the database at `url`; return the value
        that `make` returned.
        """
        server = url and _database(url, "postgres")
        if server not in self._first:
            self._first[server] = self._made(server)
        first, told = self._first[server]
        shutil.copytree(first, home, dirs_exist_ok=True)
        if url and server:
            name = urlsplit(url).path[1:]
            if not REUSED.took(server, name, self._name):
                _anew(server, name, self._name)
                REUSED.copied(server, name, self._name)
        return told

    def _made(self, server: str | None) -> tuple[Path, T]:
        if server is None:
            first = once(place(), self._name, self._on_files)
            return first / "store", pickle.loads((first / "told").read_bytes())  # noqa: S301
        home = Path(mkdtemp(dir=place()))
        _anew(server, self._name, "template1")
        return home / "store", self._make(home / "store", _database(server, self._name))

    def _on_files(self, home: Path) -> None:
        told = self._make(home / "store", None)
        (home / "told").write_bytes(pickle.dumps(told))


def _database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _anew(server: str, name: str, template: str) -> None:
    for one in (name, template):
        close_parked(server, one)
    execute(server, f"DROP DATABASE IF EXISTS {name}")
    execute(server, COPY.format(name, template))
