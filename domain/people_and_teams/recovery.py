"""Events for three cases in which the logs do not simply continue: a store was restored from a
backup and lacks records; the clock went back; two people copy the record into a new origin (the
name under which a log is signed).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.envelope import Event, LogName, Meaning, Stored
from domain.kernel.fields import AS_IS, CODE
from domain.kernel.values import Refused


class Lost(msgspec.Struct, frozen=True):
    """One log of a store that was restored from a backup. The log still has `size` records of its
    former origin, with the root hash `root`. `signed_size` and `signed_root` are those of the log's
    last checkpoint, if there is one. Roots are in hex.
    """

    log: LogName
    origin: Annotated[str, CODE]
    size: int
    root: Annotated[str, CODE]
    signed_size: int | None = None
    signed_root: Annotated[str | None, CODE] = None


class LossDeclared(Event, frozen=True):
    """The store was restored from a backup and continues under new origins; records made after the
    backup are lost. The event says who declared this, and why.
    """

    stored: ClassVar = Stored("loss.declared", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("run-store",))
    logs: tuple[Lost, ...]
    backup_made: datetime
    reason: Annotated[str, AS_IS]


class ClockStepped(Event, frozen=True):
    """The clock went back to a time before the log's last recorded time. Until the clock has passed
    that time again, each record gets a time one microsecond after the record before it.
    """

    stored: ClassVar = Stored("clock.stepped", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    told: datetime
    reached: datetime

    @property
    def back(self) -> timedelta:
        """Return how far the clock went back behind the log's last time."""
        return self.reached - self.told


class CopyProposed(Event, frozen=True):
    """A person proposed to copy the record to a new origin, because old records contain hashes from
    which text can be guessed. Nothing changes until a second person confirms the proposal."""

    stored: ClassVar = Stored("succession.proposed", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("run-store",), commands=("succession.propose",))
    by: Annotated[str, CODE]
    reason: Annotated[str, AS_IS]


class CopyConfirmed(Event, frozen=True):
    """A second person confirmed that the record is copied to a new origin. From now on this store
    records only accesses and exports; the record continues under the origins of `store`.
    """

    stored: ClassVar = Stored("succession.confirmed", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store", "approve-erasure"), commands=("succession.confirm",))
    by: Annotated[str, CODE]
    store: Annotated[str, CODE]


class CopyRefused(Event, frozen=True):
    """The copy of the record into a new origin was refused, or given up: this store continues."""

    stored: ClassVar = Stored("succession.refused", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(("run-store", "approve-erasure"), commands=("succession.refuse",))
    reason: Annotated[str, AS_IS]


class Rewritten(msgspec.Struct, frozen=True):
    """A record that has a newer version in the new store, and its leaf (hex) in the original."""

    seq: int
    leaf: Annotated[str, CODE]


class Former(msgspec.Struct, frozen=True):
    """The old state of one log whose record was copied into a new origin: the log's old origin, the
    number of its records (`size`), their root (hex), and the last published checkpoint of the log,
    if there is one. `rewritten` are the records that have a newer version in the copy.
    """

    log: LogName
    origin: Annotated[str, CODE]
    size: int
    root: Annotated[str, CODE]
    checkpoint: Annotated[str | None, CODE] = None
    rewritten: tuple[Rewritten, ...] = ()


class RecordCopied(Event, frozen=True):
    """The record was copied into new origins (names under which logs are signed). This is the first
    event under the new origins, and it names the old ones. It has the hashes (leaves) of the
    rewritten records, so that the old root hashes can be computed from the copied records.
    """

    stored: ClassVar = Stored("succession.copied", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store", "approve-erasure"))
    logs: tuple[Former, ...]


#: Events about a copy of the record into a new origin.
ABOUT_A_COPY = (CopyProposed, CopyConfirmed, CopyRefused, RecordCopied)
EVENTS = (LossDeclared, ClockStepped, *ABOUT_A_COPY)


class Succession(Struct, frozen=True):
    """The state of copying the record into a new store: who proposed it, who confirmed it, and the
    store in which the record continues. The state is empty before a proposal, and in the new store.
    """

    proposed_by: str | None = None
    confirmed_by: str | None = None
    store: str | None = None


def evolve(state: Succession, event: Event) -> Succession:
    match event:
        case CopyProposed():
            return Succession(event.by)
        case CopyConfirmed():
            return replace(state, confirmed_by=state.confirmed_by or event.by, store=event.store)
        case CopyRefused() | RecordCopied():
            return Succession()
    return state


def propose(state: Succession, by: str, reason: str) -> tuple[Event, ...]:
    """Propose to copy the record into a new origin. Raises Refused if there is no reason, and if a
    proposal waits already.
    """
    if not reason.strip():
        raise Refused(
            "say with --reason why the record is to be copied into a new origin", field="reason"
        )
    if state.proposed_by:
        raise Refused(
            f"{state.proposed_by} proposed this copy already: a second person has to confirm it"
        )
    return (CopyProposed(by, reason.strip()),)


def confirm(state: Succession, by: str, store: str) -> tuple[Event, ...]:
    """Confirm, as the second person, that the record is copied into a new origin. Raises Refused if
    no copy is proposed, and if the confirming person is the proposer, in any spelling of the name.
    After the first confirmation, either of the two people may copy the record again; each copy has
    new origins of its own.
    """
    if not state.proposed_by:
        raise Refused("no copy of this store into a new origin is proposed")
    if not state.store and forms.same_person(state.proposed_by, by):
        raise Refused(
            f"copying the record takes two people: {state.proposed_by} proposed it, and "
            "another person has to confirm it"
        )
    return (CopyConfirmed(by, store),)


def refuse(state: Succession, reason: str) -> tuple[Event, ...]:
    """Refuse to copy the record, withdraw the proposal, or give up a confirmed copy. Raises Refused
    if there is no reason.
    """
    if not state.proposed_by:
        raise Refused("no copy of this store into a new origin is proposed")
    if not reason.strip():
        raise Refused("say with --reason why the copy is refused", field="reason")
    return (CopyRefused(reason.strip()),)


def succeeded(events: Iterable[Event]) -> str | None:
    """Return the store in which this record continues; None while it continues in this store."""
    state = Succession()
    for event in events:
        state = evolve(state, event)
    return state.store
