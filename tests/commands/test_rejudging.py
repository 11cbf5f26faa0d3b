"""A fact that is learned after a decision reopens it where the rule answers differently now."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest

from commands import casework, due, entity, identity, rejudging
from commands import child as child_facts
from domain.referral import ThresholdAssessed
from domain.values import Refused
from projections import cases
from projections.due import Asked
from tests.access.staff import Staff
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


def test_ages_that_conflict_are_said_beside_each_other(either: Office) -> None:
    _, child = rated_low(either)

    def known() -> child_facts.Known:
        with either.system.reading() as db:
            return child_facts.shown(either.desk, db, either.reader, child)

    assert known().said == ("under 18", "born 5 January 1997")
    assert not known().conflict
    younger(either, child)
    assert known().said == ("under 18", "born 5 January 1997", "born 5 January 1999")
    assert known().conflict


def test_what_another_team_alone_knows_is_not_told_with_the_rating(office: Office) -> None:
    case, child = rated_low(office)
    staff = Staff(office)
    staff.hire("ds.hale", "detective")
    far = msgspec.structs.replace(office.reader, team="Deter")
    twin = entity.record_person(office.desk, far, name="Hols").id
    entity.record_age(office.desk, far, str(twin), None, date(1999, 1, 5), None)
    identity.judge(office.desk, far, str(child), str(twin), "same", "one girl")
    assert rejudging.reopen(office.desk) == 1
    assert shown(office, case).flags == (f"rated low without knowing: {child_facts.HIDDEN}",)
    detective = staff.now("ds.hale")
    with pytest.raises(Refused, match="a record that you may not see") as refused:
        casework.assess_threshold(office.desk, detective, str(case), "low", reason="settled")
    assert "13" not in str(refused.value)
