"""Events for the benchmarks of the store; each event resembles a parent's short log entry."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from domain.kernel.envelope import Event, Fact, Header, LogName, Stored, Submission

BATCH = 1000
"""The number of events in one append: 500 commands of two facts each, as in an import."""


class When(msgspec.Struct, frozen=True):
    earliest: datetime
    latest: datetime
    precision: str


class Seen(Event, frozen=True):
    """An event of some 500 bytes including its header, similar to a parent's log entry."""

    stored: ClassVar = Stored("bench.seen", "evidence", "record", sealed=("words", "happened"))
    kind: str
    words: str
    case: UUID
    told: datetime
    urgent: bool
    channel: str
    happened: When


class SeenInClear(Event, frozen=True):
    """The same fields as in `Seen` without encryption; the product has no event with unencrypted
    text.
    """

    stored: ClassVar = Stored("bench.seen_in_clear", "evidence", "none")
    kind: str
    words: str
    case: UUID
    told: datetime
    urgent: bool
    channel: str
    happened: When


class Linked(Event, frozen=True):
    stored: ClassVar = Stored("bench.linked", "evidence", "record", sealed=("reason",))
    first: UUID
    second: UUID
    kind: str
    reason: str


CATALOGUE: dict[LogName, tuple[type[Event], ...]] = {"evidence": (Seen, SeenInClear, Linked)}
TOLD = datetime(2011, 5, 7, 22, 15, tzinfo=UTC)
HEADER = Header("psw-7", "team-a", "charity", "uk-gdpr", ("REF 1204",))
WORDS = (
    "She was dropped off at the end of the road again about quarter past ten, silver Astra, "
    "the driver is the one they call Ginge and he had another lad with him I have not seen before."
)


def now() -> datetime:
    return datetime.now(UTC)


def ids(first: int) -> Iterator[UUID]:
    """Yield ids that grow with time, like the ids of streams (the first 48 bits of a UUIDv7 are its
    time).
    """
    number = first
    while True:
        number += 1
        mixed = number * 0x9E3779B97F4A7C15 % 2**62
        yield UUID(int=(1_300_000_000_000 + number) << 80 | 7 << 76 | 2 << 62 | mixed)


def submissions(count: int, stream_ids: Iterator[UUID]) -> list[Submission]:
    """Return commands that record `count` facts in total, two in each command and each command in a
    new stream.
    """
    made = []
    for n in range((count + 1) // 2):
        stream, case = next(stream_ids), next(stream_ids)
        happened = When(TOLD, TOLD, "minute")
        seen = Seen("snippet", f"{n}: {WORDS}", case, TOLD, False, "typed", happened)
        linked = Linked(case, stream, "seen-with", "named by the child's mother")
        both = Fact(stream, 1, HEADER, seen), Fact(stream, 2, HEADER, linked)
        made.append(Submission(next(stream_ids), b"d" * 32, both if count > 1 else both[:1]))
    return made
