"""Compute when an item with a deadline is due, and record the answer to the deadline.

If a user set a day, the item is due at the end of that day. The due time is stored; whether this
time has passed is computed at each query (`projections/due`). The types of deadline are in
`domain/clocks`.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from domain.clocks import CLOCKS
from domain.forms import working_days
from domain.forms.intervals import LONDON
from domain.kernel.codes import Clock, DueAnswer
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER, WRITTEN
from domain.kernel.values import Refused

DUE = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2a")


class DueAnswered(Event, frozen=True):
    """A due item was answered: it is done, or it is due again at `until`."""

    stored: ClassVar = Stored("due.answered", "evidence", "record", ("reason",))
    meaning: ClassVar = Meaning(
        ("support", "work", "outcome", "erase", "allocate", "find"), alone=True
    )
    item: Annotated[UUID, ABOUT, OWNER]
    clock: Clock
    answer: DueAnswer
    reason: Annotated[str, WRITTEN]
    until: datetime | None = None


EVENTS = (DueAnswered,)


@lru_cache(maxsize=4096)
def stream(item: UUID, clock: Clock) -> UUID:
    """Return the id of an item's deadline of one type, which is also the stream of its answers."""
    return uuid5(DUE, f"{item}|{clock}")


def last_moment(day: date) -> datetime:
    """Return the end of a day in London; a deadline on that day is not late before it."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def due_at(clock: Clock, since: datetime, day: date | None) -> datetime | None:
    """Return when an item is due: at the end of the day `day`, or, if `day` is None, when the time
    allowed for this type of deadline is over. Return None if `day` is None and this type of
    deadline has no allowed time.
    """
    if day is not None:
        return last_moment(day)
    rule = CLOCKS[clock]
    if rule.working_days is not None:
        today = since.astimezone(LONDON).date()
        return last_moment(working_days.working_days_after(today, rule.working_days))
    return since + rule.after if rule.after else None


def answer(
    item: UUID, clock: Clock, reply: DueAnswer, reason: str, until: datetime | None, now: datetime
) -> tuple[Event, ...]:
    """Answer an item that is due: it is done, or is due again later. Raises Refused if there is no
    reason, if the answer is neither "done" nor "again", if "again" comes without a day or "done"
    with a day, and if the day is in the past.
    """
    if reply not in ("done", "again"):
        raise Refused(
            "answer the deadline with done, or with again and the day on which it is due again",
            field="answer",
        )
    if not reason.strip():
        raise Refused("say what was done, or why the deadline comes again", field="reason")
    if (reply == "again") != (until is not None):
        raise Refused(
            "the answer and the day do not fit: give a day if the deadline comes again, and no "
            "day if it is done",
            field="until",
        )
    if until and until <= now:
        raise Refused(
            "the day on which the deadline comes again is not in the future: give a later day",
            field="until",
        )
    return (DueAnswered(item, clock, reply, reason, until),)
