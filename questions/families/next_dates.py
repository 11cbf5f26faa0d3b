"""The first part of a family's page: the next dates, the nights missing by week, and gaps in the
record.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from domain.clocks import CLOCKS
from domain.forms.local import day_of
from projections.missing.rows import EpisodeRow
from questions.families.case import Family

#: Number of weeks for which the nights missing are shown.
WEEKS = 26


class NextDate(Struct, frozen=True):
    """A dated event of a family, in words. `place` is the section of the family's page that shows
    the event.
    """

    day: date
    what: str
    words: str
    place: str


def next_dates(family: Family, today: date) -> list[NextDate]:
    """Return the family's events that are overdue or have a date from today on, the
    soonest first.
    """
    rows = [*_owed(family), *_court(family, today), *_safety(family)]
    return sorted(rows, key=lambda row: (row.day, row.what, row.words))


def _owed(family: Family) -> Iterator[NextDate]:
    for promise in family.promised:
        if not promise.ended:
            yield NextDate(promise.until, "Promise", promise.words, "promised")
    for need in family.lives.needs:
        if need.is_open:
            yield NextDate(need.by, "Need", need.words, "needs")
    for step in family.news:
        if not step.told and not step.declined:
            description = step.step.replace("-", " ")
            yield NextDate(step.last_day, "Tell the family", description, "steps")
    for request in family.asked_for:
        if request.answer_by and not request.over and not request.decision:
            description = f"{request.asker}: {request.sought}"
            yield NextDate(
                request.answer_by, "Victim information request", description, "asked-for"
            )
    for decision in family.decided:
        if decision.is_open:
            yield NextDate(decision.due, f"Action of {decision.owner}", decision.words, "decided")


def _court(family: Family, today: date) -> Iterator[NextDate]:
    for hearing in family.heard.hearings:
        if hearing.result is None:
            description = hearing.kind.replace("-", " ").capitalize()
            yield NextDate(day_of(hearing.starts), description, hearing.court or "", "court")
    for bail in family.heard.bails:
        if bail.until and not bail.ended and bail.until >= today:
            name = family.names[bail.person].label if bail.person in family.names else ""
            yield NextDate(bail.until, "Bail ends", name, "court")


def _safety(found_family: Family) -> Iterator[NextDate]:
    if found_family.row.returned:
        day = day_of(found_family.row.returned + (CLOCKS["return-interview"].after or timedelta()))
        yield NextDate(day, "Return home interview", "", "away")
    if found_family.plan:
        yield NextDate(found_family.plan.review, "Review the trigger plan", "", "plan")
    for referral in found_family.lives.maracs:
        if referral.is_open:
            yield NextDate(referral.meets, "MARAC meets", "", "marac")
    for family in found_family.lives.waiting:
        if not family.became:
            yield NextDate(family.review, "Ask how they are", "no worker is available", "waiting")
    for duty in found_family.duties:
        if not duty.happened:
            yield NextDate(
                day_of(duty.until or duty.since), "Report abuse", duty.words, "reporting"
            )
    for child in found_family.its.at_risk:
        if not child.decision:
            day = day_of(child.recorded + (CLOCKS["named-at-risk"].after or timedelta()))
            yield NextDate(day, "Decide about another child", child.who, "at-risk")


class MissingWeek(Struct, frozen=True):
    """The nights of one week on which the child was missing."""

    start: date
    nights: int


def missing_weeks(away: Sequence[EpisodeRow], today: date) -> list[MissingWeek]:
    """Return the last `WEEKS` weeks, each with its nights missing. The nights of an episode that
    has not ended are counted until today.
    """
    nights: set[date] = set()
    for row in away:
        last = today.toordinal() if row.last is None else row.last
        nights |= {date.fromordinal(number) for number in range(row.first, last)}
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [
        MissingWeek(start, sum(start <= night < start + timedelta(weeks=1) for night in nights))
        for start in starts
    ]


def gaps(family: Family) -> list[str]:
    """Return the gaps in the record of a case, such as a missing review, in words."""
    row = family.row
    if row.closed:
        return []
    lacks = {
        "No worker for the child": not row.worker_child,
        "No worker for the parents": not row.worker_parents,
        "No risk rating": row.threshold == "unknown",
        "No trigger plan for a missing child": bool(family.away) and not family.plan,
        "No return home interview recorded": row.returned is not None,
        "No carer recorded": not any(member.cares for member in family.its.members),
    }
    return [words for words, lacking in lacks.items() if lacking]
