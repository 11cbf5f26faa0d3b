"""A fact may be recorded late, about an earlier time or another record. Such a fact neither ends
nor postpones a deadline that began after that time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.clocks import aftercare_from
from domain.families import supervision
from domain.families.protection import AlertAnswered, alert_stream
from domain.families.referral import (
    CaseOpened,
    MissingFound,
    MissingReported,
    ReturnInterviewRecorded,
    WorkerAllocated,
)
from domain.families.supervision import SupervisionTold
from domain.intelligence.identity import IdentityJudged, IdentityRevoked, pair_stream
from domain.justice.arrest_to_result import ArrestMade, ResultRecorded
from domain.justice.court import StepTaken
from domain.kernel.codes import Clock, CourtStep
from projections import due
from tests.projections.tale import READER, START, Tale, Views


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def due_items(views: Views, tale: Tale, *clocks: Clock) -> dict[Clock, due.DueItem]:
    """Return the items that are due on day 900 of the story for these kinds of deadline, by kind.
    Kinds without a due item are left out."""
    views.follow(tale, views=(due.VIEW,))
    with views.engine.connect() as db:
        rows = due.listed(db, READER, day(900), due.DueFilter())
    return {row.clock: row for row in rows if row.clock in clocks}


def test_an_interview_after_an_earlier_return_is_not_the_one_that_is_owed_since(
    sqlite_views: Views, tale: Tale
) -> None:
    case = tale.case()
    for back in (1, 8):
        tale.tell(MissingReported(), about=case, at=day(back - 0.5))
        tale.tell(MissingFound(day(back)), about=case, at=day(back))
    held = ReturnInterviewRecorded("held", "v.reed", happened=day(2), told_before=True)
    tale.tell(held, about=case, at=day(9))
    assert due_items(sqlite_views, tale, "return-interview")["return-interview"].since == day(8)
    again = ReturnInterviewRecorded("held", "v.reed", happened=day(9), told_before=True)
    tale.tell(again, about=case, at=day(10))
    assert due_items(sqlite_views, tale, "return-interview") == {}


def test_a_child_who_is_arrested_by_another_record_rings_once_they_are_judged_the_same(
    sqlite_views: Views, tale: Tale
) -> None:
    child, other = tale.person("Kayleigh Marlow"), tale.person("K. Marlow")
    case = tale.case_of(child)
    arrest = tale.tell(ArrestMade(other), at=day(3))
    assert due_items(sqlite_views, tale, "alert") == {}
    pair = pair_stream(child, other)
    tale.tell(IdentityJudged(child, other, "same", "one date of birth"), about=pair, at=day(4))
    row = due_items(sqlite_views, tale, "alert")["alert"]
    assert (row.item, row.since) == (arrest, day(4))
    tale.tell(IdentityRevoked(child, other, "twins"), about=pair, at=day(5))
    assert due_items(sqlite_views, tale, "alert") == {}
    tale.tell(IdentityJudged(child, other, "same", "no twins"), about=pair, at=day(6))
    assert due_items(sqlite_views, tale, "alert")["alert"].since == day(6)
    answered = AlertAnswered(case, "arrest-of-victim", "acted", "released")
    tale.tell(answered, about=alert_stream(case, "arrest-of-victim", arrest), at=day(7))
    third = tale.person("Kay Marlow")
    judged = IdentityJudged(other, third, "same", "the same tattoo")
    tale.tell(judged, about=pair_stream(other, third), at=day(8))
    assert due_items(sqlite_views, tale, "alert") == {}, "what was answered stays answered"
    tale.tell(ArrestMade(third), at=day(9))
    assert due_items(sqlite_views, tale, "alert")["alert"].since == day(9)


def test_an_arrest_of_before_rings_once_the_child_has_a_case(
    sqlite_views: Views, tale: Tale
) -> None:
    """An arrest that was made before the child's case was opened causes an alert once the case is
    opened."""
    child, other = tale.person("Kayleigh Marlow"), tale.person("K. Marlow")
    judged = IdentityJudged(child, other, "same", "one date of birth")
    tale.tell(judged, about=pair_stream(child, other), at=day(1))
    arrest = tale.tell(ArrestMade(other), at=day(2))
    assert due_items(sqlite_views, tale, "alert") == {}
    tale.tell(CaseOpened(child, "Engage"), at=day(3))
    row = due_items(sqlite_views, tale, "alert")["alert"]
    assert (row.item, row.since) == (arrest, day(3))


def test_no_family_is_informed_as_of_a_suspect_that_the_child_was_arrested(
    sqlite_views: Views, tale: Tale
) -> None:
    child, other, man = (tale.person(name) for name in ("Kayleigh Marlow", "K. Marlow", "Baz"))
    case = tale.case_of(child)
    judged = IdentityJudged(child, other, "same", "one date of birth")
    tale.tell(judged, about=pair_stream(child, other))
    tale.tell(ArrestMade(other, case), at=day(3))
    assert due_items(sqlite_views, tale, "victim-told") == {}
    tale.tell(ArrestMade(man, case), at=day(4))
    assert due_items(sqlite_views, tale, "victim-told")["victim-told"].since == day(4)


def test_an_arrest_after_midnight_in_london_is_of_a_later_day_than_the_verdict(
    sqlite_views: Views, tale: Tale
) -> None:
    """In British summer time, an arrest just after midnight in London counts for the new day, not
    for the day of the verdict before, as it would in UTC. So the case continues."""
    man, case = tale.person("Baz"), tale.case()
    evening = datetime(2011, 6, 1, 22, tzinfo=UTC)
    tale.tell(ResultRecorded("convicted", man, case), at=evening)
    assert due_items(sqlite_views, tale, "victim-updated") == {}
    tale.tell(ArrestMade(man, case), at=evening + timedelta(minutes=30))
    assert due_items(sqlite_views, tale, "victim-updated") == {}, "the same day"
    tale.tell(ArrestMade(man, case), at=evening + timedelta(minutes=90))
    assert "victim-updated" in due_items(sqlite_views, tale, "victim-updated")


def test_another_worker_for_the_parents_puts_no_silence_off(
    sqlite_views: Views, tale: Tale
) -> None:
    case = tale.case()
    for number, worker in ((1, "psw.ellis"), (16, "psw.frost")):
        tale.tell(WorkerAllocated(worker, "parents"), about=case, at=day(number))
    row = due_items(sqlite_views, tale, "family-silence")["family-silence"]
    assert (row.since, row.owner) == (day(1), "psw.frost")


@pytest.mark.parametrize(
    ("days", "left"),
    [
        ((2,), "aftercare-1 aftercare-3 aftercare-9"),
        ((20, 25, 30), "aftercare-3 aftercare-9"),
        ((100,), "aftercare-9"),
        ((30, 91, 274), ""),
    ],
)
def test_three_calls_in_one_month_are_no_nine_months_of_aftercare(
    sqlite_views: Views, tale: Tale, days: tuple[int, ...], left: str
) -> None:
    case = tale.case()
    tale.tell(ResultRecorded("convicted", case=case), at=day(0))
    for number in days:
        tale.tell(StepTaken(case, "aftercare", "done"), at=day(number))
    clocks: tuple[Clock, ...] = ("aftercare-1", "aftercare-3", "aftercare-9")
    assert " ".join(sorted(due_items(sqlite_views, tale, *clocks))) == left


def test_aftercare_that_is_not_wanted_is_the_next_one(sqlite_views: Views, tale: Tale) -> None:
    case = tale.case()
    tale.tell(ResultRecorded("convicted", case=case), at=day(0))
    for number in (2, 3):
        tale.tell(StepTaken(case, "aftercare", "not-wanted"), at=day(number))
    clocks: tuple[Clock, ...] = ("aftercare-1", "aftercare-3", "aftercare-9")
    assert set(due_items(sqlite_views, tale, *clocks)) == {"aftercare-9"}


def test_aftercare_counts_from_the_middle_between_two_times() -> None:
    clocks: tuple[Clock, ...] = ("aftercare-1", "aftercare-3", "aftercare-9")
    trial = day(0)
    assert [(aftercare_from(clock, trial) - trial.date()).days for clock in clocks] == [15, 60, 182]
    with pytest.raises(ValueError, match="is not a deadline after a trial"):
        aftercare_from("debrief", trial)


def test_a_visit_and_a_debrief_of_before_are_not_the_ones_that_are_owed(
    sqlite_views: Views, tale: Tale
) -> None:
    case = tale.case()
    tale.tell(ResultRecorded("convicted", case=case), at=day(20))
    tale.tell(StepTaken(case, "pre-trial-visit", "planned", day(40)), at=day(20))
    both: tuple[CourtStep, ...] = ("pre-trial-visit", "debrief")
    for step in both:
        tale.tell(StepTaken(case, step, "done", day(10)), at=day(21))
    assert set(due_items(sqlite_views, tale, "visit", "debrief")) == {"visit", "debrief"}
    for step in both:
        tale.tell(StepTaken(case, step, "done", day(40)), at=day(41))
    assert due_items(sqlite_views, tale, "visit", "debrief") == {}


def test_supervision_that_is_recorded_late_moves_nothing_back(
    sqlite_views: Views, tale: Tale
) -> None:
    one = supervision.stream("psw.ellis")
    for held in (date(2011, 6, 1), date(2011, 4, 1)):
        told = SupervisionTold("psw.ellis", "line", "held", held)
        tale.tell(told, about=one, at=day(100))
    row = due_items(sqlite_views, tale, "supervision")["supervision"]
    assert row.since.date() == date(2011, 6, 1)
