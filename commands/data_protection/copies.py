"""Copies of the record and of what is in it: written down before their bytes are, and named when
something is erased that they may still open.

Long because each kind of copy has its commands here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Unpack
from uuid import UUID, uuid5

from access.who_may.decide import decide, require_any
from access.who_may.event_rules import require_command
from commands.kernel import item_references
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, asked_before, facts
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


def backup_made(
    desk: Desk,
    reader: Reader,
    kind: Kept,
    place: str,
    *,
    recipient: str | None = None,
    purpose: str | None = None,
    sealed_to: str | None = None,
) -> Receipt:
    """A copy of the store or of its keys is about to be made, sealed to a public key of this
    fingerprint. Where nothing else is said, the person who makes it keeps it, to bring the store
    back. Raises Denied, LogUnavailable."""
    told = _said(purpose) or TO_BRING_BACK, _said(recipient) or reader.name
    made = BackupMade(kind, place, *told, sealed_to)
    return _new(desk, reader, made)


def proof_taken(
    desk: Desk,
    reader: Reader,
    ids: Sequence[UUID],
    *,
    recipient: str | None = None,
    purpose: str | None = None,
) -> Receipt:
    """A proof is about to be taken along with words. Raises Denied, LogUnavailable."""
    made = ProofTaken(tuple(ids), _said(purpose) or TO_PROVE, _said(recipient) or reader.name)
    return _new(desk, reader, made)


def fingerprint(desk: Desk, reader: Reader, of: UUID, hashes: Sequence[str]) -> None:
    """The SHA-256 of what is about to be handed over, under a key of its own; written once."""
    stream = fingerprints_of(of)
    command = uuid5(stream, "made")
    if not desk.logs["access"].commands_known([command]):
        _new(desk, reader, CopyFingerprinted(of, tuple(hashes)), stream, command)


def numbered(team: str, number: int) -> UUID:
    """The command under which a team's paper is given this number: no two are."""
    return uuid5(_NUMBERED, f"{team}\n{number}")


def next_number(desk: Desk, team: str) -> int:
    """The first number that no paper of the team has; they follow each other without a gap."""
    log, taken, free = desk.logs["access"], 0, 1
    while log.commands_known([numbered(team, free)]):
        taken, free = free, free * 2
    while free - taken > 1:
        between = (taken + free) // 2
        known = log.commands_known([numbered(team, between)])
        taken, free = (between, free) if known else (taken, between)
    return free


def _said(text: str | None) -> str:
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


@dataclass(frozen=True)
class RecordedCopy:
    """A copy: what it is of, when it was made, where it went, who has it, and for what. `ids` are
    the items in it; a backup holds all that was recorded before it. `bare` is the record of it
    (STREAM:VERSION) that bears a bare hash, from which what was handed over can be guessed. A paper
    has a number among its team's, and the day by which the person who has it destroys it."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("id", "id", "id"),
        Column("made", "made", "moment"),
        Column("kind", "what"),
        Column("number", "no."),
        Column("holders", "who has it"),
        Column("place", "where"),
        Column("purpose", "for"),
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
    def called(self) -> str:
        """What a paper is called, as stands on each of its pages."""
        return f"copy {self.number} of {self.team}"


def listed(desk: Desk) -> list[RecordedCopy]:
    """Every copy that was written down, oldest first."""
    found: dict[UUID, RecordedCopy] = {}
    for fact in _told(desk):
        if isinstance(fact.event, CopyDestroyed) and fact.event.of in found:
            found[fact.event.of] = replace(found[fact.event.of], destroyed=fact.recorded)
        elif one := _held(fact):
            found[one.id] = one
    return list(found.values())


def _told(desk: Desk) -> Iterator[Recorded]:
    """What the access log tells of copies: found by a view as far as that has read it, and behind
    that in the log itself, so that nothing is missed whatever can be said of the view."""
    log, told = desk.logs["access"], view.TOLD
    try:
        with desk.looked() as db:
            places, read = view.places(db)
    except LogUnavailable:
        places, read = [], 0
    for seq in places:
        yield from (fact for fact in log.read(seq - 1, 1) if isinstance(fact.event, told))
    yield from facts_of_kinds(log, *told, after=read)


def _held(fact: Recorded) -> RecordedCopy | None:
    who: tuple[str, ...]
    match fact.event:
        case BackupMade() as event:
            what, ids = _BACKUPS[event.kind], tuple[UUID, ...]()
            who = (event.recipient,)
        case ProofTaken() as event:
            what, who, ids = "proof with words", (event.recipient,), event.ids
        case ExportMade() as event:
            what, who = event.form, (event.recipient or fact.by,)
            ids = tuple(map(UUID, event.ids))
        case DisclosureMade() as event:
            what, who, ids = "disclosure", event.recipients, event.items
        case _:
            return None
    place = event.place if isinstance(event, BackupMade) else None
    bare = fact.ref if isinstance(event, ExportMade1 | DisclosureMade1) else None
    told = (event.purpose or "", place, ids, fact.by, fact.team, bare)
    held = RecordedCopy(fact.stream, what, fact.recorded, who, *told)
    if isinstance(event, ExportMade):
        return replace(held, number=event.number, destroy_by=event.destroy_by)
    return held


def seen(desk: Desk, reader: Reader) -> list[RecordedCopy]:
    """The copies that the reader may know of: those who run or verify the store know of backups; of
    what was handed over they know their own and their team's, and those who approve erasures or
    audit know all of it; a person who has a numbered paper knows of that."""
    require_any(reader, *_KEEPERS, "see-meeting")
    return [one for one in listed(desk) if _sees(reader, one)]


#: By these acts one is told of more copies than those that one has.
_KEEPERS: tuple[Act, ...] = ("run-store", "verify", "export", "disclose", "approve-erasure")


def _sees(reader: Reader, one: RecordedCopy) -> bool:
    if one.number and reader.name in one.holders:
        return True
    if not any(decide(reader, act).allowed for act in _KEEPERS):
        return False
    acts: tuple[Act, ...] = ("approve-erasure", "replay")
    if one.kind in _BACKUPS.values():
        acts = ("run-store", "verify", "approve-erasure")
    elif one.by == reader.name or one.team in reader.teams:
        return True
    return not reader.closed or any(decide(reader, act).allowed for act in acts)


def named(desk: Desk, ids: Iterable[UUID]) -> list[RecordedCopy]:
    """These copies, as a certificate names them."""
    access, found = desk.logs["access"], []
    for one in ids:
        held = [each for fact in access.history(one)[:1] if (each := _held(fact))]
        ended = access.history(end_of(one))[:1]
        found += [replace(each, destroyed=fact.recorded) for fact in ended for each in held] or held
    return found


def destroyed(
    desk: Desk, reader: Reader, which: str, how: str, **command: Unpack[Command]
) -> Receipt:
    """A person says that a copy, named by its id or the end of it, is destroyed. Raises Hidden for
    what is no copy that they see, Refused where they do not say how they know."""

    def found() -> UUID:
        return item_references.ending(which, (one.id for one in seen(desk, reader)), "copy")

    again = asked_before(
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
        told=which,
        **command,
    )


_BACKUPS: Mapping[Kept, str] = {"store": "backup", "keys": "backup of keys"}


def may_open(
    held: Iterable[RecordedCopy], items: Collection[UUID], since: datetime
) -> list[RecordedCopy]:
    """Of these copies, those that may still open items that are erased, of which the first was
    recorded `since`.

    What was handed over holds them in the clear. A backup of keys opens every backup of the store
    that was made under them, and itself what the store still holds, sealed: so it counts if it is
    younger than the items, and an older one if a backup of the store is.
    """
    standing = [one for one in held if one.destroyed is None]
    stores = [one for one in standing if one.kind == _BACKUPS["store"] and one.made >= since]
    found = []
    for one in standing:
        if one.kind == _BACKUPS["keys"]:
            opens = bool(stores) or one.made >= since
        else:
            opens = one in stores or not set(one.ids).isdisjoint(items)
        if opens:
            found.append(one)
    return found


def guessable(desk: Desk) -> list[str]:
    """The records (STREAM:VERSION) that bear a bare hash, from which short contents can be guessed.
    It reads the whole logs."""
    bare = (FileReceived1, ExportMade1, DisclosureMade1)
    every = facts_of(desk.logs, "evidence", "access")
    return [fact.ref for fact in every if isinstance(fact.event, bare)]


def came_back_alone(desk: Desk) -> list[Recorded]:
    """That the store was brought back without certificates of erasures. It reads the whole access
    log."""
    every = facts_of(desk.logs, "access")
    return [one for one in every if isinstance(one.event, StoreRestored) and one.event.without]


def still_open(desk: Desk) -> list[RecordedCopy]:
    """The copies that certificates name and of which it is not said that they are destroyed."""
    evidence = desk.logs["evidence"]
    ids: dict[UUID, None] = {}
    for one in approved_in(fact.event for fact in evidence.history(ERASURES)):
        for fact in evidence.history(one):
            if isinstance(fact.event, ErasureCertified):
                ids |= dict.fromkeys(fact.event.copies)
    return [one for one in named(desk, ids) if one.destroyed is None]
