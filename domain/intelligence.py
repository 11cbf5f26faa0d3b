"""An intelligence report: items drawn from observations, graded, sanitised, disseminated.

Grading follows 3x5x2; each item is graded apart. A report is a new thing beside the words it is
drawn from: it points to them and never replaces them.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.envelope import Event, Stored
from domain.values import FactOrOpinion, Grade, Handling, Refused


class ReportOpened(Event, frozen=True):
    """`urn` is the report's reference for people; `dated` the date of the intelligence, which is
    not the date on which the report was made."""

    stored: ClassVar = Stored("report.opened", "evidence", "record")
    urn: str
    case: UUID | None = None
    dated: datetime | None = None
    marking: str = "OFFICIAL-SENSITIVE"
    personal_information: bool = True


class ItemGraded(Event, frozen=True):
    """One observation graded as item `item`. A later one with the same number regrades it.

    `original` keeps a 5x5x5 grading with the version of the rule that converted it.
    """

    stored: ClassVar = Stored("report.item_graded", "evidence", "record", ("handling", "reason"))
    item: int
    observation: UUID
    grade: Grade
    handling: Handling = Handling()
    provenance: Grade | None = None
    root: UUID | None = None
    opinion: FactOrOpinion = "not-known"
    original: str | None = None
    rule: str | None = None
    reason: str | None = None


class ItemSanitised(Event, frozen=True):
    """The text that may be read outside: no hint of who told us, no tactics."""

    stored: ClassVar = Stored("report.item_sanitised", "evidence", "record", ("text",))
    item: int
    text: str


class ReportDisseminated(Event, frozen=True):
    """Sent to somebody for a purpose. `product` is the released copy's own random id."""

    stored: ClassVar = Stored("report.disseminated", "evidence", "record", ("recipient", "purpose"))
    recipient: str
    purpose: str
    product: UUID
    items: tuple[int, ...] = ()


class ReportWithdrawn(Event, frozen=True):
    """The report no longer stands; what rested on it falls back."""

    stored: ClassVar = Stored("report.withdrawn", "evidence", "record", ("reason",))
    reason: str


class ProductReleased(Event, frozen=True):
    """What left: sanitised text and grades under a random id that only the report knows."""

    stored: ClassVar = Stored("product.released", "product", "record", ("texts", "conditions"))
    grades: tuple[str, ...]
    handling: str
    texts: tuple[str, ...]
    conditions: tuple[str, ...] = ()


EVENTS = (
    ReportOpened,
    ItemGraded,
    ItemSanitised,
    ReportDisseminated,
    ReportWithdrawn,
    ProductReleased,
)


@dataclass(frozen=True)
class Item:
    """One graded item of a report."""

    observation: UUID
    grade: Grade
    handling: Handling
    root: UUID | None
    text: str | None = None


@dataclass(frozen=True)
class Report:
    """What decisions need to know of one report."""

    exists: bool = False
    urn: str = ""
    case: UUID | None = None
    withdrawn: bool = False
    items: dict[int, Item] = field(default_factory=dict)


def evolve(state: Report, event: Event) -> Report:
    match event:
        case ReportOpened():
            return Report(exists=True, urn=event.urn, case=event.case)
        case ItemGraded():
            before = state.items.get(event.item)
            item = Item(
                event.observation,
                event.grade,
                event.handling,
                event.root,
                before.text if before else None,
            )
            return replace(state, items=state.items | {event.item: item})
        case ItemSanitised() if event.item in state.items:
            item = replace(state.items[event.item], text=event.text)
            return replace(state, items=state.items | {event.item: item})
        case ReportWithdrawn():
            return replace(state, withdrawn=True)
    return state


def standing(state: Report) -> Report:
    if not state.exists:
        raise Refused("there is no such report")
    if state.withdrawn:
        raise Refused("this report was withdrawn")
    return state


def grade_item(state: Report, graded: ItemGraded) -> tuple[Event, ...]:
    """Grade an item, new or again. Raises BadHandling where codes and conditions disagree."""
    standing(state)
    graded.handling.checked()
    known = state.items.get(graded.item)
    if known and known.observation != graded.observation:
        raise Refused(f"item {graded.item} is drawn from another observation")
    if known and not graded.reason:
        raise Refused("a new grade for an item needs a reason")
    return (graded,)


def sanitise(state: Report, item: int, text: str) -> tuple[Event, ...]:
    standing(state)
    if item not in state.items:
        raise Refused(f"the report has no item {item}")
    if not text.strip():
        raise Refused("the sanitised text is empty")
    return (ItemSanitised(item, text),)


def disseminate(
    state: Report, recipient: str, purpose: str, product: UUID
) -> tuple[ReportDisseminated, ProductReleased]:
    """Release what is sanitised. Raises Refused while any item has no sanitised text."""
    standing(state)
    bare = sorted(n for n, item in state.items.items() if item.text is None)
    if bare:
        raise Refused(f"item {bare[0]} has no sanitised text yet: sanitise it first")
    if not state.items:
        raise Refused("the report has no items")
    if not recipient.strip() or not purpose.strip():
        raise Refused("say who receives it and for what purpose")
    numbers = tuple(sorted(state.items))
    items = [state.items[n] for n in numbers]
    released = ProductReleased(
        grades=tuple(i.grade.label for i in items),
        handling="C" if any(i.handling.code == "C" for i in items) else "P",
        texts=tuple(i.text or "" for i in items),
        conditions=tuple(i.handling.conditions for i in items if i.handling.conditions),
    )
    return ReportDisseminated(recipient, purpose, product, numbers), released


def withdraw(state: Report, reason: str) -> tuple[Event, ...]:
    standing(state)
    if not reason.strip():
        raise Refused("withdrawing a report needs a reason")
    return (ReportWithdrawn(reason),)
