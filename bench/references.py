"""Measure the search for references to an item, which an erasure, a hold or an access request
needs.

Every run reads the logs from the first record, as every command does. Figures are the processor
time of this process, the memory that Python uses at the end, and the most memory that it used. Run
alone: `python -m bench.references [EVENTS]`.
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from access.who_may import scope
from bench.pages import filled
from commands.data_protection.subject_search import Search
from commands.erasure import erasure
from commands.erasure.hold_reach import Reckoning
from commands.kernel.references import LOGS
from commands.kernel.whole_logs import facts_of
from domain.data_protection.legal_hold import HOLDS, Query
from domain.families.referral import CaseOpened
from installation.system import System

MB = 1_000_000


@dataclass(frozen=True)
class Took:
    """The cost of one search for references: processor seconds, the megabytes of its result
    (`held`), and the most megabytes that it used (`most`)."""

    what: str
    seconds: float
    held: float
    most: float


def call_cost(title: str, ask: Callable[[], object]) -> Took:
    """Call `ask` twice, and return the cost of the search `title`: the processor seconds of the
    first call and the memory of the second."""
    began = time.process_time()
    ask()
    seconds = time.process_time() - began
    tracemalloc.start()
    result = ask()
    current_bytes, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return Took(title, seconds, current_bytes / MB, most / MB)


def search_costs(system: System) -> list[Took]:
    """Return the costs of the searches for references to an item, and of reading the logs alone."""
    facts = facts_of(system.logs, *LOGS)  # this call caches the data keys of all facts
    opened = [
        (fact.stream, fact.event.child) for fact in facts if isinstance(fact.event, CaseOpened)
    ]
    case, child = opened[0]

    def read() -> int:
        return sum(1 for _ in facts_of(system.logs, *LOGS))

    def search() -> Search:
        with system.desk.deciding() as db:
            subject_search = Search(system.desk, db, scope.unlimited(system.reader), child)
            assert subject_search.teams()
        return subject_search

    def plan() -> Reckoning:
        reckoning = Reckoning(system.logs)
        assert erasure._plan(system.desk, reckoning, [child], ()).items
        return reckoning

    def reach() -> Reckoning:
        reckoning = Reckoning(system.logs)
        assert reckoning.reach(HOLDS, Query("case", case))
        assert reckoning.reach(HOLDS, Query("person", child))
        return reckoning

    return [
        call_cost(
            "the logs read, and nothing else", lambda: sum(1 for _ in facts_of(system.logs, *LOGS))
        ),
        call_cost("what standing holds reach (disposal)", lambda: Reckoning(system.logs)),
        call_cost("what a hold on a case and on a person reaches", reach),
        call_cost("the plan of an erasure", plan),
        call_cost("an access request", search),
    ]


def measure(events: int = 100_000) -> list[Took]:
    """Return the costs of the searches on a store on files, where reading the logs is fastest."""
    with tempfile.TemporaryDirectory(prefix="continuum-bench-") as place:
        system = filled(Path(place), None, events)
        try:
            return search_costs(system)
        finally:
            system.close()


def table(costs: Sequence[Took]) -> str:
    lines = ["| what | processor time | held | at most |", "|---|---|---|---|"]
    lines += [
        f"| {cost.what} | {cost.seconds:.1f} s | {cost.held:,.0f} MB | {cost.most:,.0f} MB |"
        for cost in costs
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(measure(*map(int, sys.argv[1:2]))))
