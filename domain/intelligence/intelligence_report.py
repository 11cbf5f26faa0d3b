"""An intelligence report: items drawn from log entries, graded, sanitised, disseminated.

Grading follows the scheme 3x5x2; each item is graded separately. A report is a new item: it refers
to the log entries from which it is made, and never replaces them.

The file is long because it is one aggregate.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from domain import forms
from domain.kernel.card_effects import Counts
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    AS_IS,
    BASIS,
    CODE,
    IDENTIFYING,
    MENTION,
    NOT_CHECKED,
    NOT_REACHED,
    OCCURRED,
    PRODUCT,
    RESTS_ON,
    WRITTEN,
)
from domain.kernel.values import FactOrOpinion, Grade, Handling, LinkKind, Refused, TakesTwo


class ReportOpened(Event, frozen=True):
    """An intelligence report was opened: `urn` is its reference for people, `dated` the date of the
    intelligence, not of the report.
    """

    stored: ClassVar = Stored("report.opened", "evidence", "record")
    meaning: ClassVar = Meaning(
        ("assess",),
        enters=("report", "open"),
        reach="report",
        step="intelligence",
        files=True,
        activity=True,
        card=(Counts("report"),),
    )
    urn: Annotated[str, CODE]
    case: Annotated[UUID | None, NOT_CHECKED, MENTION] = None
    dated: Annotated[datetime | None, OCCURRED] = None
    marking: Annotated[str, CODE] = "OFFICIAL-SENSITIVE"
    personal_information: bool = True


class ItemGraded(Event, frozen=True):
    """One log entry was graded as item `item` of the report. A later grading of the same item
    replaces this one.

    If the grade was converted from a 5x5x5 grading, `original` is that grading, with the version of
    the rule of conversion. If the log entry is an imported network, the grade applies to the
    network's links of the kinds in `links`, or to all its links if `links` is empty.
    """

    stored: ClassVar = Stored("report.item_graded", "evidence", "record", ("handling", "reason"))
    meaning: ClassVar = Meaning(
        ("assess",), commands=("report.regrade",), step="intelligence", brief="grade.label"
    )
    item: int
    observation: Annotated[UUID, NOT_CHECKED, BASIS, RESTS_ON]
    grade: Grade
    handling: Handling
    provenance: Grade | None = None
    root: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None
    opinion: FactOrOpinion = "not-known"
    original: Annotated[str | None, CODE] = None
    rule: Annotated[str | None, CODE] = None
    reason: Annotated[str | None, WRITTEN] = None
    links: tuple[LinkKind, ...] = ()


class ItemSanitised(Event, frozen=True):
    """The sanitised text of a report's item was written. It reveals neither the source nor police
    tactics.
    """

    stored: ClassVar = Stored("report.item_sanitised", "evidence", "record", ("text",))
    meaning: ClassVar = Meaning(("sanitise",), commands=("report.sanitise",), step="intelligence")
    item: int
    text: Annotated[str, WRITTEN]


class ReportDisseminated(Event, frozen=True):
    """The report was sent to a recipient for a purpose. `product` is the released copy's own random
    id."""

    stored: ClassVar = Stored(
        "report.disseminated",
        "evidence",
        "record",
        ("recipient", "purpose", "urgent_reason", "conditions_met"),
    )
    meaning: ClassVar = Meaning(
        ("disseminate",),
        commands=("report.disseminate",),
        turns="disseminated",
        step="intelligence",
    )
    recipient: Annotated[str, IDENTIFYING]
    purpose: Annotated[str, WRITTEN]
    product: Annotated[UUID, NOT_CHECKED, PRODUCT]
    items: tuple[int, ...] = ()
    urgent_reason: Annotated[str | None, WRITTEN] = None
    conditions_met: Annotated[str | None, WRITTEN] = None


class ConsentAsked(Event, frozen=True):
    """The originator was asked to consent to a use of an item under conditions."""

    stored: ClassVar = Stored("report.consent_asked", "evidence", "record", ("use",))
    meaning: ClassVar = Meaning(
        ("assess", "disseminate"),
        commands=("report.ask_consent",),
        deadlines=(Begins("consent", by="anyone", key="item"),),
    )
    item: int
    asked_by: Annotated[str, CODE]
    use: Annotated[str, WRITTEN]


class ConsentGiven(Event, frozen=True):
    """The originator consented to a use of an item, with their conditions."""

    stored: ClassVar = Stored("report.consent_given", "evidence", "record", ("conditions",))
    meaning: ClassVar = Meaning(
        ("assess",), commands=("report.give_consent",), deadlines=(Ends("consent", key="item"),)
    )
    item: int
    conditions: Annotated[str | None, WRITTEN] = None


class ConsentRefused(Event, frozen=True):
    """The originator refused consent to a use of an item."""

    stored: ClassVar = Stored("report.consent_refused", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("assess",), commands=("report.refuse_consent",), deadlines=(Ends("consent", key="item"),)
    )
    item: int
    reason: Annotated[str, WRITTEN]


class ReportWithdrawn(Event, frozen=True):
    """An intelligence report was withdrawn. Links that were based on the report are no longer
    supported by it.
    """

    stored: ClassVar = Stored("report.withdrawn", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("sanitise",),
        commands=("report.withdraw",),
        turns="withdrawn",
        step="intelligence",
        hides=True,
    )
    reason: Annotated[str, WRITTEN]


class ItemText(msgspec.Struct, frozen=True):
    """The text of an item in an intelligence report after a redaction."""

    item: int
    text: Annotated[str | None, AS_IS]
    handling: Handling


class Recipient(msgspec.Struct, frozen=True):
    """A recipient of an intelligence report, and the purpose. After a redaction the recipients are
    recorded again, because the redaction destroys the earlier texts; so the register of disclosures
    stays complete.
    """

    product: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    recipient: Annotated[str, IDENTIFYING]
    purpose: Annotated[str, AS_IS]


class ReportRedacted(Event, frozen=True):
    """An intelligence report was redacted: the items with the numbers in `dropped` were removed,
    and the remaining texts were stored again, encrypted with a new key. The other items keep their
    independent sources and grades.
    """

    stored: ClassVar = Stored("report.redacted", "evidence", "record", ("items", "sent"))
    meaning: ClassVar = Meaning(("erase",), step="intelligence", hides=True)
    erasure: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    dropped: tuple[int, ...] = ()
    items: tuple[ItemText, ...] = ()
    sent: tuple[Recipient, ...] = ()


class ProductReleased(Event, frozen=True):
    """A sanitised text was released with its grades, under a random id; only the intelligence
    report says to which report that id belongs. `received` is the week, such as 2011-W11, in which
    the team received the newest information in the text; the day and the hour are not shared.
    """

    stored: ClassVar = Stored("product.released", "product", "record", ("texts", "conditions"))
    meaning: ClassVar = Meaning(("disseminate",))
    grades: Annotated[tuple[str, ...], CODE]
    handling: Annotated[str, CODE]
    texts: Annotated[tuple[str, ...], AS_IS]
    conditions: Annotated[tuple[str, ...], AS_IS] = ()
    received: Annotated[str | None, CODE] = None
    marking: Annotated[str, CODE] = "OFFICIAL-SENSITIVE"
    urgent: bool = False


EVENTS = (
    ReportOpened,
    ItemGraded,
    ItemSanitised,
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    ReportDisseminated,
    ReportWithdrawn,
    ReportRedacted,
    ProductReleased,
)

Consent = Literal["none", "asked", "given", "refused"]


class GradedItem(Struct, frozen=True):
    """One graded item of an intelligence report."""

    observation: UUID
    grade: Grade
    handling: Handling
    root: UUID | None
    text: str | None = None
    consent: Consent = "none"
    asked_by: str | None = None
    links: tuple[LinkKind, ...] = ()

    @property
    def needs_consent(self) -> bool:
        """Return whether the originator's consent is missing: action code A1 (permission before
        acting), sanitisation code S2 (consult first).
        """
        is_restricted = self.handling.action == "A1" or self.handling.sanitisation == "S2"
        return is_restricted and self.consent != "given"


class Report(Struct, frozen=True):
    """The state of one intelligence report."""

    exists: bool = False
    urn: str = ""
    case: UUID | None = None
    withdrawn: bool = False
    items: dict[int, GradedItem] = field(default_factory=dict)


def evolve(state: Report, event: Event) -> Report:
    match event:
        case ReportOpened():
            return Report(exists=True, urn=event.urn, case=event.case)
        case ItemGraded():
            item = GradedItem(
                event.observation, event.grade, event.handling, event.root, links=event.links
            )
            if before := state.items.get(event.item):
                unchanged = {"text": before.text, "consent": before.consent}
                item = replace(item, **unchanged, asked_by=before.asked_by, links=before.links)
            return _with(state, event.item, item)
        case ItemSanitised() if event.item in state.items:
            return _with(state, event.item, replace(state.items[event.item], text=event.text))
        case ConsentAsked() if event.item in state.items:
            graded_item = replace(state.items[event.item], consent="asked", asked_by=event.asked_by)
            return _with(state, event.item, graded_item)
        case ConsentGiven() if event.item in state.items:
            return _with(state, event.item, replace(state.items[event.item], consent="given"))
        case ConsentRefused() if event.item in state.items:
            return _with(state, event.item, replace(state.items[event.item], consent="refused"))
        case ReportWithdrawn():
            return replace(state, withdrawn=True)
        case ReportRedacted():
            item_texts = {item_text.item: item_text for item_text in event.items}
            items = {
                number: replace(
                    item, text=item_texts[number].text, handling=item_texts[number].handling
                )
                for number, item in state.items.items()
                if number in item_texts
            }
            return replace(state, items=items)
    return state


def _with(state: Report, number: int, item: GradedItem) -> Report:
    return replace(state, items=state.items | {number: item})


def require_current(state: Report) -> Report:
    if not state.exists:
        raise Refused("there is no intelligence report with this id")
    if state.withdrawn:
        raise Refused("this intelligence report was withdrawn")
    return state


def grade_item(state: Report, graded: ItemGraded) -> tuple[Event, ...]:
    """Grade an item of an intelligence report, for the first time or again. Raises BadHandling if
    the codes and conditions for the handling of the item contradict each other.
    """
    require_current(state)
    graded.handling.checked()
    known_item = state.items.get(graded.item)
    if known_item and known_item.observation != graded.observation:
        raise Refused(
            f"item {graded.item} of the report is about another log entry: give that entry"
        )
    if known_item and not graded.reason:
        raise Refused("give the reason for the new grade of this item")
    if (
        known_item
        and known_item.consent != "given"
        and _is_looser(graded.handling, known_item.handling)
    ):
        raise Refused(
            "handling conditions cannot be relaxed without the originator's consent: "
            "ask for consent first"
        )
    return (graded,)


def _is_looser(new: Handling, old: Handling) -> bool:
    """Return whether the new handling of an item permits more than the old one. Action code A1 is
    stricter than A2, and A2 is stricter than A3. A handling without conditions permits more than a
    handling with conditions.
    """
    strict = (None, "A3", "A2", "A1")
    return (
        "PC".index(new.code) < "PC".index(old.code)
        or strict.index(new.action) < strict.index(old.action)
        or (old.sanitisation == "S2" and new.sanitisation != "S2")
        or (old.conditions is not None and new.conditions is None)
    )


def _item(state: Report, number: int) -> GradedItem:
    require_current(state)
    if number not in state.items:
        raise Refused(f"the report has no item {number}")
    return state.items[number]


def ask_consent(state: Report, number: int, use: str, by: str) -> tuple[Event, ...]:
    """Request the originator's consent to a use of an item. Raises Refused for an item without
    handling conditions.
    """
    if _item(state, number).handling.code == "P":
        raise Refused("this item may be shared (handling P): no consent is needed")
    if not use.strip():
        raise Refused("say what the information will be used for", field="use")
    return (ConsentAsked(number, by, use),)


def give_consent(state: Report, number: int, conditions: str | None, by: str) -> tuple[Event, ...]:
    """Record the originator's consent to a use of an item. Raises Refused if consent was not
    requested, and if the same person requested the consent.
    """
    _answering(_item(state, number), by)
    return (ConsentGiven(number, conditions),)


def refuse_consent(state: Report, number: int, reason: str, by: str) -> tuple[Event, ...]:
    _answering(_item(state, number), by)
    if not reason.strip():
        raise Refused("give the reason for refusing consent", field="reason")
    return (ConsentRefused(number, reason),)


def _answering(item: GradedItem, by: str) -> None:
    if item.consent == "none":
        raise Refused("this consent was not requested: request it first")
    if item.asked_by and forms.same_person(item.asked_by, by):
        raise Refused("the person who asks for consent cannot give it")


def sanitise(state: Report, number: int, text: str) -> tuple[Event, ...]:
    _item(state, number)
    if not text.strip():
        raise Refused("the sanitised text is empty: write it")
    return (ItemSanitised(number, text),)


def disseminate(
    state: Report,
    recipient: str,
    purpose: str,
    product: UUID,
    *,
    received: str | None = None,
    urgent: str | None = None,
    conditions_met: str | None = None,
) -> tuple[ReportDisseminated, ProductReleased]:
    """Disseminate an item's sanitised text, which does not show the source, the time, or the number
    of reports.

    Raises Refused while an item has no sanitised text or lacks its originator's consent. If the
    release is urgent and its reason is given, the originator's consent is not needed.
    """
    require_current(state)
    bare = sorted(n for n, item in state.items.items() if item.text is None)
    if bare:
        raise Refused(f"item {bare[0]} has no sanitised text yet: sanitise the item first")
    if not state.items:
        raise Refused("the intelligence report has no items")
    if not recipient.strip() or not purpose.strip():
        raise Refused("say who receives the report and for what purpose")
    numbers = tuple(sorted(state.items))
    waiting = [n for n in numbers if state.items[n].needs_consent]
    if waiting and not urgent:
        raise Refused(
            f"item {waiting[0]} cannot be used without its originator's consent: ask for "
            "their consent, or say why the use cannot wait"
        )
    items = [state.items[n] for n in numbers]
    released = ProductReleased(
        grades=tuple(i.grade.label for i in items),
        handling="C" if any(i.handling.code == "C" for i in items) else "P",
        texts=tuple(i.text or "" for i in items),
        conditions=tuple(i.handling.conditions for i in items if i.handling.conditions),
        received=received,
        urgent=urgent is not None,
    )
    sent = ReportDisseminated(recipient, purpose, product, numbers, urgent, conditions_met)
    return sent, released


def withdraw(state: Report, reason: str, *, rests: bool = False) -> tuple[Event, ...]:
    """Withdraw an intelligence report. Raises TakesTwo if links or other items are based on the
    report (`rests`), because a second person then has to confirm the withdrawal.
    """
    require_current(state)
    if not reason.strip():
        raise Refused("give the reason for withdrawing the report", field="reason")
    if rests:
        raise TakesTwo(
            "other records depend on this report, so a second person has to confirm its withdrawal"
        )
    return (ReportWithdrawn(reason),)


def urn(report: UUID) -> str:
    """Return the short reference of an intelligence report: the letters IR and eight digits. The
    digits are computed from the report's random id, so they do not reveal how many reports there
    are.
    """
    return f"IR{report.int % 10**8:08d}"
