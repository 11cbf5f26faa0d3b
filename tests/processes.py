"""Processes that tests start are ended, reaped and closed even if an assertion fails."""

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

#: The seconds after which a test stops waiting; even a busy machine needs far less.
LIMIT = 120.0
#: Words in the command lines of processes that run until the end of the test run.
LASTING = ("playwright", "multiprocessing", "postgres", "tests.forked")


@contextmanager
def child(command: list[Any], **more: Any) -> Iterator["subprocess.Popen[Any]"]:
    """Run a process that is ended at the end of the block; yield it."""
    process: subprocess.Popen[Any] = subprocess.Popen([*map(str, command)], **more)
    try:
        yield process
    finally:
        end(process)


def end(process: "subprocess.Popen[Any]") -> None:
    """Kill a process if it still runs, reap it, and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with suppress(BrokenPipeError):  # the process never read bytes that were written to it
                pipe.close()


def until(
    holds: Callable[[], bool], what: str, *, pause: float = 0.02, within: float = LIMIT
) -> None:
    """Wait until `holds` returns True; fail with the message `what` after `within` seconds. `pause`
    is the time between two calls: a longer pause saves processor time in a long wait."""
    begun = time.monotonic()
    while not holds():
        waited = time.monotonic() - begun
        assert waited < within, f"after {within:.0f} s: {what}"
        time.sleep(max(pause, waited / 10))


def run_on(seconds: float) -> None:
    """Let another process run for about this long before it is killed, so that the kill may happen
    at any point of its work."""
    time.sleep(seconds)


def stands_still(thread: threading.Thread, looks: int = 5) -> Callable[[], bool]:
    """Return a function that tells whether a thread stands still: it returns True if the thread was
    at the same line of code in this many consecutive calls."""
    places: deque[object] = deque(maxlen=looks)

    def still() -> bool:
        frame = sys._current_frames().get(thread.ident or 0)
        places.append(frame and (frame.f_code, frame.f_lasti))
        return len(places) == looks and len({*places}) == 1

    return still


def gone(one: psutil.Process) -> bool:
    """Return whether the process has ended, whether or not its parent has reaped it."""
    try:
        return one.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def mine() -> set[int]:
    """Return the numbers of this process's child processes, except servers that run for the whole
    test run."""
    return {one for one in _children() if not _lasts(one)}


def below(process: int) -> list[psutil.Process]:
    """Return the child processes of a process, their child processes, and so on."""
    found = []
    for one in _children(process):
        with suppress(psutil.NoSuchProcess):
            found += [psutil.Process(one), *below(one)]
    return found


def _children(process: int | None = None) -> list[int]:
    """Return the numbers of the child processes of a process; without a number, of this process."""
    tasks = Path("/proc", str(process or "self"), "task")
    # Linux has a list of child processes; psutil would read about all processes of the machine
    try:
        told = [path.read_text() for path in tasks.glob("*/children")]
    except OSError:
        told = []
    if not told and not tasks.exists():
        with suppress(psutil.NoSuchProcess):
            return [one.pid for one in psutil.Process(process).children()]
    return [int(one) for one in " ".join(told).split()]


def _lasts(one: int) -> bool:
    # Linux has a file with the command line, which is fast to read; each child is checked twice
    # around each test
    try:
        told = Path(f"/proc/{one}/cmdline").read_bytes()
    except OSError:
        try:
            told = " ".join(psutil.Process(one).cmdline()).encode()
        except psutil.Error:
            return False
    # psutil returns no command line of a process that has ended and was not reaped
    return any(word.encode() in told for word in LASTING)
