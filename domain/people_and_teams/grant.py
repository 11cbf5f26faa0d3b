"""Grants: access beyond a role for a limited time, which a second person reviews or approves.

There are three kinds of grant: emergency access (break-glass: one case, an hour, a reason, reviewed
afterwards); an authority (for an auditor to see one case, or a disclosure officer its sensitive
material); and the opening of an entry of the source register by two people.
"""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.codes import AuthorityFor, Judged
from domain.kernel.deadline_effects import Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, NAMED, NOT_CHECKED, NOT_REACHED, WRITTEN
from domain.kernel.values import Refused

GLASS = timedelta(minutes=60)
#: How long an inspector waits for a second person before opening a source's entry alone.
SECOND_WITHIN = timedelta(minutes=10)
LONGEST_AUTHORITY = timedelta(days=92)


class GlassBroken(Event, frozen=True):
    """A user opened a case that they may not see, for an hour, as emergency access. The owner of
    the case is alerted.
    """

    stored: ClassVar = Stored("glass.broken", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("break-glass",))
    user: Annotated[str, CODE]
    case: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    until: datetime
    reason: Annotated[str, WRITTEN]


class GlassClosed(Event, frozen=True):
    """A user ended their emergency access to a case."""

    stored: ClassVar = Stored("glass.closed", "access", "none")
    meaning: ClassVar = Meaning(("break-glass",))
    user: Annotated[str, CODE]


class GlassReviewed(Event, frozen=True):
    """A second person reviewed a user's emergency access, with their finding."""

    stored: ClassVar = Stored("glass.reviewed", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("review-glass",), deadlines=(Ends("glass-review"),))
    judged: Judged
    reason: Annotated[str, WRITTEN]


class AuthorityGiven(Event, frozen=True):
    """The user `user` may see one case until a time. If the user is an auditor, they may see the
    first log entries of the case; if the user is a disclosure officer, all material of the case.
    Access to sensitive material needs a second person's approval.
    """

    stored: ClassVar = Stored("authority.given", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("give-authority",))
    user: Annotated[str, CODE]
    case: Annotated[UUID, ABOUT, NAMED, NOT_REACHED]
    given_for: AuthorityFor
    until: datetime
    reason: Annotated[str, WRITTEN]


class AuthorityApproved(Event, frozen=True):
    """A second person approved a disclosure officer's access to sensitive material."""

    stored: ClassVar = Stored("authority.approved", "access", "none")
    meaning: ClassVar = Meaning(("give-authority",))
    user: Annotated[str, CODE]


class AuthorityEnded(Event, frozen=True):
    """An auditor's or disclosure officer's access to a case was ended before its time."""

    stored: ClassVar = Stored("authority.ended", "access", "none")
    meaning: ClassVar = Meaning(("give-authority",))
    user: Annotated[str, CODE]


class EntryAsked(Event, frozen=True):
    """A user requested to see a source's entry in the source register, because of a threat to life;
    a second person has to join the request.
    """

    stored: ClassVar = Stored("entry.asked", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("open-entry",))
    user: Annotated[str, CODE]
    entry: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    reason: Annotated[str, WRITTEN]


class EntryOpened(Event, frozen=True):
    """Two people together opened the entry of a source in the register; its handler is alerted."""

    stored: ClassVar = Stored("entry.opened", "access", "none")
    meaning: ClassVar = Meaning(("open-entry",))
    entry: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    people: Annotated[tuple[str, str], CODE]
    until: datetime


class EntryOpenedAlone(Event, frozen=True):
    """An inspector opened a source's entry in the register alone, since no second person joined in
    time. The handler of the source is alerted, and the access is reviewed within a day.
    """

    stored: ClassVar = Stored("entry.opened_alone", "access", "none")
    meaning: ClassVar = Meaning(("open-alone",))
    entry: Annotated[UUID, NOT_CHECKED, NOT_REACHED]
    user: Annotated[str, CODE]
    until: datetime


class EntryReviewed(Event, frozen=True):
    """The handler of a source reviewed why its entry was opened."""

    stored: ClassVar = Stored("entry.reviewed", "access", "record", ("reason",))
    meaning: ClassVar = Meaning(("carry-over",))
    judged: Judged
    reason: Annotated[str, WRITTEN]


EVENTS = (
    GlassBroken,
    GlassClosed,
    GlassReviewed,
    AuthorityGiven,
    AuthorityApproved,
    AuthorityEnded,
    EntryAsked,
    EntryOpened,
    EntryOpenedAlone,
    EntryReviewed,
)


class Grant(Struct, frozen=True):
    """The state of one grant of access: emergency access, an authority, or the opening of a
    source's entry in the register. `people` are the users who have the access. While `waits` is
    True, the grant waits for a second person and gives no access.
    """

    people: tuple[str, ...] = ()
    waits: bool = False
    entry: UUID | None = None
    ended: bool = False
    reviewed: bool = False


def evolve(state: Grant, event: Event) -> Grant:
    match event:
        case GlassBroken():
            return Grant((event.user,))
        case AuthorityGiven():
            return Grant((event.user,), waits=event.given_for == "disclosure")
        case AuthorityApproved():
            return replace(state, waits=False)
        case EntryAsked():
            return Grant((event.user,), waits=True, entry=event.entry)
        case EntryOpened():
            return replace(state, people=event.people, waits=False)
        case EntryOpenedAlone():
            return replace(state, waits=False)
        case GlassClosed() | AuthorityEnded():
            return replace(state, ended=True)
        case GlassReviewed() | EntryReviewed():
            return replace(state, ended=True, reviewed=True)
    return state


def _reasoned(reason: str) -> str:
    if len(reason.split()) < 2:
        raise Refused("give a reason of at least two words, so that another person can judge it")
    return reason


def _opened(state: Grant) -> None:
    if not state.people:
        raise Refused("there is no emergency access or shared access with this id")


def break_glass(user: str, case: UUID, now: datetime, reason: str) -> tuple[Event, ...]:
    return (GlassBroken(user, case, now + GLASS, _reasoned(reason)),)


def close_glass(state: Grant, user: str) -> tuple[Event, ...]:
    _opened(state)
    if user not in state.people:
        raise Refused("only the person who opened this access can close it")
    return () if state.ended else (GlassClosed(user),)


def review(state: Grant, reviewer: str, judged: Judged, reason: str) -> tuple[Event, ...]:
    """Record a second person's review of emergency access to a case, or of the opening of a
    source's entry. Raises Refused if the reviewer had this access, and if a review is already
    recorded.
    """
    _opened(state)
    if any(forms.same_person(reviewer, user) for user in state.people):
        raise Refused("the person who had this access cannot review it")
    if state.reviewed:
        raise Refused("this access was reviewed already")
    if state.entry:
        return (EntryReviewed(judged, _reasoned(reason)),)
    return (GlassReviewed(judged, _reasoned(reason)),)


def give_authority(
    user: str,
    case: UUID,
    given_for: AuthorityFor,
    until: datetime,
    reason: str,
    *,
    now: datetime,
    giver: str,
) -> tuple[Event, ...]:
    """Give an auditor or a disclosure officer access to one case until a time. Raises Refused if
    that time is past or too far in the future, and if the user would give the access to themselves.
    """
    if not now < until <= now + LONGEST_AUTHORITY:
        raise Refused(
            "the end of the authority is not valid: give a time in the future, within "
            f"{LONGEST_AUTHORITY.days} days from now",
            field="until",
        )
    if forms.same_person(giver, user):
        raise Refused("you cannot give yourself an authority: another person has to give it")
    return (AuthorityGiven(user, case, given_for, until, _reasoned(reason)),)


def approve(state: Grant, giver: str, approver: str) -> tuple[Event, ...]:
    """Approve, as the second person, a disclosure officer's access to sensitive material. Raises
    Refused if the approving person gave this access, or is the officer who gets it.
    """
    _opened(state)
    if any(forms.same_person(approver, user) for user in (giver, *state.people)):
        raise Refused(
            "a third person has to approve this authority: neither the person who gave it nor "
            "the person who gets it"
        )
    return (AuthorityApproved(state.people[0]),) if state.waits and not state.entry else ()


def end_authority(state: Grant) -> tuple[Event, ...]:
    _opened(state)
    return () if state.ended else (AuthorityEnded(state.people[0]),)


def ask_entry(user: str, entry: UUID, reason: str) -> tuple[Event, ...]:
    return (EntryAsked(user, entry, _reasoned(reason)),)


def _asked(state: Grant) -> UUID:
    if state.entry is None:
        raise Refused(
            "access to this entry was not requested: request it first, then a second person joins"
        )
    if not state.waits:
        raise Refused("this access was used already: request access to the entry again")
    return state.entry


def open_entry(state: Grant, second: str, now: datetime) -> tuple[Event, ...]:
    """Open an entry of the source register together with a second person. Raises Refused for one
    person alone."""
    if state.entry and any(forms.same_person(second, user) for user in state.people):
        raise Refused(
            "an entry of the source register is opened by two people together: another "
            "person has to join"
        )
    return (EntryOpened(_asked(state), (state.people[0], second), now + GLASS),)


def open_entry_alone(
    state: Grant, inspector: str, moment: datetime, now: datetime
) -> tuple[Event, ...]:
    """Open an entry of the source register alone, for a threat to life. An inspector may do so ten
    minutes after their own request, if no second person has joined. Raises Refused before the ten
    minutes are over, and if another person made the request, because the inspector can join that
    request.
    """
    entry = _asked(state)
    if inspector not in state.people:
        raise Refused("join the other person's request: then both of you see the entry")
    if now < moment + SECOND_WITHIN:
        raise Refused(
            "wait: a second person has ten minutes to join. After "
            f"{moment + SECOND_WITHIN:%H:%M} UTC you can open the entry without a second person"
        )
    return (EntryOpenedAlone(entry, inspector, now + GLASS),)
