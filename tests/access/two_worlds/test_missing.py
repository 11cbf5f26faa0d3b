"""Missing children, and patterns of children who are missing together, are shown only to readers
who may see the child.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec
import pytest

from commands.families import casework, missing, referral
from commands.intelligence import links
from commands.kernel import entity
from domain.families.missing import plan_stream
from domain.families.referral import (
    MissingFound,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.kernel.values import Denied, Hidden, Refused, Role
from network.people import missing as sheet
from network.query.hotspots import hotspots
from projections import missing as view
from projections.intelligence.links import LinkFilter
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared

HOTEL = "Station Hotel, Town B"


def _two_teams(office: Office) -> dict[str, UUID]:
    """Record two teams, each with a child and workers. Both children were once found in the same
    hotel and are missing again; return ids by name.
    """
    found: dict[str, UUID] = {}
    for team, child in (("Engage", "Ann Field"), ("Deter", "Tilly Marsh")):
        ours = msgspec.structs.replace(office.reader, team=team)
        case = referral.receive(office.desk, ours, child=child).id
        for where in (HOTEL, None):
            casework.report_missing(office.desk, ours, str(case), MissingReported())
            office.later(30)
            if where:
                back = MissingFound(where=where)
                casework.record_found(office.desk, ours, str(case), back)
        found[team] = case
    staff = Staff(office)
    roles: dict[str, Role] = {
        "mfh.own": "missing-coordinator",
        "ds.own": "supervisor",
        "m.own": "manager",
        "a.own": "auditor",
    }
    for name, role in roles.items():
        staff.hire(name, role)
    staff.hire("mfh.far", "missing-coordinator", teams=["Deter"])
    staff.hire("mfh.both", "missing-coordinator", teams=["Engage", "Deter"])
    return found


TEAMS = prepared("missing_in_two_teams", _two_teams)


@dataclass
class Teams:
    """A store with the cases of two teams and with the teams' users."""

    office: Office
    staff: Staff
    cases: dict[str, UUID]


@pytest.fixture
def teams(place: Place) -> Iterator[Teams]:
    with TEAMS(*place) as (office, cases):
        yield Teams(office, Staff(office), dict(cases))


@pytest.mark.parametrize(
    ("name", "sees"),
    [("mfh.own", {"Engage"}), ("mfh.far", {"Deter"}), ("mfh.both", {"Engage", "Deter"}),
     ("ds.own", {"Engage"}), ("m.own", set()), ("a.own", set())],
)  # fmt: skip
@pytest.mark.usually_on("sqlite")
def test_who_does_not_see_the_child_sees_nothing_and_no_figure(
    teams: Teams, name: str, sees: set[str]
) -> None:
    reader, now = teams.staff.now(name), teams.office.desk.clock()
    wanted = {teams.cases[one] for one in sees}
    with teams.office.system.reading() as db:
        assert {row.case for row in sheet.now(db, reader, now)} == wanted
        assert {row.case for row in sheet.back(db, reader)} == wanted
        assert view.figure(db, reader, now).children == len(wanted)
        assert {child for one in view.found_at(db, reader) for child in one.children} == {
            row.child for row in view.now(db, reader)
        }
        for case in teams.cases.values():
            assert bool(view.of_case(db, reader, case)) is (case in wanted)


@pytest.mark.usually_on("sqlite")
def test_a_pattern_of_two_is_for_those_who_see_both(teams: Teams) -> None:
    with teams.office.system.reading() as db:
        rows = {
            name: sheet.patterns(db, teams.staff.now(name))
            for name in ("mfh.own", "mfh.far", "mfh.both", "m.own")
        }
    assert {row.kind for row in rows.pop("mfh.both")} >= {"same-place"}
    assert not any(rows.values())


@pytest.mark.usually_on("sqlite")
def test_nobody_judges_a_pattern_that_they_do_not_see(teams: Teams) -> None:
    desk = teams.office.desk
    with teams.office.system.reading() as db:
        row = sheet.patterns(db, teams.staff.now("mfh.both"))[0]
    before = teams.office.count()
    for one in (row.id, UUID(int=77)):
        with pytest.raises(Hidden, match="no pattern"):
            missing.judge(desk, teams.staff.now("mfh.own"), str(one), "dismissed", "nothing in it")
    with pytest.raises(Denied):
        missing.judge(desk, teams.staff.now("a.own"), str(row.id), "dismissed", "nothing in it")
    assert teams.office.count() == before
    missing.judge(desk, teams.staff.now("mfh.both"), str(row.id), "confirmed", "one car")


def test_a_child_counts_at_a_hotspot_for_those_who_see_the_child(teams: Teams) -> None:
    office = teams.office
    words = office.words("He waits at the hotel.")

    baz = office.person("Baz")
    entity.classify(office.desk, office.reader, str(baz), "suspect", "named")
    links.assert_link(
        office.desk, office.reader, str(words), str(baz), f"place:{HOTEL}", "frequents"
    )
    asked = LinkFilter(min_rank=None)
    with office.system.reading() as db:
        for name, found in (("mfh.own", 1), ("mfh.far", 1), ("mfh.both", 2)):
            rows = hotspots(db, teams.staff.now(name), link_filter=asked).rows
            assert [row.found for row in rows] in ([found], [])
        assert hotspots(db, teams.staff.now("a.own"), link_filter=asked).rows == ()


@pytest.mark.usually_on("sqlite")
def test_a_supervisor_alone_weighs_what_a_child_asked(teams: Teams) -> None:
    desk, case = teams.office.desk, str(teams.cases["Engage"])
    told = ReturnInterviewRecorded("held", "v.reed", withhold="her phone")
    kept = WithholdingWeighed("kept-back", "it names nobody")
    coordinator = teams.staff.now("mfh.own")
    # an interview so soon after the return is recorded with a flag
    casework.record_interview(desk, coordinator, case, told)
    with pytest.raises(Denied):
        missing.weigh(desk, coordinator, case, kept)
    with pytest.raises(Refused):
        missing.weigh(desk, teams.staff.now("mfh.far"), case, kept)
    missing.weigh(desk, teams.staff.now("ds.own"), case, kept)


@pytest.mark.usually_on("sqlite")
def test_a_plan_is_its_teams_to_write_and_to_read(teams: Teams) -> None:

    desk, case = teams.office.desk, teams.cases["Engage"]
    told = ("her aunt", date(2031, 1, 1))
    with pytest.raises(Refused):
        missing.write_plan(desk, teams.staff.now("mfh.far"), str(case), *told)
    missing.write_plan(desk, teams.staff.now("mfh.own"), str(case), *told)
    assert teams.office.desk.logs["evidence"].history(plan_stream(case))
    with teams.office.system.reading() as db:
        assert view.plans(db, teams.staff.now("mfh.own"), [case])[case].call == "her aunt"
        assert view.plans(db, teams.staff.now("mfh.far"), [case]) == {}
