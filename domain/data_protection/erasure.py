"""Lawful erasure of items: one person proposes it, another approves it, then it is carried out and
certified.

Each erasure is a stream; its plan lists the items by id. The approvals of all erasures are in one
more stream, the register of erasures, so that a rebuild of the views finds them without a scan of
the log. No event here holds erased text.

The file is long because it is one aggregate.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Annotated, ClassVar, Literal, TypeGuard
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.envelope import Event, LogName, Meaning, Stored
from domain.kernel.fields import ABOUT, AS_IS, CODE, NOT_CHECKED, NOT_REACHED
from domain.kernel.values import Refused

ERASURES = UUID("00000000-0000-7000-8000-000000000002")

#: The lawful basis of an erasure: DPA 2018 s.47(1)-(2) for the police; article 17 UK GDPR for other
#: controllers; disposal after a MoPI review; a court order; or a text that should never have been
#: recorded here.
Basis = Literal["part-3-s47", "uk-gdpr-art17", "mopi-disposal", "court-order", "recorded-in-error"]
#: The lawful bases of an erasure, each in words for people.
BASES: dict[Basis, str] = {
    "part-3-s47": "The subject's right to erasure by the police (DPA 2018 s.47)",
    "uk-gdpr-art17": "The subject's right to erasure by others (UK GDPR article 17)",
    "mopi-disposal": "Disposal after a retention review (MoPI)",
    "court-order": "A court order",
    "recorded-in-error": "The item should never have been recorded here",
}
#: The effect of an erasure on an item. *destroyed*: the item's text is destroyed, and the item
#: leaves every view. *disappears*: a link lost its last evidence. *re-graded*: a link gets the
#: grade of its remaining evidence. *redacted*: a person's text replaces the original. *blanked*:
#: the item's notes are destroyed, and its codes stay. *restricted*: the item stays stored, but
#: ordinary queries leave it out.
Fate = Literal["destroyed", "disappears", "re-graded", "redacted", "blanked", "restricted"]
GONE: frozenset[Fate] = frozenset({"destroyed", "disappears"})


class Planned(msgspec.Struct, frozen=True, order=True):
    """One item in the plan of an erasure, and the effect of the erasure on this item (its fate)."""

    log: LogName
    id: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    kind: Annotated[str, CODE]
    fate: Fate


class Redaction(msgspec.Struct, frozen=True):
    """A replacement for a text that an erasure destroys, as a person wrote it. If `words` is None,
    the text is destroyed without a replacement. `item` is the item's number if the text belongs to
    an item of a report. `another` is True if the text names a different person of the same name;
    the text then stays unchanged.
    """

    id: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    item: int | None = None
    words: Annotated[str | None, AS_IS] = None
    another: bool = False


class ErasureProposed(Event, frozen=True):
    """A person proposed to erase all data about these subjects. `plan` is the SHA-256 of the
    erasure's plan; an approval applies only to a plan with this hash.
    """

    stored: ClassVar = Stored("erasure.proposed", "evidence", "none")
    meaning: ClassVar = Meaning(("erase",), proposes=True)
    basis: Basis
    subjects: Annotated[tuple[UUID, ...], ABOUT, NOT_REACHED]
    plan: Annotated[str, CODE]


class ErasurePlanned(Event, frozen=True):
    """Part of an erasure's plan was recorded; a long plan takes several of these events."""

    stored: ClassVar = Stored("erasure.planned", "evidence", "none")
    meaning: ClassVar = Meaning(("erase",))
    items: tuple[Planned, ...]


class RedactionsWritten(Event, frozen=True):
    """The replacement texts of an erasure were written; the copies in this event are destroyed once
    the texts are in place.
    """

    stored: ClassVar = Stored("erasure.redactions_written", "evidence", "record", ("redactions",))
    meaning: ClassVar = Meaning(("erase",))
    redactions: tuple[Redaction, ...]


class ErasureApproved(Event, frozen=True):
    """A second person approved a proposed erasure. From now on it is carried out, and continued
    after each interruption.
    """

    stored: ClassVar = Stored("erasure.approved", "evidence", "none")
    meaning: ClassVar = Meaning(("approve-erasure",), kind="register of erasures")
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]


class ErasureRefused(Event, frozen=True):
    """A second person refused a proposed erasure; no item was changed."""

    stored: ClassVar = Stored("erasure.refused", "evidence", "none")
    meaning: ClassVar = Meaning(("approve-erasure", "erase"))


class ItemErased(Event, frozen=True):
    """The effect of an erasure on one item was recorded in the item's own stream."""

    stored: ClassVar = Stored("item.erased", "evidence", "none")
    meaning: ClassVar = Meaning(("erase",), step="beside")
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    kind: Annotated[str, CODE]
    fate: Fate


class SourceErased(Event, frozen=True):
    """The effect of an erasure on an entry of the source register was recorded, like
    `item.erased`."""

    stored: ClassVar = Stored("source.erased", "sources", "none")
    meaning: ClassVar = Meaning(("erase",))
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    kind: Annotated[str, CODE]
    fate: Fate


class ProductErased(Event, frozen=True):
    """The effect of an erasure on a released copy was recorded, like `item.erased`. The released
    text cannot be recalled.
    """

    stored: ClassVar = Stored("product.erased", "product", "none")
    meaning: ClassVar = Meaning(("erase",))
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    kind: Annotated[str, CODE]
    fate: Fate


class NoteErased(Event, frozen=True):
    """The effect of an erasure on a note in the access log was recorded. It stays on record that
    the note existed.
    """

    stored: ClassVar = Stored("note.erased", "access", "none")
    meaning: ClassVar = Meaning(("erase",))
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    kind: Annotated[str, CODE]
    fate: Fate


class ErasureHeldBack(Event, frozen=True):
    """Items of an approved erasure were not destroyed, because legal holds covered the items when
    the erasure began. The use of the items is restricted instead. After the holds are lifted, the
    erasure has to be proposed again."""

    stored: ClassVar = Stored("erasure.held_back", "evidence", "none")
    meaning: ClassVar = Meaning(("erase", "approve-erasure"))
    items: tuple[Planned, ...]
    holds: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED]


class KeysDestroyed(Event, frozen=True):
    """An erasure destroyed keys in one log. The event lists the SHA-256 of the ids of the destroyed
    data keys, the Merkle leaves of the records whose text was lost, and the destroyed
    key-encryption keys (record format 3). A long list is recorded as several events.
    """

    stored: ClassVar = Stored("erasure.keys_destroyed", "evidence", "none")
    meaning: ClassVar = Meaning(("erase",))
    log: LogName
    keys: Annotated[tuple[str, ...], CODE]
    leaves: Annotated[tuple[str, ...], CODE]
    epochs: Annotated[tuple[str, ...], CODE]


class ErasureCertified(Event, frozen=True):
    """An erasure was completed, and its certificate was issued. `items` has, for each possible
    effect of the erasure on an item, the number of items.

    `copies` are the backups and handed-over copies that may still contain erased text, by their ids
    in the access log; the people who have these copies must destroy them. `archives_expire` is when
    the last database archive that may hold a destroyed key is deleted. `guessable` are records
    (STREAM:VERSION) with an unkeyed hash of erased text, against which a guess of the text can be
    checked. `before` is the hash of the previous certificate.
    """

    stored: ClassVar = Stored("erasure.certified", "evidence", "none")
    meaning: ClassVar = Meaning(("erase", "approve-erasure"))
    basis: Basis
    proposed_by: Annotated[str, CODE]
    approved_by: Annotated[str, CODE]
    items: Annotated[dict[str, int], CODE]
    keys: int
    leaves: int
    epochs: Annotated[tuple[str, ...], CODE]
    archives_expire: date | None = None
    copies: Annotated[tuple[UUID, ...], NOT_CHECKED, NOT_REACHED] = ()
    guessable: Annotated[tuple[str, ...], CODE] = ()
    before: Annotated[str | None, CODE] = None


def certificate_hash(item: UUID, event: ErasureCertified) -> str:
    """Return the SHA-256 (hex) of a certificate, which the next certificate contains. The function
    lists the hashed fields, so that a field added later changes no hash.
    """
    fields = (
        *(
            str(item),
            event.basis,
            event.proposed_by,
            event.approved_by,
            sorted(event.items.items()),
        ),
        *(event.keys, event.leaves, event.epochs, event.archives_expire, event.copies),
        *(event.guessable, event.before),
    )
    return sha256(msgspec.json.encode(fields)).hexdigest()


EVENTS = (
    ErasureProposed,
    ErasurePlanned,
    RedactionsWritten,
    ErasureApproved,
    ErasureRefused,
    ItemErased,
    SourceErased,
    ProductErased,
    NoteErased,
    ErasureHeldBack,
    KeysDestroyed,
    ErasureCertified,
)
Told = ItemErased | SourceErased | ProductErased | NoteErased
#: For each log, the event class that records the effect of an erasure on an item.
IN_LOG: dict[LogName, type[Told]] = {
    "evidence": ItemErased,
    "sources": SourceErased,
    "product": ProductErased,
    "access": NoteErased,
}

State = Literal["none", "proposed", "refused", "certified"]


class Erasure(Struct, frozen=True):
    """The state of one erasure, from its proposal to its certificate. Approvals are not in this
    state, but in the register of erasures.
    """

    state: State = "none"
    basis: Basis = "part-3-s47"
    subjects: tuple[UUID, ...] = ()
    plan: str = ""
    items: tuple[Planned, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    certificate: ErasureCertified | None = None
    held_back: frozenset[UUID] = frozenset()
    holds: frozenset[UUID] = frozenset()


def evolve(state: Erasure, event: Event) -> Erasure:
    match event:
        case ErasureProposed():
            return Erasure("proposed", event.basis, event.subjects, event.plan)
        case ErasurePlanned():
            return replace(state, items=(*state.items, *event.items))
        case RedactionsWritten():
            return replace(state, redactions=(*state.redactions, *event.redactions))
        case ErasureRefused():
            return replace(state, state="refused")
        case ErasureHeldBack():
            kept_items = {item.id for item in event.items}
            return replace(
                state,
                items=tuple(
                    msgspec.structs.replace(item, fate="restricted")
                    if item.id in kept_items
                    else item
                    for item in state.items
                ),
                held_back=state.held_back | kept_items,
                holds=state.holds.union(event.holds),
            )
        case ErasureCertified():
            return replace(state, state="certified", certificate=event)
    return state


def planned(events: Iterable[Event]) -> list[Planned]:
    """Return the items of an erasure's plan that no legal hold protected, from the events of the
    erasure.
    """
    stored_events = list(events)
    held_back = {
        item.id
        for event in stored_events
        if isinstance(event, ErasureHeldBack)
        for item in event.items
    }
    return [
        item
        for event in stored_events
        if isinstance(event, ErasurePlanned)
        for item in event.items
        if item.id not in held_back
    ]


def approved_in(register: Iterable[Event]) -> list[UUID]:
    """Return the ids of the approved erasures, from the events of the register of erasures."""
    return [event.erasure for event in register if isinstance(event, ErasureApproved)]


def is_destroyed(event: Event) -> TypeGuard[Told]:
    """Return whether this event records that an erasure removed an item: the item was destroyed, or
    no longer exists.
    """
    return isinstance(event, Told) and event.fate in GONE


Outcome = Literal["erased", "erased but for what is restricted", "only restricted"]


def outcome(fates: Iterable[str]) -> Outcome:
    """Return the outcome of a whole erasure: all its items were erased, all were only restricted,
    or some were erased and the others restricted. `fates` are the effects on the items. A
    restricted item, for example one under a legal hold, is not erased.
    """
    distinct = set(fates)
    if distinct == {"restricted"}:
        return "only restricted"
    return "erased but for what is restricted" if "restricted" in distinct else "erased"


def are_notes_destroyed(event: Event) -> bool:
    """Return whether this event records that an erasure destroyed the earlier notes of its item,
    but not the item itself.
    """
    return isinstance(event, Told) and event.fate in ("blanked", "re-graded")


def _open(state: Erasure, approved: bool) -> None:
    if state.state == "none":
        raise Refused("there is no erasure with this id")
    if state.state == "refused":
        raise Refused("this erasure was refused: propose the erasure again")
    if approved or state.state == "certified":
        raise Refused("this erasure was approved already: carry it out with --resume")


def second_person(proposer: str, by: str) -> None:
    """Raise Refused if the person who proposed an erasure would also decide on it."""
    if forms.same_person(proposer, by):
        raise Refused("an erasure takes two people: the person who proposed it cannot decide on it")


def approve(
    state: Erasure, erasure: UUID, *, proposer: str, by: str, approved: bool, plan: str
) -> tuple[Event, ...]:
    """Record that a second person approves a proposed erasure. `plan` is the present hash of the
    erasure's plan. Raises Refused if the plan has changed since the proposal.
    """
    _open(state, approved)
    second_person(proposer, by)
    if state.plan != plan:
        raise Refused(
            "the items that this erasure affects have changed since the proposal: review the "
            "items, and propose "
            "the erasure again"
        )
    return (ErasureApproved(erasure),)


def refuse(state: Erasure, *, proposer: str, by: str, approved: bool) -> tuple[Event, ...]:
    _open(state, approved)
    second_person(proposer, by)
    return (ErasureRefused(),)
