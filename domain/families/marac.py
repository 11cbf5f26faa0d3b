"""A referral of a young person of 16 or over to a MARAC (a multi-agency risk assessment conference
about domestic abuse), and the conference's decision.

The report: "two female victims of CSE became high-risk young adults". The grounds for a referral
are those of SafeLives: 14 ticks on the DASH checklist, a professional's judgement, escalation, and
a repeat, which is a further incident within twelve months of the last conference [verify].
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct, structs
from msgspec.structs import replace

from domain.kernel.codes import MaracEnd, MaracGround
from domain.kernel.deadline_effects import Begins, Postpones
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, OWNER, WRITTEN
from domain.kernel.values import Refused

#: The number of ticks on the DASH checklist of domestic abuse that means high risk [verify].
HIGH = 14
#: The number of questions on the DASH checklist of domestic abuse.
QUESTIONS = 24
#: The minimum age of both people for domestic abuse (Domestic Abuse Act 2021 s.1(2)).
YOUNGEST = 16
#: How long after a MARAC conference a further incident counts as a repeat.
REPEAT_WITHIN = timedelta(days=365)


class MaracReferred(Event, frozen=True):
    """The young person of a case was referred to a MARAC: the grounds, the number of ticks on the
    checklist, the incident (`basis`), and the day of the meeting.
    """

    stored: ClassVar = Stored("marac.referred", "evidence", "record", ("grounds", "basis", "ticks"))
    meaning: ClassVar = Meaning(
        ("support", "work"),
        commands=("marac.refer",),
        kind="family",
        enters=("marac", "referred"),
        reach="member",
        journey=("referred to a MARAC",),
        access_request="serious-harm",
        deadlines=(Begins("marac", due="meets"),),
        files=True,
    )
    case: Annotated[UUID, ABOUT, OWNER]
    grounds: tuple[MaracGround, ...]
    meets: date
    basis: Annotated[str, WRITTEN]
    ticks: int | None = None


class MaracHeard(Event, frozen=True):
    """The decision of a MARAC was recorded: a plan, no plan, or adjourned until `meets`."""

    stored: ClassVar = Stored("marac.heard", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support", "work"),
        commands=("marac.hear",),
        kind="family",
        turns="how",
        journey=("the MARAC made", "how"),
        deadlines=(Postpones("marac", due="meets"),),
    )
    how: MaracEnd
    words: Annotated[str, WRITTEN]
    on: date
    meets: date | None = None


EVENTS = (MaracReferred, MaracHeard)


class Marac(Struct, frozen=True):
    """The state of one referral to a MARAC: its content, and whether the conference took place."""

    referred: MaracReferred | None = None
    heard: bool = False


def evolve(state: Marac, event: Event) -> Marac:
    match event:
        case MaracReferred():
            return Marac(event)
        case MaracHeard():
            return replace(state, heard=event.how != "put-off")
    return state


def refer(
    referred: MaracReferred, years: int | None, heard: Sequence[date], today: date
) -> tuple[Event, ...]:
    """Refer a young person to a MARAC (conference about domestic abuse). `years` is the person's
    age, None if not known; `heard` are the days of earlier conferences about the person. A high
    score and a conference in the last twelve months count as grounds even if the user does not name
    them.

    Raises Refused:
    - if the person is under 16;
    - if there is no ground, or no description of what happened;
    - if the ground is a high score, but there are too few ticks on the checklist;
    - if the day of the meeting is past.
    """
    if years is not None and years < YOUNGEST:
        raise Refused(
            f"a MARAC is for those who are {YOUNGEST} or over (Domestic Abuse Act 2021 "
            "s.1): domestic abuse of a younger child is child abuse, so start child "
            "protection instead"
        )
    high = referred.ticks is not None and referred.ticks >= HIGH
    again = any(today - day <= REPEAT_WITHIN for day in heard)
    if "high-score" in referred.grounds and not high:
        raise Refused(
            f"a high score is {HIGH} ticks or more on the checklist: give the number of "
            "ticks, or another ground",
            field="ticks",
        )
    found: dict[MaracGround, bool] = {"high-score": high, "repeat": again}
    also = [ground for ground, applies in found.items() if applies]
    grounds = tuple(dict.fromkeys((*referred.grounds, *also)))
    if not grounds:
        raise Refused("say on which grounds this person is referred to the MARAC", field="grounds")
    if not referred.basis.strip():
        raise Refused("say what happened that leads to this referral", field="basis")
    _to_come(referred.meets, today)
    return (structs.replace(referred, grounds=grounds),)


def hear(state: Marac, heard: MaracHeard, today: date) -> tuple[Event, ...]:
    """Record the decision of a MARAC conference. Raises Refused if there is no referral, if a
    decision is recorded already, if the decision has no text, if its day is in the future, and if
    the conference was adjourned and the day of the next meeting is not given.
    """
    if state.referred is None:
        raise Refused("there is no MARAC referral with this id")
    if state.heard:
        raise Refused(
            "this MARAC's decision was recorded already: if more has happened since, "
            "refer the person again"
        )
    if not heard.words.strip():
        raise Refused("say what the MARAC decided, and who does what", field="words")
    if heard.on > today:
        raise Refused(
            "the day of the MARAC is in the future: record its decision after it has met",
            field="on",
        )
    if (heard.how == "put-off") != (heard.meets is not None):
        raise Refused(
            "give the day of the next meeting if the MARAC was postponed, and otherwise no day",
            field="meets",
        )
    if heard.meets:
        _to_come(heard.meets, today)
    return (heard,)


def _to_come(day: date, today: date) -> None:
    if day < today:
        raise Refused(
            "the day of the MARAC is past: give the day in the future on which it meets",
            field="meets",
        )
