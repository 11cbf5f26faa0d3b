"""When is a process to end?

A signal that raised an exception, wherever it happened to come, was met by code that takes what
goes wrong there for trouble of the database, logs it and goes on. So a signal raises nothing: it
writes to a pipe, on which what works waits, and at which it looks between two pieces of work.
"""

import os
import signal
from collections.abc import Iterable
from multiprocessing import connection


class Ending:
    """Whether one of these signals came, or one of these processes (its `sentinel`) ended. Made in
    the main thread; the signals are this one's from then on."""

    def __init__(self, signals: Iterable[signal.Signals], sentinels: Iterable[int] = ()) -> None:
        came, tell = os.pipe()
        for one in signals:
            signal.signal(one, lambda *_: os.write(tell, b"."))
        self._ends = (came, *sentinels)

    def __call__(self, seconds: float) -> bool:
        """Wait for it, at most so many seconds."""
        return bool(connection.wait(self._ends, seconds))
