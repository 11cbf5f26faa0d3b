"""The envelope: how a fact travels between a decision, the log and the views.

An event says *what*; the envelope says in which stream, by whom, for which team, under which
controller and legal regime, because of what, and when the log took it in. `ledger` stores and
returns these without knowing what any event means.
"""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from domain.kernel.acts import Act, Sort

LogName = Literal["evidence", "sources", "product", "access"]
Regime = Literal["part-3", "uk-gdpr"]

KeyOwner = Literal["record", "subject", "source", "none"]


class Stored(msgspec.Struct, frozen=True):
    """How an event class is stored: a name that survives moves of the code, its version, its log,
    whose key seals it, and which of its fields are sealed (all others stay in the clear)."""

    name: str
    log: LogName
    key: KeyOwner
    sealed: tuple[str, ...] = ()
    version: int = 1

    @property
    def topic(self) -> str:
        return f"{self.name}@{self.version}"


AccessRequest = Literal["never", "others-rights", "serious-harm", "beside-person"]
Step = Literal["information", "intelligence", "evidence", "beside"]


class Meaning(msgspec.Struct, frozen=True):
    """What follows from an event of a class, besides what its fields say by their markers
    (`domain.kernel.fields`).

    Its recorder holds one of `acts`; `commands` are the names of the commands that are for it. A
    stream that begins with it is a `kind` of item (else what its stored name begins with). The
    register enters its stream as a kind of item in a state, or turns the item's state: a state is
    the code in the field of that name, or the word itself. `reach` is the sort as which its stream
    is filed in its case. In a trail it is a `step` of this stage; the journey of a family says it
    in these words, with the codes in these of its fields. Where a subject asks what is held of
    them, `access_request` says why it is never given, or why the proposal is to withhold or redact
    it.
    """

    acts: tuple[Act, ...]
    commands: tuple[str, ...] = ()
    kind: str | None = None
    enters: tuple[str, str] | None = None
    turns: str | None = None
    reach: Sort | None = None
    step: Step | None = None
    journey: tuple[str, ...] = ()
    access_request: AccessRequest | None = None


class Event(msgspec.Struct, frozen=True):
    """One thing that happened, in the past tense and in the field's words. The type of each field
    that holds an id or a text has its markers (`domain.kernel.fields`)."""

    stored: ClassVar[Stored]
    meaning: ClassVar[Meaning]


class Header(msgspec.Struct, frozen=True):
    """Who recorded a fact, for whom, under which law, and because of what.

    `regime` is Part 3 of the Data Protection Act 2018 for a competent authority (the police) and
    UK GDPR for everybody else (the charity, a school, a carer). `because_of` holds references or
    ids of what caused the fact, as a person told it; it is never inferred. `clock` is set by the
    log alone, where its own time is another than the clock's.
    """

    by: str
    team: str
    controller: str
    regime: Regime
    because_of: tuple[str, ...] = ()
    clock: datetime | msgspec.UnsetType = msgspec.UNSET


class Fact(msgspec.Struct, frozen=True):
    """An event on its way into the log: its stream, the version it claims there, its header."""

    originator_id: UUID
    originator_version: int
    header: Header
    event: Event


class Outgoing(msgspec.Struct, frozen=True):
    """A row that leaves for other forces with the facts of a command: `offer` with a blind token,
    or the `end` of what was offered under this reference, which tells nothing else."""

    reference: UUID
    recipient: str
    act: Literal["offer", "end"]
    kind: str | None = None
    week: date | None = None
    grade: str | None = None
    handling: str | None = None
    until: date | None = None
    epoch: int | None = None
    token: bytes | None = None
    records_reference: str | None = None


class Submission(msgspec.Struct, frozen=True):
    """The facts of one command, saved together or not at all.

    `digest` is a keyed hash of the command's body: the same command id with another digest is
    refused. `unique` are keyed blind indexes (digest, stream) that must be new to the log.
    `renews` names streams that get a new data key for what this command seals, such as one whose
    words were redacted: their older keys can then be destroyed without it. `outgoing` are rows for
    other forces, which the product log writes with it.
    """

    command_id: UUID
    digest: bytes
    facts: tuple[Fact, ...]
    unique: tuple[tuple[bytes, UUID], ...] = ()
    renews: tuple[UUID, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


class Recorded(msgspec.Struct, frozen=True):
    """A fact as the log holds it.

    `seq` is dense from 1 within `log`; `recorded` is the log's own monotone clock in UTC, the only
    time behind "as known at". Several logs merge by (recorded, log, seq). `erased` says that the
    key of its sealed fields was destroyed: what stands in them is a substitute without meaning.
    `clock` is what the clock said where that is not `recorded`: it leapt ahead of the log, and the
    time is uncertain, or the log was ahead of it.
    """

    log: LogName
    seq: int
    stream: UUID
    version: int
    recorded: datetime
    by: str
    team: str
    controller: str
    regime: Regime
    because_of: tuple[str, ...]
    command_id: UUID
    event: Event
    erased: bool = False
    clock: datetime | None = None

    @property
    def ref(self) -> str:
        return f"{self.stream}:{self.version}"

    @property
    def uncertain(self) -> bool:
        """Whether the clock had leapt ahead of the log when it was recorded."""
        return self.clock is not None and self.clock > self.recorded

    @property
    def came(self) -> datetime:
        """From when its deadlines run: the earlier of the log's time and the clock's."""
        return self.recorded if self.clock is None else min(self.recorded, self.clock)


class Shredded(msgspec.Struct, frozen=True):
    """What was destroyed in one log, for a certificate: nothing in it tells of a person.

    `keys` are SHA-256 (hex) of the ids of the data keys, `leaves` the leaves (hex) of all records
    whose words are gone with them, `epochs` the key-encryption keys destroyed: "record/3".
    `spared` are streams of which nothing was destroyed, though it was asked for.
    """

    log: LogName
    keys: tuple[str, ...]
    leaves: tuple[str, ...]
    epochs: tuple[str, ...]
    spared: tuple[UUID, ...] = ()


class Explained(msgspec.Struct, frozen=True):
    """Which destroyed data keys the logs themselves account for: by SHA-256 (hex) of their ids, and
    by log and stream while an approved erasure is being carried out."""

    keys: frozenset[str]
    streams: frozenset[tuple[LogName, UUID]]


class Conflict(Exception):
    """Somebody else wrote this stream's version first: load again and decide again."""

    def __init__(self, stream: UUID, version: int) -> None:
        super().__init__(f"{stream} already has version {version}")
        self.stream, self.version = stream, version


class ClockDiffers(Exception):
    """The clock is not where a log goes on: `clock` is what it said, in µs since 1970."""

    def __init__(self, clock: int) -> None:
        super().__init__(f"the clock says {clock} µs since 1970")
        self.clock = clock


class CommandReused(Exception):
    """The same command id came with another body. The first body stands."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(
            f"command {command_id} was already used for something else; "
            "a new entry needs a new command id"
        )
        self.command_id = command_id


class UniqueTaken(Exception):
    """A keyed blind index is already held by another stream: use that entity."""

    def __init__(self, digest: bytes, stream: UUID) -> None:
        super().__init__(f"already recorded as {stream}")
        self.digest, self.stream = digest, stream


class IntegrityFailure(Exception):
    """A log is not what was written or signed; the message says what was found."""


class Unprovable(Exception):
    """Nothing can be checked or proven with what was given; the message says what is wanting."""


class LogUnavailable(Exception):
    """The database behind a log does not answer, is full or is locked."""


class LogMissing(LogUnavailable):
    """There is no such log where one is looked for: its file, its tables or its schema. Of a store
    that has others it was taken away."""


class LogHeld(LogUnavailable):
    """Another session keeps the log from being written to; the message says which."""


class Undecodable(Exception):
    """A stored event cannot be read: its topic is unknown or its bytes are damaged."""

    def __init__(self, log: LogName, seq: int, reason: str) -> None:
        super().__init__(f"{log} {seq} cannot be read: {reason}")
        self.log, self.seq, self.reason = log, seq, reason


class StillHeld(LogUnavailable):
    """Keys are destroyed, but somebody still reads and so holds old pages: erase once more."""


class Erased(Exception):
    """What was asked for, or was to be added to, was erased; the message says which."""
