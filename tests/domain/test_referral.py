"""A child's case: nobody is turned away, nothing closes by itself."""

from typing import Any

import pytest

from domain import referral
from domain.referral import (
    Case,
    CaseClosed,
    CaseFlagged,
    CaseOpened,
    CaseReopened,
    EngagementRecorded,
    ExitAssessed,
    MissingFound,
    MissingReported,
    ReferralReceived,
    ThresholdAssessed,
    WorkerAllocated,
)
from domain.values import Threshold
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
        (referral.close, ("safe",), {"by": "ds.hart", "second": "ds.bell", "open_items": 0}),
    ],
)
def test_nothing_is_decided_about_no_case(decide: Any, told: Any, more: Any) -> None:
    nothing.when(decide, *told, **more).refused("no such case")


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


def rate(
    given: Given[Case], level: str, override: str | None = None, about: str = ""
) -> When[Case]:
    return given.when(
        referral.assess_threshold,
        level,
        "lmh-2013/1",
        reason=None,
        override=override,
        under_13=about == "under_13",
        learning_disability=about == "learning_disability",
    )


@pytest.mark.parametrize("level", ["medium", "high", "unknown"])
@pytest.mark.parametrize("about", ["under_13", "learning_disability"])
def test_any_child_may_be_rated_above_low(level: Threshold, about: str) -> None:
    rate(case, level, about=about).then(ThresholdAssessed(level, "lmh-2013/1"))


@pytest.mark.parametrize("about", ["under_13", "learning_disability"])
def test_the_youngest_are_never_low_without_a_supervisor(about: str) -> None:
    """Sexual Offences Act 2003 ss.5-8 (under 13); Croydon tool (learning disability) [verify]."""
    rate(case, "low", about=about).refused("supervisor's override")
    rate(case, "low", "seen by DI Moss", about=about).then(
        ThresholdAssessed("low", "lmh-2013/1", "seen by DI Moss")
    )
    rate(case, "low").then(ThresholdAssessed("low", "lmh-2013/1"))


def test_the_definitions_version_is_kept() -> None:
    rated = rate(case, "high").then(ThresholdAssessed("high", "lmh-2013/1"))
    assert rated.state.threshold == "high"
    assert case.state.threshold == "unknown"


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


def test_a_child_is_missing_until_found() -> None:
    out = case.when(referral.report_missing, MissingReported(note="not home")).then(
        MissingReported(note="not home")
    )
    out.when(referral.report_missing, MissingReported()).refused("reported missing already")
    back = out.when(referral.record_found, MissingFound(where="Town A")).then(
        MissingFound(where="Town A")
    )
    back.when(referral.record_found, MissingFound()).refused("not reported missing")


def test_a_carer_who_did_not_report_is_flagged() -> None:
    silent = MissingReported(carer_reported=False)
    case.when(referral.report_missing, silent).then(
        silent, CaseFlagged("unreported-missing", "missing")
    )


def test_a_flag_says_what_it_is_about() -> None:
    case.when(referral.flag, "order-unclear", " ", None).refused("what the flag is about")
    case.when(referral.flag, "order-unclear", "placement", "after or before").then(
        CaseFlagged("order-unclear", "placement", "after or before")
    )


def test_silence_is_not_safety() -> None:
    case.when(referral.assess_exit, "protected", " ").refused("silence alone is not safety")
    missing.when(referral.assess_exit, "protected", "quiet").refused("is missing")
    case.when(referral.assess_exit, "protected", "moved away").then(
        ExitAssessed("protected", "moved away")
    )


def close(given: Given[Case], second: str = "ds.bell", reason: str = "safe") -> When[Case]:
    return given.when(referral.close, reason, by="ds.hart", second=second, open_items=3)


@pytest.mark.parametrize("second", ["", "  ", "ds.hart", " DS.Hart "])
def test_closing_takes_two_people(second: str) -> None:
    close(case, second).refused("takes two people")


def test_closing_needs_a_reason_and_an_open_case_whose_child_is_there() -> None:
    close(case, reason=" ").refused("needs its reason")
    close(missing).refused("the child is missing")
    close(closed).refused("closed already")


def test_what_was_undecided_at_closing_stands_beside_it() -> None:
    shut = close(case).then(CaseClosed("ds.bell", 3, "safe"))
    assert shut.state.closed
