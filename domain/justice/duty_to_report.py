"""The duty to report child sexual abuse: when it arose, why it was delayed, and the report.

Crime and Policing Act 2026, Part 5 Chapter 2 as it was in the Bill [verify its section and its
commencement]: a person who works with children informs the police or the local authority as soon as
is practicable. They may report later only if reporting at once would endanger a child, and within
seven days at the latest. One report fulfils the duty of several people. A person states that the
duty arises: the program proposes nothing.
"""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import ReportedTo
from domain.kernel.deadline_effects import Ends
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import ABOUT, IDENTIFYING, OWNER, WRITTEN
from domain.kernel.values import Refused

#: The longest delay of a report of child sexual abuse, whatever the reason.
LATEST = timedelta(days=7)


class DutyArose(Event, frozen=True):
    """A person recorded that they have a duty to report what they heard or saw (`words`), and when
    the duty arose.
    """

    stored: ClassVar = Stored("reporting.duty_arose", "evidence", "subject", ("words",))
    meaning: ClassVar = Meaning(
        ("work", "find"),
        commands=("reporting.arise",),
        enters=("reporting-duty", "to be reported"),
        reach="request",
    )
    case: Annotated[UUID, ABOUT, OWNER]
    words: Annotated[str, WRITTEN]
    since: datetime | None = None


class ReportDelayed(Event, frozen=True):
    """A report of child sexual abuse was delayed, because reporting it at once would endanger a
    child. The event has the latest day for the report.
    """

    stored: ClassVar = Stored("reporting.delayed", "evidence", "subject", ("reason",))
    meaning: ClassVar = Meaning(("work", "find"), commands=("reporting.delay",))
    reason: Annotated[str, WRITTEN]
    until: datetime


class AbuseReported(Event, frozen=True):
    """Child sexual abuse was reported. `told` is the recipient of the report. The time of the
    report is always given; the reason for a delay is given if the report was late. `by_another` is
    True if a person other than the recorder made the report, and the recorder is certain of that.
    """

    stored: ClassVar = Stored(
        "reporting.reported", "evidence", "subject", ("told", "reference", "why_later")
    )
    meaning: ClassVar = Meaning(
        ("work", "find"),
        commands=("reporting.report",),
        turns="reported",
        deadlines=(Ends("duty-to-report"),),
    )
    to: ReportedTo
    told: Annotated[str, IDENTIFYING]
    happened: datetime | None = None
    reference: Annotated[str | None, IDENTIFYING] = None
    why_later: Annotated[str | None, WRITTEN] = None
    by_another: bool = False


EVENTS = (DutyArose, ReportDelayed, AbuseReported)


class ReportingDuty(Struct, frozen=True):
    """The state of one person's duty to report child sexual abuse."""

    since: datetime | None = None
    delayed: bool = False
    reported: bool = False


def evolve(state: ReportingDuty, event: Event) -> ReportingDuty:
    match event:
        case DutyArose():
            return ReportingDuty(event.since)
        case ReportDelayed():
            return replace(state, delayed=True)
        case AbuseReported():
            return replace(state, reported=True)
    return state


def arise(made: DutyArose, now: datetime) -> tuple[Event, ...]:
    """Record that a person has a duty to report child sexual abuse. Raises Refused if there is no
    description of what the person heard or saw, and if the time at which the duty arose is in the
    future.
    """
    if not made.words.strip():
        raise Refused("say what you were told or what you saw", field="words")
    if made.since is None or made.since > now:
        raise Refused(
            "the time at which the duty arose is in the future: correct it", field="since"
        )
    return (made,)


def _open(state: ReportingDuty) -> datetime:
    if state.since is None:
        raise Refused("there is no duty to report with this id")
    if state.reported:
        raise Refused("the abuse was reported already")
    return state.since


def delay(state: ReportingDuty, reason: str, until: datetime, now: datetime) -> tuple[Event, ...]:
    """Record that a report of child sexual abuse is delayed until a given time, because a report
    now would endanger a child. Raises Refused if there is no reason, if the given time is in the
    past or more than seven days after the duty arose, and if the abuse was already reported.
    """
    since = _open(state)
    if not reason.strip():
        raise Refused(
            "say which child would be in danger if this were reported now", field="reason"
        )
    if until <= now:
        raise Refused(
            "the time until which the report is delayed is past: report now", field="until"
        )
    if until > since + LATEST:
        raise Refused(
            "the report cannot be delayed for more than seven days: delay it until "
            f"{since + LATEST:%d %B %Y} at the latest",
            field="until",
        )
    return (ReportDelayed(reason, until),)


def report(
    state: ReportingDuty, made: AbuseReported, now: datetime, at_once: timedelta
) -> tuple[Event, ...]:
    """Record that child sexual abuse was reported. A report more than `at_once` after the duty
    arose is late. Raises Refused if the recipient of the report is missing, if the time of the
    report is in the future or before the duty arose, and if the report is late, was not recorded as
    delayed and has no reason.
    """
    since = _open(state)
    if not made.told.strip():
        raise Refused("say who took the report: a name, or a call taker's number", field="told")
    if made.happened is None or not since <= made.happened <= now:
        raise Refused("give a time between when the duty arose and now", field="happened")
    late = made.happened > since + at_once
    if late and not state.delayed and not (made.why_later or "").strip():
        raise Refused("the report was late: say why it was not made in time", field="why_later")
    return (made,)
