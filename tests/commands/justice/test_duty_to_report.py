"""A user records a legal duty to report child sexual abuse. The report is due at once and is listed
once."""

from datetime import timedelta

import pytest

from commands.justice import duty_to_report
from commands.kernel.item_references import UNNAMED
from domain.justice.duty_to_report import AbuseReported, DutyArose
from domain.kernel.values import Refused
from projections import due
from projections.justice import duty_to_report as view
from tests.access.rights import Rights
from tests.commands.office import Office

SAID = DutyArose(UNNAMED, "she told me what he did")
TOLD = AbuseReported("police", "call taker 4411")


def due_reports(office: Office) -> list[due.DueItem]:
    with office.system.reading() as db:
        asked = due.DueFilter(clock="duty-to-report")
        return due.listed(db, office.reader, office.desk.clock(), asked)


def test_it_is_due_at_once_waits_with_a_reason_and_one_report_does_for_several(
    office: Office,
) -> None:
    case = office.case("Kayleigh Marlow")
    given = office.desk, office.reader
    first, second = (duty_to_report.arise(*given, SAID, str(case)).id for _ in range(2))
    row = next(due_report for due_report in due_reports(office) if due_report.item == first)
    assert (row.due - row.since, row.tier, row.owner) == (timedelta(days=1), "law", "ds.hart")
    until = row.since + timedelta(days=3)
    duty_to_report.delay(*given, first, "he is in the house", until)
    assert {due_report.item: due_report.due for due_report in due_reports(office)}[first] == until
    office.later(2)
    made = duty_to_report.report(*given, first, TOLD, [str(second)])
    assert made.id == first
    assert due_reports(office) == []
    with office.system.reading() as db:
        rows = view.of_case(db, office.reader, case)
    assert [(one.to, one.told, one.happened) for one in rows] == [
        ("police", "call taker 4411", office.desk.clock())
    ] * 2
    assert {one.id: one.why_later for one in rows} == {first: "he is in the house", second: None}
    with pytest.raises(Refused, match="reported already"):
        duty_to_report.report(*given, second, TOLD)


def test_nothing_is_recorded_where_one_of_several_is_none(office: Office) -> None:
    case = office.case("Kayleigh Marlow")
    first = duty_to_report.arise(office.desk, office.reader, SAID, str(case)).id
    before = office.count()
    with pytest.raises(Refused):
        duty_to_report.report(office.desk, office.reader, first, TOLD, [str(case)])
    assert office.count() == before


def test_another_familys_worker_learns_nothing_of_it(office: Office) -> None:
    case = office.case("Kayleigh Marlow")
    which = duty_to_report.arise(office.desk, office.reader, SAID, str(case)).id
    worker = office.somebody("psw.far")
    team = (office.reader.team,)
    far = Rights(("psw",), team).of(worker)
    hers = Rights(("psw",), team, cases=(case,)).of(worker)
    with office.system.reading() as db:
        assert view.list_duties(db, far, include_all=True) == []
        assert [row.id for row in view.list_duties(db, hers, include_all=True)] == [which]
    with pytest.raises(Refused, match="there is no duty to report with this id"):
        duty_to_report.report(office.desk, far, which, TOLD)
    with pytest.raises(Refused, match="case"):
        duty_to_report.arise(office.desk, far, SAID, str(case))
