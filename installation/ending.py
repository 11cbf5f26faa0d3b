"""Waits for the end of a process on a signal.

An exception raised by a signal, at an arbitrary place, was caught by code that treats errors there
as trouble of the database, logs it and continues. So a signal raises nothing: it writes to a pipe,
on which idle code waits, and which busy code checks between two pieces of work.
"""

import os
import signal
from collections.abc import Iterable
from multiprocessing import connection


class Ending:
    """A flag that is set once one of these signals came, or one of these processes (by `sentinel`)
    ended. Made in the main thread; from then on it handles the signals.
    """

    def __init__(self, signals: Iterable[signal.Signals], sentinels: Iterable[int] = ()) -> None:
        came, tell = os.pipe()
        for one in signals:
            signal.signal(one, lambda *_: os.write(tell, b"."))
        self._ends = (came, *sentinels)

    def __call__(self, seconds: float) -> bool:
        """Wait for the end, at most this many seconds; return whether it came."""
        return bool(connection.wait(self._ends, seconds))
