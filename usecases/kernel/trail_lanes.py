"""Trails in lanes: the lane, the title, and the links of each step.

A step is linked to another only if the log names that item as its cause or basis.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may import decide, scope
from commands.kernel import display_names
from domain.kernel.values import ENTITY_KINDS
from network.query import safe_text
from projections.intelligence import links, people
from projections.justice import outcomes
from projections.kernel import item_ids, runner, trail
from projections.kernel.columns import Column
from usecases.kernel.titles import title

if TYPE_CHECKING:
    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.kernel.database import Db
    from projections.kernel.trail import ClosedStep, Trail, TrailStep

Lane: TypeAlias = Literal["information", "intelligence", "evidence", "justice", "care"]
#: How many characters of an item's name are shown beside a step.
SHOWN = 80
#: The name and contents of each lane. The last lane is shown only if it has a step.
LANES: dict[Lane, tuple[str, str]] = {
    "information": ("Information", "as recorded, ungraded"),
    "intelligence": ("Intelligence", "graded, with the links between people"),
    "evidence": ("Evidence", "exhibits, statements, interviews"),
    "justice": ("Justice", "arrest, charge, court, notice, outcome"),
    "care": ("Care and decisions", "the family's case, and what meetings decided"),
}
#: The lane of a step whose item is neither information, intelligence nor evidence.
_OTHERS: dict[str, Lane] = {
    **dict.fromkeys(("justice", "charging", "court", "notice", "verdict"), "justice"),
    "link": "intelligence",
}


class LaneJoin(Struct, frozen=True):
    """A link of a step to another step on the page, by the other step's `number`; the number is
    None if the link is to an item that has no earlier step on the page. `said` is the text that is
    shown."""

    item: UUID
    number: int | None
    said: str

    def __str__(self) -> str:
        text = safe_text.single_line(self.said, SHOWN)
        return f"{self.number} {text}" if self.number else text


class PlacedStep(Struct, frozen=True):
    """A step of a trail in its lane. `came_of` are the items that the log names as causes of the
    step, each given by the item's first step; `led_to` are the steps that name this step's item as
    their cause. If a step is hidden from the auditor (a `ClosedStep`), its links are hidden, too.
    """

    number: int
    lane: Lane
    step: "TrailStep | ClosedStep"
    came_of: tuple[LaneJoin, ...] = ()
    led_to: tuple[LaneJoin, ...] = ()

    @property
    def closed(self) -> bool:
        """Return whether the step is hidden from the auditor who reads the trail. Other readers
        do not learn of closed steps."""
        return self.opened is None

    @property
    def opened(self) -> "TrailStep | None":
        """Return the step, or None if the step is hidden from the reader."""
        return _opened(self.step)


class LaidTrail(Struct, frozen=True):
    """An item's trail in both directions: `before` are the steps up to the recording of the item,
    `after` are the later steps. `lanes` are the columns in which the page shows the steps, and
    `wholes` the hashes of the two chains with all their steps."""

    before: tuple[PlacedStep, ...]
    after: tuple[PlacedStep, ...]
    lanes: tuple[Lane, ...]
    note: str | None
    wholes: tuple[tuple[str, str], ...] = ()


def lay_in_lanes(back: "Trail", onward: "Trail", called: Mapping[UUID, str]) -> LaidTrail:
    """Return the two directions of an item's trail (`back`, where the item came from, and `onward`,
    what became of it) as one sequence, in the order in which facts were recorded. `called` has the
    names of items that steps name as their causes."""
    steps = {step.ref: step for step in (*back.steps, *onward.steps)}
    gaps = {gap.learned: gap for gap in (*(back.gaps or ()), *(onward.gaps or ()))}
    story: list[TrailStep | ClosedStep] = [*steps.values(), *gaps.values()]
    story.sort(key=lambda one: one.learned)
    first: dict[UUID, int] = {}
    for number, trail_step in enumerate(story, start=1):
        if opened := _opened(trail_step):
            first.setdefault(opened.id, number)
    came: dict[int, tuple[LaneJoin, ...]] = {}
    led: dict[int, list[LaneJoin]] = {}
    for number, trail_step in enumerate(story, start=1):
        if not (opened := _opened(trail_step)):
            continue
        named = [cause for cause in opened.because_of if cause != opened.id]
        came[number] = tuple(_join(cause, number, first, story, called) for cause in named)
        for join in came[number]:
            if join.number:
                led.setdefault(join.number, []).append(
                    LaneJoin(opened.id, number, title(opened.event))
                )
    placed = [
        PlacedStep(
            number, _lane(trail_step), trail_step, came.get(number, ()), tuple(led.get(number, ()))
        )
        for number, trail_step in enumerate(story, start=1)
    ]
    made = first.get(back.id, 0)
    used = {step.lane for step in placed}
    hashes = (("where it came from", back.whole), ("what became of it", onward.whole))
    return LaidTrail(
        tuple(placed[:made]),
        tuple(placed[made:]),
        tuple(lane for lane in LANES if lane != "care" or lane in used),
        back.note,
        tuple((name, text) for name, text in hashes if text),
    )


def causes(*trails: "Trail") -> set[UUID]:
    """Return every item that a step of these trails names as its cause."""
    return {cause for trail in trails for step in trail.steps for cause in step.because_of}


def _join(
    cause: UUID,
    number: int,
    first: Mapping[UUID, int],
    story: "Sequence[TrailStep | ClosedStep]",
    called: Mapping[UUID, str],
) -> LaneJoin:
    there = first.get(cause, number)
    if there < number:
        return LaneJoin(cause, there, title(story[there - 1].event))
    return LaneJoin(cause, None, called.get(cause, "what is not on this page"))


def _opened(step: "TrailStep | ClosedStep") -> "TrailStep | None":
    return step if isinstance(step, trail.TrailStep) else None


def _lane(step: "TrailStep | ClosedStep") -> Lane:
    return step.stage or _OTHERS.get(step.event.partition(".")[0], "care")


class TracedItem(Struct, frozen=True):
    """The trail of one item in both directions, in lanes. `said` has the names of the trail's items
    (for log entries, the text), if the reader sees them and they are not restricted. `ids` are the
    ids of the trail's items, and of all items that these names mention. `position` is the last
    position of the evidence log; it is None except for readers who replay the record, because it
    changes with other users' records."""

    item: UUID
    kind: str
    recorded: datetime
    laid: LaidTrail
    said: Mapping[UUID, str]
    ids: frozenset[UUID]
    position: int | None

    @property
    def steps(self) -> tuple[PlacedStep, ...]:
        """Return all steps in the order in which they were recorded."""
        return (*self.laid.before, *self.laid.after)

    def says(self, placed: PlacedStep) -> str:
        """Return what a step of the trail is about: the text of a log entry, or the name of the
        step's item. Return "" for a hidden step, and for the steps of the trail's own item, other
        than the recording of a log entry."""
        step = placed.opened
        if step is None or (step.id == self.item and step.event != "observation.recorded"):
            return ""
        return self.said.get(step.id, "")


class LaneStep(Struct, frozen=True):
    """A step of a trail: its lane, its kind and its subject, with the numbers of the steps that
    caused it and that it caused. Of a step that is closed to an auditor only its place, its kind
    and its time are shown."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "no."),
        Column("lane", "lane"),
        Column("what", "step"),
        Column("about", "subject"),
        Column("recorded", "recorded", "moment"),
        Column("happened", "happened", "moment"),
        Column("by", "recorded by"),
        Column("came_of", "caused by"),
        Column("led_to", "led to"),
        Column("id", "item", "id"),
        Column("closed", "no access", "mark"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    lane: str
    what: str
    about: str
    recorded: datetime
    happened: datetime | None
    by: str
    came_of: tuple[str, ...]
    led_to: tuple[str, ...]
    id: UUID | None
    closed: bool

    @classmethod
    def from_step(cls, item: TracedItem, placed: PlacedStep) -> "LaneStep":
        """Return a step of a trail as a row."""
        step = placed.opened
        return cls(
            number=placed.number,
            lane=LANES[placed.lane][0],
            what=title(placed.step.event),
            about=item.says(placed),
            recorded=placed.step.learned,
            happened=step.occurred if step else None,
            by=step.by if step else "",
            came_of=tuple(map(str, placed.came_of)),
            led_to=tuple(map(str, placed.led_to)),
            id=step.id if step else None,
            closed=placed.closed,
        )


def traced(desk: "Desk", db: "Db", reader: "Reader", item: UUID) -> TracedItem:
    """Return the trail of an item. The trail of a person or thing continues with its links and
    outcomes. Raises Hidden if the reader may not see the item, and Undecodable if one of its events
    was removed from the log.
    """
    rows = item_ids.of(db, reader, [item])
    if item not in rows:
        raise scope.hidden_error("item", str(item))
    back, onward = trail.back(db, reader, item), trail.forward(db, reader, item)
    if rows[item].kind in ENTITY_KINDS:
        about = _about(db, reader, item)
        onward = replace(onward, steps=(*onward.steps, *trail.steps_of(db, reader, about)))
    steps = {item, *(step.id for step in (*back.steps, *onward.steps))}
    desk.require_unerased(sorted(steps))
    ids = steps | causes(back, onward)
    named = display_names.names(db, reader, ids - links.restricted(db, ids))
    names_by_item = {item_id: name.said for item_id, name in named.items()}
    kinds = item_ids.of(db, reader, ids - names_by_item.keys())
    return TracedItem(
        item=item,
        kind=rows[item].kind,
        recorded=desk.logs["evidence"].history(item)[0].recorded,
        laid=lay_in_lanes(
            back,
            onward,
            names_by_item | {item_id: title(row.kind) for item_id, row in kinds.items()},
        ),
        said=names_by_item,
        ids=frozenset(ids | display_names.items_in_names(named)),
        position=_position(db, reader),
    )


def _about(db: "Db", reader: "Reader", item: UUID) -> set[UUID]:
    """Return the links of a person or thing, and the arrests, charges, notices and results of a
    person, under all ids that were judged the same.
    """
    merged = people.all_merged_ids(db, reader, item)
    ties = links.touching(db, reader, merged, links.LinkFilter(min_rank=None))
    return {tie.link for tie in ties} | {row.item for row in outcomes.of_people(db, reader, merged)}


def _position(db: "Db", reader: "Reader") -> int | None:
    if not decide.decide(reader, "replay").allowed:
        return None
    return runner.positions(db).get((trail.VIEW.name, "evidence"), 0)
