"""Fixtures: a store with some records on either database, and empty places for restoring its
backups.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import TypeVar

import pytest

from tests.console.conftest import APART, Line, Said, either
from tests.made import Made
from tests.support.faults.erased import again
from tests.support.kept.kept import kept, release
from tests.support.ledger.rights import application

__all__ = ["again", "application", "either", "kept", "release"]


T = TypeVar("T")
#: Options for a restore without the certificates of erasures.
ALONE = ("--without-erasures", "--user", "ds.hart", "--purpose", "to work on")


@dataclass
class Depot:
    """A store with some records and a signer; `fresh` returns an empty place on the same
    database.
    """

    line: Line
    place: Path
    fresh: Callable[[], str]
    opened: list[Line] = field(default_factory=list)

    @property
    def url(self) -> str | None:
        """Return the address of the store's database, or None for a store on files."""
        return self.line.store if "://" in self.line.store else None

    def replaced(self, made: Made[T]) -> T:
        """Replace this store by a copy of a prepared one; return the value of the prepared one."""
        self.line.close()
        for part in ("store", "home"):
            rmtree(self.place / part, ignore_errors=True)
        return made.copied(self.place, self.url)

    def words(self, text: str = "A silver Corsa by the arcade.", *more: str) -> str:
        """Record a log entry with this text; return the entry's id."""
        return str(self.line("--json", "record", *more, text=text).json["id"])

    def back_up(self, name: str = "backup") -> Path:
        """Back up the store, and back up its keys into a directory beside it with the suffix
        `-keys`.
        """
        into = self.place / name
        said = self.line("backup", str(into), "--keys", f"{into}-keys")
        assert said.code == 0, said
        return into

    def restore(
        self, backup: Path, *more: str, keys: Path | None = None, bare: bool = False
    ) -> tuple[Said, Line]:
        """Restore a backup to an empty place; return the command's result and a command line for
        the restored store. Unless `bare`, the command has the options that allow a restore
        without certificates of erasures."""
        name = f"again{len(self.opened)}"
        store = self.fresh() or str(self.place / name)
        again = Line(store, self.place / name)
        self.opened.append(again)
        held = keys or Path(f"{backup}-keys")
        given = ("restore", str(backup), "--into", store, "--keys", str(held), *more)
        alone = () if bare or {"--erasures", "--without-erasures"} & {*more} else ALONE
        return again(*given, *alone), again

    def sign(self) -> Path:
        """Let the signer sign all logs; return the path of the signer's policy."""
        if not self.policy.exists():
            said = self.line("signer", "init", "--state", str(self.place / "signer"))
            self.policy.write_text(said.out, "utf-8")
        assert self.line("signer", "run", "--state", str(self.place / "signer")).code == 0
        return self.policy

    @property
    def policy(self) -> Path:
        return self.place / "policy.json"

    @property
    def checkpoint(self) -> Path:
        return self.line.home / "checkpoints" / "evidence.checkpoint"


def begun(either: Line, place: Path) -> Depot:
    """Record a case and a log entry in this store; return the depot of the store."""
    one = Depot(either, place, lambda: "")
    either("refer", "--child", "Kayleigh Marlow", "--concern", "out at night")
    one.words("Lads call him Baz, drives a silver Corsa PK95 ABC.", "--heard-from", "mum")
    return one


def prepared(name: str, happened: Callable[[Depot], T]) -> Made[T]:
    """Return a depot of which tests use copies, after `happened`."""

    def make(place: Path, url: str | None) -> T:
        APART.copied(place, url)
        line = Line(url or str(place / "store"), place / "home")
        try:
            return happened(begun(line, place))
        finally:
            line.close()

    return Made(name, make)


@pytest.fixture
def depot(either: Line, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Depot]:
    """Yield a synthetic store with a case and a log entry; tests run once with each database."""
    one = begun(either, tmp_path)
    if one.url:
        one.fresh = request.getfixturevalue("fresh_database")
    yield one
    for line in one.opened:
        line.close()
