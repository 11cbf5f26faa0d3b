"""Periodic work in a thread of its own, while screens are served."""

from collections.abc import Callable
from threading import Event, Thread


def regularly(work: Callable[[], object], every: float, *, at_once: bool) -> Callable[[], None]:
    """Run this work every `every` seconds in a thread, the first time at once (`at_once`) or after
    that interval. Return a function that ends it and waits for the work in progress."""
    ended = Event()

    def until_it_ends() -> None:
        if at_once:
            work()
        while not ended.wait(every):
            work()

    thread = Thread(target=until_it_ends, daemon=True)
    thread.start()

    def end() -> None:
        ended.set()
        thread.join()

    return end
