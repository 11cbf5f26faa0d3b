"""Operations that show one item, a person, or the hits of a search."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from domain.kernel.values import ENTITY_KINDS, Stage
from projections.composed import finding
from projections.composed.facets import FacetCount, FacetFilter
from projections.intelligence.links import LinkRow
from projections.intelligence.people import Entity
from projections.justice.outcomes import OutcomeRow
from projections.search import RankedHit
from questions.intelligence import person as people
from questions.justice.status import Status
from questions.kernel import item as whole
from web.api.call import ApiCall
from web.api.operation import get
from web.api.pages import Limit
from web.site.request_context import NotThere


@dataclass(frozen=True)
class Event:
    """One event of an item: its contents, recorder, team, law and causes. Of an erased event, only
    the parts that were not encrypted are left.
    """

    ref: str
    event: str
    recorded: datetime
    by: str
    team: str
    controller: str
    regime: str
    because_of: tuple[str, ...]
    erased: bool
    says: dict[str, Any]


class Item(Struct, frozen=True):
    """One item: its state, its stage (information, intelligence or evidence), its events and its
    links."""

    id: UUID
    kind: str
    state: str
    restricted: bool
    stage: Stage | None
    case: UUID | None
    events: tuple[Event, ...]
    links: tuple[LinkRow, ...]
    note: str | None = None


@get("/items/{item}", "show")
def show(call: ApiCall, item: UUID) -> Item:
    """Return one item with its events, times, grades and links."""
    call.require_kind(item)
    with call.reading() as db:
        found_item = whole.read_item(call.desk, db, call.reader, item)
    events = tuple(
        Event(
            step.fact.ref,
            step.name,
            step.fact.recorded,
            step.fact.by,
            step.fact.team,
            step.fact.controller,
            step.fact.regime,
            step.fact.because_of,
            step.fact.erased,
            step.says,
        )
        for step in found_item.steps
    )
    return Item(
        found_item.item,
        found_item.kind,
        found_item.state,
        found_item.restricted,
        found_item.stage.stage if found_item.stage else None,
        found_item.case,
        events,
        found_item.links,
        found_item.closed,
    )


class Found(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query of a search: the words to search for; and a kind, a team, a period (a year or a
    month), a stage or a case to which the hits are limited.
    """

    q: Annotated[
        str,
        Meta(
            min_length=1, max_length=200, description="A name, a number plate, or words of a text."
        ),
    ]
    limit: Limit = 30
    kind: Annotated[str, Meta(max_length=200)] | None = None
    team: Annotated[str, Meta(max_length=200)] | None = None
    period: Annotated[str, Meta(max_length=7, description="2011 or 2011-03")] | None = None
    stage: Annotated[str, Meta(max_length=200)] | None = None
    case: Annotated[str, Meta(max_length=200, description="The number of the case.")] | None = None


class Hits(Struct, frozen=True):
    """The hits of a search, best first; and the number of all hits, in total and for each kind,
    team, period, stage and case.
    """

    rows: tuple[RankedHit, ...]
    counts: tuple[FacetCount, ...]
    every: int


@get("/search", "search")
def search(call: ApiCall, asked: Found) -> Hits:
    """Search for names, nicknames, misspellings, partial plates, endings of numbers, and words."""
    with call.reading() as db:
        wanted = FacetFilter(asked.kind, asked.team, asked.period, asked.stage, asked.case)
        page = finding.search(db, call.reader, asked.q, asked.limit, wanted)
    call.touched = page.touched
    return Hits(page.hits, page.counts, page.every)


class Person(Struct, frozen=True):
    """A person or thing, under all ids that were judged to be the same, with its links."""

    entity: Entity
    same_as: tuple[UUID, ...]
    links: tuple[LinkRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    ages: tuple[str, ...]
    ages_conflict: bool
    learning_disability: bool
    status: tuple[Status, ...]


@get("/people/{who}", "person show")
def person(call: ApiCall, who: UUID) -> Person:
    """Return a person or thing: names, categories, judgements, links."""
    call.require_kind(who, *ENTITY_KINDS)
    with call.reading() as db:
        found_person = people.read_person(call.desk, db, call.reader, who, call.now)
    if found_person is None:
        raise NotThere("person")
    child_facts = found_person.told_of
    ages = child_facts.ages_in_words, child_facts.conflict, child_facts.learning_disability
    return Person(
        found_person.person,
        found_person.same,
        found_person.links,
        found_person.followed,
        *ages,
        found_person.status,
    )
