"""Children who go missing: the nights, patterns of missing episodes, and each child's trigger plan.

Each missing episode is recorded in the child's case (`domain/families/referral.py`). The program
shows a pattern, and a person confirms or dismisses it; the program records no link because of a
pattern.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

from msgspec import Struct

from domain import forms
from domain.forms.local import LONDON
from domain.kernel.codes import PatternJudgement
from domain.kernel.deadline_effects import Begins
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER, WRITTEN
from domain.kernel.values import Refused

#: Kinds of pattern: one child goes missing repeatedly; two children are missing on the same nights;
#: two children are located in one place.
PatternKind = Literal["repeat", "same-nights", "same-place"]
PATTERNS = UUID("5b0c8e4d-6f1a-5c39-9d27-41e8a3b7f602")
PLANS = UUID("a94d1f37-2c85-5e6b-8b10-7d3f5c92e1a8")
#: A pattern is shown after `OFTEN` episodes within `ALERT_WITHIN`. The report card counts the
#: episodes within `FIGURE_WITHIN`: local boards measure three or more in twelve months [verify].
OFTEN, ALERT_WITHIN, FIGURE_WITHIN = 3, timedelta(days=90), timedelta(days=365)


class PatternJudged(Event, frozen=True):
    """A person judged what a pattern of missing episodes means. The pattern concerns one case or
    two. If it grows, it is proposed for judgement again.
    """

    stored: ClassVar = Stored("missing.pattern_judged", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(("work", "find"), commands=("missing.judge",))
    kind: PatternKind
    case: Annotated[UUID, ABOUT, OWNER]
    judgement: PatternJudgement
    reason: Annotated[str, WRITTEN]
    other: Annotated[UUID | None, ABOUT, OWNER] = None


class PlanWritten(Event, frozen=True):
    """A trigger plan was written: whom to call when this child goes missing, where they are usually
    found, and information for the call taker. It has a review date.
    """

    stored: ClassVar = Stored(
        "missing.plan_written", "evidence", "subject", ("call", "usual", "tell")
    )
    meaning: ClassVar = Meaning(
        ("work", "find"),
        commands=("missing.plan",),
        journey=("plan for going missing",),
        deadlines=(Begins("missing-plan-review", of="case", due="review"),),
    )
    case: Annotated[UUID, ABOUT, OWNER]
    review: date
    call: Annotated[str, WRITTEN]
    usual: Annotated[str | None, WRITTEN] = None
    tell: Annotated[str | None, WRITTEN] = None


EVENTS = (PatternJudged, PlanWritten)


class Last(Struct, frozen=True):
    """The latest event of a stream that holds either judgements on a pattern of missing episodes or
    a child's trigger plans. `event` is None if the stream is empty.
    """

    event: Event | None = None


def evolve(state: Last, event: Event) -> Last:
    match event:
        case PatternJudged() | PlanWritten():
            return Last(event)
    return state


def nights_by_chance(nights: int, others: int, within: timedelta = FIGURE_WITHIN) -> float:
    """Return the expected number of nights on which two children are both missing by mere chance.
    `nights` and `others` are the numbers of nights on which the first and the second child were
    missing in the period `within`.
    """
    return nights * others / within.days


def night(moment: datetime) -> int:
    """Return the number of the night that follows the day of this moment, in London time. Nights
    are numbered in sequence.
    """
    return moment.astimezone(LONDON).date().toordinal()


def nights(since: datetime, until: datetime) -> int:
    """Return how many midnights, by London time, are between two moments."""
    return max(0, night(until) - night(since))


#: Words that only say that a child came back, or that name no place.
_NOWHERE: frozenset[str] = frozenset(
    {
        *("a", "an", "the", "at", "to", "of", "in", "and", "s", "own", "her", "his", "their"),
        *("home", "house", "flat", "address", "placement", "school", "street", "outside"),
        *("carer", "carers", "foster", "parent", "parents", "mother", "mum", "mam", "father"),
        *("dad", "nan", "family", "back", "came", "come", "returned", "return", "went", "walked"),
        *("got", "made", "way", "herself", "himself", "themselves", "not", "known", "unknown"),
        *("nk", "none", "safe", "well"),
    }
)


def place(where: str | None) -> str | None:
    """Return the place where a missing child was located, normalised for comparison. Return None if
    the text names no place where two children could meet: "at home", "came back by herself".
    """
    normal = forms.place(where or "")
    return None if set(normal.split()) <= _NOWHERE else normal


def pattern_id(kind: PatternKind, *about: UUID | str) -> UUID:
    """Return the id of a pattern of missing episodes, which is also the id of the stream of
    decisions about it. The same pattern always has the same id; the order of two children does not
    matter.
    """
    return uuid5(PATTERNS, "|".join((kind, *sorted(map(str, about)))))


def plan_stream(case: UUID) -> UUID:
    """Return the id of the stream of the trigger plans of a case: what to do when its child goes
    missing.
    """
    return uuid5(PLANS, str(case))


def judge(judged: PatternJudged) -> tuple[Event, ...]:
    """Return the event of a person's judgement on what a pattern of missing episodes means. Raises
    Refused if there is no reason.
    """
    if not judged.reason.strip():
        raise Refused(
            "say what this pattern means, or why you think that it means nothing", field="reason"
        )
    return (judged,)


def write_plan(plan: PlanWritten, today: date) -> tuple[Event, ...]:
    """Record a child's trigger plan, which replaces the previous plan. Raises Refused if there is
    no person to call, and for a review date in the past.
    """
    if not plan.call.strip():
        raise Refused("say who is called when the child is missing", field="call")
    if plan.review <= today:
        raise Refused(
            "the review day of the trigger plan is not in the future: give a later day",
            field="review",
        )
    return (plan,)
