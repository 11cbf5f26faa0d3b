"""Remember the newest facts of each log, as long as all of them were recorded by the same user.

An import decides about its next row before the views have read the rows before it. This is safe if
the import remembers its own facts and no other user has recorded anything since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from domain.kernel.envelope import LogName, Recorded


class _Run(NamedTuple):
    """A range of a log in which all facts were recorded by the same user: its first and last
    position, and the user.
    """

    first: int
    last: int
    by: str


@dataclass
class OwnFacts:
    """The newest facts of each log, if all of them were recorded by the same user. When another
    user records a fact, the earlier facts are forgotten.
    """

    _runs: dict[LogName, _Run] = field(default_factory=dict)
    _items: dict[LogName, set[UUID]] = field(default_factory=dict)

    def add(self, log: LogName, saved: Sequence[tuple[Recorded, ...]]) -> None:
        """Add the facts of commands that were saved in this log."""
        for fact in sorted((f for facts in saved for f in facts), key=lambda f: f.seq):
            run = self._runs.get(log)
            if run and fact.seq <= run.last:
                continue  # a repeated command
            if run and (fact.seq, fact.by) == (run.last + 1, run.by):
                self._runs[log] = run._replace(last=fact.seq)
            else:
                self._runs[log] = _Run(fact.seq, fact.seq, fact.by)
                self._items[log] = set()
            self._items[log].add(fact.stream)

    def before(self, log: LogName, head: int) -> int:
        """Return the last position of the log at which another user's fact may be: the position
        before the remembered facts of one user, if the log ends with them; otherwise `head`, the
        last position of the log.
        """
        run = self._runs.get(log)
        return run.first - 1 if run and run.last == head else head

    def concern(self, name: str, item: UUID) -> bool:
        """Return whether a fact about this item is remembered and was recorded by this user."""
        runs = self._runs.items()
        return any(run.by == name and item in self._items[log] for log, run in runs)
