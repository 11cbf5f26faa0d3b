"""All users who may see a missing child see her on the first line of the inbox. Details in this
line, such as her risk, are shown only to users with the right to see them."""

import msgspec
import pytest

from commands.families import casework, referral
from commands.people_and_teams import two_person
from domain.families.referral import MissingFound, MissingReported
from domain.kernel.codes import MissingRisk
from domain.kernel.values import Reader
from network.people.missing_now import First
from tests.access.staff import Staff
from tests.commands.office import Office
from tests.support.access.missing_sheet import Sheet
from usecases.families.missing_now import ListMissingNow, first_lines

SINCE = "missing since 09:00"
HERS = f"Kayleigh Marlow: {SINCE}, high risk"


def first_lines_of(seen: Sheet, name: str) -> First:
    return first_lines(seen.office.desk, Staff(seen.office).now(name), seen.office.desk.clock())


def test_each_part_of_the_line_is_reported_by_its_own_right(seen: Sheet) -> None:
    car = "PK95ABC, driven by Baz (1A: suspect)"
    said = {
        name: [row.says for row in first_lines_of(seen, name).rows]
        for name in ("ds.own", "mfh.own", "m.own", "a.own", "sw.own")
    }
    case = f"Case {first_lines_of(seen, 'm.own').rows[0].number}: {SINCE}"
    assert said == {
        "ds.own": [f"{HERS}. {car}, owned by Nick (2C)"],
        "mfh.own": [f"{HERS}. {car}"],
        "m.own": [case],
        "a.own": [case],
        "sw.own": [HERS],
    }


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("name", ["mfh.far", "sw.other", "ao.own"])
def test_who_may_not_see_her_is_informed_of_nobody_and_of_no_number(seen: Sheet, name: str) -> None:
    assert first_lines_of(seen, name) == First((), 0)


@pytest.mark.usually_on("sqlite")
def test_the_names_that_a_line_shows_are_written_down_by_their_ids(seen: Sheet) -> None:
    (whole,), (case,) = (first_lines_of(seen, name).rows for name in ("ds.own", "m.own"))
    assert len(whole.shown) == 4, "the child, the car, and two who drive it"
    assert case.shown == ()


@pytest.mark.usually_on("sqlite")
def test_who_is_found_is_there_no_longer(seen: Sheet) -> None:
    casework.record_found(seen.office.desk, seen.office.reader, str(seen.case), MissingFound())
    assert first_lines_of(seen, "ds.own") == first_lines_of(seen, "m.own") == First((), 0)


@pytest.mark.usually_on("sqlite")
def test_she_is_there_when_her_case_is_closed_before_she_is_found(seen: Sheet) -> None:
    office, before = seen.office, first_lines_of(seen, "m.own")
    staff = Staff(office)
    second = staff.hire("di.own", "supervisor")
    two_person.close(office.desk, staff.now("ds.own"), str(seen.case), "safe")
    two_person.confirm(office.desk, second, seen.case, "close", reason="looked through by both")
    assert first_lines_of(seen, "m.own") == before
    assert [row.says.startswith(HERS) for row in first_lines_of(seen, "ds.own").rows] == [True]


def record_rated_episode(office: Office, child: str, risk: MissingRisk | None) -> None:
    case = referral.receive(office.desk, office.reader, child=child).id
    casework.report_missing(office.desk, office.reader, str(case), MissingReported(risk=risk))
    office.later(1)


@pytest.mark.usually_on("sqlite")
def test_three_stand_there_by_risk_and_the_others_are_counted(seen: Sheet) -> None:
    office = seen.office
    graded: dict[str, MissingRisk | None] = {
        "Ann Field": "low",
        "Amber Stone": None,
        "Tilly Marsh": "high",
        "Jo Reed": "medium",
    }
    for child, risk in graded.items():
        record_rated_episode(office, child, risk)
    found = first_lines_of(seen, "ds.own")
    called = [row.called for row in found.rows]
    assert called == ["Kayleigh Marlow", "Tilly Marsh", "Amber Stone"]
    assert (found.more, found.counted) == (2, "5 children are missing")
    assert found.others == "2 more children are missing"
    rows = ListMissingNow().rows(office.desk, Staff(office).now("ds.own"), office.desk.clock())
    assert [row.called for row in rows] == [*called, "Jo Reed", "Ann Field"]


@pytest.mark.usually_on("sqlite")
def test_the_order_of_cases_says_nothing_of_a_risk_that_is_not_seen(seen: Sheet) -> None:
    """For a reader who may not see the risk, the child who has been missing longest is listed
    first, whatever the risk.
    """
    before = [row.case for row in first_lines_of(seen, "m.own").rows]
    record_rated_episode(seen.office, "Ann Field", "high")
    record_rated_episode(seen.office, "Amber Stone", "low")
    rows = first_lines_of(seen, "m.own").rows
    assert [row.case for row in rows[:1]] == before
    assert [row.since for row in rows] == sorted(row.since for row in rows)
    assert {(row.name, row.risk, row.danger, row.vehicles) for row in rows} == {
        (None, None, None, ())
    }


@pytest.mark.usually_on("sqlite")
def test_since_when_is_reported_with_its_day_unless_it_is_today(seen: Sheet) -> None:
    office = seen.office
    for hours, words in ((20, "09:00 on 18 March"), (24 * 365, "09:00 on 18 March 2011")):
        office.later(hours)
        assert first_lines_of(seen, "m.own").rows[0].state == f"missing since {words}"


@pytest.mark.usually_on("sqlite")
def test_who_reported_her_from_another_team_is_informed_of_no_more(seen: Sheet) -> None:
    far: Reader = msgspec.structs.replace(seen.office.reader, team="Deter")
    case = referral.receive(seen.office.desk, far, child="Ann Field").id
    casework.report_missing(seen.office.desk, far, str(case), MissingReported(risk="high"))
    assert [row.called for row in first_lines_of(seen, "ds.own").rows] == ["Kayleigh Marlow"]
    assert [row.called for row in first_lines_of(seen, "mfh.far").rows] == ["Ann Field"]
