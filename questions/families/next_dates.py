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

#: Number of weeks for which nights missing are shown.
WEEKS = 26


class NextDate(Struct, frozen=True):
    """An event of a family with a date, in words; `place` is its section of the page."""

    day: date
    what: str
    words: str
    place: str


def next_dates(found: Family, today: date) -> list[NextDate]:
    """Return the family's events that are overdue or have a date from today on, the
    soonest first.
    """
    rows = [*_owed(found), *_court(found, today), *_safety(found)]
    return sorted(rows, key=lambda row: (row.day, row.what, row.words))


def _owed(found: Family) -> Iterator[NextDate]:
    for promise in found.promised:
        if not promise.ended:
            yield NextDate(promise.until, "Promise", promise.words, "promised")
    for need in found.lives.needs:
        if need.is_open:
            yield NextDate(need.by, "Need", need.words, "needs")
    for step in found.news:
        if not step.told and not step.declined:
            what = step.step.replace("-", " ")
            yield NextDate(step.last_day, "Tell the family", what, "steps")
    for request in found.asked_for:
        if request.answer_by and not request.over and not request.decision:
            what = f"{request.asker}: {request.sought}"
            yield NextDate(request.answer_by, "Victim information request", what, "asked-for")
    for decision in found.decided:
        if decision.is_open:
            yield NextDate(decision.due, f"Action of {decision.owner}", decision.words, "decided")


def _court(found: Family, today: date) -> Iterator[NextDate]:
    for hearing in found.heard.hearings:
        if hearing.result is None:
            what = hearing.kind.replace("-", " ").capitalize()
            yield NextDate(day_of(hearing.starts), what, hearing.court or "", "court")
    for bail in found.heard.bails:
        if bail.until and not bail.ended and bail.until >= today:
            name = found.names[bail.person].label if bail.person in found.names else ""
            yield NextDate(bail.until, "Bail ends", name, "court")


def _safety(found: Family) -> Iterator[NextDate]:
    if found.row.returned:
        day = day_of(found.row.returned + (CLOCKS["return-interview"].after or timedelta()))
        yield NextDate(day, "Return home interview", "", "away")
    if found.plan:
        yield NextDate(found.plan.review, "Review the trigger plan", "", "plan")
    for referral in found.lives.maracs:
        if referral.is_open:
            yield NextDate(referral.meets, "MARAC meets", "", "marac")
    for family in found.lives.waiting:
        if not family.became:
            yield NextDate(family.review, "Ask how they are", "no worker is available", "waiting")
    for duty in found.duties:
        if not duty.happened:
            yield NextDate(
                day_of(duty.until or duty.since), "Report abuse", duty.words, "reporting"
            )
    for child in found.its.at_risk:
        if not child.decision:
            day = day_of(child.recorded + (CLOCKS["named-at-risk"].after or timedelta()))
            yield NextDate(day, "Decide about another child", child.who, "at-risk")


class MissingWeek(Struct, frozen=True):
    """The nights of one week on which the child was missing."""

    start: date
    nights: int


def missing_weeks(away: Sequence[EpisodeRow], today: date) -> list[MissingWeek]:
    """Return the last weeks, each with its nights missing; an episode that has not ended counts
    until today."""
    nights: set[date] = set()
    for one in away:
        last = today.toordinal() if one.last is None else one.last
        nights |= {date.fromordinal(number) for number in range(one.first, last)}
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [
        MissingWeek(start, sum(start <= night < start + timedelta(weeks=1) for night in nights))
        for start in starts
    ]


def gaps(found: Family) -> list[str]:
    """Return the gaps of the case, such as a missing review, in words."""
    row = found.row
    if row.closed:
        return []
    lacks = {
        "No worker for the child": not row.worker_child,
        "No worker for the parents": not row.worker_parents,
        "No risk rating": row.threshold == "unknown",
        "No trigger plan for a missing child": bool(found.away) and not found.plan,
        "No return home interview recorded": row.returned is not None,
        "No carer recorded": not any(one.cares for one in found.its.members),
    }
    return [words for words, lacking in lacks.items() if lacking]
