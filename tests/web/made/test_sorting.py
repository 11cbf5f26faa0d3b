"""A link in the heading of each column sorts a list by the column, over all pages of the list."""

import re
from html import unescape
from typing import Any

import pytest

from projections.kernel.columns import Column
from tests.web.conftest import House, Somebody
from tests.web.screens import MANAGER, WORKER
from usecases.people_and_teams.lists import ListCases
from web.app import make_app
from web.made import listing
from web.site.tables import PageRow, PageTable, sorted_rows

ROW = re.compile(r"<tr(?: data-ids[^>]*)?>(.*?)</tr>", re.DOTALL)
NUMBER = re.compile(r'c-rows__n">(\d+)<')
HEADING = re.compile(
    r'<th scope="col"(?: aria-sort="(\w+)")?>.*?href="([^"]+)">([^<]+)</a></th>', re.DOTALL
)
ON_A_PAGE = 10


@pytest.fixture
def manager(shown: Any, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    monkeypatch.setattr(listing, "PAGE", ON_A_PAGE)
    return House(shown.office, make_app(shown.office.system)).somebody(MANAGER)


def headings(page: str) -> dict[str, tuple[str, str]]:
    """Return for each column, by its label, the address of its heading's link and how the column is
    sorted.
    """
    return {label: (unescape(to), how) for how, to, label in HEADING.findall(page)}


def column(somebody: Somebody, address: str, label: str) -> list[str]:
    """Return the values of a column on all pages of a list, after checking that the rows have
    consecutive numbers. For a date the exact value is returned, and "" if there is none.
    """
    found, numbers = list[str](), list[int]()
    for number in range(1, 100):
        page = somebody.get(f"{address}&page={number}").text
        rows = ROW.findall(page.partition("<tbody>")[2])
        for row in rows:
            (cell,) = re.findall(rf'data-is="{label}">(.*?)</t[dh]>', row, re.DOTALL)
            time = re.search(r'datetime="([^"]+)"', cell)
            text = re.sub("<[^>]+>", "", re.sub(r'<span class="c-rows__n">.*?</span>', "", cell))
            found.append(time[1] if time else text.strip().removeprefix("-"))
        numbers += map(int, NUMBER.findall(page))
        if 'rel="next"' not in page:
            break
    assert numbers == list(range(1, len(found) + 1))
    return found


def test_a_list_of_several_pages_is_sorted_by_a_column(manager: Somebody) -> None:
    """A list of several pages can be sorted by a column. In the list of families, those without a
    next date come last in either direction."""
    address = "/list/cases?every=true"
    plain = column(manager, address, "Next date")
    dates, without = [one for one in plain if one], [one for one in plain if not one]
    assert len(plain) > ON_A_PAGE
    assert dates
    assert without
    upward, how = headings(manager.get(address).text)["Next date"]
    assert not how
    assert column(manager, upward, "Next date") == sorted(dates) + without
    downward, how = headings(manager.get(upward).text)["Next date"]
    assert how == "ascending"
    assert column(manager, downward, "Next date") == sorted(dates, reverse=True) + without
    assert headings(manager.get(downward).text)["Next date"] == (upward, "descending")
    assert column(manager, address, "Next date") == plain, "the list's own order"


def test_values_are_sorted_by_their_numbers_and_without_their_case() -> None:
    """Values are sorted by the numbers in them, and without regard to capital letters; unknown
    values are last in both directions.
    """
    columns = (Column("label", "what"), Column("score", "score", "figure"))
    values = [("anna 10", 3.5), ("Anna 9", 3.142), (None, None), ("bea", 20)]
    numbers: list[Any] = [*range(len(values))]
    rows = [PageRow(number, "", (), None, [*values[number]]) for number in numbers]
    shown = PageTable(ListCases, ListCases.tables()[0], columns, rows, {}, (), ())

    def order(column: str, *, downward: bool = False) -> Any:
        return sorted_rows(shown, column, downward=downward)

    assert order("label") == [1, 0, 3, 2]
    assert order("label", downward=True) == [3, 0, 1, 2]
    assert order("score") == [1, 0, 3, 2]


def test_the_words_of_a_query_stay_sealed(manager: Somebody) -> None:
    page = manager.ask("/list/cases", worker=WORKER, every="true").text
    to, _ = headings(page)["Next date"]
    assert WORKER not in to
    found = column(manager, to, "Next date")
    assert 0 < len(found) < len(column(manager, "/list/cases?every=true", "Next date"))
    assert [one for one in found if one] == sorted(one for one in found if one)


def test_a_chosen_row_of_a_sorted_page_is_meant(manager: Somebody) -> None:
    rows = re.compile(r'name="rows" value="([^"]+)"')
    plain = rows.findall(manager.get("/list/cases?every=true&page=2").text)
    sorted_by = headings(manager.get("/list/cases?every=true").text)
    pages = [manager.get(upward + "&page=2").text for upward, _ in sorted_by.values()]
    page, key = next(
        (page, key) for page in pages for key in rows.findall(page) if key not in plain
    )
    (sorting,) = re.findall(r'name="sorted" value="([^"]+)"', page)
    form = {"act": "allocate", "list": "cases", "every": "true", "page": "2", "rows": key}
    assert "1 row" in manager.send("/each", sorted=sorting, **form).text
    assert "Choose at least one row first" in manager.send("/each", **form).text


def test_an_unknown_column_changes_nothing(manager: Somebody) -> None:
    address = "/list/cases?every=true"
    plain = column(manager, address, "Next date")
    for wrong in (".nothing", "other.next_date", "-", "next_date", ".__class__"):
        assert column(manager, f"{address}&sorted={wrong}", "Next date") == plain
