"""Unused material: the items of a case with the decisions about them, and the schedules that list
them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import require
from commands.justice.unused_material import MATERIAL
from commands.kernel.unit_of_work import Desk, act
from domain.justice import unused_material
from domain.justice.unused_material import ScheduleMade
from domain.kernel.codes import MaterialStands, Presumed, Relevance, Sensitivity
from domain.kernel.values import Reader, Refused
from projections.families import holders
from projections.information import queue
from projections.justice import unused_material as view
from projections.kernel import item_ids
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: Number of characters of an item's text that a list shows.
BEGINS = 120


class Line(Struct, frozen=True):
    """A line of a schedule, about one item; `reason` (why the item is sensitive) is only on the
    MG6D.
    """

    number: str
    item: UUID
    description: str
    reason: str | None


class Schedule(Struct, frozen=True):
    """A schedule of unused material for the prosecutor. A line that was on an earlier version keeps
    its number. `undecided` are items that cannot be on a schedule until a person has decided about
    them; `nil` means that the schedule is submitted without any item."""

    case: UUID
    trial: str
    form: unused_material.Form
    lines: tuple[Line, ...]
    undecided: tuple[UUID, ...]
    nil: bool


def schedule(
    desk: Desk, db: Db, reader: Reader, case: UUID, trial: str, form: unused_material.Form
) -> Schedule:
    """Make a schedule of unused material for a trial. If there is a schedule already, add the new
    items to it with the next numbers.

    The schedule MG6C lists the relevant unused items that are not sensitive, and the MG6D those
    that are sensitive. Raises Denied if the reader may not make a schedule, and Refused if no trial
    is named.
    """
    require(reader, "schedule")
    if not trial.strip():
        raise Refused("give the reference of the trial, for instance S3")
    decided = view.reviews(db, reader, case)
    before, new = _placed(db, reader, case, trial, form, decided)
    body: Any = [
        str(case),
        trial,
        form,
        [str(item) for item in before],
        [str(item) for item in new],
    ]
    stream = uuid5(MATERIAL, f"{case}/{trial}/{form}")
    made = ScheduleMade(case, trial, form, len(before) + 1, tuple(new))
    if new or not before:
        act(
            desk,
            reader,
            "schedule.make",
            stream,
            None,
            lambda s, e: None,
            lambda s: (made,),
            body,
            command_id=uuid5(stream, repr(body)),
            log="access",
        )
    lines = _lines(trial, form, decided, (*before, *new))
    return Schedule(case, trial, form, lines, undecided(db, reader, case), not lines)


def planned_lines(
    db: Db, reader: Reader, case: UUID, trial: str, form: unused_material.Form
) -> tuple[Line, ...]:
    """Return the lines that a schedule has, or would have if it were made now."""
    decided = view.reviews(db, reader, case)
    before, new = _placed(db, reader, case, trial, form, decided)
    return _lines(trial, form, decided, (*before, *new))


def _placed(
    db: Db,
    reader: Reader,
    case: UUID,
    trial: str,
    form: unused_material.Form,
    decided: Mapping[UUID, view.ReviewRow],
) -> tuple[list[UUID], list[UUID]]:
    """Return two lists: the items that are on a schedule already, and the items that a continuation
    of the schedule would add.
    """
    before = [item for made in view.schedules(db, reader, case, trial, form) for item in made.items]
    fitting = [row for row in decided.values() if is_on(form, row)]
    return before, [row.item for row in fitting if row.item not in before]


def _lines(
    trial: str,
    form: unused_material.Form,
    decided: Mapping[UUID, view.ReviewRow],
    items: Sequence[UUID],
) -> tuple[Line, ...]:
    return tuple(
        _line(number, trial, form, decided[item]) for number, item in enumerate(items, start=1)
    )


class MaterialItem(Struct, frozen=True):
    """An item of a case, with the beginning of its words and the decision about it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("item", "item", "id"),
        Column("words", "first words"),
        Column("kind", "kind", "code"),
        Column("recorded", "recorded", "moment"),
        Column("by", "by"),
        Column("state", "status", "code"),
        Column("decision", "decision"),
        Column("sensitivity", "sensitivity"),
        Column("used", "used", "mark"),
        Column("description", "description on the schedule"),
        Column("decided_by", "decided by"),
    )
    order: ClassVar[tuple[str, ...]] = ("recorded", "item")
    item: UUID
    case: UUID
    kind: str
    recorded: datetime
    by: str
    state: str
    relevance: Relevance | None = None
    sensitivity: Sensitivity | None = None
    used: bool = False
    presumed: Presumed | None = None
    description: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    words: str | None = None

    @property
    def decision(self) -> str:
        """Return the decision about the item in words."""
        return (self.relevance or "not decided").replace("-", " ")

    @property
    def waits(self) -> bool:
        """Return whether a decision about the item is missing, so that it cannot be on a schedule
        yet."""
        return self.relevance is None or _open(self.relevance, self.sensitivity)


def list_material(
    db: Db, reader: Reader, case: UUID, stands: MaterialStands | None = None
) -> list[MaterialItem]:
    """Return the items of a case that the reader sees, in the order of recording."""
    ids = holders.parts(db, reader, case) - {case, holders.child(db, reader, case)}
    decided = view.reviews(db, reader, case)
    rows = item_ids.of(db, reader, ids).values()
    words_by_item = {
        row.observation: " ".join(row.words.split())[:BEGINS] for row in queue.of(db, reader, ids)
    }
    found_items = [
        _make_item(case, row, decided.get(row.id), words_by_item.get(row.id)) for row in rows
    ]
    if stands:
        found_items = [item for item in found_items if item.waits is (stands == "undecided")]
    return sorted(found_items, key=lambda item: (item.recorded, item.item))


def _make_item(
    case: UUID, row: item_ids.ItemRow, made: view.ReviewRow | None, words: str | None
) -> MaterialItem:
    state = "" if row.state == "recorded" else row.state
    item = MaterialItem(row.id, case, row.kind, row.recorded, row.by, state, words=words)
    if made is None:
        return item
    return replace(
        item,
        relevance=made.relevance,
        sensitivity=made.sensitivity,
        used=made.used,
        presumed=made.presumed,
        description=made.description,
        reason=made.reason,
        decided_by=made.by,
    )


def undecided(db: Db, reader: Reader, case: UUID) -> tuple[UUID, ...]:
    """Return the items of a case, and the records consulted in it, that are on no schedule because
    a decision about them is missing.
    """
    decided = view.reviews(db, reader, case)
    beside = holders.consulted_records(db, reader, case)
    rest = (holders.parts(db, reader, case) | beside) - decided.keys() - {case}
    child = holders.child(db, reader, case)
    waiting = sorted(rest - {child} if child else rest)
    return (
        *waiting,
        *(row.item for row in decided.values() if _open(row.relevance, row.sensitivity)),
    )


def is_on(form: unused_material.Form, row: view.ReviewRow) -> bool:
    """Return whether the present decision puts an item on this schedule."""
    wanted = "sensitive" if form == "MG6D" else "not-sensitive"
    return row.relevance == "relevant" and not row.used and row.sensitivity == wanted


def _open(relevance: Relevance, sensitivity: Sensitivity | None) -> bool:
    """Return whether an item still needs a decision after it was given this relevance and this
    sensitivity.
    """
    if relevance == "undecided":
        return True
    return relevance == "relevant" and sensitivity == "undecided"


def _line(number: int, trial: str, form: unused_material.Form, row: view.ReviewRow) -> Line:
    """Return a line of a schedule. A line is never removed: if a later decision takes the item off
    the schedule, the line is struck out, so that the other lines keep their numbers.
    """
    description = row.description if is_on(form, row) else f"withdrawn: {row.description}"
    return Line(f"{trial}/{number}", row.item, description, row.reason if form == "MG6D" else None)
