"""Before a screen shows anything of the record, the access log records it."""

from datetime import date
from typing import Any

import pytest
from fastapi.routing import APIRoute

from commands.families import casework, family_contact
from commands.intelligence import links
from domain.data_protection.access_log import RecordConsulted
from domain.families.family_contact import PromiseMade
from domain.kernel.envelope import LogUnavailable
from projections.families import cases
from tests.rotation import todays
from tests.support.web.map import world
from tests.web.conftest import House
from web.app import routes
from web.site.request_context import QUERIES

#: Screens that show no content of the record.
FREE = {
    "/sign-in", "/session", "/live", "/offline", "/sw.js", "/manifest.webmanifest", "/verify",
    "/trail",
}  # fmt: skip


class Named(dict[str, object]):
    def __missing__(self, kind: str) -> str:
        return "nothing"


def screens() -> list[str]:
    """Return the addresses of all pages, so that the tests of this module leave none out."""
    return sorted(
        route.path
        for route in routes()
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
        if not route.path.startswith("/api/")
    )


def test_every_screen_that_shows_something_is_written_down_under_its_query(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    items = [f.stream for f in house.office.facts()]
    item = next(one for one in items if sergeant.get(f"/receipt/{one}").status_code == 200)
    case = house.office.case()
    showing, tried = set(), todays(screens())
    for path in tried:
        if path in FREE or path in ("/", "/record", "/proof/{item}", "/replay"):
            continue
        before = consultations(house)
        where = path.format_map(Named(item=item, who=people["baz"], case=case))
        answer = sergeant.get(where, params={"q": "Baz"} if path == "/search" else {})
        new = consultations(house)[len(before) :]
        if answer.history:
            continue  # the page to which an old address leads is tested under its own address
        if answer.status_code == 200 and any(str(one) in answer.text for one in items):
            assert [one.query for one in new] == [QUERIES.get(path, f"screen {path}")], path
            showing.add(path)
    always = {"/queue", "/search", "/map/{who}", "/people/{who}", "/trail/{item}"}
    assert always & {*tried} <= showing
    assert showing


def consultations(house: House) -> list[RecordConsulted]:
    events = [fact.event for fact in house.office.facts("access")]
    return [event for event in events if isinstance(event, RecordConsulted)]


def test_a_refusal_that_names_people_is_written_down_too(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    one, other = house.office.person("Twin"), house.office.person("Twin")
    answer = sergeant.get("/map", params={"q": "Twin"})
    assert answer.status_code == 422
    assert str(one) in answer.text
    assert one.bytes in consultations(house)[-1].ids
    assert other.bytes in consultations(house)[-1].ids


def test_what_a_tie_rests_on_is_written_down_with_the_person(house: House) -> None:
    """A suspect's page shows the text of entries on which links are based. The access log records
    these entries together with the suspect."""
    people, sergeant = world(house), house.somebody("ds.hale")
    told = house.office.words("He was called something else at first.")
    report = house.office.assessed(told, "1A").id
    desk, reader = house.office.desk, house.office.reader
    links.assert_link(desk, reader, report, str(people["baz"]), str(people["gaz"]), "associate")
    assert "something else at first" in sergeant.get(f"/people/{people['baz']}").text
    assert told.bytes in consultations(house)[-1].ids


def test_what_is_due_is_written_down_wherever_it_leads(house: House) -> None:
    """Wherever a page shows a due item, the access log records the item and the child to whom it
    belongs."""
    office = house.office
    case = office.case("Kayleigh Marlow")
    promised = PromiseMade(case, "parents", "to ring her on Friday", date(2011, 4, 1))
    one = family_contact.promise(office.desk, office.somebody("psw.ellis"), promised, str(case)).id
    casework.allocate(office.desk, office.reader, str(case), "psw.ellis", "parents")
    with office.system.reading() as db:
        (row,) = cases.of(db, office.reader, [case])
    worker = house.somebody("psw.ellis")
    for page in ("/", "/today/deadlines", "/list/due"):
        assert "Promise, Case 1, Kayleigh Marlow" in worker.get(page).text
        ids = consultations(house)[-1].ids
        assert one.bytes in ids, page
        assert row.child.bytes in ids, page


def test_what_cannot_be_written_down_is_not_shown_and_recording_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")

    def down(*_: Any, **__: Any) -> None:
        raise LogUnavailable("the access log does not answer")

    monkeypatch.setattr("installation.system.System.consulted", down)
    answer = sergeant.get(f"/people/{people['baz']}")
    assert answer.status_code == 503
    assert "Baz" not in answer.text
    before = house.office.count()["evidence"]
    assert sergeant.send("/record", words="words that count").status_code in (200, 503)
    assert house.office.count()["evidence"] > before
