"""Runs periodic work in a thread of its own, while screens are served."""

from collections.abc import Callable
from threading import Event, Thread


def regularly(
    work: Callable[[], object], interval: float, *, first: Event | None = None
) -> Callable[[], None]:
    """Run `work` in a thread every `interval` seconds: first when `first` is set or, if that takes
    longer, after `interval` seconds. Return a function that ends the thread after the work in
    progress.
    """
    ended, begins = Event(), first or Event()

    def until_it_ends() -> None:
        begins.wait(interval)
        while not ended.is_set():
            work()
            ended.wait(interval)

    thread = Thread(target=until_it_ends, daemon=True)
    thread.start()

    def end() -> None:
        ended.set()
        begins.set()
        thread.join()

    return end
