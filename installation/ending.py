"""Wait until a process has to end because of a signal.

A signal raises no exception, because code that treats errors as trouble of the database would catch
it, log it and continue. Instead a signal writes to a pipe. Code that waits also waits for the pipe,
and code that works checks the pipe between two pieces of work.
"""

import os
import signal
from collections.abc import Iterable
from multiprocessing import connection


class EndSignal:
    """A function that waits until this process has to end: because it got one of these signals, or
    because another process ended, of which the `sentinel` is given. The object has to be made in
    the main thread, and handles the signals from then on.
    """

    def __init__(self, signals: Iterable[signal.Signals], sentinels: Iterable[int] = ()) -> None:
        came, tell = os.pipe()
        for number in signals:
            signal.signal(number, lambda *_: os.write(tell, b"."))
        self._ends = (came, *sentinels)

    def __call__(self, seconds: float) -> bool:
        """Wait for at most this many seconds until the process has to end; return whether it has to
        end.
        """
        return bool(connection.wait(self._ends, seconds))
