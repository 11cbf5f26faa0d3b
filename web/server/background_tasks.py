"""What is done again and again while screens are served, in a thread of its own."""

from collections.abc import Callable
from threading import Event, Thread


def regularly(work: Callable[[], object], every: float, *, at_once: bool) -> Callable[[], None]:
    """Do this work every so many seconds, the first time at once or after them, until what this
    gives is called, which waits for the work that has begun."""
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
