"""The question of the state of recorded knowledge at a moment: the positions of the logs, a hash
over every row of the views, the number of items at each stage, the queue and the deadlines.
"""

from datetime import datetime

from msgspec import Struct

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


class Known(Struct, frozen=True):
    """The state of recorded knowledge: the `positions` of the logs, the number of `links`, the open
    items of the `queue`, and the first deadlines (`due`)."""

    positions: dict[str, int]
    hash: str
    counts: dict[str, int]
    links: int
    queue: tuple[QueueItem, ...]
    due: tuple[DueItem, ...]

    @property
    def position(self) -> int:
        """Return the number of facts in the evidence log."""
        return self.positions.get("evidence", 0)

    @property
    def waiting(self) -> int:
        """Return the number of items in the queue."""
        return len(self.queue)

    @property
    def overdue(self) -> int:
        """Return the number of items in the queue that were overdue."""
        return sum(item.overdue for item in self.queue)


def read_state(
    desk: Desk, db: Db, reader: Reader, then: datetime, *, most: int | None = None
) -> Known:
    """Return the state of recorded knowledge at a moment (positions, hash, counts, queue and
    deadlines), from views as they were then. There are at most `most` deadlines, or all if `most`
    is None. Raises Denied for a reader who is not an auditor, because the hash and the positions
    change with other teams' records.
    """
    require(reader, "replay")
    policy = desk.policy
    return Known(
        {log: at for (_, log), at in runner.positions(db).items()},
        fingerprint.of(db, all_views.VIEWS),
        continuum.counts(db, reader),
        len(links.links(db, reader, links.LinkFilter(min_rank=None))),
        tuple(queue.queue(db, reader, then, Clocks(policy.urgent, policy.other, policy.on_call))),
        tuple(due_view.page(db, reader, then, due.with_policy(desk, DueFilter()), most=most)),
    )
