"""A fact that is learned after a decision reopens it where the rule answers differently now."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from commands import casework, due, entity, identity, rejudging
from domain.referral import ThresholdAssessed
from projections import cases
from projections.due import Asked
from tests.commands.office import Office


def rated_low(office: Office) -> tuple[UUID, UUID]:
    """A case of a girl of fourteen, rated low, and the girl."""
    case = office.case("Holly Ashby")
    with office.system.reading() as db:
        child = cases.children(db, office.reader, case)[case]
    born(office, child, date(1997, 1, 5))
    casework.assess_threshold(office.desk, office.reader, str(case), "low", reason="settled")
    return case, child


def born(office: Office, who: UUID, day: date) -> None:
    entity.record_age(office.desk, office.reader, str(who), None, day, None)


def shown(office: Office, case: UUID) -> cases.Case:
    with office.system.reading() as db:
        found = cases.get(db, office.reader, case)
    assert found
    return found


def younger(office: Office, child: UUID) -> None:
    born(office, child, date(1999, 1, 5))


def disabled(office: Office, child: UUID) -> None:
    entity.record_learning_disability(office.desk, office.reader, str(child), True, "school")


def same_as_a_younger(office: Office, child: UUID) -> None:
    other = office.person("Hols")
    younger(office, other)
    identity.judge(office.desk, office.reader, str(child), str(other), "same", "one girl")


@pytest.mark.parametrize(
    ("later", "lacked"),
    [
        (younger, "this child is under 13"),
        (disabled, "this child has a learning disability"),
        (same_as_a_younger, "this child is under 13"),
    ],
)
def test_a_later_fact_reopens_a_low_rating(
    either: Office, later: Callable[[Office, UUID], None], lacked: str
) -> None:
    case, child = rated_low(either)
    assert rejudging.reopen(either.desk) == 0
    either.later(24 * 30)
    later(either, child)
    assert rejudging.reopen(either.desk, dict(either.desk.recorded)) == 1
    assert rejudging.reopen(either.desk) == 0
    found = shown(either, case)
    assert found.threshold == "medium"
    assert found.flags == (f"rated low without knowing: {lacked}",)
    asked = Asked(clock="threshold-reassessment")
    (row,) = due.listed(either.desk, either.reader, either.system.clock(), asked)
    assert row.due - either.system.clock() < timedelta(days=4)
    history = either.desk.logs["evidence"].history(case)
    assert [f.event.level for f in history if isinstance(f.event, ThresholdAssessed)] == ["low"]
    reader, override = either.reader, "seen every week"
    casework.assess_threshold(
        either.desk, reader, str(case), "low", reason="settled", override=override
    )
    assert shown(either, case).threshold == "medium", "low again is proposed to a second person"
