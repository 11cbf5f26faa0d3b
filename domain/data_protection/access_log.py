"""The access log: which user was shown which item, and why (Data Protection Act 2018 s.62).

A user has one stream for each run of the program, which also holds the purposes that the user gave.
When a search matches a case that the searcher may not see, the case holder is notified, and decides
whether to contact the searcher.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import Contact
from domain.kernel.decoding import read_id
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    AS_IS,
    CODE,
    IDENTIFYING,
    NOT_CHECKED,
    NOT_REACHED,
    SHOWN,
    WRITTEN,
)
from domain.kernel.values import Refused


class ConsultationJustified(Event, frozen=True):
    """A user stated why they read records. The events about the records that they read afterwards
    refer to this event.

    The statutory duty to log a justification (s.62) was removed by the Data (Use and Access) Act
    2025 s.82 [verify commencement]; a setting says whether a user has to state a purpose.
    """

    stored: ClassVar = Stored("consultation.justified", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("record",))
    reason: Annotated[str, AS_IS]


class ConsultedFor(Event, frozen=True):
    """A program read records on behalf of a person. The event holds the person whom the program
    named, and the reason that it gave, if any. The events about the records that it reads
    afterwards refer to this event.
    """

    stored: ClassVar = Stored("consultation.asked_for", "access", "record", ("person", "reason"))
    meaning: ClassVar = Meaning(("record",))
    person: Annotated[str, IDENTIFYING]
    reason: Annotated[str | None, AS_IS] = None


class RecordConsulted(Event, frozen=True):
    """A query showed records to a user. `query` is the query's name, `ids` are the ids of all
    records shown, 16 bytes each.

    `why` is the number, in the same stream, of the event with the user's reason for access; None if
    the user gave no reason. `wanted` is True if a reason was required. `at` is the time on a
    synthetic store, which has its own clock; None on a live store.
    """

    stored: ClassVar = Stored("record.consulted", "access", "none")
    meaning: ClassVar = Meaning(("record",))
    query: Annotated[str, CODE]
    ids: Annotated[bytes, NOT_CHECKED, SHOWN]
    why: int | None = None
    wanted: bool = False
    at: datetime | None = None


class SearchTouched(Event, frozen=True):
    """A search matched a record that the searcher may not see. The workers of the record's case
    learn who searched; the searcher learns nothing.

    `referred` is True if another team referred the child of the case. `at_once` is True if the
    child was missing or rated high, so that a decision is due at once.
    """

    stored: ClassVar = Stored("search.touched", "access", "none")
    meaning: ClassVar = Meaning(("record",))
    held: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    case: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    team: Annotated[str, CODE]
    workers: Annotated[tuple[str, ...], CODE] = ()
    referred: bool = False
    at_once: bool = False


class ContactDecided(Event, frozen=True):
    """The worker of a record decided whether to contact the user whose silent search matched it."""

    stored: ClassVar = Stored("search.contact_decided", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("refer", "work", "allocate"), commands=("search.decide_contact",))
    contact: Contact
    reason: Annotated[str, WRITTEN]


class HitRang(Event, frozen=True):
    """The child of a case went missing or was rated high. Earlier a user's search had matched this
    case, which the user may not see; the case's workers have to decide at once whether to contact
    the user.
    """

    stored: ClassVar = Stored("search.rang", "access", "none")
    meaning: ClassVar = Meaning(("run-store",))
    case: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


class UnusualAccessReviewed(Event, frozen=True):
    """A reviewer examined which records a user opened in a period; `finding` is the reviewer's
    conclusion.
    """

    stored: ClassVar = Stored("access.reviewed", "access", "record", ("finding",))
    meaning: ClassVar = Meaning(("review-glass",), commands=("access.review",))
    user: Annotated[str, CODE]
    finding: Annotated[str, WRITTEN]


EVENTS = (
    ConsultationJustified,
    ConsultedFor,
    RecordConsulted,
    SearchTouched,
    ContactDecided,
    HitRang,
    UnusualAccessReviewed,
)


#: Events that a query adds to the access log when it shows records.
LOOKS: frozenset[type[Event]] = frozenset(
    {RecordConsulted, ConsultationJustified, ConsultedFor, SearchTouched}
)


def packed(ids: Iterable[UUID]) -> bytes:
    """Return these ids as one byte string, 16 bytes for each id."""
    return b"".join(item.bytes for item in ids)


def unpacked(ids: bytes) -> list[UUID]:
    """Return the ids in a byte string of 16 bytes for each; an incomplete last id is left out."""
    return [UUID(bytes=ids[i : i + 16]) for i in range(0, len(ids) - 15, 16)]


class SearchHit(Struct, frozen=True):
    """The state of one silent search alert: a user's search matched a case that the user may not
    see. The state holds the case's team and workers, and whether they have decided about a contact
    with the user.
    """

    team: str | None = None
    workers: tuple[str, ...] = ()
    decided: bool = False


def evolve(state: SearchHit, event: Event) -> SearchHit:
    match event:
        case SearchTouched():
            return SearchHit(event.team, event.workers)
        case ContactDecided():
            return replace(state, decided=True)
    return state


def decide_contact(
    state: SearchHit, contact: Contact, reason: str, *, by: str, team: str
) -> tuple[Event, ...]:
    """Record whether a worker contacts the user whose search matched a record of the worker's case.
    Raises Refused if the person `by` is neither in the case's team nor a worker of the case, if a
    decision is recorded already, and if no reason is given.
    """
    if state.team is None or (team != state.team and by not in state.workers):
        raise Refused("there is no silent search alert with this id")
    if state.decided:
        raise Refused("this search alert is decided already")
    if not reason.strip():
        raise Refused(
            "give the reason of this decision about contacting the searcher", field="reason"
        )
    return (ContactDecided(contact, reason),)


def review(user: str, finding: str) -> UnusualAccessReviewed:
    """Return the event that records a reviewer's finding about a user's access to records. Raises
    Refused if the user or the finding is missing.
    """
    if not user.strip():
        raise Refused("say whose consultations of the record you reviewed", field="user")
    if not finding.strip():
        raise Refused("say what you found in the review", field="finding")
    return UnusualAccessReviewed(user, finding)


#: The part of a UUID from its first hyphen on. A search for a hyphen is faster than a search for a
#: hexadecimal digit.
_REST = re.compile(rb"-(?<=[0-9a-f]{8}-)(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def ids_in(shown: bytes) -> tuple[UUID, ...]:
    """Return each UUID that occurs in the bytes of an answer, once and in order. These are the ids
    of the records shown. Ids without hyphens, such as the id of a form's own command, are left out.
    """
    ids, end = dict[bytes, None](), 0
    for match in _REST.finditer(shown):
        if match.start() - 8 >= end:  # skips a match that overlaps the previous id
            ids[shown[match.start() - 8 : match.end()]] = None
            end = match.end()
    return tuple(filter(None, (read_id(match.decode()) for match in ids)))
