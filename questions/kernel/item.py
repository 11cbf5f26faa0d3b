"""One item as a whole: its history step by step, its stage, its links, and open actions. Each
interface shows a part of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from access.who_may import telling
from access.who_may.decide import decide
from access.who_may.telling import ReadableFacts
from commands.information import photograph
from commands.information.photograph import Photograph
from commands.intelligence import release
from commands.kernel.unit_of_work import Desk
from domain.data_protection.erasure import is_destroyed
from domain.information.observation import MentionConfirmed, ObservationRecorded
from domain.intelligence.release import Release
from domain.kernel.envelope import Recorded
from domain.kernel.values import Reader, Stage
from projections.composed import odd
from projections.information import continuum, queue
from projections.information.continuum import StageRow
from projections.information.queue import QueueRow
from projections.intelligence import links, people
from projections.intelligence.links import LinkRow
from projections.intelligence.people import Entity
from projections.kernel import item_ids
from projections.kernel.database import Db

#: Kinds of items that are shared with other organisations, and may then need a review.
SHARED = ("report", "observation", "exhibit", "statement", "recorded-interview")


class Step(Struct, frozen=True):
    """One event of an item: its contents, and the item's stage after it."""

    number: int
    fact: Recorded
    name: str
    stage: Stage | None
    says: dict[str, Any]


class Item(Struct, frozen=True):
    """One item as its reader sees it.

    `at` is when the item was recorded, `stage` is the item's present stage. If the item is a link,
    `links` are its versions, otherwise the links that are based on the item. `named` are the people
    and things that a person confirmed as named in the item; `names` has the names of these people
    and things, and of those at the ends of `links`. `odd` are inconsistencies of the item, and
    `waiting` is the item's row in the queue. `leaving` is the release of the item, for readers who
    may release it. `closed` is a sentence for a reader who may not see all steps of the item.
    """

    item: UUID
    kind: str
    state: str
    restricted: bool
    case: UUID | None
    at: datetime
    steps: tuple[Step, ...]
    stage: StageRow | None
    links: tuple[LinkRow, ...]
    named: tuple[UUID, ...]
    names: Mapping[UUID, Entity]
    odd: Sequence[str] | None
    words: str | None
    photographs: Sequence[Photograph]
    waiting: QueueRow | None
    leaving: Release | None
    closed: str | None


def read_item(desk: Desk, db: Db, reader: Reader, item: UUID) -> Item:
    """Return one item. Raises Hidden if the reader does not see it."""
    return _item(desk, db, reader, item, None)


def shown_at(desk: Desk, db: Db, reader: Reader, item: UUID, moment: datetime) -> Item | None:
    """Return an item as it was at a moment, without anything recorded later; None if the item
    itself was recorded later. Raises Hidden if the reader does not see it.
    """
    if not any(fact.recorded <= moment for fact in desk.logs["evidence"].history(item)):
        return None
    return _item(desk, db, reader, item, moment)


def _item(desk: Desk, db: Db, reader: Reader, item: UUID, known_at: datetime | None) -> Item:
    row = item_ids.resolve(db, reader, str(item))[0]
    history = desk.logs["evidence"].history(item)
    story = continuum.story(db, reader, item)
    ties = links.versions(db, reader, item) or links.list_links_resting_on(db, reader, item)
    if known_at is not None:
        history = [fact for fact in history if fact.recorded <= known_at]
        story = [stage for stage in story if stage.entered <= known_at]
        ties = [_as_of(tie, known_at) for tie in ties if tie.known_from <= known_at]
    named = [fact.event.entity for fact in history if isinstance(fact.event, MentionConfirmed)]
    waiting = queue.get(db, reader, item)
    erased = any(is_destroyed(fact.event) for fact in history)
    shared = known_at is None and row.kind in SHARED and not erased
    releases = shared and decide(reader, "disseminate").allowed
    event = history[0].event if history else None
    return Item(
        item,
        row.kind,
        row.state,
        row.restricted,
        row.case,
        history[0].recorded if history else row.recorded,
        steps(telling.readable_facts(db, reader, history), story),
        story[-1] if story else None,
        tuple(ties),
        tuple(named),
        at_the_ends(db, reader, ties, named),
        odd.describe_inconsistencies(db, reader, [item]).get(item),
        event.words if isinstance(event, ObservationRecorded) else None,
        photograph.list_attached(db, reader, history),
        waiting if known_at is None and waiting and waiting.waiting else None,
        release.pending_release(desk, item) if releases else None,
        telling.hidden_steps_notice(reader),
    )


def _as_of(tie: LinkRow, moment: datetime) -> LinkRow:
    """Return a version of a link as it was at a `moment`: if it was replaced only later, it is
    returned as still current.
    """
    later = tie.known_to is not None and tie.known_to > moment
    return replace(tie, known_to=None) if later else tie


def steps(facts: ReadableFacts, story: Sequence[StageRow] = ()) -> tuple[Step, ...]:
    """Return the steps of an item, as far as the reader may see them."""
    return tuple(
        Step(
            number,
            fact,
            fact.event.stored.name,
            next((row.stage for row in reversed(story) if row.entered <= fact.recorded), None),
            facts.readable_fields(fact),
        )
        for number, fact in enumerate(facts.facts, start=1)
    )


def at_the_ends(
    db: Db, reader: Reader, ties: Collection[LinkRow], further: Collection[UUID] = ()
) -> dict[UUID, Entity]:
    """Return the entities at the ends of these links, and the entities in `further`."""
    ids = {end for tie in ties for end in (tie.a, tie.b)} | set(further)
    return people.entities(db, reader, ids)
