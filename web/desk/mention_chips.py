"""The mentions in an entry's text are shown as chips (small buttons). The assessor says which
recorded person or thing each mention names, and may link two of them.

The file is long because mentions, candidates and drafted links are one state.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Form
from fastapi.responses import Response
from msgspec import Struct

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
from ingest.reading import platform_near
from network.query.safe_text import lines
from projections.intelligence import links, people
from projections.kernel.database import Db
from web.site import labels
from web.site.request_context import Looking, NotThere, Sending, Visit

router = APIRouter()
#: For each kind of mention, the kind of person or thing that a confirmed mention names. Times and
#: postcodes are left out, because they name neither.
CONFIRMED_AS: dict[MentionKind, EntityKind] = {
    "person": "person",
    "nickname": "person",
    "phone": "phone",
    "vrm": "vehicle",
    "vrm_partial": "vehicle",
    "place": "place",
    "handle": "handle",
}
#: For each kind of link, the key of the keyboard that selects it.
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


class Candidate(Struct, frozen=True):
    """A recorded person or thing that a mention may name, with facts that distinguish it from
    others of the same name."""

    id: UUID
    label: str
    beside: str


class Piece(Struct, frozen=True):
    """A piece of an entry's text. If the piece is a mention, `span` is its position, such as
    "12-15", which identifies its chip."""

    text: str
    span: str | None = None


class DraftLink(Struct, frozen=True):
    """A link that is based on the entry, shown as a sentence: the label of one end, the `verb`, the
    label of the other end. `grade` is None until the entry is graded."""

    id: UUID
    a: str
    verb: str
    b: str
    grade: str | None


class Chip(Struct, frozen=True):
    """A mention with its choices. `named` is the person or thing that a user confirmed;
    `candidates` are other recorded people or things that the mention may name."""

    span: str
    text: str
    kind: MentionKind
    what: EntityKind
    named: Candidate | None
    candidates: tuple[Candidate, ...]


def words_of(history: Sequence[Recorded]) -> str:
    """Return the words of an entry, in their corrected form if they were corrected. Raises NotThere
    if the history is not that of an observation.
    """
    if not isinstance(history[0].event, ObservationRecorded):
        raise NotThere("observation")
    return read_of(history).words


def read_of(history: Sequence[Recorded]) -> Observation:
    """Return a log entry with its mentions, and with users' judgements of them, computed from the
    events in `history`."""
    return reduce(evolve, (fact.event for fact in history), Observation())


def mentions(history: Sequence[Recorded]) -> list[Mention]:
    """Return the mentions in an entry, whether the program recognised them or people
    marked them.
    """
    events = [fact.event for fact in history]
    read = [m for event in events if isinstance(event, ObservationRead) for m in event.mentions]
    spans = {(mention.start, mention.end) for mention in read}
    marked = (event.mention for event in events if isinstance(event, MentionConfirmed))
    return read + [m for m in marked if m and (m.start, m.end) not in spans]


def at(history: Sequence[Recorded], span: str) -> Mention:
    """Return the mention at a position in the text; `span` is the position, such as "12-15". Raises
    Refused if there is none."""
    for mention in mentions(history):
        if f"{mention.start}-{mention.end}" == span:
            return mention
    raise Refused("there is no mention at that place in the log entry: mark it first")


def reference(words: str, mention: Mention) -> str:
    """Return a mention in the form in which commands name it: a person by the name, a thing by its
    kind and normal form. Raises Refused for a mention that names nothing.
    """
    called = words[mention.start : mention.end]
    kind = CONFIRMED_AS.get(mention.kind)
    if kind is None:
        raise Refused("a time or a postcode cannot be confirmed: if it is wrong, correct it")
    if kind == "handle" and (platform := platform_near(words, mention.start, mention.end)):
        return f"{kind}:{platform}:{called}"
    return called if kind == "person" else f"{kind}:{called}"


def somebody_new(visit: Visit, item: UUID, called: str, command_id: UUID) -> str:
    """Record a new person with only the name `called`, because the entry `item` mentions them;
    return the id. If the command is repeated, no second person is recorded. Raises the errors of
    `observation.require_nameable`."""
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
    """Return each mention once, in the order of the words, except mentions that were judged wrong.
    Raises NotThere, LogUnavailable.
    """
    history = visit.desk.logs["evidence"].history(item)
    words = words_of(history)
    entity_by_text = {
        words[event.mention.start : event.mention.end]: event.entity
        for event in (fact.event for fact in history)
        if isinstance(event, MentionConfirmed) and event.mention
    }
    chip_by_text: dict[tuple[str, EntityKind], Chip] = {}
    wrong = read_of(history).misread
    with visit.reading() as db:
        for mention in mentions(history):
            kind = CONFIRMED_AS.get(mention.kind)
            text = words[mention.start : mention.end]
            if (
                kind is None
                or (text, kind) in chip_by_text
                or (mention.start, mention.end) in wrong
            ):
                continue
            meant = entity_by_text.get(text)
            named = next(iter(_candidates(visit, db, [meant])), None) if meant else None
            fitting = _candidates(visit, db, _find_candidates(visit, db, words, mention, kind))
            others = tuple(
                candidate for candidate in fitting if named is None or candidate.id != named.id
            )
            span = f"{mention.start}-{mention.end}"
            chip_by_text[text, kind] = Chip(span, text, mention.kind, kind, named, others)
    return list(chip_by_text.values())


def pieces(history: Sequence[Recorded], made: Sequence[Chip]) -> list[Piece]:
    """Return the entry's words in pieces: each mention that has a chip, and the text between the
    mentions."""
    words = words_of(history)
    by_text = {(chip.text, chip.what): chip.span for chip in made}
    found_pieces: list[Piece] = []
    reached = 0
    for mention in sorted(mentions(history), key=lambda mention: (mention.start, -mention.end)):
        text = words[mention.start : mention.end]
        kind = CONFIRMED_AS.get(mention.kind)
        span = by_text.get((text, kind)) if kind else None
        if span and mention.start >= reached:
            found_pieces += [Piece(words[reached : mention.start]), Piece(text, span)]
            reached = mention.end
    found_pieces.append(Piece(words[reached:]))
    return [Piece(_shown(piece.text), piece.span) for piece in found_pieces if piece.text]


def _shown(text: str) -> str:
    """Return a part of an entry's words so that it is safe to show, without removing spaces or line
    breaks at its ends."""
    inner = text.strip()
    before, after = (text.partition(inner)[0], text.rpartition(inner)[2]) if inner else (text, "")
    ends = ["\n" if "\n" in gap else " " if gap else "" for gap in (before, after)]
    return f"{ends[0]}{lines(inner)}{ends[1]}"


def draft_links(visit: Visit, item: UUID) -> list[DraftLink]:
    """Return the current links that are based on the entry and that the reader may see."""
    with visit.reading() as db:
        rows = [
            row
            for row in links.list_links_resting_on(db, visit.reader, item)
            if row.known_to is None
        ]
        called = people.visible_names(
            db, visit.reader, {end for row in rows for end in (row.a, row.b)}
        )
    return [
        DraftLink(
            row.link, called[row.a].label, labels.LINKS[row.kind][0], called[row.b].label, row.grade
        )
        for row in rows
        if row.a in called and row.b in called
    ]


def _find_candidates(
    visit: Visit, db: Db, words: str, mention: Mention, kind: EntityKind
) -> Sequence[UUID]:
    """Return the ids of the recorded people or things that a mention may name: the people with the
    mentioned name, or the only thing with the mention's normal form."""
    if kind == "person":
        bearing = people.find_by_exact_name(
            db, visit.reader, forms.name(words[mention.start : mention.end])
        )
        leaders = people.leaders(db, visit.reader, bearing)
        return sorted(set(leaders.values()))
    try:
        return [entity.resolve_entity(visit.desk, db, visit.reader, reference(words, mention))[0]]
    except Refused:
        return []


def _candidates(visit: Visit, db: Db, ids: Sequence[UUID]) -> tuple[Candidate, ...]:
    names_by_item = people.visible_names(db, visit.reader, ids)
    ties = links.touching(db, visit.reader, ids, links.LinkFilter(min_rank=None))
    ends = people.visible_names(db, visit.reader, {end for tie in ties for end in (tie.a, tie.b)})
    made = []
    for item, called in names_by_item.items():
        own = [tie for tie in ties if item in (tie.a, tie.b)]
        tied = {end for tie in own for end in (tie.a, tie.b)} - {item}
        others = sorted(ends[end].label for end in tied if end in ends)
        beside = [name for name in called.names if name != called.label][:2]
        beside.append(f"{len(own)} {'link' if len(own) == 1 else 'links'}")
        beside += others[:2]
        made.append(Candidate(item, called.label, ", ".join(beside)))
    return tuple(made)


def page_of(visit: Visit, item: UUID) -> dict[str, Any]:
    """Return the values for the template that shows an entry's text with chips for its mentions,
    and the links that are based on the entry."""
    shapes = {
        kind: {
            "letter": LETTERS[kind],
            "verb": labels.LINKS[kind][0],
            "from": sorted(LINK_KINDS[kind].source),
            "to": sorted(LINK_KINDS[kind].target),
        }
        for kind in LETTERS
    }
    made = chips(visit, item)
    history = visit.desk.logs["evidence"].history(item)
    return {
        "chips": made,
        "shapes": shapes,
        "pieces": pieces(history, made),
        "drafts": draft_links(visit, item),
    }


@router.get("/assess/{item}/chips")
def shown(visit: Looking, item: UUID) -> Response:
    """Return the part of a page that shows the mentions in an entry as chips (small buttons)."""
    visit.require_kind(item, "observation")
    return visit.part("worker/chips.html", item_id=item, **page_of(visit, item))


@router.post("/assess/{item}/chips")
def record_named(
    visit: Sending,
    item: UUID,
    span: Annotated[str, Form(max_length=40)],
    who: Annotated[str, Form(max_length=80)],
    command_id: Annotated[UUID, Form()],
) -> Response:
    """Record which person or thing a mention names; the person or thing may be recorded already, or
    new.
    """
    visit.require_kind(item, "observation")
    history = visit.desk.logs["evidence"].history(item)
    words, mention = words_of(history), at(history, span)
    called = words[mention.start : mention.end]
    named = reference(words, mention) if who == NEW else who
    if who == NEW and CONFIRMED_AS[mention.kind] == "person":
        named = somebody_new(visit, item, called, command_id)
    observation.confirm(visit.desk, visit.reader, item, named, called, command_id=command_id)
    return visit.part("worker/chips.html", item_id=item, **page_of(visit, item))
