"""Count how often each pair was linked by day, week or month, and list links in a timeline.

Periods follow the calendar in London time. A link without a date in the world belongs to no period,
and is counted separately.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.forms.local import LONDON
from domain.kernel.codes import Period
from domain.kernel.values import LinkKind, Reader, Stage
from network.index.growing_columns import Array
from network.index.view_reader import EVER
from network.query.graph_builder import GRADED, Gathering
from network.query.selected_links import LinksInArrays, select_links
from network.query.view import resolve_clusters
from projections.intelligence.links import LinkFilter
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: The largest number of periods in an answer.
MOST_PERIODS = 400


class PairCount(Struct, frozen=True):
    """How often two items were linked by one kind of link in one period: `times` is the number of
    links that began in the period, `weight` the sum of their weights (a row of call records may
    stand for several calls).
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("start", "from", "day"),
        Column("source_label", "from person"),
        Column("kind", "link"),
        Column("target_label", "to"),
        Column("times", "times"),
        Column("weight", "weight"),
        Column("source", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("start", "source", "target", "kind")
    start: date
    source: UUID
    source_label: str
    target: UUID
    target_label: str
    kind: LinkKind
    times: int
    weight: float


class PeriodCounts(Struct, frozen=True):
    """How often each pair was linked in each period, the oldest period first; and the number of
    links without a date.
    """

    rows: tuple[PairCount, ...]
    undated: int
    ungraded: int
    weaker: int


class Happened(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """One link of a person in a timeline: from when to when it was true, and since when it is
    recorded."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("start", "from", "moment"),
        Column("end", "to", "moment"),
        Column("what", "event"),
        Column("stage", "stage"),
        Column("grade", "grade"),
        Column("known_from", "known from", "moment"),
        Column("link", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    start: datetime | None
    end: datetime | None
    what: str
    stage: Stage
    grade: str | None
    weight: float
    known_from: datetime
    link: UUID
    evidence: tuple[UUID, ...]

    @property
    def place(self) -> tuple[bool, datetime, UUID]:
        """Return the sort key: by the beginning of the link; links without a date come last."""
        return self.start is None, self.start or self.known_from, self.link


class Timeline(Struct, frozen=True):
    """A timeline: its links, the earliest first."""

    rows: tuple[Happened, ...]
    ungraded: int
    weaker: int


def start_of(at: datetime, per: Period) -> date:
    """Return the first day of the period that contains this moment."""
    try:
        there = at.astimezone(LONDON)
    except OverflowError:  # the ends of the calendar have no day in London time
        there = at
    return first_day(there.date(), per)


def first_day(day: date, per: Period) -> date:
    """Return the first day of the period that contains a day."""
    match per:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
    return day.replace(day=1)


def after(start: date, per: Period) -> date:
    """Return the first day of the next period; the last possible day if there is none."""
    days = timedelta(days={"day": 1, "week": 7, "month": 31}[per])
    return first_day(start + days, per) if date.max - start >= days else date.max


def moment_of(day: date) -> datetime:
    """Return the first moment of a day in London time."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def counts(
    db: Db,
    reader: Reader,
    who: UUID | None = None,
    whom: UUID | None = None,
    *,
    link_filter: LinkFilter = GRADED,
    per: Period = "week",
) -> PeriodCounts:
    """Return how often each pair was linked in each period: all pairs, only the pairs of `who`, or
    only the pair of `who` and `whom`. A link counts in the period in which it began. Raises Refused
    if one of these people was not known at the time of the query.
    """
    undated = 0

    def dated(links: LinksInArrays) -> Array:
        nonlocal undated
        array: Array = links.index.links["valid_from"][links.rows] != EVER
        undated = int((~array).sum())
        return array

    selected = select_links(db, reader, link_filter, dated) if who is None else None
    seen = selected.gathering if selected else gather_links(db, reader, link_filter, who, whom)
    weights_by_key: dict[tuple[date, UUID, UUID, LinkKind], list[float]] = {}
    for a, b, row in seen.edges():
        if row.valid_from is None:
            undated += 1
            continue
        first_item, second_item = sorted((a, b))
        key = start_of(row.valid_from, per), first_item, second_item, row.kind
        weights_by_key.setdefault(key, []).append(row.weight)

    def label(item: UUID) -> str:
        return seen.entities[item].label

    rows = [
        PairCount(start, a, label(a), b, label(b), kind, len(weights), sum(weights))
        for (start, a, b, kind), weights in sorted(weights_by_key.items())
    ]
    if selected:
        return PeriodCounts(tuple(rows), undated, selected.ungraded, selected.weaker)
    return PeriodCounts(tuple(rows), undated, len(seen.ungraded), len(seen.weaker))


def timeline(
    db: Db, reader: Reader, who: UUID, whom: UUID | None = None, *, link_filter: LinkFilter = GRADED
) -> Timeline:
    """Return all links of `who` (or only those with `whom`) as a timeline, the earliest first.
    Raises Refused if one of these people was not known at the time of the query.
    """
    gathering = gather_links(db, reader, link_filter, who, whom)
    hidden = gathering.hidden()
    rows = [
        Happened(
            start=row.valid_from,
            end=row.valid_to,
            what=f"{gathering.entities[a].label} {row.kind} {gathering.entities[b].label}",
            stage=row.stage,
            grade=row.grade,
            weight=row.weight,
            known_from=row.known_from,
            link=row.link,
            evidence=tuple(item for item in row.evidence if item not in hidden),
        )
        for a, b, row in gathering.edges()
    ]
    rows.sort(key=lambda row: row.place)
    return Timeline(tuple(rows), len(gathering.ungraded), len(gathering.weaker))


def gather_links(
    db: Db, reader: Reader, link_filter: LinkFilter, who: UUID | None, whom: UUID | None
) -> Gathering:
    """Return the links of the whole network; with `who`, only the links of this person or thing;
    with `whom`, too, only the links between these two.
    """
    gathering = Gathering(db, reader, link_filter, "all")
    if who is None:
        gathering.everything()
        return gathering
    ends = resolve_clusters(gathering, [item for item in (who, whom) if item is not None])
    if whom is None:
        gathering.around(ends)
    else:
        gathering.between(ends)
    return gathering
