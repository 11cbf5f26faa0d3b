"""Releases that need a second officer, because the checker (a search for words that reveal too
much) marks words in a text that is to be shared.

One officer proposes the release with a reason; another confirms or refuses it in a session of their
own. A text that is shared to prevent harm never waits: it is sent first, and another officer
reviews it within a day.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.deadline_effects import Begins, Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import AS_IS, CODE, IDENTIFYING, MENTION, NOT_CHECKED, WRITTEN
from domain.kernel.values import Refused

#: Copies that are released in the same quarter of an hour are sent together, so that their times do
#: not show the order of the reports. Urgent copies are sent at once.
TOGETHER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Finding = Literal["right", "wrong"]


def send_time(released: datetime) -> datetime:
    """Return when a copy released at this moment is sent: at the end of the current quarter of an
    hour. So the time of sending does not show when the copy was released.
    """
    return released + TOGETHER - (released - EPOCH) % TOGETHER


class Marked(msgspec.Struct, frozen=True):
    """Words in a text to be shared to which the checker objects, and why."""

    words: Annotated[str, IDENTIFYING]
    why: Annotated[str, CODE]


class ReleaseProposed(Event, frozen=True):
    """An officer proposed to release a text with marked words. `texts` is the SHA-256 of the texts
    to be released: the proposal is valid for no other text.
    """

    stored: ClassVar = Stored(
        "release.proposed",
        "evidence",
        "record",
        ("recipient", "purpose", "reason", "texts", "marks", "conditions_met"),
    )
    meaning: ClassVar = Meaning(
        ("disseminate",), deadlines=(Begins("release-proposal", by="another"),), proposes=True
    )
    by: Annotated[str, CODE]
    recipient: Annotated[str, IDENTIFYING]
    purpose: Annotated[str, WRITTEN]
    reason: Annotated[str, WRITTEN]
    texts: Annotated[str, AS_IS]
    marks: tuple[Marked, ...]
    conditions_met: Annotated[str | None, WRITTEN] = None


class ReleaseConfirmed(Event, frozen=True):
    """A second officer confirmed the release of a text with marked words."""

    stored: ClassVar = Stored("release.confirmed", "evidence", "none")
    meaning: ClassVar = Meaning(
        ("disseminate",), commands=("release.confirm",), deadlines=(Ends("release-proposal"),)
    )
    proposed_by: Annotated[str, CODE]


class ReleaseRefused(Event, frozen=True):
    """A second officer refused the release of a text, or the proposer withdrew it; nothing was
    sent.
    """

    stored: ClassVar = Stored("release.refused", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("disseminate",), commands=("release.refuse",), deadlines=(Ends("release-proposal"),)
    )
    reason: Annotated[str, WRITTEN]


class ReleaseReviewDue(Event, frozen=True):
    """An officer shared a text at once, without a second officer's confirmation. Another officer
    has to review it before `due`. If the text was shared as a disclosure, and not as a released
    report, `disclosure` is the id of the disclosure.
    """

    stored: ClassVar = Stored("release.review_due", "evidence", "record", ("reason", "marks"))
    meaning: ClassVar = Meaning(
        ("disseminate",), deadlines=(Begins("release-review", by="another", due="due"),)
    )
    by: Annotated[str, CODE]
    due: datetime
    reason: Annotated[str, WRITTEN]
    marks: tuple[Marked, ...] = ()
    disclosure: Annotated[UUID | None, NOT_CHECKED, MENTION] = None


class ReleaseReviewed(Event, frozen=True):
    """Another officer reviewed a text that was shared at once, with their finding."""

    stored: ClassVar = Stored("release.reviewed", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("disseminate",), commands=("release.review",), deadlines=(Ends("release-review"),)
    )
    finding: Finding
    words: Annotated[str, WRITTEN]


EVENTS = (
    ReleaseProposed,
    ReleaseConfirmed,
    ReleaseRefused,
    ReleaseReviewDue,
    ReleaseReviewed,
)


class Release(Struct, frozen=True):
    """The state of the releases of one item: the proposed release, open reviews, and the texts that
    two officers released."""

    waiting: ReleaseProposed | None = None
    reviews: tuple[ReleaseReviewDue, ...] = ()
    let_go: frozenset[str] = frozenset()


def evolve(state: Release, event: Event) -> Release:
    match event:
        case ReleaseProposed():
            return replace(state, waiting=event)
        case ReleaseConfirmed() if state.waiting:
            texts = state.let_go | {state.waiting.texts}
            return replace(state, waiting=None, let_go=texts)
        case ReleaseRefused():
            return replace(state, waiting=None)
        case ReleaseReviewDue():
            return replace(state, reviews=(*state.reviews, event))
        case ReleaseReviewed():
            return replace(state, reviews=())
    return state


class ReleaseTakesTwo(Refused):
    """Raised if the checker marks words in a text, and the release gives no reason for sharing
    them.
    """


def describe_marks(marks: Sequence[Marked]) -> str:
    """Return the marked words of a text with the reasons, for a person to read."""
    return "; ".join(f"{mark.words!r}: {mark.why}" for mark in marks)


def propose(state: Release, made: ReleaseProposed) -> tuple[Event, ...]:
    """Propose to release a text in which the checker marks words. Raises ReleaseTakesTwo if there
    is no reason. Raises Refused if the recipient or the purpose is missing, and if a release of the
    same texts is already proposed.
    """
    if not made.recipient.strip() or not made.purpose.strip():
        raise Refused("say who receives the text and for what purpose")
    if not made.reason.strip():
        raise ReleaseTakesTwo(
            f"the checker still marks {describe_marks(made.marks)}. Write it in other "
            "words; or give a reason for sharing this text, so that a second officer "
            "confirms it; or say why it cannot wait"
        )
    if state.waiting and state.waiting.texts == made.texts:
        raise Refused(
            f"{state.waiting.by} proposed this text already: it waits for a second officer"
        )
    return (made,)


def _another(proposer: str, by: str, act: str) -> None:
    if forms.same_person(proposer, by):
        raise Refused(f"{proposer} proposed this text: another officer has to {act}")


def require_waiting(state: Release) -> ReleaseProposed:
    """Return the release that waits for a second officer. Raises Refused if no release waits."""
    if state.waiting is None:
        raise Refused("no release of this text waits for a second officer")
    return state.waiting


def confirm(state: Release, by: str, texts: str) -> tuple[Event, ...]:
    """Confirm, as the second officer, the release of a text with marked words. Raises Refused if
    the confirming officer is the proposer, if no release waits for a second officer, and if the
    text was changed after it was proposed.
    """
    made = require_waiting(state)
    _another(made.by, by, "confirm the release")
    if made.texts != texts:
        raise Refused(
            "the text was changed since it was proposed: refuse the proposal, and propose "
            "the new text"
        )
    return (ReleaseConfirmed(made.by),)


def refuse(state: Release, reason: str) -> tuple[Event, ...]:
    require_waiting(state)
    if not reason.strip():
        raise Refused("give the reason for refusing to release this text", field="reason")
    return (ReleaseRefused(reason),)


def review(state: Release, by: str, finding: Finding, words: str) -> tuple[Event, ...]:
    """Record an officer's finding about a release that was sent urgently, before a second officer
    had seen it. Raises Refused if no review is open, and if the reviewer is the officer who sent
    the release.
    """
    if not state.reviews:
        raise Refused("no shared text of this report waits for a review")
    for event in state.reviews:
        _another(event.by, by, "review it")
    if not words.strip():
        raise Refused("write what the review found", field="reason")
    return (ReleaseReviewed(finding, words),)
