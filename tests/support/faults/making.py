"""Processes that build a generation of views together, and are killed at a chosen point."""

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

#: The number of facts in a batch; the stores of these tests have several batches.
FEW = 20
#: The point at which a process is killed: before its first batch; in a batch whose rows are not yet
#: written, while the process holds the lock on a file; or after it has committed a batch.
Point = Literal["begin", "locked", "committed"]


class Death:
    """Kills this process at a chosen point of a chosen batch. Before that, it writes the process's
    number and the number of batches that the process committed to a file."""

    def __init__(self, file: Path, point: Point, batch: int) -> None:
        self._file, self._point, self._batch, self._committed = file, point, batch, 0

    def at(self, point: Point) -> None:
        """Kill the process if it was chosen to die at this point."""
        self._file.write_text(f"{os.getpid()} {self._committed}", "ascii")
        if point == self._point and self._committed >= self._batch:
            os.kill(os.getpid(), signal.SIGKILL)

    def during(self, work: Callable[[], None]) -> None:
        """Call `work` with small batches; the process dies at its chosen point."""
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
    """Build views as the second of two processes does, and die at the point `death`."""
    death.during(lambda: second_maker._make(*given))


def first(settings: Settings, death: Death, of_second: Death) -> None:
    """Rebuild the views as the first of two processes does, and die at the point `death`. The
    second process dies at `of_second`."""
    system = open_system(settings, now=AFTER_ANY_STORY)

    def helping(number: int, views: Sequence[Any]) -> Any:
        with_death = mock.patch.object(second_maker, "_make", Dying(of_second))
        with_death.start()
        return second_maker.helping(system, number, views)

    system.views.helper = helping
    death.during(system.views.rebuild)
    system.close()


class Dying:
    """The work of a second process that dies at a chosen point."""

    def __init__(self, death: Death) -> None:
        self._death = death

    def __call__(self, *given: Any) -> None:
        second(self._death, *given)
