"""The map as known on an earlier day is shown with the sergeant's present rights, and can be
compared with the map as known now."""

from datetime import datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.erasure import retention
from commands.information import observation
from commands.intelligence import identity, links
from commands.kernel import entity
from domain.forms import local
from network.over_time import changes
from projections.information import queue
from tests.processes import LIMIT
from tests.support.web.map import world
from tests.support.web.parts import parts_of
from tests.web.conftest import House, Somebody
from tests.web.live import Live, live
from web.map import as_at

__all__ = ["live"]


@pytest.fixture
def two_days(house: House) -> tuple[dict[str, UUID], str, Somebody]:
    """Record a network on two days; return its ids by name, the first day, and a user who opens the
    map a day after the second day.
    """
    people = world(house)
    office = house.office
    first = (office.desk.clock() - timedelta(hours=24)).astimezone(local.LONDON)
    office.later(24)
    return people, first.strftime("%Y-%m-%dT%H:%M"), house.somebody("ds.hale")


def test_the_network_of_a_day_and_what_was_learned_since(
    two_days: tuple[dict[str, UUID], str, Somebody],
) -> None:
    _, day, sergeant = two_days
    page = sergeant.get("/then", params={"day": day}).text
    assert "1 graded link was known" in page
    assert "New links (1)" in page
    assert "PK95ABC" in page.partition("New links (1)")[2].partition("</table>")[0]
    assert "Kayleigh" in page.partition("Links known that day (1)")[2].partition("</table>")[0]
    assert f'href="/map/whole?as_known={day.replace(":", "%3A")}' in page


def test_the_page_of_a_large_network_is_begun_before_its_links_are_compared(
    house: House,
    two_days: tuple[dict[str, UUID], str, Somebody],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The day and the field for another day are sent first; one answer has the whole page, so
    that a browser without scripts shows it, too."""
    _, day, sergeant = two_days
    begun, parts = Event(), list[str]()
    compare = changes.changes

    def compared(*arguments: Any, **options: Any) -> changes.NetworkChanges:
        assert begun.wait(LIMIT), "the links are compared before the page is begun"
        return compare(*arguments, **options)

    def sent(part: str) -> None:
        parts.append(part)
        begun.set()

    monkeypatch.setattr(as_at, "LARGE", 0)
    monkeypatch.setattr("web.map.as_at.changes.changes", compared)
    parts_of(sergeant, house.app, f"/then?day={day}", sent)
    assert "Comparing the links of the chosen day" in parts[0]
    assert "<title>Known on " in parts[0]
    assert "New links (1)" not in parts[0]
    whole = "".join(parts)
    assert whole.count("<h1") == 1
    assert "1 graded link was known" in whole
    assert "New links (1)" in whole
    assert "Log entries that waited for a decision on that day" in whole


def test_a_day_that_is_not_understood_is_an_error_of_a_page_in_parts(
    two_days: tuple[dict[str, UUID], str, Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, day, sergeant = two_days
    monkeypatch.setattr(as_at, "LARGE", 0)
    was = datetime.fromisoformat(day).replace(tzinfo=local.LONDON).isoformat()
    answer = sergeant.get("/then", params={"was": was, "day": "13/13/2011"})
    assert answer.status_code == 422
    assert 'aria-describedby="day-error"' in answer.text
    assert "New links (1)" in answer.text


def test_what_waited_then_is_reported_with_what_became_of_it(
    house: House, two_days: tuple[dict[str, UUID], str, Somebody]
) -> None:
    _, day, sergeant = two_days
    page = sergeant.get("/then", params={"day": day}).text
    waited = page.partition("Log entries that waited for a decision on that day")[2]
    assert "told words" in waited
    assert "still waits" in waited
    assert "graded words" not in waited, "they were graded before that moment"
    later = house.office.words("told later")
    assert "told later" not in sergeant.get("/then", params={"day": day}).text
    assert str(later) in sergeant.get("/queue").text


def test_what_was_withdrawn_since_waits_no_more(
    house: House, two_days: tuple[dict[str, UUID], str, Somebody]
) -> None:
    _, day, sergeant = two_days
    office = house.office
    with office.system.reading() as db:
        (row,) = queue.queue(db, office.reader, office.desk.clock(), queue.Clocks())
    office.withdrawn(row.id, "another child's")
    waited = sergeant.get("/then", params={"day": day}).text.partition(
        "Log entries that waited for a decision on that day"
    )[2]
    assert "told words" in waited
    assert "withdrawn" in waited
    assert "still waits" not in waited


def test_words_that_somebody_does_not_read_lead_nowhere(live: Live) -> None:
    live.hire("psw.ellis", "psw")
    live.hire("aud.lowe", "auditor")
    item = observation.record(live.desk, live.reader("psw.ellis"), words="a red van").id
    live.later(minutes=5)
    day = live.now.astimezone(local.LONDON).strftime("%Y-%m-%dT%H:%M")
    live.later(minutes=5)
    page = live.somebody("aud.lowe").get("/then", params={"day": day}).text
    waited = page.partition("Log entries that waited for a decision on that day")[2]
    assert "Log entry: no access" in waited
    assert "still waits" in waited
    assert str(item) not in page


def test_somebody_as_known_then(
    house: House, two_days: tuple[dict[str, UUID], str, Somebody]
) -> None:
    people, day, _ = two_days
    desk, reader = house.office.desk, house.office.reader
    entity.add_alias(desk, reader, str(people["baz"]), "nickname", "Sleight")
    entity.classify(desk, reader, str(people["baz"]), "convicted", "on his plea")
    house.office.later(1)
    sergeant = house.somebody("ds.hale")
    page = sergeant.get("/then", params={"day": day, "who": str(people["baz"])}).text
    then = page.partition("Names known that day")[2].partition("Recorded since that day")[0]
    since = page.partition("Recorded since that day")[2].partition("</dl>")[0]
    assert "Baz" in then
    assert "Sleight" not in then
    assert "also known as <bdi>Sleight</bdi>" in since
    assert "recorded as convicted" in since
    new = house.office.person("Mo")
    house.office.later(1)
    sergeant = house.somebody("ds.hale")
    page = sergeant.get("/then", params={"day": day, "who": str(new)}).text
    assert "This person was not recorded on that day" in page


def test_a_day_to_come_no_day_and_somebody_hidden_are_refused(
    two_days: tuple[dict[str, UUID], str, Somebody],
) -> None:
    _, day, sergeant = two_days
    for asked in ("2100-01-01", "soon"):
        assert sergeant.get("/then", params={"day": asked}).status_code == 422, asked
    assert sergeant.get("/then", params={"day": day, "who": str(uuid4())}).status_code == 404


def test_a_tie_of_another_days_knowledge_is_on_no_page_before_it(
    house: House, two_days: tuple[dict[str, UUID], str, Somebody]
) -> None:
    """If a link gets a better grade after a day, the page that compares this day with today lists
    the link as stronger."""
    _, day, _ = two_days
    office = house.office
    better = office.assessed(office.words("seen again"), "1B").id
    links.assert_link(office.desk, office.reader, better, "Baz", "Kayleigh", "association")
    office.later(1)
    page = house.somebody("ds.hale").get("/then", params={"day": day}).text
    assert "Stronger links (1)" in page


def test_words_that_are_restricted_stand_in_no_queue_of_that_day(
    house: House, two_days: tuple[dict[str, UUID], str, Somebody]
) -> None:
    _, day, sergeant = two_days
    office = house.office
    with office.system.reading() as db:
        (row,) = queue.queue(db, office.reader, office.desk.clock(), queue.Clocks())
    retention.restrict(
        office.desk, office.reader, [row.id], "it is contested", ground="part-3-s47-2"
    )
    page = sergeant.get("/then", params={"day": day}).text
    assert "No log entries waited for a decision." in page
    assert str(row.id) not in page


def test_what_was_known_of_somebody_is_told_of_all_their_records(
    house: House, two_days: tuple[dict[str, UUID], str, Somebody]
) -> None:
    """If a later judgement says that two records are one person, the page about an earlier day
    shows the person with the names of both records."""
    people, day, _ = two_days
    office = house.office
    identity.judge(
        office.desk, office.reader, str(people["baz"]), str(people["gaz"]), "same", "one phone"
    )
    office.later(1)
    for asked in (people["baz"], people["gaz"]):
        page = house.somebody("ds.hale").get("/then", params={"day": day, "who": str(asked)}).text
        then = page.partition("Names known that day")[2].partition("</div>")[0]
        assert "Baz" in then
        assert "Gaz" in then
