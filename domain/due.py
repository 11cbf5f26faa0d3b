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
]
#: How loudly a clock tells: `danger` until somebody answers, `law` is a date of the law, `practice`
#: is told once a day.
Tier = Literal["danger", "law", "practice"]
TIERS: tuple[Tier, ...] = get_args(Tier)
Answer = Literal["agree", "assess", "done", "again"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
DUE = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2a")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is due, in words; which fact begins it, and where the rule stands. After how long where
    nobody sets a day; which role's it is where no person is named; to which roles it goes in turn
    while nobody acts, whom no setting passes over; who may put it off, with a reason."""

    says: str
    begins: str
    source: str
    after: timedelta | None
    role: Role
    chain: tuple[Role, ...]
    tier: Tier
    extends: tuple[Role, ...] = ()


CLOCKS: dict[Clock, Rule] = {
    "no-value-audit": Rule(
        says="a second person looks at a decision that words have no value",
        begins="a decision that words have no value was drawn for the sample",
        source="two people decide that nothing follows; the sample and the week are the team's own",
        after=timedelta(days=7),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
    ),
    "no-action-review": Rule(
        says="no further action is reviewed",
        begins="a result that ends the pursuit of somebody, or its own day of review",
        source="the day that was set; half a year where none was [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=("detective", "supervisor", "manager", "dci"),
    ),
    "opinion-review": Rule(
        says="an opinion is looked at again",
        begins="an opinion was written, with the day of its review",
        source="Data Protection Act 2018 s.38: opinion apart from fact; the day that was set",
        after=None,
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "manager"),
    ),
    "notice-expiry": Rule(
        says="a warning notice ends",
        begins="a warning notice was served, with the day on which it ends",
        source="the notice itself; s.2 Child Abduction Act 1984, s.49 Children Act 1989",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=("detective", "supervisor", "manager", "dci"),
    ),
    "restriction-review": Rule(
        says="a restriction is reviewed",
        begins="something was restricted",
        source="Data Protection Act 2018 s.47 has no day: half a year is the team's own [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=("detective", "supervisor", "manager", "dci", "disclosure-officer"),
    ),
    "retention-review": Rule(
        says="what was retained until now is reviewed",
        begins="a review retained something until a day",
        source="Police Information and Records Management Code of Practice 2023 [verify]",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="law",
        extends=("detective", "supervisor", "manager", "dci"),
    ),
    "release-review": Rule(
        says="another officer looks at what was shared at once",
        begins="intelligence was shared at once by one person, who said when it is reviewed",
        source="two people release; the day that was set when it was shared",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
    ),
    "hold-review": Rule(
        says="a legal hold is reviewed",
        begins="a legal hold was ordered or reviewed",
        source="the day that was set; half a year where none was [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="law",
        extends=("detective", "supervisor", "manager", "dci", "disclosure-officer"),
    ),
    "hold-confirmation": Rule(
        says="a second person confirms a hold on the whole store, which stands until it is lifted",
        begins="a hold on the whole store was ordered",
        source="two people hold everything; 72 hours are the product's own",
        after=timedelta(hours=72),
        role="manager",
        chain=("dci",),
        tier="law",
    ),
    "return-interview": Rule(
        says="a child who was missing is interviewed, within 72 hours of coming back",
        begins="a missing child was found",
        source="statutory guidance on children who run away or go missing, 2014 [verify]",
        after=timedelta(hours=72),
        role="missing-coordinator",
        chain=("manager", "dci"),
        tier="law",
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
