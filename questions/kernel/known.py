"""The state of knowledge at a moment: how far the logs had come, a hash over every row of the
views, how much stood at each stage, what waited and what was due."""

from dataclasses import dataclass
from datetime import datetime

from access.who_may.decide import require
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import due
from domain.kernel.values import Reader
from projections import all_views
from projections import due as due_view
from projections.due import DueFilter, DueItem
from projections.information import continuum, queue
from projections.information.queue import Clocks, QueueItem
from projections.intelligence import links
from projections.kernel import fingerprint, runner
from projections.kernel.database import Db


@dataclass(frozen=True)
class Known:
    """What was known; `positions` is how far each log had come, `links` how many there were,
    `queue` what waited, and `due` the first of what was due."""

    positions: dict[str, int]
    hash: str
    counts: dict[str, int]
    links: int
    queue: tuple[QueueItem, ...]
    due: tuple[DueItem, ...]

    @property
    def position(self) -> int:
        """How many facts the evidence log held."""
        return self.positions.get("evidence", 0)

    @property
    def waiting(self) -> int:
        """How many items waited."""
        return len(self.queue)

    @property
    def overdue(self) -> int:
        """How many of them were overdue."""
        return sum(item.overdue for item in self.queue)


def shown(desk: Desk, db: Db, reader: Reader, then: datetime, *, most: int | None = None) -> Known:
    """Return what was known at a moment, out of views as they stood then, with so many of what was
    due (None: all). It is the auditor's to ask, since hash and positions move with what others
    record: raises Denied for others."""
    require(reader, "replay")
    policy = desk.policy
    return Known(
        {log: at for (_, log), at in runner.positions(db).items()},
        fingerprint.of(db, all_views.VIEWS),
        continuum.counts(db, reader),
        len(links.links(db, reader, links.LinkFilter(min_rank=None))),
        tuple(queue.queue(db, reader, then, Clocks(policy.urgent, policy.other, policy.on_call))),
        tuple(due_view.page(db, reader, then, due.by_policy(desk, DueFilter()), most=most)),
    )
