"""One thing whole: its own story step by step, what rests on it, and what may be done with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from access.who_may import scope, telling
from access.who_may.telling import Told
from commands.information import photograph
from commands.intelligence import release
from domain.information.observation import MentionConfirmed, ObservationRecorded
from domain.intelligence.meeting import BoardKept, Decided, ItemAdded
from domain.kernel.envelope import Recorded
from domain.kernel.values import ENTITY_KINDS, LINK_KINDS, Stage
from projections.composed import odd
from projections.information import continuum, queue
from projections.intelligence import links, people
from projections.intelligence.links import LinkRow
from projections.kernel.database import Db
from web.site import labels
from web.site.visit import Looking, Visit

router = APIRouter()
#: What stands on the page of its meeting, for those who see that.
AT_MEETINGS = ("decision", "board", "agenda-item")
#: What is shared, and may have to be reviewed.
SHARED = ("report", "observation", "exhibit", "statement", "recorded-interview")


@dataclass(frozen=True)
class Step:
    """One event of an item: what it says, and where the item stood after it."""

    number: int
    fact: Recorded
    name: str
    stage: Stage | None
    says: dict[str, Any]


def steps(told: Told, story: list[continuum.StageRow]) -> list[Step]:
    """An item's own story, as far as it is told."""
    return [
        Step(
            number,
            fact,
            fact.event.stored.name,
            next((row.stage for row in reversed(story) if row.entered <= fact.recorded), None),
            told.says(fact),
        )
        for number, fact in enumerate(told.facts, start=1)
    ]


@router.get("/items/{item}")
def show(visit: Looking, item: UUID) -> Response:
    """Everything about one thing; people have a page of their own."""
    kind = visit.kind_of(item)
    if kind in ENTITY_KINDS:
        return visit.go(f"/people/{item}")
    if kind == "meeting":
        return visit.go(f"/meetings/{item}")
    history = visit.desk.logs["evidence"].history(item)
    with visit.reading() as db:
        if kind in AT_MEETINGS and scope.one_seen(db, visit.reader, _meeting(history)):
            return visit.go(f"/meetings/{_meeting(history)}")
        story = continuum.story(db, visit.reader, item)
        ties = links.versions(db, visit.reader, item) or links.resting_on(db, visit.reader, item)
        named = [f.event.entity for f in history if isinstance(f.event, MentionConfirmed)]
        names = names_of(db, visit, ties, named)
        waiting = queue.get(db, visit.reader, item)
        told = telling.told(db, visit.reader, history)
        photographs = photograph.beside(db, visit.reader, history)
        doubts = odd.said(db, visit.reader, [item]).get(item)
    first = history[0].event
    leaving = release.standing(visit.desk, item) if kind in SHARED else None
    return visit.page(
        "desk/item.html",
        item=item,
        kind=kind,
        at=history[0].recorded,
        steps=steps(told, story),
        stage=story[-1] if story else None,
        links=ties,
        named=named,
        names=names,
        odd=doubts,
        words=first.words if isinstance(first, ObservationRecorded) else None,
        photographs=photographs,
        closed_photograph=photograph.CLOSED,
        waiting=waiting if waiting and waiting.waiting else None,
        kinds=list(LINK_KINDS),
        outcomes=labels.OUTCOMES,
        leaving=leaving,
        closed=telling.closed(visit.reader),
    )


def _meeting(history: list[Recorded]) -> UUID:
    """At which meeting it was said."""
    first = history[0].event
    assert isinstance(first, Decided | BoardKept | ItemAdded)  # noqa: S101 (by its kind)
    return first.meeting


def names_of(
    db: Db, visit: Visit, ties: list[LinkRow], further: list[UUID] | None = None
) -> dict[UUID, people.Entity]:
    """Who or what stands at the ends of these links."""
    ids = {end for tie in ties for end in (tie.a, tie.b)} | set(further or ())
    return people.entities(db, visit.reader, ids)


@router.get("/refer/{item}")
def refer_form(visit: Looking, item: UUID) -> Response:
    """A referral because of these words."""
    visit.kind_of(item, "observation")
    with visit.reading() as db:
        row = queue.get(db, visit.reader, item)
    return visit.page("desk/refer.html", item=item, row=row)
