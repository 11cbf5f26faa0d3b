"""No referral of a child is refused, and no child's case closes by itself."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.families import referral
from domain.families.referral import (
    AgeTold,
    AllocationReasoned,
    Case,
    CaseClosed,
    CaseFlagged,
    CaseOpened,
    CaseReopened,
    EngagementRecorded,
    ExitAssessed,
    MissingFound,
    MissingGraded,
    MissingReported,
    ReferralReceived,
    ReturnInterviewRecorded,
    ThresholdAssessed,
    WithholdingWeighed,
    WorkerAllocated,
)
from domain.families.threshold import DEFINITIONS
from domain.kernel.values import Threshold
from tests.domain.given import Given, When, uid

CHILD = uid(1)
REFERRAL = ReferralReceived(concern="out at night")
nothing = Given(Case(), referral.evolve)
case = nothing.after(CaseOpened(CHILD, "Engage"), REFERRAL)
missing = case.after(MissingReported())
closed = case.after(CaseClosed("ds.bell", 0, "safe"))


@pytest.mark.parametrize(
    ("decide", "told", "more"),
    [
        (referral.receive_referral, (REFERRAL,), {}),
        (referral.allocate, ("Ann", "child"), {}),
        (referral.record_engagement, ("child", "engaged", None), {}),
        (referral.report_missing, (MissingReported(),), {}),
        (referral.record_found, (MissingFound(),), {}),
        (referral.flag, ("other", "exit", None), {}),
        (referral.assess_exit, ("protected", "moved away"), {}),
        (referral.close, ("safe",), {"proposed_by": "ds.hart", "open_items": 0}),
    ],
)
def test_nothing_is_decided_about_no_case(decide: Any, told: Any, more: Any) -> None:
    nothing.when(decide, *told, **more).refused("there is no case with this number or id")


def test_a_case_opens_once() -> None:
    nothing.when(referral.open_case, CHILD, "Engage", "E-12").then(
        CaseOpened(CHILD, "Engage", "E-12")
    )
    case.when(referral.open_case, CHILD, "Engage", None).refused("open already")


def test_a_new_referral_opens_a_closed_case_again() -> None:
    case.when(referral.receive_referral, REFERRAL).then(REFERRAL)
    again = closed.when(referral.receive_referral, REFERRAL).then(
        CaseReopened("a new referral came in"), REFERRAL
    )
    assert not again.state.closed


YOUNG = "this child is under 13"


def rate(
    given: Given[Case],
    level: str,
    override: str | None = None,
    never_low: str | None = None,
    *,
    agreed: bool = False,
) -> When[Case]:
    return given.when(
        referral.assess_threshold,
        level,
        "lmh-2013/1",
        reason=None,
        override=override,
        never_low=never_low,
        agreed=agreed,
    )


@pytest.mark.parametrize("level", ["medium", "high", "unknown"])
def test_any_child_may_be_rated_above_low(level: Threshold) -> None:
    rate(case, level, never_low=YOUNG).then(ThresholdAssessed(level, "lmh-2013/1"))


@pytest.mark.parametrize("override", [None, "", "  "])
def test_who_is_never_low_is_not_low_without_a_supervisor(override: str | None) -> None:
    rate(case, "low", override, YOUNG).refused(
        "under 13, so a low rating needs a supervisor's override"
    )
    rate(case, "low", "seen by DI Moss", YOUNG).then(
        ThresholdAssessed("low", "lmh-2013/1", "seen by DI Moss")
    )
    rate(case, "low").then(ThresholdAssessed("low", "lmh-2013/1"))


DAY = date(2011, 3, 18)
BORN_13, BORN_12 = date(1998, 3, 18), date(1998, 3, 19)


def stated_age(words: str, on: date = DAY) -> AgeTold:
    return AgeTold(on, words=words)


@pytest.mark.parametrize(
    ("ages", "why"),
    [
        ([AgeTold(DAY, BORN_13)], None),
        ([AgeTold(DAY, BORN_12)], "under 13"),
        *(
            ([stated_age(words)], "under 13")
            for words in ("11", "11 yrs", "11y", "12y11m", "eleven")
        ),
        *(([stated_age(words)], None) for words in ("13", "14 years 8 months", "aged 15")),
        # a stated age grows with time, as if the child had reached that age on the day of the
        # statement
        ([stated_age("11", date(2009, 3, 18))], None),
        ([stated_age("11", date(2009, 3, 19))], "under 13"),
        # an unknown age never counts as old enough
        *(
            ([stated_age(words)], "nobody knows")
            for words in ("14.8 months", "about 14", "14 or 15", "")
        ),
        ([], "nobody knows"),
        ([AgeTold(DAY, under_18=True)], "nobody knows"),
        ([AgeTold(DAY, under_18=False)], None),
        # the youngest stated age protects the child; if a date of birth agrees with the words, the
        # date is more exact
        ([stated_age("14"), stated_age("11")], "under 13"),
        ([stated_age("11"), stated_age("14"), AgeTold(DAY, under_18=False)], "under 13"),
        ([stated_age("12", date(2011, 1, 1)), AgeTold(DAY, BORN_13)], None),
        ([stated_age("11", date(2011, 1, 1)), AgeTold(DAY, BORN_13)], "under 13"),
    ],
)
def test_what_was_told_of_an_age_says_whether_a_child_is_never_low(
    ages: list[AgeTold], why: str | None
) -> None:
    """A child whose stated age may be under 13 can never be rated low (Sexual Offences Act 2003
    ss.5-8 [verify]).
    """
    said = referral.never_low(ages, False, DAY)
    assert (said is None) == (why is None)
    assert (why or "") in (said or "")


def test_a_learning_disability_is_never_low_at_any_age() -> None:
    """A child with a learning disability can never be rated low, at any age (Croydon tool
    [verify]).
    """
    assert "learning disability" in str(referral.never_low([stated_age("16")], True, DAY))


def test_a_lower_rating_takes_two() -> None:
    high = rate(case, "high").then(ThresholdAssessed("high", "lmh-2013/1"))
    for level in ("medium", "low", "unknown"):
        rate(high, level).refused("takes two")
    rate(high, "high").then(ThresholdAssessed("high", "lmh-2013/1"))
    nobody = rate(high, "unknown", agreed=True).then(ThresholdAssessed("unknown", "lmh-2013/1"))
    rate(nobody, "medium").refused("takes two")
    rate(nobody, "medium", agreed=True).then(ThresholdAssessed("medium", "lmh-2013/1"))


def test_the_definitions_version_is_kept() -> None:
    rated = rate(case, "high").then(ThresholdAssessed("high", "lmh-2013/1"))
    assert rated.state.threshold == "high"
    assert case.state.threshold == "unknown"
    text = DEFINITIONS["lmh-2013/1"]
    assert "subject to sexual exploitation" in text
    assert "going to court" in text


def test_one_worker_for_child_and_parents_is_marked() -> None:
    first = case.when(referral.allocate, "Ann", "child").then(WorkerAllocated("Ann", "child"))
    first.when(referral.allocate, "Ann", "child").then()
    first.when(referral.allocate, "Bea", "parents").then(WorkerAllocated("Bea", "parents"))
    both = first.when(referral.allocate, "Ann", "parents").then(
        WorkerAllocated("Ann", "parents", same_for_both=True)
    )
    assert both.state.workers == {"child": "Ann", "parents": "Ann"}


def test_engagement_is_recorded_as_it_is() -> None:
    case.when(referral.record_engagement, "child", "declined", None).then(
        EngagementRecorded("child", "declined")
    )


def test_parents_who_declined_get_a_worker_only_for_a_reason() -> None:
    """Requirement W21: parents who declined support get a worker only with a recorded reason ("even
    if the parents do not want to engage"); no parent is forced.
    """
    declined = case.after(EngagementRecorded("parents", "declined"))
    for reason in (None, " "):
        declined.when(referral.allocate, "Ann", "parents", reason).refused("parents declined")
    allocated = WorkerAllocated("Ann", "parents", same_for_both=False)
    declined.when(referral.allocate, "Ann", "parents", "her brother is at risk, too").then(
        allocated, AllocationReasoned("her brother is at risk, too")
    )
    declined.when(referral.allocate, "Ann", "child").then(WorkerAllocated("Ann", "child"))
    again = declined.after(EngagementRecorded("parents", "engaged"))
    again.when(referral.allocate, "Ann", "parents").then(allocated)
    case.after(EngagementRecorded("child", "declined")).when(
        referral.allocate, "Ann", "parents"
    ).then(allocated)


def test_a_child_is_missing_until_found() -> None:
    out = case.when(referral.report_missing, MissingReported(note="not home")).then(
        MissingReported(note="not home")
    )
    out.when(referral.report_missing, MissingReported()).refused("reported missing already")
    back = out.when(referral.record_found, MissingFound(where="Town A")).then(
        MissingFound(where="Town A")
    )
    back.when(referral.record_found, MissingFound()).refused("not reported missing")


HELD = ReturnInterviewRecorded("held", "v.reed", independent=True, told_before=True)


def test_a_return_interview_follows_each_return() -> None:
    case.when(referral.record_interview, HELD).refused(
        "no return interview is due for this child: record the child's return first"
    )
    back = missing.after(MissingFound())
    offered = ReturnInterviewRecorded("offered", "v.reed")
    still = back.when(referral.record_interview, offered).then(offered)
    done = still.when(referral.record_interview, HELD).then(HELD)
    done.when(referral.record_interview, HELD).refused(
        "no return interview is due for this child: record the child's return first"
    )
    again = done.after(MissingReported(), MissingFound())
    declined = ReturnInterviewRecorded("declined", "v.reed", note="not with anybody")
    again.when(referral.record_interview, declined).then(declined)


def test_a_child_who_declined_may_agree_later() -> None:
    """A child who declined a return interview may agree later, even after going missing again; a
    new offer of an interview starts no deadline.
    """
    declined = ReturnInterviewRecorded("declined", "v.reed")
    came, again = (datetime(2011, 3, day, 3, tzinfo=UTC) for day in (10, 17))
    said_no = missing.after(MissingFound(found=came), declined)
    said_no.when(referral.record_interview, declined).refused(
        "no return interview is due for this child: record the child's return first"
    )
    held = said_no.when(referral.record_interview, HELD).then(HELD)
    held.when(referral.record_interview, HELD).refused(
        "no return interview is due for this child: record the child's return first"
    )
    said_no.after(MissingReported()).when(referral.record_interview, HELD).then(HELD)
    twice = said_no.after(MissingReported(), MissingFound(found=again), HELD)
    between = replace(HELD, happened=datetime(2011, 3, 11, tzinfo=UTC))
    late = twice.when(referral.record_interview, between).then(between)
    late.when(referral.record_interview, between).refused(
        "no return interview is due for this child: record the child's return first"
    )


def test_an_interview_of_an_earlier_return_leaves_the_last_one_owed() -> None:
    came, again = (datetime(2011, 3, day, 3, tzinfo=UTC) for day in (10, 17))
    between = replace(HELD, happened=datetime(2011, 3, 11, tzinfo=UTC))
    back = missing.after(MissingFound(found=came))
    early = replace(HELD, happened=datetime(2011, 3, 9, tzinfo=UTC))
    back.when(referral.record_interview, early).refused("came back on 10 March 2011")
    twice = back.after(MissingReported(), MissingFound(found=again))
    owed = twice.when(referral.record_interview, between).then(between)
    owed.when(referral.record_interview, between).refused("came back on 17 March 2011")
    owed.when(referral.record_interview, HELD).then(HELD)
    same_day = replace(HELD, happened=datetime(2011, 3, 17, tzinfo=UTC))
    owed.when(referral.record_interview, same_day).then(same_day)


def test_what_a_child_asks_not_to_be_passed_on_is_weighed_and_never_dropped() -> None:
    back = missing.after(MissingFound())
    weighed = WithholdingWeighed("kept-back", "it names nobody")
    back.when(referral.weigh, weighed).refused(
        "no information that the child wants withheld waits for a decision"
    )
    asked = replace(HELD, withhold="where her phone came from")
    held = back.when(referral.record_interview, asked).then(asked)
    held.when(referral.weigh, replace(weighed, reason=" ")).refused(
        "say why this information is passed on or withheld"
    )
    away = held.after(MissingReported())
    done = away.when(referral.weigh, weighed).then(weighed)
    done.when(referral.weigh, weighed).refused(
        "no information that the child wants withheld waits for a decision"
    )


def test_a_carer_who_did_not_report_says_why_and_one_who_did_does_not() -> None:
    silent = MissingReported(carer_reported=False, unreported="afraid", unreported_words="of him")
    case.when(referral.report_missing, silent).then(
        silent, CaseFlagged("unreported-missing", "missing")
    )
    told = replace(silent, carer_reported=True)
    case.when(referral.report_missing, told).refused(
        "the carer reported the child missing, so there is no reason for a missed report"
    )


def test_nobody_is_found_before_going_missing_or_seen_after() -> None:
    early, late = (datetime(2011, 3, day, tzinfo=UTC) for day in (1, 2))
    case.when(referral.report_missing, MissingReported(early, seen=late)).refused("last seen after")
    away = case.after(MissingReported(late))
    away.when(referral.record_found, MissingFound(early)).refused("found before")
    away.when(referral.record_found, MissingFound(late)).then(MissingFound(late))


def test_the_danger_is_graded_again_while_the_child_is_missing() -> None:
    graded = MissingGraded("high", "no coat")
    case.when(referral.grade_missing, graded).refused("not reported missing")
    missing.when(referral.grade_missing, replace(graded, reason=" ")).refused(
        "give the reason for this level of danger to the missing child"
    )
    missing.when(referral.grade_missing, graded).then(graded)


def test_an_interview_that_was_not_as_it_should_be_is_kept_and_flagged() -> None:
    back = missing.after(MissingFound())
    hasty = replace(HELD, independent=False, told_before=None)
    unsaid = "not recorded that the child was told beforehand what would be passed on"
    back.when(referral.record_interview, hasty).then(
        hasty,
        CaseFlagged("other", "return interview", "not by somebody independent"),
        CaseFlagged("other", "return interview", unsaid),
    )


def test_a_carer_who_did_not_report_is_flagged() -> None:
    silent = MissingReported(carer_reported=False)
    case.when(referral.report_missing, silent).then(
        silent, CaseFlagged("unreported-missing", "missing")
    )


def test_a_flag_says_what_it_is_about() -> None:
    case.when(referral.flag, "order-unclear", " ", None).refused(
        "say what this flag on the case is about"
    )
    case.when(referral.flag, "order-unclear", "placement", "after or before").then(
        CaseFlagged("order-unclear", "placement", "after or before")
    )


def test_silence_is_not_safety() -> None:
    case.when(referral.assess_exit, "protected", " ").refused(
        "silence alone does not show that the child is safe"
    )
    missing.when(referral.assess_exit, "protected", "quiet").refused("is missing")
    case.when(referral.assess_exit, "protected", "moved away").refused("takes two")
    case.when(referral.assess_exit, "protected", "moved away", agreed=True).then(
        ExitAssessed("protected", "moved away")
    )


def close(given: Given[Case], reason: str = "safe", **told: Any) -> When[Case]:
    return given.when(referral.close, reason, proposed_by="ds.bell", **{"open_items": 0} | told)


def test_closing_needs_a_reason_and_an_open_case() -> None:
    close(case, reason=" ").refused("give the reason")
    close(closed).refused("closed already")
    assert close(case).then(CaseClosed("ds.bell", 0, "safe")).state.closed


@pytest.mark.parametrize("given", [case, missing])
def test_what_is_still_open_needs_a_seniors_reason(given: Given[Case]) -> None:
    close(given, open_items=3).refused("a supervisor or DCI has to give a reason for closing it")
    close(given, open_items=3, senior="di.moss", senior_reason=" ").refused(
        "a supervisor or DCI has to give a reason for closing it"
    )
    senior = {"senior": "di.moss", "senior_reason": "she lives abroad now"}
    shut = close(given, open_items=3, **senior).then(
        CaseClosed("ds.bell", 3, "safe", "di.moss", "she lives abroad now")
    )
    assert shut.state.closed
