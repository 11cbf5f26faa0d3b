"""Carry out an erasure in a process that stops at a point that a test names.

`python -m tests.faults.holding STORE HOME ERASURE POINT` approves an erasure and carries it out.
The process prints its number first, stops itself at the point (SIGSTOP), and continues after
SIGCONT. The points are:

    approved   the approval is recorded; nothing is destroyed yet
    moving     the new epochs are made; next, every log will be locked
    deciding   every log is locked and the holds were read; next, keys will be destroyed
"""

import os
import signal
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from commands.erasure import erasure
from commands.erasure.hold_reach import Reckoning
from domain.kernel.envelope import LogName, LogUnavailable, Shredded
from installation.opening import open_system
from installation.settings import Settings
from installation.system import System
from ledger.store.shred import Shredder

POINTS = ("approved", "moving", "deciding")
UNAVAILABLE = 5


@dataclass
class Halting:
    """A system that stops its process at one point of an erasure's destruction."""

    system: System
    point: str

    def taking_out(self, items: Collection[UUID]) -> AbstractContextManager[None]:
        return self.system.taking_out(items)

    def shred(
        self,
        doomed: Mapping[LogName, Collection[UUID]],
        keep_newest: Collection[UUID],
        holds: Reckoning,
    ) -> tuple[Shredded, ...]:
        self._at("approved")
        move, reached = Shredder._move, Reckoning.reached_last

        def moving(shredder: Shredder, touched: set[str], *more: Any) -> Any:
            for family in touched:
                shredder.store.rotate(family)
            self._at("moving")
            return move(shredder, touched, *more)

        def deciding(holds: Reckoning) -> Any:
            found = reached(holds)
            self._at("deciding")
            return found

        Shredder._move = moving  # type: ignore[assignment, method-assign]
        Reckoning.reached_last = deciding  # type: ignore[assignment, method-assign]
        return self.system.shred(doomed, keep_newest, holds)

    def purge(self, originals: Sequence[str]) -> bool:
        return self.system.purge(originals)

    def _at(self, point: str) -> None:
        if self.point == point:
            self.point = ""
            os.kill(os.getpid(), signal.SIGSTOP)


def main(store: str, home: str, one: str, point: str) -> int:
    print(os.getpid(), flush=True)  # noqa: T201
    settings = Settings(store=store, home=Path(home), user="di.okoro")
    with closing(open_system(settings)) as system:
        try:
            done = erasure.approve(system.desk, system.reader, UUID(one), Halting(system, point))
        except LogUnavailable:
            return UNAVAILABLE
        return 0 if done.certificate else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
