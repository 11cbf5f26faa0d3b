"""Supervision of workers with families is recorded; a worker's week and workload are shown only as
figures.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from commands.families import casework, charity_support, supervision
from commands.kernel.item_references import UNNAMED
from domain.families.charity_support import ContactMade
from domain.families.supervision import SupervisionTold
from domain.kernel.values import Denied, Reader
from projections import due
from projections.families import supervision as view
from questions.people_and_teams import workload
from tests.access.rights import Rights
from tests.commands.office import Office

DAY = date(2011, 3, 18)


def people(office: Office) -> dict[str, Reader]:
    team = (office.reader.team,)
    return {
        "manager": Rights(("manager",), team).of(office.somebody("m.ward")),
        "worker": Rights(("psw",), team).of(office.somebody("psw.ellis")),
        "other": Rights(("psw",), team).of(office.somebody("psw.far")),
        "detective": Rights(("detective",), team).of(office.somebody("dc.rowe")),
        "far": Rights(("manager",), ("Deter",)).of(office.somebody("m.far")),
    }


def due_supervisions(office: Office, reader: Reader) -> list[due.DueItem]:
    with office.system.reading() as db:
        asked = due.DueFilter(clock="supervision")
        return due.listed(db, reader, office.desk.clock(), asked)


def allocated(office: Office, child: str = "Kayleigh Marlow", worker: str = "psw.ellis") -> str:
    case = str(office.case(child))
    casework.allocate(office.desk, office.reader, case, worker, "parents")
    return case


def record_supervision(office: Office, by: Reader, kind: str = "line", state: str = "held") -> None:
    made = SupervisionTold("psw.ellis", kind, state, office.desk.clock().date())  # type: ignore[arg-type]
    supervision.record_supervision(office.desk, by, made)


@pytest.mark.usually_on("sqlite")
def test_a_worker_with_a_family_is_supervised_every_four_weeks(either: Office) -> None:
    allocated(either)
    allocated(either, "Ann Field")
    staff = people(either)
    (row,) = due_supervisions(either, staff["manager"])
    assert (row.owner_role, row.due) == ("manager", row.since + timedelta(days=28))
    assert (
        due_supervisions(either, staff["detective"]) == due_supervisions(either, staff["far"]) == []
    )
    assert due_supervisions(either, staff["other"]) == []
    either.later(24 * 30)
    assert due_supervisions(either, staff["manager"])[0].overdue
    record_supervision(either, staff["worker"], "therapeutic")
    assert due_supervisions(either, staff["manager"])[0].overdue, "the two are apart"
    record_supervision(either, staff["manager"])
    (again,) = due_supervisions(either, staff["manager"])
    assert not again.overdue


@pytest.mark.usually_on("sqlite")
def test_supervision_is_shown_to_the_worker_and_to_who_manages_them(either: Office) -> None:
    allocated(either)
    staff = people(either)
    record_supervision(either, staff["manager"])
    record_supervision(either, staff["worker"], "therapeutic", "declined")
    with either.system.reading() as db:
        seen = {who: len(view.list_supervision(db, one)) for who, one in staff.items()}
        told_worker = view.list_supervision(db, staff["worker"])
    assert {(row.kind, row.state) for row in told_worker} == {
        ("line", "held"),
        ("therapeutic", "declined"),
    }
    assert seen == {"manager": 2, "worker": 2, "other": 0, "detective": 0, "far": 0}
    for who in ("other", "detective"):
        with pytest.raises(Denied):
            record_supervision(either, staff[who])


def test_a_week_is_reported_by_its_dimensions_in_minutes(either: Office) -> None:
    case = allocated(either)
    worker = either.somebody("psw.ellis")
    late = datetime(2011, 3, 17, 22, 40, tzinfo=UTC)
    for kind, at, minutes, travel in (
        ("emotional-support", late, 40, None),
        ("emotional-support", datetime(2011, 3, 17, 10, tzinfo=UTC), 50, 70),
        ("court-support", datetime(2011, 3, 16, 10, tzinfo=UTC), None, None),
        ("training", datetime(2011, 3, 10, 10, tzinfo=UTC), 60, None),
    ):
        made = ContactMade(UNNAMED, kind, "visit", "parent", at, minutes, None, travel)  # type: ignore[arg-type]
        charity_support.make_contact(either.desk, worker, made, case=case)
    asked = (either.desk, worker, either.desk.clock())
    week = workload.week(*asked, DAY)
    figures = [(one.contacts, one.minutes, one.out_of_hours, one.travel) for one in week]
    assert [one.kind for one in week] == ["emotional-support", "court-support"]
    assert figures == [(2, 90, 40, 70), (1, 0, 0, 0)]
    assert week[1].unsaid == 1, "what nobody timed is no zero"
    assert [one.kind for one in workload.week(*asked, date(2011, 3, 10))] == ["training"]


@pytest.mark.usually_on("sqlite")
def test_who_manages_sees_loads_and_no_family(either: Office) -> None:
    case = allocated(either)
    casework.assess_threshold(either.desk, either.reader, case, "high", reason="seen")
    staff = people(either)
    made = ContactMade(UNNAMED, "advocacy", "visit", "parent", minutes=30, words="she wept")
    charity_support.make_contact(either.desk, either.somebody("psw.ellis"), made, case=case)
    record_supervision(either, staff["manager"])
    now = either.later()
    with either.system.reading() as db:
        (row,) = workload.loads(either.desk, db, staff["manager"], now, None)
        others = [
            workload.loads(either.desk, db, staff[who], now, None) for who in ("worker", "far")
        ]
    assert (row.worker, row.contacts, row.minutes) == ("psw.ellis", 1, 30)
    assert (row.families, row.weight, row.supervised) == (1, 3.0, DAY)
    assert others == [[], []]
