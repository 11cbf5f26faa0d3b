"""In each list of the screens, a row links to its item. The list offers actions for several
selected rows."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, get_type_hints

import pytest
from python_calamine import CalamineWorkbook

from commands.families import casework
from commands.intelligence import links
from domain.families.referral import MissingReported
from tests.web.conftest import House
from tests.web.screens import AUDITOR, MANAGER, OFFICER, SERGEANT
from usecases.kernel.fields import fields_of
from usecases.kernel.registry import QUESTIONS, USE_CASES
from web.app import make_app
from web.site.lists import LISTS, RowActions

OPENS = re.compile(r'href="([^"]+)" data-opens')
#: Fields of the form for several rows that are not fields of the chosen action.
OWN = {"act", "list", "table", "page", "back", "rows", "called", "csrf", "command_id"}
#: Lists whose rows are not items, or are items that not all readers of the list may see.
MIXED = ("due", "alert-list", "retention", "place-list", "arrest-list")


#: The actions for several rows of each table, by the list's command and the table's name.
WAYS = {
    (command, table): way
    for command, one in LISTS.items()
    for table, way in (one.tables or {"": one.row}).items()
    if way != RowActions()
}


@pytest.mark.parametrize(("name", "way"), WAYS.items(), ids=[" ".join(one) for one in WAYS])
def test_what_is_done_to_rows_is_what_these_rows_have(
    name: tuple[str, str], way: RowActions
) -> None:
    question = QUESTIONS[name[0]]
    (row,) = [table.row for table in question.tables() if table.name == name[1]]
    has = set(get_type_hints(row)) | set(dir(row))
    assert {way.named, *re.findall(r"{(\w+)}", way.opens)} <= has
    asked = {one.name for one in fields_of(question)}
    for command, field in way.each.items():
        told = {one.name for one in USE_CASES[command].fields}
        assert field in told
        assert not (told | asked) & OWN, "a field of the list is taken for one of the act"


@pytest.mark.in_turn
@pytest.mark.parametrize("who", [MANAGER, AUDITOR, OFFICER, SERGEANT])
def test_a_row_opens_a_page_or_is_no_link(shown: Any, who: str) -> None:
    somebody = House(shown.office, make_app(shown.office.system)).somebody(who)
    for name in MIXED:
        page = somebody.get(f"/list/{name}").text
        for path in dict.fromkeys(OPENS.findall(page)[:6]):
            assert somebody.get(path.replace("&amp;", "&")).status_code == 200, path


def test_a_tie_that_ended_on_a_day_was_last_true_on_that_day(house: House) -> None:
    """A link that ended on a day counts as true on that day. In summer, the last moment of a UTC
    day belongs to the next British day, and the day must not shift."""
    office, ended = house.office, datetime(2011, 5, 20, 23, 59, 59, 999999, UTC)
    words, who = office.words(), str(office.person())
    span = links.LinkPeriod(None, ended)
    links.assert_link(office.desk, office.reader, words, who, "vehicle:AB91 ABC", "uses", span=span)
    sergeant = house.somebody(SERGEANT)
    assert "20 May 2011</time>" in sergeant.get("/list/vehicle-list").text
    sent = sergeant.send("/list/vehicle-list.xlsx")
    sheet = CalamineWorkbook.from_filelike(BytesIO(sent.content)).get_sheet_by_index(0)
    assert date(2011, 5, 20) in sheet.to_python()[1]


def test_a_yes_or_no_column_is_shown_if_one_row_has_a_yes(house: House) -> None:
    office = house.office
    case = office.case("Kayleigh Marlow")
    office.case("Ann Field")
    manager = house.somebody(MANAGER)

    def marks() -> list[str]:
        return re.findall(r'data-is="Missing">(.*?)</td>', manager.get("/list/cases").text)

    assert marks() == []
    casework.report_missing(office.desk, office.reader, str(case), MissingReported(risk="high"))
    assert sorted(mark == "-" for mark in marks()) == [False, True]
