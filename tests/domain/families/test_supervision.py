"""Supervision is recorded without its content; a worker's week is recorded with hours and a
weight.
"""

from datetime import UTC, date, datetime, time

import pytest

from domain.families import supervision
from domain.families.supervision import Measures, OfficeHours, Supervision, SupervisionTold
from tests.domain.given import Given

TODAY = date(2011, 3, 18)
nothing = Given(Supervision(), supervision.evolve)
HELD = SupervisionTold("psw.ellis", "line", "held", TODAY, "one family fewer until May")


def test_line_management_is_reported_by_who_manages_and_says_what_was_agreed() -> None:
    held = nothing.when(supervision.tell, HELD, "m.ward", TODAY).then(HELD)
    held.when(supervision.tell, HELD, "m.ward", TODAY).then()
    nothing.when(supervision.tell, HELD, "psw.ellis", TODAY).refused(
        "only the worker's manager can confirm that the supervision took place"
    )
    nothing.when(supervision.tell, HELD, "m.ward", date(2011, 3, 17)).refused(
        "record it once it has taken place"
    )


def test_what_is_said_in_therapeutic_supervision_is_never_recorded() -> None:
    held = SupervisionTold("psw.ellis", "therapeutic", "held", TODAY)
    nothing.when(supervision.tell, held, "psw.ellis", TODAY).then(held)
    words = SupervisionTold("psw.ellis", "therapeutic", "held", TODAY, "she slept badly")
    nothing.when(supervision.tell, words, "m.ward", TODAY).refused(
        "therapeutic supervision is confidential: leave out"
    )
    offered = SupervisionTold("psw.ellis", "therapeutic", "offered", date(2011, 4, 1))
    nothing.when(supervision.tell, offered, "m.ward", TODAY).then(offered)


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2011, 3, 18, 9, tzinfo=UTC), True),
        (datetime(2011, 3, 18, 8, 59, tzinfo=UTC), False),
        (datetime(2011, 3, 18, 17, tzinfo=UTC), False),
        (datetime(2011, 3, 19, 12, tzinfo=UTC), False),
        (datetime(2011, 4, 29, 12, tzinfo=UTC), False),  # this day, a Friday, was a bank holiday
        (datetime(2011, 7, 1, 8, 30, tzinfo=UTC), True),
        (datetime(2011, 7, 1, 16, 30, tzinfo=UTC), False),
    ],
)
def test_office_hours_are_those_of_the_clock_in_london(at: datetime, inside: bool) -> None:
    assert OfficeHours().cover(at) is inside


def test_a_force_sets_its_own_hours_and_weights() -> None:
    evening = OfficeHours(time(13), time(21))
    assert evening.cover(datetime(2011, 3, 18, 20, tzinfo=UTC))
    assert Measures().load({"high": 2, "low": 1, "unknown": 1}) == 9
    assert Measures(weights={"high": 5.0}).load({"high": 1, "low": 2}) == 7
