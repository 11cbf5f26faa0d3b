"""A function that starts several calls at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from commands.kernel.unit_of_work import Receipt
from domain.kernel.values import Refused
from installation.opening import open_system
from tests.commands.office import Office


def at_once(office: Office, *jobs: Callable[[Office], Receipt]) -> list[Receipt | Refused]:
    """Run these jobs at the same moment, each in a thread with a store object of its own; return
    their results.
    """
    gate = Barrier(len(jobs))

    def one(job: Callable[[Office], Receipt]) -> Receipt | Refused:
        now = office.system.clock.given_time
        own = Office(open_system(office.settings, now=now), office.settings)
        try:
            gate.wait()
            return job(own)
        except Refused as refused:
            return refused
        finally:
            own.system.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))
