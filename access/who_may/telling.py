"""Limit the history of an item to the facts and fields that a reader may see.

A worker who supports a family sees the outcome of their own log entries in the words of feedback,
but not who assessed these entries, nor what the assessor decided and why. Ids of hidden items are
left out, because an id of the source register would show which entries come from the same source.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from access.who_may import scope
from access.who_may.decide import decide, require_any
from access.who_may.table import MAY
from domain.information.observation import LogPhotographed, ObservationRecorded
from domain.intelligence.identity import IdentityJudged
from domain.intelligence.saved_map import ChartSaved, visible_layout
from domain.intelligence.standing_watch import StandingPatternMet
from domain.kernel.acts import Act
from domain.kernel.envelope import Event, Recorded
from domain.kernel.values import Reader

#: Unencrypted fields that a program derived from an entry's text; after an erasure they are not
#: shown.
READ_OUT = frozenset(
    {"code", "field", "how_known", "told", "grammar", "urgency_signs", "drift_signs", "opinion"}
)


#: The sentence that is shown with each trail, history and pack to a role from which steps may be
#: hidden. It is shown whether or not a step is hidden, because a visible gap would confirm that
#: there is a source.
CLOSED = "Some steps may be hidden from you: request an authority for the case."
#: A reader who may do all these acts on every item sees every step of a history.
_WHOLE: tuple[Act, ...] = ("see-words", "see-case", "see-report", "see-link", "see-outcome")


def hidden_steps_notice(reader: Reader) -> str | None:
    """Return the sentence for a reader from whom steps of a history may be hidden; None for other
    readers."""
    if not reader.closed:
        return None
    wide = {act for role in reader.roles for act in _WHOLE if MAY[role].get(act) == "any"}
    return None if wide == set(_WHOLE) else CLOSED


class ReadableFacts(Struct, frozen=True):
    """The facts about an item that the reader may see. `seen` has the ids in these facts that the
    reader may see (None means all). `closed` has the facts with a photograph that the reader may
    not decrypt.
    """

    facts: tuple[Recorded, ...]
    seen: frozenset[UUID] | None
    closed: tuple[Recorded, ...] = ()

    def is_fully_readable(self, fact: Recorded) -> bool:
        """Return whether the reader may see the whole of a fact, and may therefore get the key that
        decrypts it."""
        if self.seen is None:
            return True
        if fact not in self.facts or fact in self.closed:
            return False
        return _ids(msgspec.to_builtins(fact.event)) <= self.seen

    def readable_fields(self, fact: Recorded) -> dict[str, Any]:
        """Return the fields of a fact, without empty ones, ids of hidden items and keys of files.
        For an erased fact, return only unencrypted fields that were not derived from its text.
        """
        fields: dict[str, Any] = msgspec.to_builtins(fact.event)
        gone = {name for name in fields if isinstance(getattr(fact.event, name), bytes)}
        if fact.erased:
            gone |= {*fact.event.stored.sealed, *READ_OUT}
        readable = {key: self._only(value) for key, value in fields.items() if key not in gone}
        return {
            key: value for key, value in readable.items() if value not in (None, [], {}, (), "")
        }

    def _only(self, value: object) -> Any:
        match value:
            case str():
                return value if self._shown(value) else None
            case Mapping():
                return {key: self._only(part) for key, part in value.items()}
            case list() | tuple():
                return [self._only(part) for part in value if self._shown(part)]
        return value

    def _shown(self, value: object) -> bool:
        item = _id(value)
        return item is None or self.seen is None or item in self.seen


def provable(
    db: sa.Connection, reader: Reader, histories: Iterable[Sequence[Recorded]]
) -> set[UUID]:
    """Return the ids of those items for which the reader may get a proof. A proof of an item
    includes every event of the item, so the reader must be allowed to see all of these events.
    Raises Denied if the reader's role may neither follow trails nor verify logs.
    """
    require_any(reader, "see-trail-items", "see-trail-words", "verify")
    return {
        history[0].stream
        for history in histories
        if history and len(readable_facts(db, reader, history).facts) == len(history)
    }


def readable_facts(db: sa.Connection, reader: Reader, history: Sequence[Recorded]) -> ReadableFacts:
    """Return the facts of an item that this reader may see; none if the reader does not see the
    item.
    """
    if not reader.closed:
        return ReadableFacts(tuple(history), None)
    named = {item_id for fact in history for item_id in _ids(msgspec.to_builtins(fact.event))}
    named |= {item for fact in history for cause in fact.because_of if (item := _id(cause))}
    streams = {fact.stream for fact in history}
    seen = scope.visible_items(db, reader, named | streams)
    follows = sees_internal_steps(db, reader, streams)
    facts = [
        msgspec.structs.replace(
            fact,
            because_of=tuple(
                c for c in fact.because_of if (item := _id(c)) is None or item in seen
            ),
            event=_without_hidden(reader, fact, seen),
        )
        for fact in history
        if fact.stream in seen
        and _whole(fact.event, seen)
        and (not fact.event.meaning.inside or fact.stream in follows or fact.by == reader.name)
    ]
    return ReadableFacts(tuple(facts), frozenset(seen), _closed_photographs(db, reader, history))


def _closed_photographs(
    db: sa.Connection, reader: Reader, history: Sequence[Recorded]
) -> tuple[Recorded, ...]:
    """Return the photographs of a paper log that the reader may not see: they show a name or
    handwriting that would identify the writer, who is the source. A photograph is not hidden from
    its photographer, or from readers who may know the source.
    """
    facts = tuple(
        fact
        for fact in history
        if isinstance(fact.event, LogPhotographed)
        and fact.event.shows_writer
        and fact.by != reader.name
    )
    if not facts:
        return ()
    first = history[0]
    told_by = first.event.entry if isinstance(first.event, ObservationRecorded) else None
    ids = {first.stream, told_by} if told_by else {first.stream}
    return () if scope.reached(db, reader, "see-source", ids) else facts


def _whole(event: Event, seen: Collection[UUID]) -> bool:
    """Return whether the reader may learn that this event exists. A match of a saved pattern
    reveals links, so the reader has to see all of these links; any other event may be learned of.
    """
    return not isinstance(event, StandingPatternMet) or set(event.links) <= set(seen)


def _without_hidden(reader: Reader, fact: Recorded, seen: Collection[UUID]) -> Event:
    """Return the event as the reader may see it. People whom the reader does not see are left out
    of the layout of a saved map.
    """
    event = fact.event
    if isinstance(event, ChartSaved):
        return msgspec.structs.replace(event, **visible_layout(event, seen))
    return _without_shown(reader, fact)


def _without_shown(reader: Reader, fact: Recorded) -> Event:
    """Return the event of a fact as the reader may see it. A judgement of identity is returned
    without the comparison that its author saw, except to the author, and to readers of the author's
    team who may make disclosure schedules.
    """
    event = fact.event
    if not isinstance(event, IdentityJudged) or fact.by == reader.name:
        return event
    if fact.team in reader.teams and decide(reader, "schedule").allowed:
        return event
    return msgspec.structs.replace(event, shown=(), weights=None)


def sees_internal_steps(db: sa.Connection, reader: Reader, items: Collection[UUID]) -> set[UUID]:
    """Return those of the items with these ids of which the reader may also see the steps that are
    internal to the investigating team.
    """
    items_too = scope.reached(db, reader, "see-trail-items", items)
    return items_too | scope.reached(db, reader, "see-trail-words", items)


def _id(value: object) -> UUID | None:
    """Return the id in a whole id or in a reference STREAM:VERSION; None for any other value."""
    if not isinstance(value, str) or len(value) < len(str(UUID(int=0))):
        return None
    try:
        return UUID(value.partition(":")[0])
    except ValueError:
        return None


def _ids(value: object) -> set[UUID]:
    match value:
        case str():
            return {item} if (item := _id(value)) else set()
        case Mapping():
            return {item_id for part in value.values() for item_id in _ids(part)}
        case list() | tuple():
            return {item_id for part in value for item_id in _ids(part)}
    return set()
