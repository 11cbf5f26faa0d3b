"""Confidential reports: a user reports a concern directly to the auditor, so that the user's own
managers do not see it.

A report cannot be changed, and only the auditor and its author see it.
"""

from typing import Annotated, ClassVar

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import WRITTEN
from domain.kernel.values import Refused


class EscalatedOutsideLine(Event, frozen=True):
    """A user reported a concern to the auditor, past their own line of management."""

    stored: ClassVar = Stored("escalation.made", "access", "record", ("words", "reason"))
    meaning: ClassVar = Meaning(("escalate",))
    words: Annotated[str, WRITTEN]
    reason: Annotated[str, WRITTEN]


class EscalationSeen(Event, frozen=True):
    """The auditor read a confidential report of a concern, and recorded their next step."""

    stored: ClassVar = Stored("escalation.seen", "access", "record", ("words",))
    meaning: ClassVar = Meaning(("replay",))
    words: Annotated[str, WRITTEN]


EVENTS = (EscalatedOutsideLine, EscalationSeen)


def escalate(words: str, reason: str) -> tuple[Event, ...]:
    if not words.strip() or not reason.strip():
        raise Refused("say what happened, and why you report it outside your line management")
    return (EscalatedOutsideLine(words, reason),)


def see(exists: bool, words: str) -> tuple[Event, ...]:
    if not exists:
        raise Refused("there is no confidential report with this id: check the id")
    if not words.strip():
        raise Refused("say what you do about the confidential report", field="words")
    return (EscalationSeen(words),)
