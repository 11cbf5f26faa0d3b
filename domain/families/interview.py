"""Interviews of a family for an evaluation: the request, the consent, and the right to withdraw.

"All participants were given an information sheet explaining the evaluation and outlining their
right to change their mind; written consent was obtained" (report, section 2). The content of an
interview belongs to the evaluator, and is not recorded here.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import About, InterviewStep
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, CODE, OWNER, WRITTEN
from domain.kernel.values import Refused


class InterviewRequested(Event, frozen=True):
    """A family was asked for an interview by a study."""

    stored: ClassVar = Stored("interview.requested", "evidence", "record")
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("interview.request",),
        enters=("interview", "requested"),
        reach="support",
        journey=("asked for an interview",),
        access_request="others-rights",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    study: Annotated[str, CODE]
    whom: About
    day: date


class InterviewStepTaken(Event, frozen=True):
    """A step of an evaluation interview was recorded: the family consented or declined, the
    interview took place, or the family withdrew. `informed` means that the family had the
    information sheet, which says that they may change their mind.
    """

    stored: ClassVar = Stored("interview.step_taken", "evidence", "record", ("words",))
    meaning: ClassVar = Meaning(
        ("support",),
        commands=("interview.step",),
        turns="step",
        journey=("interview", "step"),
        access_request="others-rights",
    )
    step: InterviewStep
    day: date
    informed: bool = False
    words: Annotated[str | None, WRITTEN] = None


EVENTS = (InterviewRequested, InterviewStepTaken)


class Interview(Struct, frozen=True):
    """The state of one evaluation interview: the day of the request, and its last step."""

    requested: date | None = None
    last: InterviewStep | None = None


#: The steps of an evaluation interview that may follow each step.
_NEXT: dict[InterviewStep | None, tuple[InterviewStep, ...]] = {
    None: ("consented", "declined"),
    "consented": ("held", "withdrawn"),
    "held": ("withdrawn",),
    "declined": ("consented",),
    "withdrawn": (),
}
_INSTEAD: dict[InterviewStep, str] = {
    "consented": "it is over: ask them again as a new request",
    "declined": "they consented already: record that they withdrew",
    "held": "an interview is held with consent: record the consent first",
    "withdrawn": "there is no consent to withdraw",
}


def evolve(state: Interview, event: Event) -> Interview:
    match event:
        case InterviewRequested():
            return Interview(event.day)
        case InterviewStepTaken():
            return Interview(state.requested, event.step)
    return state


def request(requested: InterviewRequested, today: date) -> tuple[Event, ...]:
    """Record a study's request to interview a family. Raises Refused if the study is missing, and
    for a day in the future.
    """
    if not requested.study.strip():
        raise Refused("say for which study the interview is requested", field="study")
    if requested.day > today:
        raise Refused(
            "the day of the request is in the future: record the request on that day", field="day"
        )
    return (requested,)


def take(state: Interview, taken: InterviewStepTaken, today: date) -> tuple[Event, ...]:
    """Record a step of an evaluation interview: consent, refusal, the interview or a withdrawal.
    Raises Refused if the step is out of order, if the family consents without the information
    sheet, and if the day is before the request or in the future. If the step is recorded already,
    nothing is recorded.
    """
    if state.requested is None:
        raise Refused("there is no request for an interview with this id")
    if state.last == taken.step:
        return ()
    if taken.step not in _NEXT[state.last]:
        raise Refused(_INSTEAD[taken.step], field="step")
    if taken.step == "consented" and not taken.informed:
        raise Refused(
            "consent is valid only if the parent has the information sheet, which says that "
            "they may change their mind: give them the sheet first",
            field="informed",
        )
    if not state.requested <= taken.day <= today:
        raise Refused("give a day from the day of the request until today", field="day")
    return (taken,)
