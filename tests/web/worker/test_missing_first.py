"""A missing child is named first in the strip at the top of every page, and above the due items at
the command line. Exported files and papers do not name the child."""

import html
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from commands.families import casework, referral
from commands.intelligence import meeting
from commands.kernel.unit_of_work import Desk
from domain.data_protection.access_log import RecordConsulted, unpacked
from domain.families.referral import CaseOpened, MissingReported
from domain.intelligence.meeting import MeetingCalled
from domain.kernel.envelope import LogUnavailable
from domain.kernel.values import Reader, Role
from tests.commands.office import Office
from tests.console.conftest import Line
from tests.web.conftest import House
from tests.web.live import Live, live

__all__ = ["live"]
SAID = "Kayleigh Marlow: missing since 09:00, high risk"


def plain(page: str) -> str:
    """Return the text of a page without its markup."""
    return " ".join(html.unescape(re.sub("<[^>]+>", "", page)).split())


def reported(desk: Desk, reader: Reader) -> UUID:
    case = referral.receive(desk, reader, child="Kayleigh Marlow").id
    casework.report_missing(desk, reader, str(case), MissingReported(risk="high"))
    return case


def report_child_missing(office: Office) -> UUID:
    return reported(office.desk, office.reader)


def consultations(office: Office) -> list[RecordConsulted]:
    """Return the recorded accesses to the record, which are events of the access log."""
    events = (fact.event for fact in office.facts("access"))
    return [event for event in events if isinstance(event, RecordConsulted)]


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    home = house.office.settings.home
    assert home
    made = Line(str(home), home)
    yield made
    made.close()


def test_she_is_above_what_is_due_at_the_command_line(house: House, line: Line) -> None:
    case = report_child_missing(house.office)
    told = house.office.system.clock.given_time
    assert told
    at = ("--clock", (told + timedelta(hours=1)).isoformat())
    for words in (("due",), ("due", "--mine"), ("due", "--kind", "bail-ends")):
        assert line(*at, *words).out.splitlines()[0] == SAID
    assert str(case) in line(*at, "missing", "now", "--json").out
    rows = line(*at, "due", "--json").json
    assert {row["clock"] for row in rows} >= {"missing-child"}, "programs read rows, as before"
    for _ in range(4):
        report_child_missing(house.office)
    assert "2 more children are missing: continuum missing now" in line(*at, "due").out


def strip(page: str) -> str:
    """Return the danger strip of a page as HTML, without the name of the person on call."""
    return (
        page.partition('<aside id="called"')[2].partition("</aside>")[0].partition('id="oncall')[0]
    )


def test_she_is_in_the_strip_of_every_page_that_people_open(house: House) -> None:
    somebody = house.somebody("ds.hale")
    pages = (
        "/",
        "/today/deadlines",
        "/today/deadlines?mine=true",
        "/list/due",
        "/queue",
        "/record",
        "/map",
        "/today/on-call",
    )
    assert not any("c-danger-strip__danger" in strip(somebody.get(path).text) for path in pages)
    case = report_child_missing(house.office)
    for path in pages:
        page = somebody.get(path).text
        assert f'href="/cases/{case}"' in strip(page), path
        assert "Kayleigh Marlow missing since 09:00, high risk" in plain(strip(page)), path
        assert page.index('id="called"') < page.index("<main"), path
    assert SAID.partition(":")[0] in somebody.get("/list/missing-now").text
    for _ in range(4):
        report_child_missing(house.office)
    assert "2 more children are missing" in plain(strip(somebody.get("/").text))


def test_without_the_access_log_the_strip_counts_and_names_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the access log does not answer, the danger strip shows how many children are missing,
    but not their names."""
    report_child_missing(house.office)
    somebody = house.somebody("ds.hale")

    def fail(*_: Any) -> None:
        raise LogUnavailable("access")

    monkeypatch.setattr("installation.system.System.consulted", fail)
    page = somebody.get("/record")
    assert page.status_code == 200
    assert "Kayleigh" not in page.text
    assert "1 child is missing" in plain(strip(page.text))


def test_what_comes_first_is_written_down_as_shown(house: House, line: Line) -> None:
    office = house.office
    case = report_child_missing(office)
    child = office.events(CaseOpened)[0].child
    house.somebody("ds.hale").get("/")
    before = consultations(office)
    assert {case, child} <= set(unpacked(before[-1].ids))
    line("--user", "ds.hart", "due", "--kind", "bail-ends")
    (last,) = consultations(office)[len(before) :]
    assert {case, child} <= set(unpacked(last.ids))


def test_she_leaves_in_no_file_and_is_on_no_meetings_paper(house: House, line: Line) -> None:
    report_child_missing(house.office)
    somebody = house.somebody("ds.hart")
    book = CalamineWorkbook.from_filelike(io.BytesIO(somebody.send("/list/due.xlsx").content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert rows
    assert not any("missing since" in str(cell) for row in rows for cell in row)
    called = MeetingCalled(
        "weekly-brief", house.office.desk.clock(), chair="ds.hart", team="Engage"
    )
    one = meeting.call(house.office.desk, house.office.reader, called).id
    for path in (f"/meetings/{one}", f"/meetings/{one}/people", "/meetings", "/brief"):
        page = somebody.get(path)
        assert page.status_code == 200
        assert "c-danger-strip__danger" not in page.text
        assert "missing since 09:00" not in plain(page.text)


ROLES: dict[str, Role] = {
    "sw.own": "social-worker",
    "ds.own": "supervisor",
    "m.own": "manager",
    "psw.far": "psw",
}


def test_each_is_informed_on_their_first_page_and_a_worker_a_count_until_it_is_tapped(
    live: Live,
) -> None:
    for name, role in ROLES.items():
        live.hire(name, role)
    case = reported(live.desk, live.reader("ds.own"))
    casework.allocate(live.desk, live.reader("m.own"), str(case), "sw.own", allocated_for="child")
    strips: dict[str, Any] = {name: strip(live.somebody(name).get("/").text) for name in ROLES}
    assert "<details" not in strips["ds.own"] + strips["m.own"]
    summary, _, lines = strips["sw.own"].partition("</summary>")
    assert "<details" in summary
    assert "<details open" not in summary
    assert "1 child is missing" in summary
    assert "Kayleigh" not in summary
    hers = r"Kayleigh Marlow missing since \d\d:\d\d.*, high risk"
    assert re.search(hers, plain(lines))
    assert re.search(hers, plain(strips["ds.own"]))
    assert re.search(r"Case \d+ missing since \d\d:\d\d", plain(strips["m.own"]))
    assert "risk" not in plain(strips["m.own"])
    assert "c-danger-strip__danger" not in strips["psw.far"]
    assert live.somebody("psw.far").get("/list/missing-now").status_code == 200
