"""Results of an analysis as a reader sees them. The names are those of today; the figures were
computed earlier, up to a certain position in the log.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from access.who_may.decide import require
from domain.kernel.codes import GROUP_ANALYSES, Analysis, Layer
from domain.kernel.values import Reader
from network.measures.measures import CAUTION
from network.query.graph_builder import GRADED, Gathering
from projections.intelligence import computed, links
from projections.intelligence.computed import ComputedRow, ValueRow
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: The largest number of people of a group who are named.
NAMED = 6


class ResultLine(Struct, frozen=True):
    """A row of an analysis's result: a person with a figure, or a group with its size. For a group,
    `id` is the id of its first person. A PageRank is shown as a multiple of the average, and
    `value` is the person's share of the sum of all people's values.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "number"),
        Column("who", "person or group"),
        Column("figure", "figure"),
        Column("people", "people"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    who: str
    figure: str | None
    value: float | None
    people: int | None
    id: UUID


class ShownResult(Struct, frozen=True):
    """The rows of an analysis's result, and the notes below them. `of` is the analysis; None if it
    has no result that the reader may see.
    """

    rows: tuple[ResultLine, ...]
    notes: tuple[str, ...]
    of: ComputedRow | None = None


def shown(
    db: Db, reader: Reader, analysis: Analysis, *, layer: Layer, least: int | None, limit: int
) -> ShownResult:
    """Return the first rows of the last result of this analysis. Raises Denied if the reader may
    not see the whole network.
    """
    require(reader, "analyse")
    row = computed.last(db, reader, analysis, layer, least)
    if row is None:
        return ShownResult(
            (),
            (f"This analysis is not computed: run continuum analyse {analysis} --layer {layer}",),
        )
    if row.restricted != computed.out_of_use(links.restricted_items(db)):
        return ShownResult(
            (), (f"{_OTHERS_RESTRICTED}: run continuum analyse {analysis} --layer {layer}",)
        )
    lines = _groups if analysis in GROUP_ANALYSES else _people
    rows = lines(db, reader, row, limit)
    return ShownResult(rows, (*_notes(row), CAUTION), row)


_OTHERS_RESTRICTED = (
    "The restricted items have changed since this was computed, so the result is not shown: "
    "compute it again"
)


def _people(db: Db, reader: Reader, row: ComputedRow, limit: int) -> tuple[ResultLine, ...]:
    rows = computed.values(db, reader, row, limit)
    called = _called(db, reader, rows)
    return tuple(
        ResultLine(
            value_row.place,
            called[value_row.entity],
            f"{value_row.value * row.people:.2f} × the average"
            if row.what == "pagerank"
            else f"{value_row.value:,.0f}",
            value_row.value,
            None,
            value_row.entity,
        )
        for value_row in rows
    )


def _groups(db: Db, reader: Reader, row: ComputedRow, limit: int) -> tuple[ResultLine, ...]:
    firsts = computed.firsts(db, reader, row, limit)
    members = computed.values_at(
        db, reader, row, [(member.place, _named(member)) for member in firsts]
    )
    called = _called(db, reader, members)
    lines = []
    for number, first in enumerate(firsts, start=1):
        names = [called[member.entity] for member in members if member.within == first.entity]
        more = int(first.value) - len(names)
        who = ", ".join(names) + (f" and {more} more" if more else "")
        lines.append(ResultLine(number, who, None, None, int(first.value), first.entity))
    return tuple(lines)


def _named(first: ValueRow) -> int:
    return min(NAMED, int(first.value))


def _called(db: Db, reader: Reader, rows: list[ValueRow]) -> dict[UUID, str]:
    who = Gathering(db, reader, GRADED, "all")
    who.meet({row.entity for row in rows})
    return {row.entity: who.entities[row.entity].label for row in rows}


def _notes(row: ComputedRow) -> tuple[str, ...]:
    """Return the notes below an analysis: which network was analysed, and which links were left
    out.
    """
    of = f"{row.people:,} people and {row.ties:,} links ({row.layer})"
    left = (
        (row.cleared, "eliminated or acquitted left out"),
        (row.ungraded, "ungraded not shown"),
        (row.weaker, "below the minimum grade not shown"),
    )
    return (
        f"Based on {of}, as known on {row.begun:%Y-%m-%d %H:%M}. Later records are not included.",
        f"Computed for {row.by}: {row.engine}, {row.why}.",
        *(f"{many:,} {words}" for many, words in left if many),
    )
