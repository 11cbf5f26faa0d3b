"""Children who go missing: how nights are counted, what the machine looks for, a child's plan.

What happens to one child is told in the stream of the case (`domain/families/referral.py`). A
pattern is found by the machine and is nothing by itself: a person confirms or dismisses it, and it
ties nobody to anybody.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID, uuid5

from domain import forms
from domain.forms.local import LONDON
from domain.kernel.codes import PatternJudgement
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER, WRITTEN
from domain.kernel.values import Refused

#: A child who goes missing again and again; two away on the same nights; two found in one place.
PatternKind = Literal["repeat", "same-nights", "same-place"]
PATTERNS = UUID("5b0c8e4d-6f1a-5c39-9d27-41e8a3b7f602")
PLANS = UUID("a94d1f37-2c85-5e6b-8b10-7d3f5c92e1a8")
#: The alert is raised by so many times missing within so long; the figure counts them over a year
#: (the measure of local boards: three times or more in twelve months [verify]).
OFTEN, ALERT_WITHIN, FIGURE_WITHIN = 3, timedelta(days=90), timedelta(days=365)


class PatternJudged(Event, frozen=True):
    """A person judged a pattern in one case, or in two. A pattern that grows is proposed again."""

    stored: ClassVar = Stored("missing.pattern_judged", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(("work", "find"), commands=("missing.judge",))
    kind: PatternKind
    case: Annotated[UUID, ABOUT, OWNER]
    judgement: PatternJudgement
    reason: Annotated[str, WRITTEN]
    other: Annotated[UUID | None, ABOUT, OWNER] = None


class PlanWritten(Event, frozen=True):
    """A trigger plan was written: whom to call when this child goes missing, where they are usually
    found, what to say to the call taker. It is reviewed on its review date."""

    stored: ClassVar = Stored(
        "missing.plan_written", "evidence", "subject", ("call", "usual", "tell")
    )
    meaning: ClassVar = Meaning(
        ("work", "find"), commands=("missing.plan",), journey=("plan for going missing",)
    )
    case: Annotated[UUID, ABOUT, OWNER]
    review: date
    call: Annotated[str, WRITTEN]
    usual: Annotated[str | None, WRITTEN] = None
    tell: Annotated[str | None, WRITTEN] = None


EVENTS = (PatternJudged, PlanWritten)


@dataclass(frozen=True)
class Last:
    """What was decided, or written, last in this stream."""

    event: Event | None = None


def evolve(state: Last, event: Event) -> Last:
    match event:
        case PatternJudged() | PlanWritten():
            return Last(event)
    return state


def by_chance(nights: int, others: int, within: timedelta = FIGURE_WITHIN) -> float:
    """How many nights two children who were missing so often within that time would share if
    neither knew of the other: what is more than that calls for a look, what is not may be none."""
    return nights * others / within.days


def night(moment: datetime) -> int:
    """The night that follows the day of a moment, by the clock on the wall, as a number."""
    return moment.astimezone(LONDON).date().toordinal()


def nights(since: datetime, until: datetime) -> int:
    """How many midnights, by the clock on the wall, lie between two moments."""
    return max(0, night(until) - night(since))


#: What says no more than that a child came back, or was nowhere in particular.
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
    """Where a child was found, in the form in which places are compared; None where it names no
    place by which two could be told to have been together: "at home", "came back by herself"."""
    normal = forms.place(where or "")
    return None if set(normal.split()) <= _NOWHERE else normal


def pattern_id(kind: PatternKind, *about: UUID | str) -> UUID:
    """The id of a pattern, and the stream of what was said about it: the same whenever it is
    found, whichever of two children comes first."""
    return uuid5(PATTERNS, "|".join((kind, *sorted(map(str, about)))))


def plan_stream(case: UUID) -> UUID:
    """The stream of the plans for one child."""
    return uuid5(PLANS, str(case))


def judge(judged: PatternJudged) -> tuple[Event, ...]:
    """Raises Refused without a reason."""
    if not judged.reason.strip():
        raise Refused("say what it means, or why it means nothing", field="reason")
    return (judged,)


def write_plan(plan: PlanWritten, today: date) -> tuple[Event, ...]:
    """A later plan stands in place of the one before. Raises Refused where nobody is to be called,
    and for a review that is past."""
    if not plan.call.strip():
        raise Refused("say who is called", field="call")
    if plan.review <= today:
        raise Refused("it would be due for review at once: give a later day", field="review")
    return (plan,)
