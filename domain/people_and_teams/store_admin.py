"""Administration of the record: the store itself, imported files, exports, the daily brief,
anchors.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec

from domain.kernel.envelope import Event, LogName, Meaning, Stored
from domain.kernel.fields import (
    CODE,
    IDENTIFYING,
    LEFT,
    NOT_CHECKED,
    NOT_REACHED,
    WRITTEN,
)

STORE = UUID("00000000-0000-7000-8000-000000000001")
ANCHORS = UUID("00000000-0000-7000-8000-000000000002")
CLOSING = UUID("00000000-0000-7000-8000-000000000003")
KEYS = UUID("00000000-0000-7000-8000-000000000004")
SIGNER = UUID("00000000-0000-7000-8000-000000000005")
SUCCESSION = UUID("00000000-0000-7000-8000-000000000007")


class StoreMade(Event, frozen=True):
    """A store was made; this is the store's first event. A synthetic store is watermarked and has a
    time of its own. `clocks` are the types of deadline that the store has tracked from the
    beginning; later types begin with an event `notifying.DueBegan`.
    """

    stored: ClassVar = Stored("store.made", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store",))
    synthetic: bool
    administrator: Annotated[str, CODE]
    clocks: Annotated[tuple[str, ...], CODE] = ()


class StoreClosed(Event, frozen=True):
    """From now on every user of the store needs an account, and records that a user may not see are
    hidden."""

    stored: ClassVar = Stored("store.closed", "access", "none")
    meaning: ClassVar = Meaning(("manage-accounts",))


class FileReceived(Event, frozen=True):
    """A file was imported into the store. `kept` is the name of the stored original file, which is
    encrypted under `secret`; it is "" if no original is stored. If the user imported only some
    conversations of a file of messages, only those conversations are stored. `digest` is the file's
    hash under `secret`, `sha256` its hash without a key. Both hashes are lost when the key of this
    event is destroyed.
    """

    stored: ClassVar = Stored(
        "file.received",
        "evidence",
        "source",
        ("name", "mapping", "sha256", "secret"),
        version=2,
    )
    meaning: ClassVar = Meaning(("import",), alone=True)
    form: Annotated[str, CODE]
    size: int
    kept: Annotated[str, CODE]
    sha256: Annotated[str, CODE]
    digest: Annotated[str, CODE] = ""
    secret: Annotated[bytes, CODE] = b""
    dataset: Annotated[str | None, CODE] = None
    name: Annotated[str | None, IDENTIFYING] = None
    mapping: Annotated[dict[str, str] | None, IDENTIFYING] = None

    @property
    def mark(self) -> str:
        """Return the hash by which the rows of an imported file refer to the file."""
        return self.digest or self.sha256


class FileReceived1(FileReceived, frozen=True):
    """The first version of the event `FileReceived`: a file was imported. In this version, `sha256`
    is not encrypted, and `kept` is the SHA-256 of the stored file, which was not encrypted either.
    """

    stored: ClassVar = Stored("file.received", "evidence", "source", ("name", "mapping"))
    meaning: ClassVar = Meaning(("import",), alone=True)


class FileSealed(Event, frozen=True):
    """An imported file that an older release stored unencrypted was encrypted, under another
    name."""

    stored: ClassVar = Stored("file.sealed", "evidence", "source", ("secret",))
    meaning: ClassVar = Meaning(("import", "run-store"))
    kept: Annotated[str, CODE]
    secret: Annotated[bytes, CODE]


class ExportMade(Event, frozen=True):
    """An export was made: the exported ids, the filters, the purpose and the recipient. An export
    on paper also has a number within its team, and the day by which the paper has to be destroyed.
    The hash of the export is in another event (`copy.fingerprinted`), under a key that an erasure
    destroys.
    """

    stored: ClassVar = Stored(
        "export.made",
        "access",
        "record",
        ("recipient", "filters", "conditions_met", "purpose"),
        version=2,
    )
    meaning: ClassVar = Meaning(("export", "verify"))
    form: Annotated[str, CODE]
    ids: Annotated[tuple[str, ...], NOT_CHECKED, LEFT]
    recipient: Annotated[str | None, IDENTIFYING] = None
    filters: Annotated[dict[str, str] | None, IDENTIFYING] = None
    conditions_met: Annotated[str | None, WRITTEN] = None
    purpose: Annotated[str | None, WRITTEN] = None
    number: int | None = None
    destroy_by: date | None = None


class ExportMade1(ExportMade, frozen=True, kw_only=True):
    """An export was made. In this first form of the event, the SHA-256 of the export is stored
    without a key, so that its content can be guessed.
    """

    stored: ClassVar = Stored(
        "export.made", "access", "record", ("recipient", "filters", "conditions_met")
    )
    meaning: ClassVar = Meaning(("export", "verify"))
    sha256: Annotated[str, CODE]


class CalendarTaken(Event, frozen=True):
    """A user exported their deadlines as a calendar file: the ids of the due items, which identify
    no person. The file contains nothing else of the record.
    """

    stored: ClassVar = Stored("calendar.taken", "access", "none")
    meaning: ClassVar = Meaning(("record",))
    ids: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]


class PackMade(Event, frozen=True):
    """A pack of proofs was made: the SHA-256 (hex) of the list of its content. The list contains a
    random number, so that a guess of the content cannot be checked against the hash.
    """

    stored: ClassVar = Stored("pack.made", "access", "none")
    meaning: ClassVar = Meaning(("export", "verify"), commands=("pack.make",))
    manifest: Annotated[str, CODE]


class BriefHeld(Event, frozen=True):
    """A team read the brief of the day: records that were new, changed or undecided up to this
    moment.
    """

    stored: ClassVar = Stored("brief.held", "evidence", "none")
    meaning: ClassVar = Meaning(("brief",), commands=("brief.hold",))
    until: datetime
    kind: Literal["weekly"] = "weekly"


class AccessAnchored(Event, frozen=True):
    """The root (hex) of the access log's first records was recorded in the evidence log. A later
    change to these records is noticed, unless the evidence log is changed, too; other people have
    checkpoints of the evidence log.
    """

    stored: ClassVar = Stored("access.anchored", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store", "verify"))
    size: int
    root: Annotated[str, CODE]


class LogAnchored(Event, frozen=True):
    """The root hash (hex) of the first records of a log, either the source register or the log of
    released texts, was recorded in the evidence log, so that records missing at the end of the log
    are noticed.
    """

    stored: ClassVar = Stored("log.anchored", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store", "verify"))
    log: Literal["sources", "product"]
    size: int
    root: Annotated[str, CODE]


class EvidenceAnchored(Event, frozen=True):
    """The root (hex) and the origin of the first records of the evidence log were recorded in the
    access log. The access log is signed with another key, so records that are missing from the
    evidence log are noticed there.
    """

    stored: ClassVar = Stored("origin.anchored", "access", "none")
    meaning: ClassVar = Meaning(("run-store", "verify"))
    origin: Annotated[str, CODE]
    size: int
    root: Annotated[str, CODE]


class SealedKeys(msgspec.Struct, frozen=True):
    """The root (hex) of the data keys of a log's first `size` records was recorded."""

    log: LogName
    origin: Annotated[str, CODE]
    size: int
    root: Annotated[str, CODE]


class KeysMoving(Event, frozen=True):
    """The rotation of the data keys began: between this event and the next event `keys.rotated`,
    each data key is encrypted again, under the new key-encryption key.
    """

    stored: ClassVar = Stored("keys.moving", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store", "erase"), commands=("keys.move",), alone=True)


class KeysRotated(Event, frozen=True):
    """All live data keys were encrypted again, after a rotation, an erasure or a restore. The event
    holds the new key tables of all logs; earlier signatures of key tables are no longer valid.
    """

    stored: ClassVar = Stored("keys.rotated", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("run-store", "erase", "approve-erasure"), commands=("keys.rotate",), alone=True
    )
    tables: tuple[SealedKeys, ...]


class SignerKeyChanged(Event, frozen=True):
    """A key with which a log is signed was replaced by the next key, or was revoked. The event
    holds a note about the change, signed with the replaced or revoked key or with a newer key.
    """

    stored: ClassVar = Stored("signer.key_changed", "evidence", "none")
    meaning: ClassVar = Meaning(("run-store", "verify"), commands=("signer.change_key",))
    log: LogName
    change: Annotated[str, CODE]


EVENTS = (
    StoreMade,
    StoreClosed,
    FileReceived1,
    FileReceived,
    FileSealed,
    ExportMade1,
    ExportMade,
    PackMade,
    CalendarTaken,
    BriefHeld,
    AccessAnchored,
    LogAnchored,
    EvidenceAnchored,
    KeysMoving,
    KeysRotated,
    SignerKeyChanged,
)
