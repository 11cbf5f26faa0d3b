"""A user who must report child sexual abuse by law reports it at once, or later with a reason, but
within seven days.
"""

from datetime import UTC, datetime, timedelta

from domain.justice import duty_to_report
from domain.justice.duty_to_report import AbuseReported, DutyArose, ReportDelayed, ReportingDuty
from tests.domain.given import Given, begin, uid


def june(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


DAY = timedelta(hours=24)
AROSE = DutyArose(uid(1), "she told me what he did", june(1))
nothing = Given(ReportingDuty(), duty_to_report.evolve)
arose = nothing.after(AROSE)
AT_ONCE = AbuseReported("police", "call taker 4411", june(1, 11), "inc-12")
LATE = AbuseReported("both", "call taker 4411", june(4))


def test_a_person_says_that_it_arises() -> None:
    nothing.when(begin(duty_to_report.arise), AROSE, june(1)).then(AROSE)
    nothing.when(begin(duty_to_report.arise), AROSE, june(1, 8)).refused(
        "the time at which the duty arose is in the future"
    )
    empty = DutyArose(uid(1), " ", june(1))
    nothing.when(begin(duty_to_report.arise), empty, june(1)).refused("what you were told")


def test_it_is_reported_once_and_says_who_took_it() -> None:
    told = arose.when(duty_to_report.report, AT_ONCE, june(2), DAY).then(AT_ONCE)
    told.when(duty_to_report.report, AT_ONCE, june(2), DAY).refused("reported already")
    no_one = AbuseReported("police", " ", june(1, 11))
    arose.when(duty_to_report.report, no_one, june(2), DAY).refused("who took the report")
    early = AbuseReported("police", "x", june(1, 8))
    arose.when(duty_to_report.report, early, june(2), DAY).refused("between when")
    arose.when(duty_to_report.report, AT_ONCE, june(1, 10), DAY).refused("and now")
    nothing.when(duty_to_report.report, AT_ONCE, june(2), DAY).refused(
        "there is no duty to report with this id"
    )


def test_later_than_at_once_has_its_reason_and_seven_days() -> None:
    arose.when(duty_to_report.report, LATE, june(4), DAY).refused("the report was late")
    why = AbuseReported("both", "call taker 4411", june(4), why_later="he was in the house")
    arose.when(duty_to_report.report, why, june(4), DAY).then(why)
    later = ReportDelayed("he is in the house", june(5))
    delayed = arose.when(duty_to_report.delay, "he is in the house", june(5), june(1)).then(later)
    delayed.when(duty_to_report.report, LATE, june(4), DAY).then(LATE)
    arose.when(duty_to_report.delay, "so", june(9), june(1)).refused(
        "more than seven days: delay it until 08 June"
    )
    arose.when(duty_to_report.delay, " ", june(5), june(1)).refused("which child")
    arose.when(duty_to_report.delay, "so", june(2), june(3)).refused("report now")
