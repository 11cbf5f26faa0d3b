"""Unused material for the prosecutor: each item's relevance and sensitivity, as an officer decides.

Criminal Procedure and Investigations Act 1996 with its Code; form MG6C lists non-sensitive
material, form MG6D lists sensitive material with the reason. No item is relevant or sensitive
without an officer's decision.
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from domain.kernel.codes import Presumed, Relevance, Sensitivity
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, MENTION, NAMED, NOT_CHECKED, OWNER, WRITTEN
from domain.kernel.values import Refused

Form = Literal["MG6C", "MG6D"]


class MaterialReviewed(Event, frozen=True):
    """A disclosure officer decided whether one item of a case is relevant and sensitive.
    `description` is the text for the disclosure schedule: it says enough for a decision on
    disclosure, and nothing about the source. `used` is True if the item is part of the prosecution
    case. `presumed` is the item's kind if the law presumes that such items are disclosed; they are
    listed separately.
    """

    stored: ClassVar = Stored("material.reviewed", "access", "record", ("description", "reason"))
    meaning: ClassVar = Meaning(("schedule",), commands=("material.review",))
    item: Annotated[UUID, NAMED, OWNER]
    case: Annotated[UUID, ABOUT, MENTION]
    relevance: Relevance
    sensitivity: Sensitivity
    used: bool
    description: Annotated[str, WRITTEN]
    reason: Annotated[str | None, WRITTEN] = None
    presumed: Presumed | None = None


class ScheduleMade(Event, frozen=True):
    """A disclosure schedule of unused material was made for a trial. `items` are the listed items
    in order; the number of the first one is `first`, because numbering goes on from earlier
    schedules.
    """

    stored: ClassVar = Stored("schedule.made", "access", "none")
    meaning: ClassVar = Meaning(("schedule",), commands=("schedule.make",))
    case: Annotated[UUID, ABOUT, MENTION]
    trial: Annotated[str, CODE]
    form: Form
    first: int
    items: Annotated[tuple[UUID, ...], NOT_CHECKED, MENTION]


EVENTS = (MaterialReviewed, ScheduleMade)


def review(made: MaterialReviewed) -> tuple[Event, ...]:
    """Record an officer's decision about an item of unused material. Raises Refused if there is no
    description, and if a sensitive item has no reason: a real risk of serious prejudice to an
    important public interest.
    """
    if not made.description.strip():
        raise Refused(
            "describe the item so that a prosecutor can decide on its disclosure",
            field="description",
        )
    if made.sensitivity == "sensitive" and not (made.reason or "").strip():
        why = "say why it is sensitive: the public interest, and the serious prejudice"
        raise Refused(why, field="reason")
    if made.used and made.relevance != "relevant":
        raise Refused(
            "material that is used in evidence is always relevant: record it as relevant",
            field="relevance",
        )
    if made.presumed and (made.used or made.relevance != "relevant"):
        raise Refused(
            "material that is presumed to be disclosed is relevant and unused: record it so, or "
            "leave the presumption out",
            field="presumed",
        )
    return (made,)
