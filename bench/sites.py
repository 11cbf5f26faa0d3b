"""Measure what a second site costs, and how soon it has what the first site recorded.

Two servers run on this machine. One writer makes single encrypted appends in three ways: without a
second site, with a site that follows, and with appends that wait for the site. The delay is the
time from an append's return until the second site has it. The three ways are measured in turns, so
that a noisy machine slows all alike. Run alone: `python -m bench.sites [APPENDS [TURNS]]`.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from bench.material import now
from bench.views import Families
from domain import catalogue
from domain.kernel.envelope import Submission
from installation import sites
from installation.settings import Settings
from ledger.store.log import Log
from ledger.store.setup import open_postgres
from tests.ledger.known_keys import KnownKeys
from tests.ledger.two_servers import Machine, two
from tests.processes import until

SEQ = "SELECT seq FROM evidence.evidence_head"


def opened(url: str) -> Log:
    return open_postgres(
        url,
        catalogue.by_log(),
        clock=now,
        keys=KnownKeys(),
        create=True,
        synthetic=False,
    )["evidence"]


def appended(log: Log, submissions: list[Submission]) -> list[float]:
    """Append these commands to the log one by one; return the seconds of each append."""
    spent = []
    for submission in submissions:
        began = time.perf_counter()
        log.append([submission])
        spent.append(time.perf_counter() - began)
    return spent


def arrivals(log: Log, submissions: list[Submission], there: str) -> list[float]:
    """Append these commands to the log; return for each append the seconds from its end until the
    second site, at the database `there`, has it.
    """
    late = []
    with psycopg.connect(there, autocommit=True) as second:
        for submission in submissions:
            log.append([submission])
            began, last = time.perf_counter(), log.last()
            while (second.execute(SEQ).fetchone() or (0,))[0] < last:
                pass
            late.append(time.perf_counter() - began)
    return late


def print_times(title: str, spent: list[float]) -> None:
    centiles = statistics.quantiles(spent, n=20)
    sys.stdout.write(
        f"{title}: {len(spent) / sum(spent):.0f} a second, "
        f"p50 {1e3 * statistics.median(spent):.1f} ms, p95 {1e3 * centiles[18]:.1f} ms\n"
    )


def ready(settings: Settings) -> bool:
    follows = sites.read_status(settings).follows
    return follows is not None and follows.connected and not follows.copying


def measure(first: Machine, second: Machine, place: Path, appends: int, turns: int) -> None:
    """Measure and print the cost of the second site and the delay of its copy."""
    alone, here, there = first.database(), first.database(), second.database()
    logs = {"alone": opened(alone), "followed": opened(here)}
    settings = Settings(store=here, home=place, user="bench")
    other = settings.model_copy(update={"store": there})
    sites.publish(settings, "first")
    sites.follow(other, "second", here, witness=False)
    until(lambda: ready(other), "the tables are not copied")
    tales = {name: Families().submissions() for name in logs}
    spent: dict[str, list[float]] = {"alone": [], "followed": [], "waited for": [], "arrival": []}
    for _ in range(turns):
        submissions = {name: [next(tale) for _ in range(appends)] for name, tale in tales.items()}
        spent["alone"] += appended(logs["alone"], submissions["alone"])
        third = appends // 3
        spent["followed"] += appended(logs["followed"], submissions["followed"][:third])
        spent["arrival"] += arrivals(
            logs["followed"], submissions["followed"][third : 2 * third], there
        )
        first.set("synchronous_standby_names = 'continuum_site_second'")
        time.sleep(1)
        spent["waited for"] += appended(logs["followed"], submissions["followed"][2 * third :])
        first.set("synchronous_standby_names = ''")
        time.sleep(1)
    for title, seconds in spent.items():
        print_times(title, seconds)
    for log in logs.values():
        log.close()


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with two() as (a, b), tempfile.TemporaryDirectory() as home:
        measure(a, b, Path(home), many, rounds)
