"""The view of the provenance trail: the causes of an item, back to the first log entry, and its
consequences, forward to the outcome.

A cause is an item that a person named (`because_of` in the envelope), or on which the event itself
is based: the observation of a report, the report of a link, the first log entry about an exhibit.
No cause is inferred. If the reader may not see the next item of a trail, the trail ends as if there
were no further items.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from hashlib import sha256
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import astuple, replace

from access.who_may import scope, telling
from access.who_may.decide import decide
from domain import catalogue
from domain.intelligence.link import LinkAsserted
from domain.intelligence.meeting import ResultTold
from domain.kernel.envelope import Event, Recorded
from domain.kernel.fields import OCCURRED, RESTS_ON, marked
from domain.kernel.values import Reader, Stage, When
from projections.kernel.batch import RowBatch
from projections.kernel.database import Db
from projections.kernel.queries import select_each
from projections.kernel.schema import View, causes, rows


@rows("steps", key=("seq",), index=(("id",),))
class StepRow(Struct, frozen=True):
    """An event in an item's history. `occurred` is when the event happened, as claimed; `learned`
    is when the log recorded it; `because_of` are the items that led to it.
    """

    table: ClassVar[sa.Table]
    seq: int
    id: UUID
    ref: str
    event: str
    stage: Stage | None
    occurred: datetime | None
    learned: datetime
    by: str
    because_of: tuple[UUID, ...]
    opinion: bool = False


@rows("causes", key=("effect", "cause", "seq"), index=(("cause",),))
class CauseRow(Struct, frozen=True):
    """A causal link: the item `cause` led to the item `effect`, according to the event `ref`."""

    table: ClassVar[sa.Table]
    effect: UUID
    cause: UUID
    seq: int
    ref: str


def apply(fact: Recorded, batch: RowBatch) -> None:
    event = fact.event
    step = event.meaning.step
    if isinstance(event, LinkAsserted):
        stage: Stage | None = event.stage
    elif step is None:
        return
    else:  # the step "beside" changes no stage
        stage = None if step == "beside" else step
    led = led_by(fact, None)
    batch.put(
        StepRow(
            fact.seq,
            fact.stream,
            fact.ref,
            event.stored.name,
            stage,
            _occurred(event),
            fact.recorded,
            fact.by,
            led,
            getattr(event, "opinion", None) == "opinion",
        )
    )
    for cause in led:
        if cause != fact.stream:
            batch.put(CauseRow(fact.stream, cause, fact.seq, fact.ref))
    if isinstance(event, ResultTold):  # the decision is a cause of the items that resulted from it
        for effect in event.became:
            if effect != fact.stream:
                batch.put(CauseRow(effect, fact.stream, fact.seq, fact.ref))


def led_by(fact: Recorded, seen: Collection[UUID] | None) -> tuple[UUID, ...]:
    """Return the items that led to a fact; with `seen`, only the items in it."""
    items = dict.fromkeys((*causes(fact), *_rests_on(fact.event)))
    return tuple(item for item in items if seen is None or item in seen)


def _rests_on(event: Event) -> Iterator[UUID]:
    for name in marked(type(event), RESTS_ON):
        value: UUID | tuple[UUID, ...] | None = getattr(event, name)
        if isinstance(value, tuple):
            yield from value
        elif value:
            yield value


def _occurred(event: Event) -> datetime | None:
    for name in marked(type(event), OCCURRED):
        value: datetime | When | None = getattr(event, name)
        return value.start if isinstance(value, When) else value
    return None


VIEW = View("trail", (StepRow, CauseRow), apply, version=2)


# --- queries ------------------------------------------------------------------------------------


class TrailStep(Struct, frozen=True):
    """A step of a trail: an event, the resulting stage of the item, and the items that led to
    it."""

    id: UUID
    ref: str
    event: str
    stage: Stage | None
    occurred: datetime | None
    learned: datetime
    by: str
    because_of: tuple[UUID, ...]
    opinion: bool = False


class ClosedStep(Struct, frozen=True):
    """A step of a trail without its text: an auditor may read the text only with an authority for
    the case of the item. `step` is its number in the whole trail.
    """

    step: int
    event: str
    stage: Stage | None
    learned: datetime


class Trail(Struct, frozen=True):
    """The steps of an item and of all items that led to it, or that followed from it, in the order
    of recording.

    `note` is shown to every reader for whom steps may be closed, whether or not a step is closed.
    Only an auditor gets `gaps` (the closed steps) and `whole` (the SHA-256 of all steps): when an
    authority has opened the steps, the same hash shows that they are the same ones.
    """

    id: UUID
    steps: tuple[TrailStep, ...]
    note: str | None = None
    gaps: tuple[ClosedStep, ...] | None = None
    whole: str | None = None


def back(db: Db, reader: Reader, item: UUID) -> Trail:
    """Return the trail from an item back through its causes, to the log entries with which it
    began.
    """
    c = CauseRow.table.c
    return _trail(db, reader, item, _reach(db, _sight(reader), item, c.effect, c.cause))


def forward(db: Db, reader: Reader, item: UUID) -> Trail:
    """Return the trail from an item forward to its outcome.

    Of items that existed before this item, such as its case, the trail has only the steps after
    they were linked with this item.
    """
    c = CauseRow.table.c
    return _trail(db, reader, item, _reach(db, _sight(reader), item, c.cause, c.effect), after=True)


def steps_of(db: Db, reader: Reader, items: Collection[UUID]) -> tuple[TrailStep, ...]:
    """Return the steps of these items that the reader sees, without the steps of other items."""
    c = StepRow.table.c
    seen = scope.visible_items(db, reader, items)
    rows = [StepRow(*row) for row in select_each(db, sa.select(StepRow.table), c.id, sorted(seen))]
    return tuple(_visible_steps(db, reader, [TrailStep(*astuple(row)[1:]) for row in rows]))


def _sight(reader: Reader) -> Reader:
    """Return the reader whose rights decide which items a trail includes. It is this reader or, for
    an auditor, a reader with unlimited rights: an auditor's trail continues beyond a step whose
    text is closed.
    """
    return scope.unlimited(reader) if _audits(reader) else reader


def _audits(reader: Reader) -> bool:
    return reader.closed and decide(reader, "replay").allowed


def _reach(
    db: Db,
    reader: Reader,
    item: UUID,
    here: sa.ColumnElement[UUID],
    there: sa.ColumnElement[UUID],
) -> dict[UUID, int]:
    """Return every item that the reader sees and that a chain of causes connects with `item`, read
    from the column `here` to the column `there`. With each item is the log position of the first
    event that connected it (0 for `item` itself).
    """
    reached = dict.fromkeys(scope.visible_items(db, reader, [item]), 0)
    frontier = sorted(reached)
    while frontier:
        first = sa.select(there, sa.func.min(CauseRow.table.c.seq)).group_by(there)
        further = first.where(scope.sees(reader, there))
        step_by_item: dict[UUID, int] = dict(map(tuple, select_each(db, further, here, frontier)))
        visible = scope.visible_items(db, reader, step_by_item.keys() - reached.keys())
        frontier = sorted(visible)
        reached |= {reached_item: step_by_item[reached_item] for reached_item in frontier}
    return reached


def _trail(
    db: Db, reader: Reader, item: UUID, reached: dict[UUID, int], *, after: bool = False
) -> Trail:
    c = StepRow.table.c
    select = sa.select(StepRow.table).order_by(c.seq)
    rows = [StepRow(*row) for row in select_each(db, select, c.id, reached)]
    if after:
        rows = _after(rows, item, reached)
    seen = scope.visible_items(db, reader, {row.id for row in rows})
    if item not in seen:
        return Trail(item, (), telling.hidden_steps_notice(reader))
    steps = [TrailStep(*astuple(row)[1:]) for row in rows if row.id in seen]
    trail_steps = _visible_steps(db, reader, steps)
    if not _audits(reader):
        return Trail(item, tuple(trail_steps), telling.hidden_steps_notice(reader))
    gaps = [
        ClosedStep(number, row.event, row.stage, row.learned)
        for number, row in enumerate(rows, start=1)
        if row.id not in seen
    ]
    return Trail(
        item, tuple(trail_steps), telling.hidden_steps_notice(reader), tuple(gaps), _hash(rows)
    )


def _after(rows: list[StepRow], item: UUID, reached: dict[UUID, int]) -> list[StepRow]:
    """Return the steps of the trail forward from `item`: all steps of newer items; and of an older
    item only the steps from the position in `reached` on, at which a cause connected it with the
    trail.
    """
    first: dict[UUID, int] = {}
    for row in rows:
        first.setdefault(row.id, row.seq)
    begun = first.get(item, 0)
    return [row for row in rows if first[row.id] >= begun or row.seq >= reached[row.id]]


def _hash(rows: list[StepRow]) -> str:
    """Return the SHA-256 over the references, event names, stages and times of all steps in a
    trail, including closed steps.
    """
    lines = [f"{row.ref} {row.event} {row.stage} {row.learned.isoformat()}\n" for row in rows]
    return sha256("".join(lines).encode()).hexdigest()


def _visible_steps(db: Db, reader: Reader, steps: list[TrailStep]) -> list[TrailStep]:
    """Return the steps that the reader sees, each only with the causes that the reader sees."""
    if not reader.closed:
        return steps
    seen = scope.visible_items(db, reader, {cause for step in steps for cause in step.because_of})
    follows = telling.sees_internal_steps(db, reader, {step.id for step in steps})
    return [
        replace(step, because_of=tuple(cause for cause in step.because_of if cause in seen))
        for step in steps
        if not catalogue.by_name()[step.event].meaning.inside
        or step.id in follows
        or step.by == reader.name
    ]
