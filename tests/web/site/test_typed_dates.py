"""Dates and times typed on a screen are read in the form in which people in Britain write them, and
in the form in which browsers send them."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.data_protection.complaint import ComplaintAcknowledged
from domain.families.referral import MissingReported
from tests.web.conftest import House

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
#: The day of the tests; their clock shows nine in the morning.
DAY = date(2011, 3, 18)
SPELLINGS = (
    *("2011-03-17T21:40", "17/3/2011 9.40pm", "yesterday 21:40"),
    *("17 March 21:40", "17 Mar 2011 at 9.40 pm"),
)


def set_late_evening(house: House) -> None:
    """Set the clock to ten minutes to midnight."""
    now = house.office.system.clock()
    house.office.later((datetime(2011, 3, 18, 23, 50, tzinfo=UTC) - now) / timedelta(hours=1))


@pytest.mark.parametrize("since", SPELLINGS)
def test_a_form_takes_a_time_in_each_spelling(house: House, since: str) -> None:
    worker, case = house.somebody(), house.office.case()
    worker.do("missing reported", case, since=since, note="gone")
    (event,) = house.office.events(MissingReported)
    assert event.since == datetime(2011, 3, 17, 21, 40, tzinfo=UTC)


def test_what_is_no_date_is_reported_beside_its_field(house: House) -> None:
    worker, case = house.somebody(), house.office.case()
    page = worker.do("missing reported", case, since="3/17/2011", note="gone")
    assert page.status_code == 422
    assert "Write 17/3/2011 or 17 March 2011." in page.text
    assert "gone" in page.text, "nothing that was typed is lost"
    assert not house.office.events(MissingReported)


def test_no_field_is_the_browsers_own_date_field() -> None:
    for page in TEMPLATES.rglob("*.html"):
        assert not re.search(r"type=.(date|time|datetime-local|month)\b", page.read_text()), (
            page.name
        )


def test_a_filter_shows_its_day_as_it_is_written_in_britain(house: House) -> None:
    page = house.somebody().get("/list/card?since=1/3/2011&until=17 March").text
    assert re.search(r'name="since" value="1 Mar 2011"', page)
    assert re.search(r'name="until" value="17 Mar 2011"', page)


def test_a_form_that_is_sent_again_after_midnight_is_the_same(house: House) -> None:
    set_late_evening(house)
    worker, case = house.somebody(), house.office.case()
    sent = {"since": "today 9pm", "note": "gone", "command_id": str(uuid4())}
    first = worker.do("missing reported", case, **sent)
    house.office.later(0.2)
    assert worker.do("missing reported", case, **sent).url == first.url
    (event,) = house.office.events(MissingReported)
    assert event.since == datetime(2011, 3, 18, 21, 0, tzinfo=UTC)
    other = worker.do("missing reported", case, **sent | {"since": "today 8pm"})
    assert "already used for something else" in other.text


def test_rows_that_are_sent_again_after_midnight_are_the_same(house: House) -> None:
    set_late_evening(house)
    officer = house.somebody("dpo.lane")
    for who in ("Dot", "Jan"):
        officer.tell("complaint received", complainant=who, words="You wrote me down.")
    rows = re.findall(r'name="rows" value="([^"]+)"', officer.get("/list/complaint-list").text)
    assert len(rows) == 2
    sent = {"act": "complaint-acknowledged", "list": "complaint-list", "rows": rows, "on": "today"}
    sent |= {"called": ["Dot", "Jan"], "command_id": uuid4().hex}
    assert "2 of 2" in officer.send("/each/do", **sent).text
    house.office.later(0.2)
    assert "2 of 2" in officer.send("/each/do", **sent).text
    assert [event.on for event in house.office.events(ComplaintAcknowledged, "access")] == [
        DAY,
        DAY,
    ]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/replay?until=17/3/2011", "Known on 17 Mar 2011"),
        (
            "/then?day=today",
            "The day whose records you want to see has not ended: write a day in the past",
        ),
        ("/map/whole?as_known=18 March 2011", "known as at 18 Mar 2011"),
        ("/map/whole?as_known=yesterday", "known as at 17 Mar 2011"),
        ("/then?day=17/03/2011", 'value="17 Mar 2011"'),
        ("/replay?until=3/18/2011", "Write 18/3/2011 or 18 March 2011."),
        ("/map/whole?since=3/18/2011", "Write 18/3/2011 or 18 March 2011."),
    ],
)
def test_a_page_takes_a_day_as_it_is_written_in_britain(
    house: House, path: str, shown: str
) -> None:
    house.office.words("Baz rang")
    assert shown in house.somebody("dci.vale").get(path).text
