"""A store on either database with something in it, and places to bring it back to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.console.conftest import Line, Said, either
from tests.support.faults.erased import again
from tests.support.kept.kept import kept, release
from tests.support.ledger.rights import application

__all__ = ["again", "application", "either", "kept", "release"]


#: Options for a restore without certificates of erasures.
ALONE = ("--without-erasures", "--user", "ds.hart", "--purpose", "to work on")


@dataclass
class Depot:
    """A store, filled by command lines, with a signer; `fresh` gives an empty place of its kind."""

    line: Line
    place: Path
    fresh: Callable[[], str]
    opened: list[Line] = field(default_factory=list)

    def words(self, text: str = "A silver Corsa by the arcade.", *more: str) -> str:
        """Record words; the id of what was recorded."""
        return str(self.line("--json", "record", *more, text=text).json["id"])

    def back_up(self, name: str = "backup") -> Path:
        """Make a backup of the store, and one of its keys beside it under `…-keys`."""
        into = self.place / name
        said = self.line("backup", str(into), "--keys", f"{into}-keys")
        assert said.code == 0, said
        return into

    def restore(
        self, backup: Path, *more: str, keys: Path | None = None, bare: bool = False
    ) -> tuple[Said, Line]:
        """Bring a backup back to an empty place: what was said, and the line to that place. Who
        brings no certificates says so by name, unless it is `bare`."""
        name = f"again{len(self.opened)}"
        store = self.fresh() or str(self.place / name)
        again = Line(store, self.place / name)
        self.opened.append(again)
        held = keys or Path(f"{backup}-keys")
        given = ("restore", str(backup), "--into", store, "--keys", str(held), *more)
        alone = () if bare or {"--erasures", "--without-erasures"} & {*more} else ALONE
        return again(*given, *alone), again

    def sign(self) -> Path:
        """Have the signer sign; its policy."""
        policy = self.place / "policy.json"
        if not policy.exists():
            said = self.line("signer", "init", "--state", str(self.place / "signer"))
            policy.write_text(said.out, "utf-8")
        assert self.line("signer", "run", "--state", str(self.place / "signer")).code == 0
        return policy

    @property
    def checkpoint(self) -> Path:
        return self.line.home / "checkpoints" / "evidence.checkpoint"


@pytest.fixture
def depot(either: Line, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Depot]:
    """Yield a synthetic store on each database in turn, with a case and words in it."""
    postgres = "://" in either.store
    fresh = request.getfixturevalue("fresh_database") if postgres else lambda: ""
    one = Depot(either, tmp_path, fresh)
    either("refer", "--child", "Kayleigh Marlow", "--concern", "out at night")
    one.words("Lads call him Baz, drives a silver Corsa PK95 ABC.", "--heard-from", "mum")
    yield one
    for line in one.opened:
        line.close()
