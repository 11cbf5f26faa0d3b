"""Functions that read whole logs, in order."""

from collections.abc import Iterator, Mapping

from domain.kernel.envelope import Event, LogName, Recorded
from domain.kernel.log import Log

BATCH = 1000


def facts_of(logs: Mapping[LogName, Log], *names: LogName) -> Iterator[Recorded]:
    """Yield each fact of these logs, each log in its order."""
    for name in names:
        after = 0
        while facts := logs[name].read(after, BATCH):
            yield from facts
            after = facts[-1].seq


def facts_of_kinds(log: Log, *wanted: type[Event], after: int = 0) -> Iterator[Recorded]:
    """Yield the facts of these kinds in a log, in order, beginning after a given position. Facts of
    other kinds are not decrypted.
    """
    while kinds := log.kinds(after, BATCH):
        for seq, kind in kinds:
            if kind is None or issubclass(kind, wanted):
                yield from (fact for fact in log.read(seq - 1, 1) if isinstance(fact.event, wanted))
        after = kinds[-1][0]
