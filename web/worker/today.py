"""The parts of the first page: the reader's due items grouped by what to do, the changes since the
last visit and, before a night, gaps in the rota."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import get_args
from uuid import UUID

from msgspec import Struct

from commands.people_and_teams.due import OF_NO_ITEM
from domain.clocks import CLOCKS
from domain.clocks.rule import Verb
from domain.forms.intervals import LONDON
from domain.kernel.codes import Clock
from domain.people_and_teams.rota import Duty, first_gap
from projections.due import DueItem

#: For each type of deadline, the verb under which its items are listed.
VERBS: Mapping[Clock, Verb] = {clock: rule.verb for clock, rule in CLOCKS.items()}
#: The page that lists all items of a verb ("Assess", for example), if there is one.
PAGES: Mapping[Verb, str] = {
    "Find": "/today/missing",
    "Assess": "/queue",
    "Countersign": "/today/to-decide",
}
#: Number of rows that the first page shows for each verb.
MOST = 4
#: The time before its due day from which on an item is shown on the first page.
AHEAD = timedelta(days=31)
#: Number of rows of a verb that are read to find the first row of each family.
LOOKED_THROUGH = 12
#: The beginning and the end of a night, as times of day in London.
_EVENING, _MORNING = time(18), time(8)


@dataclass
class VerbGroup:
    """The due items of a reader that need the same action, named by a verb. `rows` has the first
    item of each family, oldest first; `more` is the number of further items of the family, by
    the id of the item in `rows`."""

    verb: Verb
    count: int = 0
    overdue: int = 0
    rows: list[DueItem] = field(default_factory=list)
    more: dict[UUID, int] = field(default_factory=dict)


class Decisions(Struct, frozen=True):
    """The due items of a reader: `groups` are the items that the reader may open, by verb;
    `restricted` are the others. `later` is the number of items that become due so late that the
    first page does not show them yet."""

    groups: tuple[VerbGroup, ...]
    restricted: tuple[DueItem, ...]
    all_restricted: int
    later: int = 0


def by_verb(
    rows: Sequence[DueItem],
    seen: Collection[UUID],
    until: datetime,
    name: Callable[[list[DueItem]], list[DueItem]],
) -> Decisions:
    """Return the reader's due items until the moment `until`, grouped by what to do. `seen` are the
    items that the reader may open; `name` adds names to items. So that the many items of one
    child hide no other child, the first item of each family is shown."""
    groups = {verb: VerbGroup(verb) for verb in get_args(Verb)}
    restricted, later = list[DueItem](), 0
    for row in rows:
        if row.due > until:
            later += 1
            continue
        if row.item not in seen and row.clock not in OF_NO_ITEM:
            restricted.append(row)
            continue
        group = groups[VERBS[row.clock]]
        group.count += 1
        group.overdue += row.overdue
        group.rows.append(row)
    candidates = [row for group in groups.values() for row in group.rows[:LOOKED_THROUGH]]
    named = {row.id: row for row in name(candidates)}
    for group in groups.values():
        firsts = by_family([named[row.id] for row in group.rows[:LOOKED_THROUGH]])[:MOST]
        group.rows = [row for row, _ in firsts]
        group.more = {row.id: more for row, more in firsts if more}
    shown = tuple(group for group in groups.values() if group.count)
    return Decisions(shown, tuple(restricted[:MOST]), len(restricted), later)


def by_family(rows: Sequence[DueItem]) -> list[tuple[DueItem, int]]:
    """Return all rows if they fit on the page. Otherwise return the first row of each family, with
    the number of the family's other rows."""
    if len(rows) <= MOST:
        return [(row, 0) for row in rows]
    of_family = Counter(row.case for row in rows if row.case)
    first = {row.case or row.id: row for row in reversed(rows)}
    return [
        (row, of_family[row.case] - 1 if row.case else 0)
        for row in rows
        if first[row.case or row.id] is row
    ]


def next_night(now: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the present night or, during the day, of the next
    night.
    """
    there = now.astimezone(LONDON)
    evening = there.date() if there.time() >= _MORNING else there.date() - timedelta(days=1)
    start = datetime.combine(evening, _EVENING, LONDON)
    end = datetime.combine(evening + timedelta(days=1), _MORNING, LONDON)
    return max(start, there), end


def rota_gap(duties: Sequence[Duty], team: str, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the first time of the present or next night in which a team has no person on call, or
    None.
    """
    return first_gap(duties, team, *next_night(now))
