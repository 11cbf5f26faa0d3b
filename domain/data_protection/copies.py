"""The register of copies of the record: backups, restored stores, exported proofs that contain an
item's text, and numbered paper copies.

The event about a copy is recorded before the copy's first byte is written. The person who has the
copy destroys it.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.deadline_effects import Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    CODE,
    IDENTIFYING,
    LEFT,
    MENTION,
    NOT_CHECKED,
    NOT_REACHED,
    WRITTEN,
)
from domain.kernel.values import Refused

Kept = Literal["store", "keys"]


class BackupMade(Event, frozen=True):
    """A backup of the store, or of its keys, was made. The event says where the backup is, for what
    purpose it was made, and who stores it. `sealed_to` is the SHA-256 of the public key with which
    the backup is encrypted; None for an unencrypted backup.
    """

    stored: ClassVar = Stored("backup.made", "access", "record", ("place", "purpose", "recipient"))
    meaning: ClassVar = Meaning(("run-store",))
    kind: Kept
    place: Annotated[str, IDENTIFYING]
    purpose: Annotated[str, WRITTEN]
    recipient: Annotated[str, IDENTIFYING]
    sealed_to: Annotated[str | None, CODE] = None


class StoreRestored(Event, frozen=True):
    """A user restored the store from a backup.

    A backup contains items that were erased after the backup was made. The restore repeats these
    erasures from their signed certificates: `erasures` are the repeated erasures, and `readable`
    are those that the user left out, whose erased text may be readable again. `without` is True if
    there were no certificates. `waived_by` is the second person who takes responsibility for
    missing certificates, or for a missing proof that the certificates are complete.
    """

    stored: ClassVar = Stored(
        "store.restored", "access", "record", ("place", "purpose", "recipient")
    )
    meaning: ClassVar = Meaning(("run-store",))
    backup_made: datetime
    erasures: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]
    readable: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]
    without: bool
    place: Annotated[str, IDENTIFYING]
    purpose: Annotated[str, WRITTEN]
    recipient: Annotated[str, IDENTIFYING]
    waived_by: Annotated[str | None, CODE] = None


class ProofTaken(Event, frozen=True):
    """A cryptographic proof that an item is unchanged in the log was exported, together with the
    item's text. The event says for whom and for what purpose.
    """

    stored: ClassVar = Stored("proof.taken", "access", "record", ("purpose", "recipient"))
    meaning: ClassVar = Meaning(("see-trail-words", "see-trail-items", "verify"))
    ids: Annotated[tuple[UUID, ...], NOT_CHECKED, LEFT]
    purpose: Annotated[str, WRITTEN]
    recipient: Annotated[str, IDENTIFYING]


class CopyFingerprinted(Event, frozen=True):
    """The SHA-256 of each text in a copy that was handed over, and of the whole copy, was recorded.
    The hashes are encrypted with a key of their own. An erasure destroys this key: a guess of the
    erased text can then no longer be checked against a hash.
    """

    stored: ClassVar = Stored("copy.fingerprinted", "access", "record", ("sha256",))
    meaning: ClassVar = Meaning(
        ("export", "verify", "disclose", "disseminate", "support"), kind="hash of what left"
    )
    of: Annotated[UUID, NOT_CHECKED, MENTION]
    sha256: Annotated[tuple[str, ...], CODE]


class CopyDestroyed(Event, frozen=True):
    """A person stated that a numbered copy was destroyed, and how they know this."""

    stored: ClassVar = Stored("copy.destroyed", "access", "record", ("how",))
    meaning: ClassVar = Meaning(
        ("run-store", "export", "verify", "erase", "see-meeting"),
        commands=("copy.destroy",),
        deadlines=(Ends("copy-destroyed", of="of"),),
    )
    of: Annotated[UUID, NOT_CHECKED, MENTION]
    how: Annotated[str, WRITTEN]


EVENTS = (BackupMade, StoreRestored, ProofTaken, CopyFingerprinted, CopyDestroyed)
#: How long a numbered paper copy may exist if no day is set: time to read it, and to use it in the
#: next four meetings. This is the program's own policy; no law sets a time [verify].
KEPT = timedelta(days=28)
_FINGERPRINTS = UUID("7a1c7f0e-53a4-5f0b-9d57-0f0a4a1be001")
_ENDS = UUID("7a1c7f0e-53a4-5f0b-9d57-0f0a4a1be002")


def fingerprints_of(copy: UUID) -> UUID:
    """Return the id of the stream with the hashes of a copy that was handed over."""
    return uuid5(_FINGERPRINTS, str(copy))


def end_of(copy: UUID) -> UUID:
    """Return the id of the stream that records the destruction of a numbered copy."""
    return uuid5(_ENDS, str(copy))


class CopyState(Struct, frozen=True):
    """The state of one numbered copy: whether it was destroyed."""

    destroyed: bool = False


def evolve(state: CopyState, event: Event) -> CopyState:
    return replace(state, destroyed=True) if isinstance(event, CopyDestroyed) else state


def destroyed_by(day: date | None, today: date) -> date:
    """Return the day by which a numbered copy has to be destroyed. Raises Refused for a day that is
    not in the future."""
    last = day or today + KEPT
    if last <= today:
        raise Refused(
            "the day by which the copy is destroyed is past: give a day in the future",
            field="destroy_by",
        )
    return last


def destroy(state: CopyState, of: UUID, how: str) -> tuple[Event, ...]:
    """Record that a numbered copy was destroyed. `how` says how it was destroyed and who saw this.
    Raises Refused if `how` is empty.
    """
    if not how.strip():
        raise Refused("say how the copy was destroyed, and who saw its destruction", field="how")
    return () if state.destroyed else (CopyDestroyed(of, how.strip()),)
