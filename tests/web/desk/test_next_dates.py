"""The list of cases shows the next due date of each family, if the reader may know it."""

import pytest

from access.who_may import scope
from commands.people_and_teams import due
from projections.due import DueFilter, DueItem
from projections.due.rights import CLOCKS_OF
from projections.due.rows import DueRow
from tests.web.conftest import House, Served
from tests.web.screens import AUDITOR, HANDLER, MANAGER, OFFICER, SERGEANT, WORKER
from tests.web.showcase import FAR, Showcase
from usecases.people_and_teams.lists import ListCases


@pytest.mark.parametrize("who", [WORKER, SERGEANT, AUDITOR, MANAGER, OFFICER, HANDLER, FAR])
def test_a_next_date_is_a_deadline_that_the_reader_sees(shown: Showcase, who: str) -> None:
    own = shown.office.system.briefly(who)
    desk, reader, now = own.desk, own.reader, own.clock()
    every = due.list_due(desk, reader, now, DueFilter())
    # only deadlines of the kinds that the table of due items has; the reader's own searches have a
    # table of their own
    listed = [one for one in every if one.clock in CLOCKS_OF[DueRow]]
    known = {(one.id, one.item) for one in listed}
    named: dict[object, list[DueItem]] = {}
    for one in listed:
        named.setdefault(one.case, []).append(one)
    rows = ListCases(every=True).rows(desk, reader, now)
    with desk.asking() as db:
        found = due.next_of_cases(desk, db, reader, now, [row.case for row in rows])
        seen = scope.visible_items(db, reader, [one.item for one in found.values()])
    assert {one.item for one in found.values()} == seen
    assert {(one.id, one.item) for one in found.values()} <= known
    for row in rows:
        first = found.get(row.case)
        assert (row.next_due, row.next_what) == ((first.due, first.what) if first else (None, None))
        if others := [one.due for one in named.get(row.case, ()) if one.item in seen]:
            assert row.next_due is not None
            assert row.next_due <= min(others)


def test_my_families_begin_with_the_soonest_date(open_house: Served) -> None:
    house = House(open_house.house.office, open_house.house.app)
    page = house.somebody(WORKER).get("/cases/mine").text
    days = [part.partition('datetime="')[2][:16] for part in page.split("Next: ")[1:]]
    assert len(days) > 1
    assert days == sorted(days)
