"""The bundle for the prosecutor: the forms of a trial about unused material, with the material
itself. The MG6C lists material that is not sensitive, the MG6D sensitive material, and the MG6E is
the disclosure officer's report.

Material on the MG6D is described and never attached: the public interest that the schedule names is
protected until the prosecutor or the court has decided, and an officer records that decision as a
new review. If a review says that an item is not sensitive any more, the item moves to the MG6C, and
its text is attached.

The file is long because the same contents are shown, recorded and printed.
"""

from datetime import datetime
from hashlib import sha256
from typing import ClassVar, Unpack
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from access.who_may import scope
from access.who_may.decide import require
from commands.data_protection import copies
from commands.data_protection.disclosure import (
    DISCLOSURES,
    MARKING,
    DisclosedItem,
    gather,
)
from commands.kernel import item_references
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, earlier_receipt
from domain.data_protection import disclosure
from domain.data_protection.copies import CopyFingerprinted, fingerprints_of
from domain.data_protection.disclosure import (
    Basis,
    Disclosure,
    DisclosureMade,
    check_handling,
)
from domain.kernel.codes import Presumed
from domain.kernel.values import Reader, Refused
from projections.data_protection import disclosures
from projections.justice import unused_material as view
from projections.justice.unused_material import LogRow
from projections.kernel.columns import Column
from projections.kernel.database import Db
from questions.justice import unused
from questions.justice.unused import Line

BASIS: Basis = "criminal-proceedings"
#: The reason for which the text of an item is not attached.
CONSENT = "not attached: its originator's consent is missing"
NO_TEXT = "not attached: withdrawn, erased, or without a text of its own"
STRUCK = "not attached: a later decision took it off this schedule"


class OpenLine(Struct, frozen=True):
    """A line of the MG6C (the schedule of material that is not sensitive), with the text of the
    material; `why_not` says why the text is not attached."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "no."),
        Column("description", "description"),
        Column("presumed", "presumed to be disclosed"),
        Column("what", "kind"),
        Column("grade", "grade"),
        Column("text", "text of the material"),
        Column("notes", "notes"),
        Column("why_not", "why not attached"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    number: str
    description: str
    presumed: Presumed | None
    what: str | None
    grade: str | None
    text: str | None
    notes: tuple[str, ...]
    why_not: str | None
    sha256: str | None


class SensitiveLine(Struct, frozen=True):
    """A line of the MG6D: the description of an item of sensitive material, and why it is
    sensitive. The line never has the material itself.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "no."),
        Column("description", "description"),
        Column("reason", "why sensitive"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    number: str
    description: str
    reason: str | None


class PresumedLine(Struct, frozen=True):
    """A line of the MG6C about material of a kind that is presumed to be disclosed; the MG6E lists
    it, too.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "no."),
        Column("description", "description"),
        Column("presumed", "kind of material"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    number: str
    description: str
    presumed: Presumed


class Revealed(Struct, frozen=True):
    """A bundle that was revealed to the prosecutor earlier: its recipients, and whether the present
    bundle has the same contents.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("at", "revealed", "moment"),
        Column("by", "revealed by"),
        Column("recipients", "recipients"),
        Column("same", "same contents", "mark"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("at", "id")
    id: UUID
    at: datetime
    by: str
    recipients: tuple[str, ...]
    same: bool


class Bundle(Struct, frozen=True):
    """The documents that the prosecutor of a trial receives. `items` are all items in them,
    `conditions` the handling conditions of these items. `sha256` is a hash of the contents without
    ids and times, by which two bundles can be compared.
    """

    case: UUID
    trial: str
    mg6c: tuple[OpenLine, ...]
    mg6d: tuple[SensitiveLine, ...]
    decisions: tuple[LogRow, ...]
    undecided: int
    items: tuple[UUID, ...]
    attached: tuple[DisclosedItem, ...]
    conditions: tuple[str, ...]
    sha256: str

    @property
    def presumed(self) -> tuple[PresumedLine, ...]:
        """Return the lines of the MG6C that the MG6E also lists."""
        return tuple(
            PresumedLine(line.place, line.number, line.description, line.presumed)
            for line in self.mg6c
            if line.presumed
        )


def compose(desk: Desk, db: Db, reader: Reader, case: UUID, trial: str) -> Bundle:
    """Return the bundle of a trial as it would be revealed now. Raises Denied if the reader may not
    make schedules, and Refused if no trial is named.
    """
    require(reader, "schedule")
    if not (trial := trial.strip()):
        raise Refused("name the trial, for instance S3", field="trial")
    decided = view.reviews(db, reader, case)
    lines = unused.planned_lines(db, reader, case, trial, "MG6C")
    seen = scope.visible_items(db, reader, [line.item for line in lines])
    opened_lines = [_opened(desk, reader, line, decided[line.item], seen) for line in lines]
    mg6c = tuple(
        _open_line(place, line, decided[line.item].presumed, *opened_line)
        for place, (line, opened_line) in enumerate(zip(lines, opened_lines, strict=True), start=1)
    )
    secret = unused.planned_lines(db, reader, case, trial, "MG6D")
    mg6d = tuple(
        SensitiveLine(place, line.number, line.description, line.reason)
        for place, line in enumerate(secret, start=1)
    )
    decisions = tuple(view.log(db, reader, case))
    listed = [line.item for line in (*lines, *secret)]
    shown = scope.visible_items(db, reader, listed)
    attached = tuple(exhibit for found_items, _ in opened_lines for exhibit in found_items)
    conditions = sorted({item.handling.conditions or "" for item in attached} - {""})
    waiting = len(unused.undecided(db, reader, case))
    body = [trial, mg6c, mg6d, [_hashed(decision) for decision in decisions], waiting, conditions]
    return Bundle(
        case,
        trial,
        mg6c,
        mg6d,
        decisions,
        waiting,
        (case, *dict.fromkeys(item for item in listed if item in shown)),
        attached,
        tuple(conditions),
        sha256(msgspec.json.encode(body, order="sorted")).hexdigest(),
    )


def _opened(
    desk: Desk, reader: Reader, line: Line, now: view.ReviewRow, seen: set[UUID]
) -> tuple[list[DisclosedItem], str | None]:
    """Return two values for an item on the MG6C: the texts of the item that are attached to the
    bundle, and None. If no text is attached, return an empty list, and the reason as the second
    value.
    """
    if not unused.is_on("MG6C", now):
        return [], STRUCK
    try:
        found_items = gather(desk, reader, line.item, BASIS) if line.item in seen else []
    except Refused:
        return [], NO_TEXT
    if any(item.needs_consent for item in found_items):
        return [], CONSENT
    return found_items, None if found_items else NO_TEXT


def _open_line(
    place: int, line: Line, presumed: Presumed | None, items: list[DisclosedItem], why: str | None
) -> OpenLine:
    if not items:
        nothing = (None, None, None, (), why, None)
        return OpenLine(place, line.number, line.description, presumed, *nothing)
    text = "\n\n".join(item.text for item in items)
    grades = ", ".join(dict.fromkeys(item.grade for item in items if item.grade)) or None
    notes = tuple(dict.fromkeys(note for item in items for note in item.notes))
    digest = sha256(text.encode()).hexdigest()
    fields = (items[0].what, grades, text, notes, None, digest)
    return OpenLine(place, line.number, line.description, presumed, *fields)


def _hashed(row: LogRow) -> list[object]:
    """Return those fields of a decision about an item that are part of the hash of the bundle. Ids
    and times are not part of it, because they say nothing about the material.
    """
    parts = row.by, row.relevance, row.sensitivity, row.used, row.presumed
    return [*parts, row.description, row.reason]


def reveal(
    desk: Desk,
    reader: Reader,
    case: str,
    trial: str,
    recipients: tuple[str, ...],
    checked: str,
    *,
    conditions_met: str | None = None,
    **command: Unpack[Command],
) -> Receipt:
    """Record that the bundle is revealed to the prosecutor: make its schedules, then one disclosure
    of everything in it, with its hash.

    Raises Denied if the reader may not make schedules; Refused if no trial, no recipient or no
    check is named, or if handling conditions are not met.
    """
    target, body = f"{case}|{trial}", [recipients, checked, conditions_met]
    stream = uuid5(DISCLOSURES, str(command.setdefault("command_id", desk.new_random_id())))
    name = "disclosure.make"
    if again := earlier_receipt(desk, name, target, body, lambda: stream, log="access", **command):
        return again
    require(reader, "schedule")
    if not any(recipient.strip() for recipient in recipients):
        raise Refused("this field is empty", field="to")
    if not checked.strip():
        raise Refused("say what you checked: accurate, complete, up to date", field="checked")
    with desk.looked() as db:
        which = item_references.item(desk, db, reader, case, "case")
        bundle = compose(desk, db, reader, which, trial)
        handling = check_handling([item.handling for item in bundle.attached], conditions_met)
        made = DisclosureMade(
            basis=BASIS,
            items=bundle.items,
            marking=MARKING,
            handling=handling,
            purpose=purpose(bundle.trial),
            recipients=recipients,
            checked=checked,
            conditions_met=conditions_met,
        )
        unused.schedule(desk, db, reader, which, bundle.trial, "MG6C")
        unused.schedule(desk, db, reader, which, bundle.trial, "MG6D")
    receipt = act(
        desk,
        reader,
        name,
        stream,
        Disclosure(),
        disclosure.evolve,
        lambda state: disclosure.disclose(state, made),
        body,
        log="access",
        target=target,
        **command,
    )
    texts = (line.sha256 for line in bundle.mg6c if line.sha256)
    copies.fingerprint(desk, reader, receipt.id, (*texts, bundle.sha256))
    return receipt


def purpose(trial: str) -> str:
    """Return the purpose under which the disclosure of a trial's bundle is recorded."""
    return f"to the prosecutor, trial {trial}: MG6C, MG6D, MG6E and the material"


def list_revealed(desk: Desk, db: Db, reader: Reader, bundle: Bundle) -> list[Revealed]:
    """Return the bundles of this trial that were revealed and not recalled, oldest first."""
    rows = disclosures.of_items(db, reader, [bundle.case])
    return [
        Revealed(row.id, row.at, row.by, row.recipients, _hash(desk, row.id) == bundle.sha256)
        for row in rows
        if row.purpose == purpose(bundle.trial) and not row.recalled
    ]


def _hash(desk: Desk, disclosed: UUID) -> str | None:
    """Return the recorded hash of a bundle that was disclosed; None if the record was destroyed."""
    for fact in desk.logs["access"].history(fingerprints_of(disclosed)):
        if isinstance(fact.event, CopyFingerprinted) and not fact.erased:
            return fact.event.sha256[-1]
    return None
