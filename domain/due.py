"""What has a date: which clocks there are, when each is due, and whose it is.

A date that somebody sets comes back on its day. The due instant is stored; whether it is past is a
question at a moment (`projections/due.py`). A further clock is a row of `CLOCKS`, and an arm there.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Literal, get_args
from uuid import UUID, uuid5

from domain.envelope import Event, Stored
from domain.forms.intervals import LONDON
from domain.values import Refused, Role

Clock = Literal[
    "no-value-audit",
    "no-action-review",
    "opinion-review",
    "notice-expiry",
    "restriction-review",
    "retention-review",
    "release-review",
    "hold-review",
    "hold-confirmation",
    "return-interview",
    "withheld-words",
    "missing-plan-review",
]
Answer = Literal["agree", "assess", "done", "again"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
DUE = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2a")


@dataclass(frozen=True)
class Rule:
    """What is due, in words; after how long where nobody sets a day [verify]; which role's it is
    where no person is named, and to whom it goes on."""

    says: str
    after: timedelta | None
    role: Role
    escalates_to: Role


CLOCKS: dict[Clock, Rule] = {
    "no-value-audit": Rule(
        "a second person looks at a decision that words have no value",
        timedelta(days=7),
        "detective",
        "manager",
    ),
    "no-action-review": Rule(
        "no further action is reviewed", timedelta(days=182), "detective", "manager"
    ),
    "opinion-review": Rule("an opinion is looked at again", None, "psw", "manager"),
    "notice-expiry": Rule("a warning notice ends", None, "detective", "manager"),
    "restriction-review": Rule(
        "a restriction is reviewed", timedelta(days=182), "detective", "manager"
    ),
    "retention-review": Rule(
        "what was retained until now is reviewed", None, "detective", "manager"
    ),
    "release-review": Rule(
        "another officer looks at what was shared at once", None, "detective", "manager"
    ),
    "hold-review": Rule("a legal hold is reviewed", timedelta(days=182), "detective", "manager"),
    "hold-confirmation": Rule(
        "a second person confirms a hold on the whole store, which stands until it is lifted",
        timedelta(hours=72),
        "manager",
        "dci",
    ),
    "return-interview": Rule(
        "a child who was missing is interviewed, within 72 hours of coming back",
        timedelta(hours=72),
        "missing-coordinator",
        "manager",
    ),
    "withheld-words": Rule(
        "a supervisor weighs what a child asked not to be passed on",
        timedelta(hours=24),
        "supervisor",
        "dci",
    ),
    "missing-plan-review": Rule(
        "the plan for when a child goes missing is looked at again",
        None,
        "missing-coordinator",
        "manager",
    ),
}


class DueAnswered(Event, frozen=True):
    """Somebody answered what was due: it is done, or comes again at `until`."""

    stored: ClassVar = Stored("due.answered", "evidence", "record", ("reason",))
    item: UUID
    clock: Clock
    answer: Answer
    reason: str
    until: datetime | None = None


EVENTS = (DueAnswered,)


def stream(item: UUID, clock: Clock) -> UUID:
    """The id of what is due about an item by one clock, and the stream of its answers."""
    return uuid5(DUE, f"{item}|{clock}")


def last_moment(day: date) -> datetime:
    """When a day is over in London: until then what is due on it is not late."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def instant(clock: Clock, since: datetime, day: date | None) -> datetime | None:
    """When it is due: at the end of the day that somebody set, else after the clock's own time;
    None where there is neither."""
    if day is not None:
        return last_moment(day)
    after = CLOCKS[clock].after
    return since + after if after else None


def answer(
    item: UUID, clock: Clock, said: Answer, reason: str, until: datetime | None, now: datetime
) -> tuple[Event, ...]:
    """Answer what is due. Raises Refused without a reason, for an answer that this clock does not
    take, and for a day that is past."""
    if said not in ("done", "again"):
        raise Refused("answer done, or again with the day on which it comes back")
    if not reason.strip():
        raise Refused("say what was done, or why it comes again")
    if (said == "again") != (until is not None):
        raise Refused("again needs the day on which it comes back; what is done has none")
    if until and until <= now:
        raise Refused("it would be due again at once: give a later day")
    return (DueAnswered(item, clock, said, reason, until),)
