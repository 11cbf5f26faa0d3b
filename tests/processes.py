"""Processes that tests start: ended, reaped and closed, also when an assertion fails between."""

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

#: Seconds after which a test no longer waits: far more than a busy machine needs.
LIMIT = 120.0
#: Words in the command line of those that live for a whole run, and that its end ends.
LASTING = ("playwright", "multiprocessing", "postgres", "tests.forked")


@contextmanager
def child(command: list[Any], **more: Any) -> Iterator["subprocess.Popen[Any]"]:
    """Run a process that does not outlive the block."""
    process: subprocess.Popen[Any] = subprocess.Popen([*map(str, command)], **more)
    try:
        yield process
    finally:
        end(process)


def end(process: "subprocess.Popen[Any]") -> None:
    """Kill it if it still runs, reap it, and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with suppress(BrokenPipeError):  # what was written and never read
                pipe.close()


def until(
    holds: Callable[[], bool], what: str, *, pause: float = 0.02, within: float = LIMIT
) -> None:
    """Wait until it holds, which is looked at after each pause; `what` did not happen in time.
    Only what is measured waits `within` another time than LIMIT. What takes long is looked at less
    often: the looks themselves took half a second of the processor for a server that starts."""
    begun = time.monotonic()
    while not holds():
        waited = time.monotonic() - begun
        assert waited < within, f"after {within:.0f} s: {what}"
        time.sleep(max(pause, waited / 10))


def run_on(seconds: float) -> None:
    """Let another process run on for about so long before it is killed, so that it is met anywhere
    in its work. How far it comes meanwhile is asserted nowhere."""
    time.sleep(seconds)


def stands_still(thread: threading.Thread, looks: int = 5) -> Callable[[], bool]:
    """Return whether a thread was at the same place of its code in this many looks: it waits, or
    has ended.
    """
    places: deque[object] = deque(maxlen=looks)

    def still() -> bool:
        frame = sys._current_frames().get(thread.ident or 0)
        places.append(frame and (frame.f_code, frame.f_lasti))
        return len(places) == looks and len({*places}) == 1

    return still


def gone(one: psutil.Process) -> bool:
    """Return whether the process has ended, reaped by its parent or not."""
    try:
        return one.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def mine() -> set[int]:
    """Return the numbers of this process's children, without those that live for a whole run."""
    return {one for one in _children() if not _lasts(one)}


def below(process: int) -> list[psutil.Process]:
    """Return a process's children, their children, and so on."""
    found = []
    for one in _children(process):
        with suppress(psutil.NoSuchProcess):
            found += [psutil.Process(one), *below(one)]
    return found


def _children(process: int | None = None) -> list[int]:
    """Return the numbers of the children of a process, or of this one."""
    tasks = Path("/proc", str(process or "self"), "task")
    try:  # Linux lists them: the library would read about all processes of the machine
        told = [path.read_text() for path in tasks.glob("*/children")]
    except OSError:
        told = []
    if not told and not tasks.exists():
        with suppress(psutil.NoSuchProcess):
            return [one.pid for one in psutil.Process(process).children()]
    return [int(one) for one in " ".join(told).split()]


def _lasts(one: int) -> bool:
    try:  # likewise; each child is checked twice around each test
        told = Path(f"/proc/{one}/cmdline").read_bytes()
    except OSError:
        try:
            told = " ".join(psutil.Process(one).cmdline()).encode()
        except psutil.Error:
            return False
    # one that was not reaped has no command line
    return any(word.encode() in told for word in LASTING)
