"""A few event classes for the ledger's tests, so that these use no event of the product."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

import msgspec

from domain.kernel.envelope import Event, Fact, Header, Stored, Submission
from ledger.store.setup import Catalogue


class Span(msgspec.Struct, frozen=True):
    first: int
    last: int


class Noted(Event, frozen=True):
    stored: ClassVar = Stored("note.noted", "evidence", "record", sealed=("words", "spans"))
    words: str
    number: int = 0
    about: UUID | None = None
    told: datetime | None = None
    spans: tuple[Span, ...] = ()


class Whispered(Event, frozen=True):
    """A test event whose fields are all encrypted."""

    stored: ClassVar = Stored("note.whispered", "evidence", "record", sealed=("words",))
    words: str


class Counted(Event, frozen=True):
    """A test event whose fields are all unencrypted."""

    stored: ClassVar = Stored("note.counted", "evidence", "none")
    number: int


class Closed(Event, frozen=True):
    """A test event without fields."""

    stored: ClassVar = Stored("note.closed", "evidence", "none")


class Told(Event, frozen=True):
    """A test event that belongs to the log of sources."""

    stored: ClassVar = Stored("source.told", "sources", "source", sealed=("name",))
    name: str


class Unlisted(Event, frozen=True):
    """A test event that the list of events does not contain."""

    stored: ClassVar = Stored("note.unlisted", "evidence", "none")


EVIDENCE: tuple[type[Event], ...] = (Noted, Whispered, Counted, Closed)
CATALOGUE: Catalogue = {"evidence": EVIDENCE, "sources": (Told,)}

HEADER = Header("psw-1", "team-a", "charity", "uk-gdpr", ("REF 7", "REF 8"))


def facts(*events: Event, stream: UUID | None = None, version: int = 1) -> tuple[Fact, ...]:
    stream = stream or uuid4()
    return tuple(Fact(stream, version + i, HEADER, event) for i, event in enumerate(events))


def submission(
    *events: Event,
    stream: UUID | None = None,
    version: int = 1,
    command_id: UUID | None = None,
    digest: bytes = b"body",
    unique: tuple[tuple[bytes, UUID], ...] = (),
) -> Submission:
    """Return a command that records these events in one stream."""
    return Submission(
        command_id or uuid4(), digest, facts(*events, stream=stream, version=version), unique
    )
