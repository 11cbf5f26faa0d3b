"""The network period by period, with the links that are new or gone in each."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, TypedDict
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import Period
from domain.kernel.values import LinkKind, Reader, Refused
from network.over_time.periods import MOST_PERIODS, after, gather_links, moment_of, start_of
from network.picture import picture_data
from network.picture.picture_data import Link, Node
from network.query.evidence import DEFAULT
from network.query.graph_builder import GRADED
from network.query.link_pairs import Edges, paired
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel.columns import Column
from projections.kernel.database import Db


class FrameDocument(TypedDict):
    """The network in one period: its people and things, and its links."""

    start: str
    end: str
    nodes: list[str]
    links: list[Link]


class PeriodFigures(Struct, frozen=True):
    """Figures of one period: its links, the links that are new in it, and the links that only the
    previous period had.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("start", "from", "day"),
        Column("nodes", "people and items"),
        Column("ties", "links"),
        Column("weight", "weight"),
        Column("new", "new links"),
        Column("gone", "ended links"),
    )
    order: ClassVar[tuple[str, ...]] = ("start",)
    start: date
    nodes: int
    ties: int
    weight: float
    new: int
    gone: int


class Frames(Struct, frozen=True):
    """The periods in order; `nodes` are all people and things that occur in `documents`."""

    rows: tuple[PeriodFigures, ...]
    documents: tuple[FrameDocument, ...]
    nodes: tuple[Node, ...]
    undated: int
    ungraded: int
    weaker: int


def frames(
    db: Db,
    reader: Reader,
    who: UUID | None = None,
    *,
    link_filter: LinkFilter = GRADED,
    per: Period = "week",
) -> Frames:
    """Return the network (or the links of `who`) period by period: from its first date to its last,
    or during the query's window; a link is in each period in which it was true. Raises Refused for
    more than `MOST_PERIODS` periods, or if `who` was not known at the time of the query.
    """
    gathering = gather_links(db, reader, link_filter, who, None)
    edges = [edge for edge in gathering.edges() if edge[2].valid_from or edge[2].valid_to]
    undated = len(gathering.shown) - len(edges)
    starts = list(_periods(edges, link_filter, per))
    frame_edges: list[list[tuple[UUID, UUID, LinkRow]]] = [[] for _ in starts]
    place = {start: number for number, start in enumerate(starts)}
    for edge in edges:
        _, _, row = edge
        first = place.get(start_of(row.valid_from, per), 0) if row.valid_from else 0
        last = len(starts) - 1
        if row.valid_to:
            last = place.get(start_of(row.valid_to, per), last)
        for number in range(first, last + 1):
            frame_edges[number].append(edge)
    hidden = gathering.hidden()
    roots = gathering.roots([row for *_, row in edges])
    rows, documents = [], []
    before: set[tuple[frozenset[UUID], LinkKind]] = set()
    for start, inside in zip(starts, frame_edges, strict=True):
        end = moment_of(after(start, per)) - timedelta(microseconds=1)
        pairs = paired(inside, roots, DEFAULT, end, hidden)
        now = {(frozenset((pair.source, pair.target)), pair.kind) for pair in pairs}
        there = list(dict.fromkeys(item for a, b, _ in inside for item in (a, b)))
        weight = sum(pair.weight for pair in pairs)
        rows.append(
            PeriodFigures(start, len(there), len(now), weight, len(now - before), len(before - now))
        )
        documents.append(
            FrameDocument(
                start=start.isoformat(),
                end=(after(start, per) - timedelta(days=1)).isoformat(),
                nodes=[str(item) for item in there],
                links=[picture_data.link(pair) for pair in pairs],
            )
        )
        before = now
    ends = dict.fromkeys(item for a, b, _ in edges for item in (a, b))
    return Frames(
        rows=tuple(rows),
        documents=tuple(documents),
        nodes=tuple(picture_data.node(gathering.entities[item]) for item in ends),
        undated=undated,
        ungraded=len(gathering.ungraded),
        weaker=len(gathering.weaker),
    )


def _periods(edges: Edges, link_filter: LinkFilter, per: Period) -> Iterator[date]:
    dates = [at for *_, row in edges for at in (row.valid_from, row.valid_to) if at]
    if not dates:
        return
    start = start_of(link_filter.since or min(dates), per)
    last = start_of(link_filter.until or max(dates), per)
    for _ in range(MOST_PERIODS):
        if start > last:
            return
        yield start
        if start == date.max:
            return
        start = after(start, per)
    if start <= last:
        raise Refused(
            f"there would be more than {MOST_PERIODS} periods: choose longer periods, or a "
            "shorter time",
            field="since",
        )
