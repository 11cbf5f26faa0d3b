"""The register of all copies of the store, or of a part of it. A copy is recorded before its bytes
are written, so that each erasure can list the copies that may still contain the erased items.

The file is long because each kind of copy has its commands here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, Unpack
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from access.who_may.decide import decide, require_any
from access.who_may.event_rules import require_command
from commands.kernel import item_references
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt, facts
from commands.kernel.whole_logs import facts_of, facts_of_kinds
from domain.data_protection import copies
from domain.data_protection.copies import (
    BackupMade,
    CopyDestroyed,
    CopyFingerprinted,
    CopyState,
    Kept,
    ProofTaken,
    StoreRestored,
    end_of,
    fingerprints_of,
)
from domain.data_protection.disclosure import DisclosureMade, DisclosureMade1
from domain.data_protection.erasure import ERASURES, ErasureCertified, approved_in
from domain.kernel.acts import Act
from domain.kernel.envelope import Event, LogUnavailable, Recorded, Submission
from domain.kernel.values import Reader
from domain.people_and_teams.store_admin import ExportMade, ExportMade1, FileReceived1
from projections.data_protection import copies as view
from projections.kernel.columns import Column

_NUMBERED = UUID("7a1c7f0e-53a4-5f0b-9d57-0f0a4a1be003")
TO_BRING_BACK = "to bring the store back after a loss"
TO_PROVE = "to prove an item with its words elsewhere"


def record_backup(
    desk: Desk,
    reader: Reader,
    kind: Kept,
    place: str,
    *,
    recipient: str | None = None,
    purpose: str | None = None,
    sealed_to: str | None = None,
) -> Receipt:
    """Record that a backup of the store or of its keys is about to be made, encrypted to the public
    key with this fingerprint. By default the backup's holder is the reader, and its purpose is to
    restore the store. Raises Denied, LogUnavailable.
    """
    details = _stripped(purpose) or TO_BRING_BACK, _stripped(recipient) or reader.name
    made = BackupMade(kind, place, *details, sealed_to)
    return _new(desk, reader, made)


def record_proof(
    desk: Desk,
    reader: Reader,
    ids: Sequence[UUID],
    *,
    recipient: str | None = None,
    purpose: str | None = None,
) -> Receipt:
    """Record that a proof with the text of its items is about to be exported. Raises Denied,
    LogUnavailable.
    """
    made = ProofTaken(
        tuple(ids), _stripped(purpose) or TO_PROVE, _stripped(recipient) or reader.name
    )
    return _new(desk, reader, made)


def fingerprint(desk: Desk, reader: Reader, of: UUID, hashes: Sequence[str]) -> None:
    """Record the SHA-256 hashes of the copy `of` before it is handed over. The hashes are encrypted
    with a key of their own. A repeated call records nothing.
    """
    stream = fingerprints_of(of)
    command = uuid5(stream, "made")
    if not desk.logs["access"].known_commands([command]):
        _new(desk, reader, CopyFingerprinted(of, tuple(hashes)), stream, command)


def number_command_id(team: str, number: int) -> UUID:
    """Return the id of the command that records a team's paper copy with this number. The id is
    computed from team and number, so a second command with the same number is rejected.
    """
    return uuid5(_NUMBERED, f"{team}\n{number}")


def next_number(desk: Desk, team: str) -> int:
    """Return the first free number for a team's paper copies; the numbers have no gaps."""
    log, taken, free = desk.logs["access"], 0, 1
    while log.known_commands([number_command_id(team, free)]):
        taken, free = free, free * 2
    while free - taken > 1:
        between = (taken + free) // 2
        known_items = log.known_commands([number_command_id(team, between)])
        taken, free = (between, free) if known_items else (taken, between)
    return free


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _new(
    desk: Desk,
    reader: Reader,
    event: Event,
    stream: UUID | None = None,
    command: UUID | None = None,
) -> Receipt:
    stream, command = stream or desk.new_id(), command or desk.new_random_id()
    submission = Submission(
        command, desk.digest(event.stored.name, command), facts(reader, stream, 0, (event,))
    )
    return desk.save([Prepared(stream, {"access": submission}, reader)])[0]


class RecordedCopy(Struct, frozen=True):
    """A recorded copy of the store or of some of its items: the kind of copy, when it was made,
    where it is, its holder and its purpose. `ids` are the items in the copy; a backup contains
    everything recorded before it was made. `bare` is the event (STREAM:VERSION) that stores a hash
    of the contents without a secret key, from which the contents could be guessed. A paper copy has
    a number within its team, and a day by which its holder has to destroy it.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("made", "made", "moment"),
        Column("kind", "kind of copy"),
        Column("number", "no."),
        Column("holders", "holder"),
        Column("place", "place of storage"),
        Column("purpose", "purpose"),
        Column("destroy_by", "destroy by", "day"),
        Column("destroyed", "destroyed", "moment"),
    )
    order: ClassVar[tuple[str, ...]] = ("made", "id")
    id: UUID
    kind: str
    made: datetime
    holders: tuple[str, ...]
    purpose: str
    place: str | None
    ids: tuple[UUID, ...]
    by: str
    team: str
    bare: str | None = None
    destroyed: datetime | None = None
    number: int | None = None
    destroy_by: date | None = None

    @property
    def printed_name(self) -> str:
        """Return the name of a copy on paper, as printed on each of its pages."""
        return f"copy {self.number} of {self.team}"


def list_copies(desk: Desk) -> list[RecordedCopy]:
    """Return every recorded copy of the store and of its contents, oldest first."""
    found_copies: dict[UUID, RecordedCopy] = {}
    for fact in _copy_events(desk):
        if isinstance(fact.event, CopyDestroyed) and fact.event.of in found_copies:
            found_copies[fact.event.of] = replace(
                found_copies[fact.event.of], destroyed=fact.recorded
            )
        elif copy := _recorded_copy(fact):
            found_copies[copy.id] = copy
    return list(found_copies.values())


def _copy_events(desk: Desk) -> Iterator[Recorded]:
    """Yield all events of the access log about copies. The events that the view already lists are
    read at their places in the log; for later events, the rest of the log is searched.
    """
    log, event_types = desk.logs["access"], view.TOLD
    try:
        with desk.looked() as db:
            places, read = view.places(db)
    except LogUnavailable:
        places, read = [], 0
    for seq in places:
        yield from (fact for fact in log.read(seq - 1, 1) if isinstance(fact.event, event_types))
    yield from facts_of_kinds(log, *event_types, after=read)


def _recorded_copy(fact: Recorded) -> RecordedCopy | None:
    who: tuple[str, ...]
    match fact.event:
        case BackupMade() as event:
            copy_kind, ids = _BACKUPS[event.kind], tuple[UUID, ...]()
            who = (event.recipient,)
        case ProofTaken() as event:
            copy_kind, who, ids = "proof with words", (event.recipient,), event.ids
        case ExportMade() as event:
            copy_kind, who = event.form, (event.recipient or fact.by,)
            ids = tuple(map(UUID, event.ids))
        case DisclosureMade() as event:
            copy_kind, who, ids = "disclosure", event.recipients, event.items
        case _:
            return None
    place = event.place if isinstance(event, BackupMade) else None
    bare = fact.ref if isinstance(event, ExportMade1 | DisclosureMade1) else None
    details = (event.purpose or "", place, ids, fact.by, fact.team, bare)
    copy = RecordedCopy(fact.stream, copy_kind, fact.recorded, who, *details)
    if isinstance(event, ExportMade):
        return replace(copy, number=event.number, destroy_by=event.destroy_by)
    return copy


def visible_copies(desk: Desk, reader: Reader) -> list[RecordedCopy]:
    """Return the recorded copies that the reader may know of. Users who run or verify the store see
    backups; users who disclose see the disclosures that they and their team made; users who approve
    erasures, and auditors, see all disclosures; the holder of a numbered paper copy sees that copy.
    """
    require_any(reader, *_KEEPERS, "see-meeting")
    return [copied for copied in list_copies(desk) if _sees(reader, copied)]


#: The rights that let a user see copies held by other users. Each kind of copy needs some of them.
_KEEPERS: tuple[Act, ...] = ("run-store", "verify", "export", "disclose", "approve-erasure")


def _sees(reader: Reader, copy: RecordedCopy) -> bool:
    if copy.number and reader.name in copy.holders:
        return True
    if not any(decide(reader, act).allowed for act in _KEEPERS):
        return False
    acts: tuple[Act, ...] = ("approve-erasure", "replay")
    if copy.kind in _BACKUPS.values():
        acts = ("run-store", "verify", "approve-erasure")
    elif copy.by == reader.name or copy.team in reader.teams:
        return True
    return not reader.closed or any(decide(reader, act).allowed for act in acts)


def copies_in_certificate(desk: Desk, ids: Iterable[UUID]) -> list[RecordedCopy]:
    """Return the recorded copies with these ids, in the form in which an erasure certificate lists
    copies.
    """
    access, found_copies = desk.logs["access"], []
    for item in ids:
        held_copies = [each for fact in access.history(item)[:1] if (each := _recorded_copy(fact))]
        ended = access.history(end_of(item))[:1]
        found_copies += [
            replace(copy, destroyed=fact.recorded) for fact in ended for copy in held_copies
        ] or held_copies
    return found_copies


def record_destroyed(
    desk: Desk, reader: Reader, which: str, how: str, **command: Unpack[Command]
) -> Receipt:
    """Record a person's statement that a copy is destroyed, and `how`. The copy is given by its id
    or the end of it (`which`). Raises Hidden if the reader may not know of the copy, Refused if
    `how` is empty.
    """

    def found() -> UUID:
        return item_references.ending(
            which, (copied.id for copied in visible_copies(desk, reader)), "copy"
        )

    again = earlier_receipt(
        desk,
        "copy.destroy",
        which,
        [how],
        lambda: end_of(found()),
        log="access",
        former=lambda: [found(), how],
        **command,
    )
    if again:
        return again
    require_command(reader, "copy.destroy")
    of = found()
    return act(
        desk,
        reader,
        "copy.destroy",
        end_of(of),
        CopyState(),
        copies.evolve,
        lambda state: copies.destroy(state, of, how),
        [how],
        log="access",
        target=which,
        **command,
    )


_BACKUPS: Mapping[Kept, str] = {"store": "backup", "keys": "backup of keys"}


def copies_that_may_open(
    held_copies: Iterable[RecordedCopy], items: Collection[UUID], since: datetime
) -> list[RecordedCopy]:
    """Return which of these copies, unless destroyed, may still contain one of the erased `items`.
    `since` is the time at which the first of these items was recorded.

    A disclosure or export counts if one of the items is in it, a backup of the store if it was made
    after `since`. A backup of the keys also counts if it was made after `since`, because these keys
    decrypt the store. An older backup of the keys counts if any backup of the store counts, because
    its keys may decrypt that backup.
    """
    standing = [recorded_copy for recorded_copy in held_copies if recorded_copy.destroyed is None]
    stores = [
        recorded_copy
        for recorded_copy in standing
        if recorded_copy.kind == _BACKUPS["store"] and recorded_copy.made >= since
    ]
    found_copies = []
    for copy in standing:
        if copy.kind == _BACKUPS["keys"]:
            opens = bool(stores) or copy.made >= since
        else:
            opens = copy in stores or not set(copy.ids).isdisjoint(items)
        if opens:
            found_copies.append(copy)
    return found_copies


def events_with_plain_hash(desk: Desk) -> list[str]:
    """Return the events (STREAM:VERSION) with an unkeyed hash, from which short contents can be
    guessed. Reads the whole logs.
    """
    bare = (FileReceived1, ExportMade1, DisclosureMade1)
    all_facts = facts_of(desk.logs, "evidence", "access")
    return [fact.ref for fact in all_facts if isinstance(fact.event, bare)]


def restores_without_certificates(desk: Desk) -> list[Recorded]:
    """Return the events of restores that were made without certificates of erasure. Reads the whole
    access log.
    """
    all_facts = facts_of(desk.logs, "access")
    return [
        fact for fact in all_facts if isinstance(fact.event, StoreRestored) and fact.event.without
    ]


def undestroyed_copies(desk: Desk) -> list[RecordedCopy]:
    """Return the copies listed in erasure certificates that are not recorded as destroyed."""
    evidence = desk.logs["evidence"]
    ids: dict[UUID, None] = {}
    for erasure in approved_in(fact.event for fact in evidence.history(ERASURES)):
        for fact in evidence.history(erasure):
            if isinstance(fact.event, ErasureCertified):
                ids |= dict.fromkeys(fact.event.copies)
    return [copied for copied in copies_in_certificate(desk, ids) if copied.destroyed is None]
