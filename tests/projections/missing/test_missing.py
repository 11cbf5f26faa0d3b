"""The tables about missing children contain episodes and their nights, patterns to review, plans
and figures."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.data_protection.retention import RestrictionLifted, RestrictionPlaced, retention_stream
from domain.families.missing import (
    PatternJudged,
    PlanWritten,
    nights,
    nights_by_chance,
    pattern_id,
    plan_stream,
)
from domain.families.referral import (
    CaseRedacted,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from network.people import missing as network
from projections import missing
from projections.families import cases
from projections.missing.patterns import CROWD
from projections.missing.rows import PatternRow
from tests.projections.tale import READER, START, Tale, Views, hour

DAY = 24


def record_episode(
    tale: Tale, case: UUID, day: float, length: float = 12, where: str | None = None, **told: Any
) -> None:
    """Record that a child went missing on the evening of this day and was traced to `where`, and
    returned after `length` hours.
    """
    since = hour(day * DAY + 12)
    tale.tell(MissingReported(since, **told), about=case)
    found = MissingFound(since + timedelta(hours=length), where)
    tale.tell(found, about=case)


def waiting(views: Views, tale: Tale, *, every: bool = False) -> list[PatternRow]:
    with views.of(tale) as db:
        return missing.patterns(db, READER, include_all=every)


def judged(tale: Tale, row: PatternRow, judgement: Any = "dismissed") -> None:
    told = PatternJudged(row.kind, row.case, judgement, "a school trip", row.other)
    tale.tell(told, about=row.id)


# --- missing episodes and their nights -----------------------------------------------------------


def test_nights_are_midnights_by_the_clock_on_the_wall() -> None:
    # this is half past eleven at night in London
    evening = datetime(2011, 6, 1, 22, 30, tzinfo=UTC)
    assert nights(evening, evening + timedelta(minutes=29)) == 0
    assert nights(evening, evening + timedelta(minutes=30)) == 1
    winter = datetime(2011, 1, 1, 23, 30, tzinfo=UTC)
    assert nights(winter, winter + timedelta(minutes=29)) == 0
    over = datetime(2011, 3, 26, 23, 0, tzinfo=UTC)  # in this night the clocks go forward
    assert nights(over, over + timedelta(hours=47, minutes=59)) == 2
    assert nights(over, over + timedelta(hours=48)) == 3
    assert nights(evening, evening - timedelta(days=2)) == 0


def test_an_episode_is_kept_as_it_was_reported(views: Views, tale: Tale) -> None:
    case = tale.case()
    told = MissingReported(
        hour(12),
        carer_reported=False,
        note="no coat",
        risk="medium",
        unreported="afraid",
        unreported_words="of him",
        seen=hour(10),
        seen_where="the gate",
        seen_with="a man",
    )
    tale.tell(told, MissingGraded("high", "he was seen near her school"), about=case)
    with views.of(tale) as db:
        (now,) = missing.now(db, READER)
    assert (now.since, now.risk, now.unreported, now.seen_where) == (
        hour(12),
        "high",
        "afraid",
        "the gate",
    )
    tale.tell(MissingFound(hour(38), "Station Hotel", None, "a man", "a patrol"), about=case)
    tale.tell(ReturnInterviewRecorded("offered", "v.reed"), about=case)
    with views.of(tale) as db:
        assert missing.now(db, READER) == []
        (back,) = missing.back(db, READER)
        assert (back.nights, back.place, back.company, back.finder, back.interview) == (
            1,
            "station hotel",
            "a man",
            "a patrol",
            "offered",
        )
    tale.tell(ReturnInterviewRecorded("held", "v.reed", withhold="her phone"), about=case)
    with views.of(tale) as db:
        (back,) = missing.back(db, READER)
        assert (back.withheld, back.withhold) == (True, "her phone")
    tale.tell(WithholdingWeighed("passed-on", "he gave it to her"), about=case)
    with views.of(tale) as db:
        assert missing.back(db, READER) == []
        (kept,) = missing.of_case(db, READER, case)
        assert (kept.weighed, kept.weighed_why) == ("passed-on", "he gave it to her")


def test_an_interview_that_is_recorded_late_is_of_the_return_before_it(
    sqlite_views: Views, tale: Tale
) -> None:
    """A return interview that is recorded late belongs to the return before it. A later return
    still waits for its own interview."""
    case = tale.case()
    for day in (1, 7):
        record_episode(tale, case, day)
    held = ReturnInterviewRecorded("held", "v.reed", happened=hour(3 * DAY), told_before=True)
    tale.tell(held, about=case)
    with sqlite_views.of(tale) as db:
        first, second = missing.of_case(db, READER, case)
        assert (first.interview, second.interview) == ("held", None)
        assert [row.number for row in missing.back(db, READER)] == [2]
        listed = cases.get(db, READER, case)
    assert listed
    assert listed.returned == second.until


def test_an_interview_is_of_the_last_return_although_the_child_is_gone_again(
    views: Views, tale: Tale
) -> None:
    case = tale.case()
    record_episode(tale, case, 1)
    tale.tell(MissingReported(hour(60)), about=case)
    with views.of(tale) as db:
        assert [row.number for row in missing.back(db, READER)] == [1]
    tale.tell(ReturnInterviewRecorded("declined", "v.reed"), about=case)
    with views.of(tale) as db:
        first, second = missing.of_case(db, READER, case)
        assert (first.interview, second.interview) == ("declined", None)
        assert missing.back(db, READER) == []


# --- patterns of missing episodes ----------------------------------------------------------------


def test_three_times_in_ninety_days_wait_for_somebody(views: Views, tale: Tale) -> None:
    case = tale.case()
    for day in (0, 50, 95):  # the first and the third day are 95 days apart
        record_episode(tale, case, day)
    assert waiting(views, tale) == []
    record_episode(tale, case, 100)
    (row,) = waiting(views, tale)
    assert (row.kind, row.case, row.other, len(row.episodes), row.nights) == (
        "repeat",
        case,
        None,
        3,
        3,
    )
    record_episode(tale, case, 110)
    (grown,) = waiting(views, tale)
    assert grown.id != row.id, "a further time asks again, and the one before is part of it"
    judged(tale, grown)
    assert waiting(views, tale) == []
    record_episode(tale, case, 120)
    (again,) = waiting(views, tale)
    assert len(again.episodes) == 5
    assert {one.state for one in waiting(views, tale, every=True)} == {"open", "dismissed"}


def test_two_children_away_on_the_same_nights_are_shown_and_nothing_more(
    views: Views, tale: Tale
) -> None:
    one, other, third = tale.case(), tale.case(), tale.case()
    record_episode(tale, one, 1, 60)
    record_episode(tale, other, 2, 12)
    record_episode(tale, third, 9, 12)
    before = len(tale.log.facts)
    (row,) = waiting(views, tale)
    assert (row.kind, {row.case, row.other}, row.nights) == ("same-nights", {one, other}, 1)
    assert len(tale.log.facts) == before
    judged(tale, row, "confirmed")
    assert waiting(views, tale) == []
    record_episode(tale, one, 20)
    record_episode(tale, other, 20)
    (again,) = waiting(views, tale)
    assert (again.id, again.nights, again.state) == (row.id, 2, "open")


def test_it_is_said_what_chance_alone_would_give(views: Views, tale: Tale) -> None:
    """A pattern of children who are missing together shows how often chance alone would cause it.
    In a large group, some children are missing on the same nights by chance."""
    assert round(nights_by_chance(10, 73), 2) == 2.0
    one, other = tale.case(), tale.case()
    record_episode(tale, one, 1, 60)
    record_episode(tale, other, 2, 60)
    with views.of(tale) as db:
        (found,) = network.patterns(db, READER)
    assert found.nights == 2
    assert found.chance == 0.02


def test_of_one_who_is_missing_still_the_nights_that_are_past_count(
    views: Views, tale: Tale
) -> None:
    one, other = tale.case(), tale.case()
    tale.tell(MissingReported(hour(12)), about=one)
    record_episode(tale, other, 1, 36)
    (row,) = waiting(views, tale)
    assert row.nights == 2
    # this later record says that the child had returned earlier
    tale.tell(MissingFound(hour(30)), about=one)
    assert waiting(views, tale) == []


def test_two_found_in_one_place_however_it_is_written(views: Views, tale: Tale) -> None:
    one, other = tale.case(), tale.case()
    record_episode(tale, one, 1, 2, "12 Mill Ln, Town B")
    record_episode(tale, other, 9, 2, "12 mill lane town b")
    (row,) = waiting(views, tale)
    assert (row.kind, row.place) == ("same-place", "12 mill lane town b")
    with views.of(tale) as db:
        (there,) = missing.found_at(db, READER)
    assert len(there.children) == 2


def test_a_crowd_makes_no_pairs(views: Views, tale: Tale) -> None:
    for _ in range(CROWD + 2):
        record_episode(tale, tale.case(), 1)
    assert len(waiting(views, tale)) < (CROWD + 2) * (CROWD + 1) / 2
    before = len(waiting(views, tale))
    record_episode(tale, tale.case(), 1)
    assert len(waiting(views, tale)) == before


def test_what_a_pattern_of_another_team_rests_on_changes_none_of_ours(
    views: Views, tale: Tale
) -> None:
    one, other = tale.case(), tale.case()
    record_episode(tale, one, 1)
    record_episode(tale, other, 1)
    ours = waiting(views, tale)
    for _ in range(CROWD + 2):
        record_episode(tale, tale.case(team="Deter"), 1)
    assert [row for row in waiting(views, tale) if {row.case, row.other} == {one, other}] == ours


# --- plans, figures, erased items ----------------------------------------------------------------


def test_the_plan_that_was_written_last_is_current(views: Views, tale: Tale) -> None:
    case = tale.case()
    for who in ("her mother", "her aunt"):
        plan = PlanWritten(case, date(2011, 9, 1), who, "the bus station", "she is diabetic")
        tale.tell(plan, about=plan_stream(case))
    with views.of(tale) as db:
        assert missing.plans(db, READER, [case])[case].call == "her aunt"


def test_the_figure_is_of_twelve_months(views: Views, tale: Tale) -> None:
    often, seldom = tale.case(), tale.case()
    for day in (0, 120, 240, 400):
        record_episode(tale, often, day)
    record_episode(tale, seldom, 240)
    with views.of(tale) as db:
        at = START + timedelta(days=250)
        assert missing.figure(db, READER, at) == missing.RepeatMissingFigure(2, 1, 4)
        assert missing.figure(db, READER, at + timedelta(days=400)) == missing.RepeatMissingFigure(
            1, 0, 1
        )


def test_a_restricted_child_is_missing_and_in_no_pattern_or_figure(
    views: Views, tale: Tale
) -> None:
    one, other = tale.case(), tale.case()
    record_episode(tale, one, 1)
    record_episode(tale, other, 1)
    tale.tell(MissingReported(hour(90)), about=one)
    tale.tell(RestrictionPlaced(one, "disputed"), about=retention_stream(one))
    with views.of(tale) as db:
        assert len(missing.now(db, READER)) == 1
        assert missing.patterns(db, READER) == []
        assert missing.figure(db, READER, hour(100)).children == 1
    tale.tell(RestrictionLifted(one, "settled"), about=retention_stream(one))
    with views.of(tale) as db:
        assert len(missing.now(db, READER)) == 1
        assert len(missing.patterns(db, READER)) == 1


def test_what_was_redacted_leaves_its_words_and_its_place(views: Views, tale: Tale) -> None:
    one, other = tale.case(), tale.case()
    record_episode(tale, one, 1, 2, "Station Hotel", note="no coat", seen_where="the gate")
    record_episode(tale, other, 9, 2, "Station Hotel")
    assert len(waiting(views, tale)) == 1
    tale.tell(CaseRedacted(tale.new(), "A child was missing."), about=one)
    with views.of(tale) as db:
        (row,) = missing.of_case(db, READER, one)
        assert (row.note, row.seen_where, row.found_where, row.place) == (None,) * 4
        assert missing.patterns(db, READER) == []


def test_a_pattern_has_one_id_whichever_child_comes_first() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert pattern_id("same-nights", one, other) == pattern_id("same-nights", other, one)
    assert pattern_id("same-nights", one, other) != pattern_id("same-place", one, other)
