"""If many callers request the same work at the same moment, it is done once for all of them. It
starts only after their requests."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from projections.kernel.single_flight import SingleFlight
from tests.processes import LIMIT, until


def test_a_person_who_comes_meanwhile_shares_the_next_run() -> None:
    turns, runs = SingleFlight(), list[int]()
    hold, inside = threading.Event(), threading.Event()

    def work() -> None:
        runs.append(len(runs))
        inside.set()
        assert hold.wait(LIMIT)

    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(turns.after_now, work)
        assert inside.wait(LIMIT)
        later = [threads.submit(turns.after_now, work) for _ in range(8)]
        until(lambda: len(turns._changed._waiters) == 8, "not all wait")  # type: ignore[attr-defined]
        hold.set()
        for one in (first, *later):
            one.result(LIMIT)
    assert len(runs) == 2


def test_a_run_that_fails_lets_the_next_one_go() -> None:
    def fails() -> None:
        raise ZeroDivisionError

    turns = SingleFlight()
    with pytest.raises(ZeroDivisionError):
        turns.after_now(fails)
    done = list[bool]()
    turns.after_now(lambda: done.append(True))
    assert done == [True]
