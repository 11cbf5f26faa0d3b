"""A team's brief, item by item: new, changed and undecided items since a moment, possible
corroboration, and overdue items."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import due as dues
from domain.kernel.values import Reader
from projections.due import DueItem
from projections.intelligence import brief as view
from projections.intelligence.brief import Brief, BriefRow
from projections.kernel.database import Db
from questions.information import said_before
from questions.information.said_before import Waits

#: The largest number of matches by default.
JOINS = 1_000_000


class ByItem(Struct, frozen=True):
    """A brief, the matches to be judged, and the first overdue items; `late` is the number of all
    overdue items.
    """

    brief: Brief
    others: list[Waits]
    past: list[DueItem]
    late: int

    @property
    def parts(self) -> tuple[tuple[str, Sequence[BriefRow], int], ...]:
        """Return, for each part of the brief: its title, its rows, and the number of rows that are
        left out.
        """
        brief, more = self.brief, self.brief.more
        return (
            ("New", brief.new, more.new),
            ("Changed", brief.changed, more.changed),
            ("Undecided", brief.undecided, more.undecided),
        )


def by_item(
    desk: Desk, db: Db, reader: Reader, since: datetime | None, now: datetime, most: int | None
) -> ByItem:
    """Return the brief since a moment, or about the whole record if `since` is None. Each part has
    at most `most` rows, or all if `most` is None.
    """
    past, late = dues.list_overdue(desk, db, reader, since, now, most)
    return ByItem(
        view.brief(db, reader, since, now, most=most),
        said_before.waiting(db, reader, since, most or JOINS),
        past,
        late,
    )
