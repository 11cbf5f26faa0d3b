"""The origin and consequences of an item, in lanes."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from commands.kernel import item_references
from usecases.kernel import papers, trail_lanes
from usecases.kernel.question import Answer, Question, QuestionText, Table
from usecases.kernel.usecase import Ask, ItemRef

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from usecases.kernel.paper import Paper


class ShowLanes(Question, frozen=True):
    """Show an item's trail in lanes, step by step. The lanes are information, intelligence,
    evidence, justice and care. It shows where the item came from and what became of it."""

    named = QuestionText(
        command="lanes",
        title="Audit trail in lanes",
        empty="No steps are recorded for this item.",
        acts=("see-trail-items", "see-trail-words"),
        printed=("export", "verify"),
    )
    item: Annotated[
        ItemRef,
        Ask(
            "Which item's trail do you want to see?",
            "A name, a full id or its last eight characters.",
        ),
    ]

    @classmethod
    def tables(cls) -> tuple[Table, ...]:
        return (Table("steps", cls.named.title, cls.named.empty, trail_lanes.LaneStep),)

    def told(self, desk: "Desk", reader: "Reader", now: datetime) -> Answer:
        with desk.asking() as db:
            item = trail_lanes.traced(
                desk, db, reader, item_references.item(desk, db, reader, self.item)
            )
        note, steps = (
            item.laid.note,
            [trail_lanes.LaneStep.from_step(item, step) for step in item.steps],
        )
        more = {"id": item.item, "note": note, "ids": sorted(item.ids)}
        return Answer((steps,), (note,) if note else (), more)

    @classmethod
    def more(cls) -> "Mapping[str, Any]":
        return {"id": UUID, "note": str | None, "ids": tuple[UUID, ...]}

    def paper(self, desk: "Desk", reader: "Reader", now: datetime) -> "Paper":
        with desk.deciding() as db:
            item = item_references.item(desk, db, reader, self.item)
            return papers.trail(trail_lanes.traced(desk, db, reader, item))
