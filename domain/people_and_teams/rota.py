"""The rota: duties with a name, a telephone number and times, and the next person to call if the
first does not answer.

From the duties, the program computes whom to call at a moment; it makes no calls itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE, IDENTIFYING
from domain.kernel.values import Refused

#: How long an urgent item waits for a person on call until the next person is called.
STEP = timedelta(minutes=10)
LONGEST = timedelta(days=31)
DANGER = "Child in danger now: 999."
#: The smallest number of digits of a telephone number in the rota: that of an extension.
DIGITS = 3


class DutyGiven(Event, frozen=True):
    """A user is on call from `since` until `until`, for a team or, if `team` is None, for all
    teams. `place` is the user's place in the order in which people are called; 1 is called first.
    """

    stored: ClassVar = Stored("rota.duty_given", "evidence", "record", ("phone",))
    meaning: ClassVar = Meaning(("triage", "allocate", "manage-accounts"))
    user: Annotated[str, CODE]
    phone: Annotated[str, IDENTIFYING]
    since: datetime
    until: datetime
    place: int = 1
    team: Annotated[str | None, CODE] = None


class DutyEnded(Event, frozen=True):
    """A duty on the rota ended, or was cancelled before it began."""

    stored: ClassVar = Stored("rota.duty_ended", "evidence", "none")
    meaning: ClassVar = Meaning(("triage", "allocate", "manage-accounts"), commands=("rota.end",))


EVENTS = (DutyGiven, DutyEnded)


class State(Struct, frozen=True):
    """The state of one duty on the rota."""

    given: DutyGiven | None = None
    ended: bool = False


def evolve(state: State, event: Event) -> State:
    match event:
        case DutyGiven():
            return State(event)
        case DutyEnded():
            return State(state.given, ended=True)
    return state


def give(duty: DutyGiven, now: datetime) -> tuple[Event, ...]:
    """Put a user on call for a time. Raises Refused for impossible times, an invalid telephone
    number, or a place below 1 in the order of calling.
    """
    if not duty.since < duty.until:
        raise Refused("the duty ends before it begins: correct one of its times", field="until")
    if duty.until <= now:
        raise Refused("this duty would be over already: give a later end", field="until")
    if duty.until - duty.since > LONGEST:
        raise Refused(
            f"a duty lasts {LONGEST.days} days at most: check the year of its end", field="until"
        )
    if sum(char.isdigit() for char in duty.phone) < DIGITS:
        raise Refused(
            f"{duty.phone!r} is not a phone number: write at least {DIGITS} digits", field="phone"
        )
    if duty.place < 1:
        raise Refused(
            "give the place on the rota as 1 for the person who is called first, 2 for the next",
            field="place",
        )
    return (duty,)


def end(state: State) -> tuple[Event, ...]:
    if state.given is None:
        raise Refused("there is no duty on the rota with this id: check the id", field="duty")
    return () if state.ended else (DutyEnded(),)


class Duty(Struct, frozen=True):
    """A current or future duty of a user on the rota."""

    id: UUID
    user: str
    phone: str
    since: datetime
    until: datetime
    place: int
    team: str | None


class OnCall(Struct, frozen=True):
    """The people on call at a moment: `now` is the duty of the person to call now; `next` is the
    duty of the person to call at `next_at` if the first person does not answer. `otherwise` is the
    installation's own text about who is on call, which is set if the rota is empty.
    """

    now: Duty | None = None
    next: Duty | None = None
    next_at: datetime | None = None
    otherwise: str | None = None


def find_called(
    duties: Iterable[Duty],
    team: str,
    at: datetime,
    waiting_since: datetime | None = None,
    otherwise: str | None = None,
) -> OnCall:
    """Return who is called for a team at this moment. The person with the first place on the rota
    is called first. For every ten minutes that an urgent item has waited, the call passes to the
    person with the next place; the person with the last place is called until the item is answered.
    """
    standing = sorted(
        (duty for duty in duties if duty.since <= at < duty.until and duty.team in (None, team)),
        key=lambda duty: (duty.place, duty.team is None, duty.since, duty.id),
    )
    if not standing:
        return OnCall(otherwise=otherwise)
    steps = max(0, (at - waiting_since) // STEP) if waiting_since else 0
    here = min(steps, len(standing) - 1)
    after = standing[here + 1] if here + 1 < len(standing) else None
    next_at = waiting_since + (here + 1) * STEP if waiting_since and after else None
    return OnCall(standing[here], after, next_at, otherwise)


def first_gap(
    duties: Iterable[Duty], team: str, start: datetime, end: datetime
) -> tuple[datetime, datetime] | None:
    """Return the first period between two moments in which no user is on call for a team; None if
    there is no such period.
    """
    covered = start
    for duty in sorted(duties, key=lambda one: one.since):
        if duty.team in (None, team) and duty.until > covered:
            if duty.since > covered:
                return covered, min(duty.since, end)
            covered = duty.until
        if covered >= end:
            return None
    return (covered, end) if covered < end else None
