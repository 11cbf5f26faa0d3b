"""Disclosures of items to people outside. The items are collected and checked, and the disclosure
is recorded, before the recipient gets them.

The file is long because all checks of a disclosure, and its recall, are in one place.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Unpack
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from access.who_may import scope
from access.who_may.decide import require
from commands.data_protection import copies
from commands.intelligence.release import checker_marks, review_due_event
from commands.kernel import item_references
from commands.kernel.declared import OnNamed, ignoring_desk
from commands.kernel.submission import Prepared
from commands.kernel.unit_of_work import Command, Desk, Receipt, act, facts
from domain.data_protection import disclosure
from domain.data_protection.disclosure import (
    PREVENTS_HARM,
    WORDS_MAY_GO,
    Basis,
    Disclosure,
    DisclosureMade,
    DisclosureMade1,
    check_handling,
)
from domain.families import charity_support
from domain.families.charity_support import ContactMade, SupportState
from domain.information import observation
from domain.information.observation import Observation
from domain.intelligence import intelligence_report
from domain.intelligence.intelligence_report import Report
from domain.intelligence.release import Marked, ReleaseTakesTwo
from domain.intelligence.release import describe_marks as told
from domain.justice import evidence
from domain.justice.evidence import Evidence, EvidenceGathered
from domain.justice.victim_request import BY_REQUEST
from domain.kernel.acts import Act
from domain.kernel.envelope import Submission
from domain.kernel.values import Handling, HandlingCode, Reader, Refused
from projections.data_protection import disclosures

DISCLOSURES = UUID("5f6d1b1c-3c52-5f0e-8b3c-6f6f0c1d2e01")
MARKING = "OFFICIAL-SENSITIVE"
#: The name under which the charity's notes and contacts appear in a disclosure.
SUPPORT = "support note"


class DisclosedItem(Struct, frozen=True):
    """One item in the form in which it is disclosed. `id` is internal and is not sent. `notes` tell
    the recipient about the quality of the item (Data Protection Act 2018 s.38). `marked` are words
    to which the checker objects and which no second officer has approved.
    """

    id: UUID
    what: str
    text: str
    grade: str | None
    handling: Handling
    notes: tuple[str, ...] = ()
    needs_consent: bool = False
    marked: tuple[Marked, ...] = ()

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()


class DisclosureDocument(Struct, frozen=True):
    """The document that the recipient of a disclosure gets, which has no internal ids, and the
    SHA-256 of its bytes.
    """

    content: dict[str, Any]
    sha256: str


def gather(desk: Desk, reader: Reader, item: UUID, basis: Basis) -> list[DisclosedItem]:
    """Return the contents of a log entry, a report or an item of evidence that can be disclosed.

    Raises Refused if the item is withdrawn, or if its text is not sanitised and the legal basis of
    the disclosure requires sanitised text.
    """
    report, version = desk.current_state(reader, item, Report(), intelligence_report.evolve)
    if report.exists:
        intelligence_report.require_current(report)
        marked = checker_marks(desk, reader, item, report)
        return [_sanitised(item, number, report, marked) for number in sorted(report.items)]
    words, version = desk.current_state(reader, item, Observation(), observation.evolve)
    if words.exists:
        return [_words(desk, reader, item, words, basis)]
    exhibit, version = desk.current_state(reader, item, Evidence(), evidence.evolve)
    if exhibit.exists:
        return [_exhibit(desk, item, exhibit)]
    noted, version = desk.current_state(reader, item, SupportState(), charity_support.evolve)
    if noted.recorded and basis == "court-order":
        return [note(desk, reader, item)]
    if noted.recorded:
        raise Refused(BY_REQUEST)
    raise Refused(
        f"{item} cannot be shared as a whole: give the id of an observation, a report or an item "
        "of evidence in it"
        if version
        else f"there is no item {item}"
    )


def _sanitised(
    item: UUID, number: int, report: Report, marked: tuple[Marked, ...] = ()
) -> DisclosedItem:
    graded_item = report.items[number]
    if graded_item.text is None:
        raise Refused(
            f"item {number} of the intelligence report has no sanitised text yet: sanitise the "
            "item first"
        )
    notes = ("suspected to be false",) if graded_item.grade.information == "E" else ()
    waits = graded_item.needs_consent
    return DisclosedItem(
        item,
        "intelligence",
        graded_item.text,
        graded_item.grade.label,
        graded_item.handling,
        notes,
        waits,
        marked,
    )


def _words(
    desk: Desk, reader: Reader, item: UUID, words: Observation, basis: Basis
) -> DisclosedItem:
    if words.withdrawn:
        raise Refused(f"{item} was withdrawn, so it cannot be shared")
    if words.assessed:
        report, number = words.assessed[-1]
        state, _ = desk.fold(report, Report(), intelligence_report.evolve)
        if not state.withdrawn and state.items[number].text is not None:
            marked = checker_marks(desk, reader, report, state)
            return replace(_sanitised(item, number, state, marked), id=item)
    if basis not in WORDS_MAY_GO:
        raise Refused(
            f"{item} has no sanitised text: assess and sanitise it, or share it on one of these "
            "lawful bases: " + ", ".join(sorted(WORDS_MAY_GO))
        )
    notes = ("first words, ungraded", "an account, not an established fact")
    return DisclosedItem(item, "information", words.words, None, Handling("P"), notes)


def _exhibit(desk: Desk, item: UUID, state: Evidence) -> DisclosedItem:
    if state.status in ("excluded", "withdrawn"):
        raise Refused(f"the item of evidence {item} is {state.status}, so it cannot be shared")
    gathered = next(
        fact.event
        for fact in desk.logs["evidence"].history(item)
        if isinstance(fact.event, EvidenceGathered)
    )
    notes = ("something speaks against it",) if state.status == "undermined" else ()
    text = f"{gathered.kind} {gathered.mark}: {gathered.description or 'no description'}"
    return DisclosedItem(item, "evidence", text, None, Handling("P"), notes)


def note(desk: Desk, reader: Reader, item: UUID) -> DisclosedItem:
    """Return a contact or note of the charity for a disclosure, with information on its quality for
    the recipient. Raises Refused if the note does not exist, or was erased.
    """
    noted, _ = desk.current_state(reader, item, SupportState(), charity_support.evolve)
    event = noted.recorded
    if event is None or desk.logs["evidence"].history(item)[0].erased:
        raise Refused(f"there is no note with the id {item}")
    if isinstance(event, ContactMade):
        text = f"{event.kind}, {event.channel}, with the {event.whom}: {event.words or 'no note'}"
        return DisclosedItem(item, SUPPORT, text, None, Handling("P"))
    quality = event.opinion.replace("-", " ")
    if event.opinion == "opinion":
        quality = f"an opinion of {event.holder}, on the basis of {event.basis}"
    return DisclosedItem(item, SUPPORT, event.words, None, Handling("P"), (quality,))


def _required_act(basis: Basis, shared: Sequence[DisclosedItem], reader: Reader) -> Act:
    """Return the right that the reader needs for this disclosure: to answer access requests, if the
    basis is an access request; to do support work, if the items are the charity's own notes;
    otherwise to disseminate.
    """
    if reader.closed and basis == "subject-access":
        return "disclose"
    return "support" if any(item.what == SUPPORT for item in shared) else "disseminate"


def disclose(
    desk: Desk,
    reader: Reader,
    shared: Sequence[DisclosedItem],
    *,
    basis: Basis,
    purpose: str,
    recipients: Sequence[str],
    checked: str,
    conditions_met: str | None = None,
    urgent: str | None = None,
    needed: datetime | None = None,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> tuple[Receipt, DisclosureDocument]:
    """Disclose items whose handling conditions are met. `checked` is the discloser's statement of
    the checks they made.

    Returns the receipt and the document to hand over. Raises Refused (see
    `domain.data_protection.disclosure`), Denied.
    """
    require(reader, _required_act(basis, shared, reader))
    with desk.deciding() as db:
        scope.require_visible(db, reader, {item.id for item in shared}, "item")
    handling = _cleared(shared, basis, conditions_met, urgent)
    document = _document(shared, basis, purpose, recipients, handling)
    made = DisclosureMade(
        basis=basis,
        items=tuple(dict.fromkeys(item.id for item in shared)),
        marking=MARKING,
        handling=handling,
        purpose=purpose,
        recipients=tuple(recipients),
        checked=checked,
        conditions_met=conditions_met,
        urgent_reason=urgent,
        needed=needed,
    )
    command_id = command_id or desk.new_random_id()
    hashes = (*(item.sha256 for item in shared), document.sha256)
    stream = uuid5(DISCLOSURES, str(command_id))
    # the hash of an earlier release also covered the hashes of the disclosed texts
    receipt = desk.repeated(
        command_id,
        "disclosure.make",
        [str(stream), made, tuple(because_of)],
        "access",
        former=lambda: [str(stream), _with(made, hashes), tuple(because_of)],
    ) or act(
        desk,
        reader,
        "disclosure.make",
        stream,
        Disclosure(),
        disclosure.evolve,
        lambda s: disclosure.disclose(s, made),
        made,
        command_id=command_id,
        because_of=because_of,
        log="access",
    )
    copies.fingerprint(desk, reader, receipt.id, hashes)
    if urgent or basis in PREVENTS_HARM:
        told_whole = [
            item for item in shared if urgent or item.marked or item.what == "information"
        ]
        _to_review(desk, reader, told_whole, receipt.id, urgent or purpose)
    return receipt, document


def _with(made: DisclosureMade, hashes: Sequence[str]) -> DisclosureMade1:
    return DisclosureMade1(**msgspec.structs.asdict(made), hashes=tuple(hashes))


def _to_review(
    desk: Desk, reader: Reader, shared: Sequence[DisclosedItem], made: UUID, why: str
) -> None:
    """Record, in the discloser's name, that each item of an urgent disclosure has to be reviewed
    within a day. A repeated call sets no second deadline.
    """
    reader = scope.unlimited(reader)
    for item in dict.fromkeys(disclosed_item.id for disclosed_item in shared):
        command = uuid5(made, f"review/{item}")
        if desk.known_commands([command]):
            continue
        marked = tuple(
            mark
            for disclosed_item in shared
            if disclosed_item.id == item
            for mark in disclosed_item.marked
        )
        review = msgspec.structs.replace(
            review_due_event(desk, reader, why, marked), disclosure=made
        )
        history = desk.logs["evidence"].history(item)
        version = history[-1].version if history else 0
        events = facts(reader, item, version, (review,))
        digest = desk.digest("release.review_due", [item, made])
        desk.save([Prepared(item, {"evidence": Submission(command, digest, events)}, reader)])


def _cleared(
    shared: Sequence[DisclosedItem], basis: Basis, conditions_met: str | None, urgent: str | None
) -> HandlingCode:
    """Return the handling code of a disclosure with all these items. An urgent disclosure is never
    refused here; any conditions of its items go with it to the recipient. Otherwise raises Refused
    if an item needs its originator's consent, and ReleaseTakesTwo if the checker marked words and
    the legal basis does not allow unsanitised text.
    """
    if urgent:
        return "C" if any(item.handling.code == "C" for item in shared) else "P"
    waiting = next((item for item in shared if item.needs_consent), None)
    if waiting:
        raise Refused(
            f"{waiting.id} needs its originator's consent: request consent, or say why sharing "
            "the item cannot wait"
        )
    marked = next((item for item in shared if item.marked), None)
    if marked and basis not in WORDS_MAY_GO:
        raise ReleaseTakesTwo(
            f"the sanitised text still has words that the checker marks: {told(marked.marked)}. "
            "Disseminate its report and give a reason, so that another officer confirms the "
            "text; or say why sharing the text cannot wait"
        )
    return check_handling([item.handling for item in shared], conditions_met)


def _document(
    shared: Sequence[DisclosedItem],
    basis: Basis,
    purpose: str,
    recipients: Sequence[str],
    handling: str,
) -> DisclosureDocument:
    content = {
        "marking": MARKING,
        "handling": handling,
        "purpose": purpose,
        "basis": disclosure.BASES[basis],
        "recipients": list(recipients),
        "conditions": sorted({c for item in shared if (c := item.handling.conditions)}),
        "items": [
            {
                "number": number,
                "what": item.what,
                "grade": item.grade,
                "text": item.text,
                "notes": list(item.notes),
                "sha256": item.sha256,
            }
            for number, item in enumerate(shared, start=1)
        ],
    }
    return DisclosureDocument(
        content, sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
    )


class Recalled(Receipt, frozen=True):
    """The receipt of a recalled disclosure, with the recipients who are still to be informed."""

    to_tell: tuple[str, ...] = ()


def _resolve_disclosure(desk: Desk, reader: Reader, text: str) -> UUID:
    """Return the disclosure whose id is `text` or ends with it. Raises Hidden if the reader sees no
    such disclosure.
    """
    with desk.looked() as db:
        ids = [row.id for row in disclosures.list_disclosures(db, reader)]
    return item_references.ending(text, ids, "disclosure")


_recall = OnNamed(
    "disclosure.recall",
    _resolve_disclosure,
    Disclosure(),
    disclosure.evolve,
    ignoring_desk(disclosure.recall),
    log="access",
)
#: Record that a recipient was informed of the recall of a disclosure.
tell = OnNamed(
    "disclosure.tell",
    _resolve_disclosure,
    Disclosure(),
    disclosure.evolve,
    ignoring_desk(disclosure.tell),
    log="access",
)


def recall(
    desk: Desk, reader: Reader, text: str, reason: str, **command: Unpack[Command]
) -> Recalled:
    """Recall a disclosure, which `text` names by its id or the end of the id. Return the receipt
    with the recipients who still have to be informed of the recall.
    """
    receipt = _recall(desk, reader, text, reason, **command)
    state, _ = desk.fold(receipt.id, Disclosure(), disclosure.evolve, "access")
    left = tuple(recipient for recipient in state.recipients if recipient not in state.told)
    return Recalled(receipt.id, receipt.ref, receipt.recorded, to_tell=left)


def describe_uninformed(receipt: Receipt) -> str | None:
    """Return a sentence with the recipients who are still to be informed of a recall; None if all
    are informed.
    """
    left = receipt.to_tell if isinstance(receipt, Recalled) else ()
    return f"To be told: {', '.join(left)}." if left else None
