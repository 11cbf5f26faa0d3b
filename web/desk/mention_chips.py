"""What was read in an item's words, one chip a mention: which of those who are known it names, said
by the assessor; and two chips tied to each other, on these words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Form
from fastapi.responses import Response

from commands.information import observation
from commands.kernel import entity
from domain import forms
from domain.information.observation import (
    MentionConfirmed,
    Observation,
    ObservationRead,
    ObservationRecorded,
    evolve,
)
from domain.kernel.envelope import Recorded
from domain.kernel.values import LINK_KINDS, EntityKind, LinkKind, Mention, MentionKind, Refused
from ingest.reading import platform_beside
from projections.intelligence import links, people
from projections.kernel.database import Db
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
#: As what a mention is confirmed; a time names nothing, and no more does a postcode.
CONFIRMED_AS: dict[MentionKind, EntityKind] = {
    "person": "person",
    "nickname": "person",
    "phone": "phone",
    "vrm": "vehicle",
    "vrm_partial": "vehicle",
    "place": "place",
    "handle": "handle",
}
#: By which letter a kind of link is said.
LETTERS: dict[LinkKind, str] = {
    "associate": "a",
    "association": "b",
    "contact": "c",
    "driver-of": "d",
    "family": "f",
    "frequents": "h",
    "co-offender": "k",
    "lives-at": "l",
    "owns": "o",
    "passenger-of": "p",
    "seen-at": "s",
    "co-located": "t",
    "uses": "u",
    "other": "x",
}
NEW = "new"


@dataclass(frozen=True)
class Candidate:
    """Somebody or something known that a mention may name: what tells them from another of the same
    name."""

    id: UUID
    label: str
    beside: str


@dataclass(frozen=True)
class Chip:
    """A mention. `named` is whom it names, once a person said so."""

    span: str
    text: str
    kind: MentionKind
    what: EntityKind
    named: Candidate | None
    candidates: tuple[Candidate, ...]


def words_of(history: Sequence[Recorded]) -> str:
    """What was told, or the words that stand in its place since. Raises NotThere for what is no
    observation."""
    if not isinstance(history[0].event, ObservationRecorded):
        raise NotThere("observation")
    return read_of(history).words


def read_of(history: Sequence[Recorded]) -> Observation:
    """What was read in the words, and which of it people found right and wrong."""
    return reduce(evolve, (fact.event for fact in history), Observation())


def mentions(history: Sequence[Recorded]) -> list[Mention]:
    """What a machine read in the words, and what a person marked in them beside it."""
    events = [fact.event for fact in history]
    read = [m for one in events if isinstance(one, ObservationRead) for m in one.mentions]
    known = {(mention.start, mention.end) for mention in read}
    marked = (one.mention for one in events if isinstance(one, MentionConfirmed))
    return read + [m for m in marked if m and (m.start, m.end) not in known]


def at(history: Sequence[Recorded], span: str) -> Mention:
    """The mention at a place in the words, "12-15". Raises Refused."""
    for mention in mentions(history):
        if f"{mention.start}-{mention.end}" == span:
            return mention
    raise Refused("nothing was read at that place in the words")


def reference(words: str, mention: Mention) -> str:
    """How commands name what was read: a person by the name, a thing by its kind and form. Raises
    Refused for what names nothing."""
    called = words[mention.start : mention.end]
    kind = CONFIRMED_AS.get(mention.kind)
    if kind is None:
        raise Refused("a time or a postcode is confirmed by nothing: correct it if it is wrong")
    if kind == "handle" and (platform := platform_beside(words, mention.start, mention.end)):
        return f"{kind}:{platform}:{called}"
    return called if kind == "person" else f"{kind}:{called}"


def somebody_new(visit: Visit, item: UUID, called: str, command_id: UUID) -> str:
    """The id of somebody who is known by no more than what these words call them: one person
    however often the command is sent. Raises as `observation.require_nameable`."""
    observation.require_nameable(visit.desk, visit.reader, item)
    made = entity.record_person(
        visit.desk,
        visit.reader,
        name=called,
        known=False,
        because_of=(str(item),),
        command_id=uuid5(command_id, "person"),
    )
    return str(made.id)


def chips(visit: Visit, item: UUID) -> list[Chip]:
    """Each mention once, in the order of the words, but what was read wrongly. Raises NotThere,
    LogUnavailable."""
    history = visit.desk.logs["evidence"].history(item)
    words = words_of(history)
    said = {
        words[event.mention.start : event.mention.end]: event.entity
        for event in (fact.event for fact in history)
        if isinstance(event, MentionConfirmed) and event.mention
    }
    found: dict[tuple[str, EntityKind], Chip] = {}
    wrong = read_of(history).misread
    with visit.reading() as db:
        for mention in mentions(history):
            kind = CONFIRMED_AS.get(mention.kind)
            text = words[mention.start : mention.end]
            if kind is None or (text, kind) in found or (mention.start, mention.end) in wrong:
                continue
            meant = said.get(text)
            ids = [meant] if meant else _meant(visit, db, words, mention, kind)
            fitting = _candidates(visit, db, ids)
            named = fitting[0] if meant and fitting else None
            span = f"{mention.start}-{mention.end}"
            others = () if meant else fitting
            found[text, kind] = Chip(span, text, mention.kind, kind, named, others)
    return list(found.values())


def _meant(visit: Visit, db: Db, words: str, mention: Mention, kind: EntityKind) -> Sequence[UUID]:
    """Who bears the name, or the thing of that form."""
    if kind == "person":
        bearing = people.named(db, visit.reader, forms.name(words[mention.start : mention.end]))
        leaders = people.leaders(db, visit.reader, bearing)
        return sorted(set(leaders.values()))
    try:
        return [entity.named(visit.desk, db, visit.reader, reference(words, mention))[0]]
    except Refused:
        return []


def _candidates(visit: Visit, db: Db, ids: Sequence[UUID]) -> tuple[Candidate, ...]:
    known = people.called(db, visit.reader, ids)
    ties = links.touching(db, visit.reader, ids, links.LinkFilter(min_rank=None))
    ends = people.called(db, visit.reader, {end for tie in ties for end in (tie.a, tie.b)})
    made = []
    for one, called in known.items():
        own = [tie for tie in ties if one in (tie.a, tie.b)]
        tied = {end for tie in own for end in (tie.a, tie.b)} - {one}
        others = sorted(ends[end].label for end in tied if end in ends)
        beside = [name for name in called.names if name != called.label][:2]
        beside.append(f"{len(own)} {'link' if len(own) == 1 else 'links'}")
        beside += others[:2]
        made.append(Candidate(one, called.label, ", ".join(beside)))
    return tuple(made)


def page_of(visit: Visit, item: UUID) -> dict[str, Any]:
    """What the part of the page that shows them is made from."""
    shapes = {
        kind: {
            "letter": LETTERS[kind],
            "from": sorted(LINK_KINDS[kind].source),
            "to": sorted(LINK_KINDS[kind].target),
        }
        for kind in LETTERS
    }
    return {"chips": chips(visit, item), "shapes": shapes}


@router.get("/assess/{item}/chips")
def shown(visit: Looking, item: UUID) -> Response:
    """That part alone, for a page that is open already."""
    visit.kind_of(item, "observation")
    return visit.part("worker/chips.html", item_id=item, **page_of(visit, item))


@router.post("/assess/{item}/chips")
def say(
    visit: Sending,
    item: UUID,
    span: Annotated[str, Form(max_length=40)],
    who: Annotated[str, Form(max_length=80)],
    command_id: Annotated[UUID, Form()],
) -> Response:
    """These words name this one, or somebody or something new."""
    visit.kind_of(item, "observation")
    history = visit.desk.logs["evidence"].history(item)
    words, mention = words_of(history), at(history, span)
    called = words[mention.start : mention.end]
    named = reference(words, mention) if who == NEW else who
    if who == NEW and CONFIRMED_AS[mention.kind] == "person":
        named = somebody_new(visit, item, called, command_id)
    observation.confirm(visit.desk, visit.reader, item, named, called, command_id=command_id)
    return visit.part("worker/chips.html", item_id=item, **page_of(visit, item))
