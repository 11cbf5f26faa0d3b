"""Processes that make a generation of views together and are killed at a given point of it."""

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal
from unittest import mock

from installation import second_maker
from installation.clock import AFTER_ANY_STORY
from installation.opening import open_system
from installation.settings import Settings
from projections.generations import making
from projections.kernel import runner

#: The number of facts in a batch, of which the stores of these tests have several.
FEW = 20
#: Where a process is killed: before its first batch; in a batch whose rows are not yet written,
#: while it holds the lock on a file; after a batch is committed.
Point = Literal["begin", "locked", "committed"]


class Death:
    """Kills this process at a point of its batch of this number, and writes the process's number
    and how many batches it committed to a file.
    """

    def __init__(self, file: Path, point: Point, batch: int) -> None:
        self._file, self._point, self._batch, self._committed = file, point, batch, 0

    def at(self, point: Point) -> None:
        """Kill the process if this is the point of its death."""
        self._file.write_text(f"{os.getpid()} {self._committed}", "ascii")
        if point == self._point and self._committed >= self._batch:
            os.kill(os.getpid(), signal.SIGKILL)

    def during(self, work: Callable[[], None]) -> None:
        """Do this work in small batches, up to the point of death."""
        move, step = runner._move, runner._step

        def moved(*given: Any) -> None:
            move(*given)
            self.at("locked")

        def stepped(*given: Any, **more: Any) -> bool:
            found = step(*given, **more)
            self._committed += 1
            self.at("committed")
            return found

        with (
            mock.patch.object(making, "_STRIDE", FEW),
            mock.patch.object(making, "LARGE", 1),
            mock.patch.multiple(runner, _move=moved, _step=stepped),
        ):
            self.at("begin")
            work()


def second(death: Death, *given: Any) -> None:
    """Make views as the second process, up to its death."""
    death.during(lambda: second_maker._make(*given))


def first(settings: Settings, death: Death, of_second: Death) -> None:
    """Rebuild the views of a synthetic store as the first process, up to its death."""
    system = open_system(settings, now=AFTER_ANY_STORY)

    def helping(number: int, views: Sequence[Any]) -> Any:
        with_death = mock.patch.object(second_maker, "_make", Dying(of_second))
        with_death.start()
        return second_maker.helping(system, number, views)

    system.views.helper = helping
    death.during(system.views.rebuild)
    system.close()


class Dying:
    """The work of a second process that ends in its death."""

    def __init__(self, death: Death) -> None:
        self._death = death

    def __call__(self, *given: Any) -> None:
        second(self._death, *given)
