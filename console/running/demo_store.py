"""The demo's store, which stays open while its stories are recorded."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from console.engine.parsing import BadInput
from console.engine.session import OpenStore, Run
from demo import story

if TYPE_CHECKING:
    from demo.story import CommandResult
    from domain.kernel.envelope import Recorded
    from installation.system import System


@dataclass
class DemoStore:
    """The demo's store, which stays open, and the commands that are run on it."""

    name: str
    home: str | None
    run: Run
    kept: OpenStore = field(default_factory=OpenStore)

    def command(self, arguments: Sequence[str], text: str = "") -> "CommandResult":
        """Run a command line on the demo's store."""
        home = ["--home", self.home] if self.home else []
        return story.CommandResult(
            *self.run(["--store", self.name, *home, *arguments], text, self.kept)
        )

    @property
    def printable_options(self) -> str:
        """Return the options that name the demo's store, safe to print: a database's address may
        hold a password.
        """
        name = "postgresql://…" if "://" in self.name else shlex.quote(self.name)
        return f"--store {name}" + (f" --home {shlex.quote(self.home)}" if self.home else "")

    @property
    def system(self) -> "System":
        """Return the demo's store, which is opened first if necessary. Raises BadInput before any
        command has opened it.
        """
        if self.kept.system is None:
            raise BadInput(f"the demo's store {self.printable_options} is not open")
        return self.kept.system

    def recorded(self, command_id: UUID) -> UUID | None:
        """Return the id of the item in the demo's store that was recorded by the command with this
        id; None if there is no such item."""
        facts = self.system.logs["evidence"].command(command_id)
        return facts[0].stream if facts else None

    def facts(self) -> list["Recorded"]:
        """Return every fact in the evidence log of the demo's store."""
        log = self.system.logs["evidence"]
        return log.read(0, log.last())

    def reached(self) -> datetime:
        """Return the time of the last fact in the demo's store."""
        log = self.system.logs["evidence"]
        return log.read(log.last() - 1, 1)[0].recorded
