"""Lines about missing children, one for each child, for first pages and for lists of due items.

Each part of a line has its own rule of access. The child's name and the risk need access to the
child. The case number and the time since which the child is missing need access to the case.
Vehicles and their drivers need access to these vehicles, these people and the links between them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.forms.local import LONDON, occurs_twice
from domain.kernel.codes import MissingRisk
from domain.kernel.values import LinkKind, Reader
from network.people.missing import (
    A_CHILD,
    AT_THE_WHEEL,
    RANKS,
    find_vehicles,
    gather,
    linked_ends,
    name_of,
    once,
    statuses_of,
    ties_of,
    worth,
)
from network.query.graph_builder import Gathering
from projections import missing
from projections.families import cases
from projections.intelligence import people
from projections.kernel.columns import Column
from projections.kernel.database import Db
from projections.missing.rows import EpisodeRow

#: Number of lines on a first page, and of vehicles in a line; if there are more, only their number
#: is shown.
MOST = 3
_RISKS: dict[MissingRisk | None, str] = {
    "high": "high risk",
    "medium": "medium risk",
    "low": "low risk",
    "absent": "no apparent risk",
    None: "risk not graded",
}
_DRIVES: dict[LinkKind, str] = {"driver-of": "driven by", "uses": "used by", "owns": "owned by"}


class VehicleToFind(Struct, frozen=True):
    """A vehicle to look for, with its id and its label."""

    id: UUID
    label: str


class MissingLine(Struct, frozen=True):
    """A missing child, given by name; or only by the number of the case, if the reader may not see
    the name (`name` is None).

    `state` says in words since when the child is missing, and the risk. `vehicles` are the vehicles
    to look for, with their drivers. `shown` are the ids of everything that the line names; `things`
    are these vehicles with their ids.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("called", "child"),
        Column("since", "since", "moment"),
        Column("danger", "risk"),
        Column("seen_in", "vehicles"),
        Column("number", "no."),
        Column("case", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("rank", "since", "case")
    case: UUID
    number: int
    name: str | None
    since: datetime
    state: str
    risk: MissingRisk | None = None
    vehicles: tuple[str, ...] = ()
    shown: tuple[UUID, ...] = ()
    things: tuple[VehicleToFind, ...] = ()

    @property
    def called(self) -> str:
        """Return the child's name, or the case if the name may not be shown."""
        return self.name or f"Case {self.number}"

    @property
    def rank(self) -> int:
        """Return the position of the risk in the order of risks, the highest risk first. If the
        risk was not rated, or the reader may not see it, the child comes before children with a low
        risk.
        """
        return RANKS.index(self.risk) if self.risk else 1

    @property
    def danger(self) -> str | None:
        """Return the degree of the risk, in words."""
        return None if self.name is None else self.risk or "not graded"

    @property
    def seen_in(self) -> str:
        """Return the vehicles to look for, with their drivers, in one line."""
        more = len(self.vehicles) - MOST
        words = [*self.vehicles[:MOST], *([f"{more} more"] if more > 0 else ())]
        return "; ".join(words)

    @property
    def plates(self) -> list[str]:
        """Return the vehicles to look for, without their drivers."""
        return [vehicle.label for vehicle in self.things[:MOST]]

    @property
    def named(self) -> tuple[UUID, ...]:
        """Return the ids of the child, if named, and of the vehicles in `plates`."""
        return (*self.shown[:1], *(vehicle.id for vehicle in self.things[:MOST]))

    @property
    def says(self) -> str:
        """Return the whole line about the child as text."""
        return f"{self.called}: {self.state}" + (f". {self.seen_in}" if self.vehicles else "")


class First(Struct, frozen=True):
    """The first lines of the list of missing children, the highest risk first, and how many more
    children are missing than these lines show.
    """

    rows: tuple[MissingLine, ...]
    more: int

    @property
    def total(self) -> int:
        """Return how many children are missing."""
        return len(self.rows) + self.more

    @property
    def counted(self) -> str:
        """Return how many children are missing, in words."""
        return f"{_children(self.total)} missing"

    @property
    def others(self) -> str | None:
        """Return in words how many more children are missing than the lines show."""
        if not self.more:
            return None
        return f"{_children(self.more, ' more')} missing"


def _children(number: int, more: str = "") -> str:
    return f"{number}{more} {'child is' if number == 1 else 'children are'}"


def lines(
    db: Db, reader: Reader, at: datetime, skip: int = 0, most: int | None = None
) -> tuple[list[MissingLine], int]:
    """Return lines about missing children, and how many there are in all. The first `skip` lines
    are left out, and at most `most` are returned. Children at the highest risk come first and,
    among these, children who have been missing longest.
    """
    rows = missing.now(db, reader)
    leaders = people.clusters(db, reader) if len(rows) > 1 else {}
    episodes = {row.case: row for row in once(lambda item: leaders.get(item, item), rows)}
    numbers = cases.numbers(db, reader, episodes)
    found_lines = [
        MissingLine(case, numbers[case], A_CHILD, row.since, _state(row, at), row.risk)
        for case, row in episodes.items()
        if case in numbers
    ]
    found_lines += [
        MissingLine(row.case, row.number, None, row.missing_since, _since(row.missing_since, at))
        for row in cases.missing(db, reader, closed=True)
        if row.case not in episodes and row.missing_since
    ]
    found_lines.sort(key=lambda row: (row.rank, row.since, row.case))
    shown_lines = found_lines[skip:] if most is None else found_lines[skip : skip + most]
    away = {row.case: episodes[row.case] for row in shown_lines if row.case in episodes}
    return _named(db, reader, shown_lines, away) if away else shown_lines, len(found_lines)


def _state(row: EpisodeRow, at: datetime) -> str:
    return f"{_since(row.since, at)}, {_RISKS[row.risk]}"


def _since(since: datetime, at: datetime) -> str:
    """Return in words since when the child is missing, in London time; without the day if that is
    today."""
    there, today = since.astimezone(LONDON), at.astimezone(LONDON).date()
    hour = f"{there:%H:%M %Z}" if occurs_twice(since) else f"{there:%H:%M}"
    if there.date() == today:
        return f"missing since {hour}"
    year = "" if there.year == today.year else f" {there.year}"
    return f"missing since {hour} on {there.day} {there:%B}{year}"


def _named(
    db: Db, reader: Reader, rows: Sequence[MissingLine], away: Mapping[UUID, EpisodeRow]
) -> list[MissingLine]:
    """Return the lines about missing children with the children's names and the vehicles to look
    for added, as far as the reader may see these.
    """
    named = {case: find_vehicles(db, reader, episode) for case, episode in away.items()}
    children = [episode.child for episode in away.values()]
    gathered = gather(
        db, reader, children, {item for vehicle_ids in named.values() for item in vehicle_ids}
    )
    status = statuses_of(db, reader, gathered)
    return [
        _complete_line(row, gathered, gathered.lead(away[row.case].child), status, named[row.case])
        if row.case in away
        else row
        for row in rows
    ]


def _complete_line(
    row: MissingLine,
    gathered: Gathering,
    child: UUID,
    status: Mapping[UUID, str],
    named: Collection[UUID],
) -> MissingLine:
    """Return the line about a missing child with the child's name and the vehicles to look for
    added.
    """
    shown, vehicles, things = [child], [], []
    for tie in ties_of(gathered, child, status, named):
        if tie.kind == "vehicle":
            drivers = _drivers(gathered, tie.id, child, status)
            shown += [tie.id, *drivers]
            vehicles.append(", ".join([tie.label, *drivers.values()]))
            things.append(VehicleToFind(tie.id, tie.label))
    return replace(
        row,
        name=name_of(gathered.entities[child]),
        vehicles=tuple(vehicles),
        shown=tuple(dict.fromkeys(shown)),
        things=tuple(things),
    )


def _drivers(
    gathered: Gathering, vehicle: UUID, child: UUID, status: Mapping[UUID, str]
) -> dict[UUID, str]:
    """Return the people who drive, use or own a vehicle, each by their best grade."""
    words_by_driver: dict[UUID, str] = {}
    driving = [
        (worth(row.grade), gathered.entities[item], row)
        for item, row in linked_ends(gathered, vehicle, status)
        if row.kind in AT_THE_WHEEL and item != child
    ]
    for _, entity, row in sorted(driving, key=lambda each: (each[0], each[1].id)):
        details = [row.grade or "ungraded", *filter(None, [status.get(entity.id)])]
        words = f"{_DRIVES[row.kind]} {entity.label} ({': '.join(details)})"
        words_by_driver.setdefault(entity.id, words)
    return words_by_driver
