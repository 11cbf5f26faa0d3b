"""A complaint about the use of data is acknowledged and investigated, and its outcome is
reported.
"""

from datetime import UTC, date, datetime

from domain.data_protection import complaint
from domain.data_protection.complaint import (
    Complaint,
    ComplaintAcknowledged,
    ComplaintOutcomeTold,
    ComplaintReceived,
    ComplaintStepTaken,
)
from tests.domain.given import Given, begin, uid

CAME, NOW = datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 10, 9, tzinfo=UTC)
TODAY = date(2026, 7, 10)
MADE = ComplaintReceived(CAME, "Ms Marlow, by letter", "you told the school", uid(1))

nothing = Given(Complaint(), complaint.evolve)
received = nothing.after(MADE)
over = received.after(ComplaintOutcomeTold("upheld", "we should have asked", TODAY))


def test_it_says_who_complains_and_of_what() -> None:
    nothing.when(begin(complaint.receive), MADE, NOW).then(MADE)
    unknown = ComplaintReceived(CAME, "a neighbour", "you keep my plate")
    nothing.when(begin(complaint.receive), unknown, NOW).then(unknown)
    for wrong, why in (
        (ComplaintReceived(CAME, " ", "x"), "who complains"),
        (
            ComplaintReceived(CAME, "x", " "),
            "write what the complaint is about, in the complainant's words",
        ),
        (ComplaintReceived(NOW, "x", "x"), "give the time at which it came"),
    ):
        nothing.when(begin(complaint.receive), wrong, CAME).refused(why)


def test_it_is_acknowledged_once() -> None:
    told = ComplaintAcknowledged(date(2026, 7, 3), "by letter")
    once = received.when(complaint.acknowledge, "by letter", date(2026, 7, 3), NOW).then(told)
    once.when(complaint.acknowledge, None, None, NOW).refused("acknowledged already")
    received.when(complaint.acknowledge, None, None, NOW).then(ComplaintAcknowledged(TODAY))
    received.when(complaint.acknowledge, None, date(2026, 6, 30), NOW).refused("give a day between")
    received.when(complaint.acknowledge, None, date(2026, 7, 11), NOW).refused(
        "give a day between 2026-07-01, when the complaint came, and today"
    )


def test_it_is_looked_into_until_its_outcome_is_reported() -> None:
    step = ComplaintStepTaken("the school was asked", told=True)
    received.when(complaint.take_step, step).then(step)
    received.when(complaint.take_step, ComplaintStepTaken(" ")).refused("what was done")
    told = ComplaintOutcomeTold("not-upheld", "the law let us", TODAY)
    received.when(complaint.tell_outcome, "not-upheld", "the law let us", None, NOW).then(told)
    received.when(complaint.tell_outcome, "upheld", " ", None, NOW).refused(
        "say what the complainant was told"
    )
    over.when(complaint.take_step, step).refused("the outcome was recorded already")
    over.when(complaint.acknowledge, None, None, NOW).refused("the outcome was recorded already")
    over.when(complaint.tell_outcome, "upheld", "again", None, NOW).refused(
        "the outcome was recorded already"
    )
    nothing.when(complaint.take_step, step).refused("no complaint with this id")
