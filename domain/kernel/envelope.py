"""The envelope around an event on its way from a decision to the log and the views: who, when, why.

An event says *what* happened; the envelope says in which stream, by whom, for which team, under
which controller and legal regime, with which cause, and when the log recorded it. The package
`ledger` stores and returns envelopes, whatever events they contain. The file is long because the
envelope before the log, in it and after it is one subject.
"""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from domain.kernel.acts import Act, Sort
from domain.kernel.card_effects import Counts
from domain.kernel.deadline_effects import DeadlineEffect

LogName = Literal["evidence", "sources", "product", "access"]
Regime = Literal["part-3", "uk-gdpr"]

KeyOwner = Literal["record", "subject", "source", "none"]


class Stored(msgspec.Struct, frozen=True):
    """How an event class is stored: a name that stays the same when the code is moved, its version,
    its log, the owner of the key that encrypts it, and the encrypted fields. All other fields are
    in plain text.
    """

    name: str
    log: LogName
    key: KeyOwner
    sealed: tuple[str, ...] = ()
    version: int = 1

    @property
    def topic(self) -> str:
        return f"{self.name}@{self.version}"


AccessRequest = Literal["never", "others-rights", "serious-harm", "beside-person"]
Reopened = Literal["rating", "exit", "result"]
Step = Literal["information", "intelligence", "evidence", "beside"]


class Meaning(msgspec.Struct, frozen=True):
    """What recording an event of a class requires and changes, besides what the markers of its
    fields say (`domain.kernel.fields`). In this list, "it" is the event.

    - `acts`: the rights of which its recorder needs one; `commands`: the names of the commands that
      record it.
    - `kind`: the kind of item whose stream begins with it, by default the first part of its stored
      name; "kind" means the code in the field `kind`.
    - `enters`: the register adds its stream as this kind of item in this state; `turns`: the item's
      new state. A state is the code in the attribute of that name, or the word itself; the kind
      "kind" means the code in the field `kind`.
    - `brief`: the attribute that a team's brief shows after the words for the event.
    - `reach`: the sort of records under which its stream is filed in its case.
    - `when`: the field with its claimed day or time, if it has one; `card`: how it counts in a
      team's report card.
    - `step`: its stage in a trail; `journey`: its words in a family's journey, followed by the
      fields with codes to insert.
    - `files`: its item belongs to the case in its field `case`, also for the decision who may see
      it.
    - `activity`: it is an activity in the case in its field `case`.
    - `hides`: its item must not be shown any more as it was before, not even for a moment.
    - `alone`: it changes no case, no name, no link and no right of a user, but at most its own
      stream.
    - `inside`: only the investigating team sees it in an item's history.
    - `proposes`: it waits for a second person, who confirms or refuses it.
    - `overtakes`: the reason why proposed actions about its stream are reconsidered after it.
    - `contact`: the fields with the people and cases whose retention period starts again with it
      ("stream" means its own stream).
    - `doubts`: the decisions that it may put in doubt, and that are then decided again: a low
      rating, an exit, a result of no further action.
    - `deadlines`: the deadlines that it begins, postpones and ends by itself.
    - `access_request`: why it is never given to its subject, or why the proposal is to withhold or
      redact it.
    """

    acts: tuple[Act, ...]
    commands: tuple[str, ...] = ()
    kind: str | None = None
    enters: tuple[str, str] | None = None
    turns: str | None = None
    brief: str | None = None
    reach: Sort | None = None
    when: str = "happened"
    card: tuple[Counts, ...] = ()
    step: Step | None = None
    journey: tuple[str, ...] = ()
    files: bool = False
    activity: bool = False
    hides: bool = False
    alone: bool = False
    inside: bool = False
    proposes: bool = False
    overtakes: str = ""
    contact: tuple[str, ...] = ()
    doubts: tuple[Reopened, ...] = ()
    deadlines: tuple[DeadlineEffect, ...] = ()
    access_request: AccessRequest | None = None


class Event(msgspec.Struct, frozen=True):
    """Base class of events. An event is something that happened; its class has a name in the past
    tense. The type of each field that holds an id or a text has the markers that
    `domain.kernel.fields` defines.
    """

    stored: ClassVar[Stored]
    meaning: ClassVar[Meaning]


def item_kind(event: Event, kind: str) -> str:
    """Return the kind of item that an event is about. `kind` is the kind that the event's class
    declares; if it is the word "kind", the event's field `kind` has the kind.
    """
    if kind != "kind":
        return kind
    code: str = getattr(event, kind)
    return code


class Header(msgspec.Struct, frozen=True):
    """Metadata of an event: who recorded it, for which team, under which law, and with which cause.

    `regime` is Part 3 of the Data Protection Act 2018 for a competent authority (the police) and UK
    GDPR for all others (the charity, a school, a carer). `because_of` holds references or ids of
    the cause, as a person stated it; it is never inferred. The log sets `clock` if the computer's
    clock differs from the time that the log records.
    """

    by: str
    team: str
    controller: str
    regime: Regime
    because_of: tuple[str, ...] = ()
    clock: datetime | msgspec.UnsetType = msgspec.UNSET


class Fact(msgspec.Struct, frozen=True):
    """An event before the log stores it, with its stream, its version in that stream, and its
    header.
    """

    originator_id: UUID
    originator_version: int
    header: Header
    event: Event


class Outgoing(msgspec.Struct, frozen=True):
    """A row for other police forces, which is saved together with the facts of a command: either an
    `offer` with an encrypted value (token), or the `end` of an earlier offer, which has only the
    offer's reference.
    """

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
    """The events of one command, which are saved together or not at all.

    - `digest`: a keyed hash of the command's body. A command id that is used again with another
      digest is refused.
    - `unique`: keyed blind indexes, each as (digest, stream), that must be new to the log.
    - `renews`: streams whose text in this command gets a new data key, such as a stream that was
      redacted. The older keys can then be destroyed separately.
    - `outgoing`: rows for other forces, which the product log writes in the same transaction.
    """

    command_id: UUID
    digest: bytes
    facts: tuple[Fact, ...]
    unique: tuple[tuple[bytes, UUID], ...] = ()
    renews: tuple[UUID, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


class Recorded(msgspec.Struct, frozen=True):
    """An event as the log stores it.

    - `seq`: the event's number in the log `log`, from 1 without gaps.
    - `recorded`: the time in UTC that the log gave to the event. It never decreases within a log,
      and queries "as known at" a moment use only this time. Several logs are merged in the order of
      (recorded, log, seq).
    - `erased`: True if the key of the event's encrypted fields was destroyed, so that the fields
      hold placeholders.
    - `clock`: the time of the computer's clock, if it differs from `recorded`. Then either the
      clock jumped ahead and the time is uncertain, or the log was ahead of the clock.
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
        """Return whether the clock had jumped ahead of the log when the event was recorded."""
        return self.clock is not None and self.clock > self.recorded

    @property
    def came(self) -> datetime:
        """Return the moment from which the deadlines of this event run: the recorded time, or the
        time of the computer's clock at recording if that is earlier.
        """
        return self.recorded if self.clock is None else min(self.recorded, self.clock)


class Shredded(msgspec.Struct, frozen=True):
    """The keys and text that were destroyed in one log, for a certificate, without personal data.

    `keys` are the SHA-256 (hex) of the ids of the destroyed data keys; `leaves` are the hashes
    (hex) of all records whose text is lost with these keys; `epochs` are the names of the destroyed
    key-encryption keys, such as "record/3". `spared` are streams whose keys were to be destroyed,
    but were not.
    """

    log: LogName
    keys: tuple[str, ...]
    leaves: tuple[str, ...]
    epochs: tuple[str, ...]
    spared: tuple[UUID, ...] = ()


class Explained(msgspec.Struct, frozen=True):
    """Destroyed data keys whose destruction the logs explain. `keys` are the SHA-256 (hex) of the
    keys' ids. `streams` are the streams (each with its log) whose keys an erasure is still
    destroying.
    """

    keys: frozenset[str]
    streams: frozenset[tuple[LogName, UUID]]


class Conflict(Exception):
    """Raised if another command wrote this version of a stream first: load the stream and decide
    again.
    """

    def __init__(self, stream: UUID, version: int) -> None:
        super().__init__(f"{stream} already has version {version}")
        self.stream, self.version = stream, version


class ClockDiffers(Exception):
    """Raised if the time of a log's last record is ahead of the computer's clock, or far behind it.
    `clock` is the clock's time, in µs since 1970.
    """

    def __init__(self, clock: int) -> None:
        super().__init__(f"the clock says {clock} µs since 1970")
        self.clock = clock


class CommandReused(Exception):
    """Raised if a command id is used again with other input. The first input remains in the log."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(
            f"command {command_id} was already used for something else; "
            "a new entry needs a new command id"
        )
        self.command_id = command_id


class UniqueTaken(Exception):
    """Raised if another stream already has this plate, phone or account, so that its keyed blind
    index is not new. `stream` is the other stream; the caller uses it instead.
    """

    def __init__(self, digest: bytes, stream: UUID) -> None:
        super().__init__(f"already recorded as {stream}")
        self.digest, self.stream = digest, stream


class IntegrityFailure(Exception):
    """Raised if a log differs from what was written or signed; the message says where."""


class Unprovable(Exception):
    """Raised if the given files are not enough to check or prove anything; the message says what is
    missing."""


class LogUnavailable(Exception):
    """Raised if the database behind a log does not answer, is full or is locked."""


class LogMissing(LogUnavailable):
    """Raised if a log does not exist: its file, its tables or its schema. If the store has other
    logs, this log was removed.
    """


class LogHeld(LogUnavailable):
    """Raised if another session prevents writing to the log; the message names that session."""


class Undecodable(Exception):
    """Raised if a stored event cannot be read: its topic is unknown or its bytes are damaged."""

    def __init__(self, log: LogName, seq: int, reason: str) -> None:
        super().__init__(f"{log} {seq} cannot be read: {reason}")
        self.log, self.seq, self.reason = log, seq, reason


class StillHeld(LogUnavailable):
    """Raised if keys were destroyed while an open read transaction still sees old pages: erase once
    more.
    """


class Erased(Exception):
    """Raised if the requested item, or the item to add to, was erased; the message says which."""
