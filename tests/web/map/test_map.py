"""The screen of the map gives each node a position, lists what it leaves out, and compares the
network on two dates. The map can be exported."""

import json
import re
from base64 import b64decode
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from commands.intelligence import intelligence_report, links
from commands.kernel import entity
from domain.data_protection.access_log import RecordConsulted
from domain.kernel.values import Grade, Handling, LinkKind
from domain.people_and_teams.store_admin import ExportMade
from network.picture.line_styles import LOOKS
from tests.support.web.map import world
from tests.web.conftest import House, Somebody
from web import map_data
from web.app import STATIC
from web.made import listing
from web.map import map as map_screens


def data(somebody: Somebody, who: UUID | str, **asked: Any) -> Any:
    answer = somebody.get(f"/map/{who}/data", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_ungraded_ties_are_counted_and_not_shown(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    told = data(sergeant, people["baz"])
    assert {one["label"] for one in told["nodes"]} == {"Baz", "Kayleigh", "PK95ABC"}
    assert told["left_out"] == ["1 ungraded not shown"]
    every = data(sergeant, people["baz"], min_grade="any")
    assert "Gaz" in {one["label"] for one in every["nodes"]}
    assert every["left_out"] == ["0 ungraded not shown"]


def test_a_filter_or_a_slider_never_moves_what_it_leaves(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")

    def where(**asked: Any) -> dict[str, tuple[float, float]]:
        found = data(sergeant, people["baz"], **asked)["nodes"]
        return {one["id"]: (one["x"], one["y"]) for one in found}

    whole = where(min_grade="any")
    for asked in ({}, {"kind": "uses"}, {"as_known": "2011-03-18"}, {"stage": "intelligence"}):
        some = where(**asked)
        assert 0 < len(some) < len(whole)
        assert some.items() <= whole.items(), asked
    assert where(min_grade="any") == whole


def test_what_is_shown_stays_where_it_is_when_more_is_requested(house: House) -> None:
    """When a user expands the map from one person and then from another, new nodes appear and no
    node moves.
    """
    people, sergeant, office = world(house), house.somebody("ds.hale"), house.office
    far = office.words("further off")
    ties: tuple[tuple[str, str, LinkKind], ...] = (
        ("Gaz", "vehicle:YC94KXT", "uses"),
        ("vehicle:YC94KXT", "place:Unit 4, Town A", "seen-at"),
    )
    for a, b, kind in ties:
        links.assert_link(office.desk, office.reader, far, a, b, kind)
    car, _ = entity.find(office.desk, office.reader, "vehicle:YC94KXT")

    def where(*also: UUID) -> dict[str, tuple[float, float]]:
        found = data(sergeant, people["baz"], min_grade="any", also=list(also))["nodes"]
        return {one["label"]: (one["x"], one["y"]) for one in found}

    near, further, furthest = where(), where(people["gaz"]), where(people["gaz"], car)
    assert [len(near), len(further), len(furthest)] == [4, 5, 6]
    assert near.items() <= further.items() <= furthest.items()


def test_a_symbol_grows_with_the_accounts_behind_its_ties(house: House) -> None:
    people, sergeant, office = world(house), house.somebody("ds.hale"), house.office
    told = office.words("Mum saw them", heard_from="Mrs Marlow", how_known="saw-or-heard")
    links.assert_link(office.desk, office.reader, told, "Baz", "place:Unit 4, Town A", "frequents")
    found = data(sergeant, people["baz"], min_grade="any")["nodes"]
    grown = {one["label"]: one["grown"] for one in found}
    assert grown["Baz"] > grown["Gaz"] == 1
    assert max(grown.values()) <= 1.5


def test_both_axes_of_time(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    then = data(sergeant, people["baz"], as_known="2011-03-18")
    assert {one["label"] for one in then["nodes"]} == {"Baz", "Kayleigh"}
    assert "known as at 18 Mar 2011" in then["as_of"]
    assert sergeant.get(f"/map/{people['baz']}", params={"as_at": "soon"}).status_code == 422
    assert sergeant.get(f"/map/{people['baz']}", params={"min_grade": "9Z"}).status_code == 422
    early = sergeant.get(f"/map/{people['baz']}/data", params={"as_known": "2010-01-01"})
    assert early.status_code == 422


def test_a_team_sees_what_it_asserted(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    assert len(data(sergeant, people["baz"], team="Engage")["links"]) == 2
    assert data(sergeant, people["baz"], team="Deter")["links"] == []


def test_the_page_holds_the_same_as_a_table_for_those_who_see_no_map(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    page = sergeant.get(f"/map/{people['baz']}").text
    assert "3 people and items, 2 links" in page
    assert "1 ungraded not shown" in page
    assert f"/trail/{people['tie']}" in page
    part = sergeant.get(f"/map/{people['baz']}/table", params={"kind": "uses"}).text
    assert "2 people and items, 1 links" in part
    assert "<html" not in part


def test_what_many_are_tied_to_is_cut_and_says_so(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    told = data(sergeant, people["baz"], min_grade="any", most=2)
    assert len(told["nodes"]) == 2
    assert "2 people and items further away not shown" in told["left_out"]


def test_the_whole_network_on_request(house: House) -> None:
    """On request, the map shows the whole network, even people without a link to any person on the
    map; the access log records that the user requested the whole network.
    """
    people, sergeant = world(house), house.somebody("ds.hale")
    office = house.office
    far, off = office.person("Tel"), office.person("Shaz")
    links.assert_link(
        office.desk, office.reader, office.words("far off"), str(far), str(off), "associate"
    )
    page = sergeant.get("/map/whole", params={"min_grade": "any"}).text
    assert "The whole network" in page
    assert "6 people and items, 4 links" in page
    told = sergeant.get("/map/whole/data", params={"min_grade": "any"}).json()
    assert {one["label"] for one in told["nodes"]} >= {"Baz", "Gaz", "Tel", "Shaz"}
    assert told["focus"] == []
    assert "4 links" in sergeant.get("/map/whole/table", params={"min_grade": "any"}).text
    around = data(sergeant, people["baz"], hops=4, min_grade="any")
    assert "Tel" not in {one["label"] for one in around["nodes"]}
    events = [fact.event for fact in office.facts("access")]
    looks = [
        event for event in events if isinstance(event, RecordConsulted) and event.query != "due"
    ]
    assert [look.query for look in looks] == ["network whole"] * 3 + ["network ego"]
    taken = sergeant.send("/map/whole/export?min_grade=any", form="csv")
    assert "Tel" in taken.text
    assert "Tel" not in sergeant.send("/map/whole/export", form="csv").text


def test_very_many_bear_their_names_only_if_they_are_well_tied(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    monkeypatch.setattr(map_data, "MOST", 2)
    monkeypatch.setattr(map_data, "NAMED", 1)
    told = data(sergeant, people["baz"], min_grade="any", most=300)
    assert [one["label"] for one in told["nodes"] if one["named"]] == ["Baz"]
    assert len(told["nodes"]) == 4
    assert sergeant.get(f"/map/{people['baz']}/data", params={"most": 5_001}).status_code == 422


def test_the_table_is_paged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    monkeypatch.setattr(map_screens, "PAGE", 2)
    asked = {"min_grade": "any", "kind": ["uses", "associate", "association"]}
    first = sergeant.get(f"/map/{people['baz']}", params=asked).text
    assert "Page 1 of 2" in first
    assert "3 links" in first
    assert "Page 1 of 2 of the table. Each page is printed separately." in first
    href = unescape(first.partition('rel="next" href="')[2].partition('"')[0])
    second = sergeant.get(href).text
    assert "Page 2 of 2" in second
    assert second.count("/trail/") == 1
    assert (
        sergeant.get(f"/map/{people['baz']}/table", params=asked | {"page": 9}).text.count(
            "/trail/"
        )
        == 1
    )


def test_what_is_drawn_comes_with_the_page_and_breaks_out_of_nothing(house: House) -> None:
    sergeant = house.somebody("ds.hale")
    who = house.office.person("</script><script>alert(1)</script>")
    page = sergeant.get(f"/map/{who}").text
    assert "<script>alert" not in page
    held = page.partition('id="drawn"')[2].partition(">")[2].partition("</script>")[0]
    assert json.loads(held)["nodes"][0]["label"] == "</script><script>alert(1)</script>"


def test_the_page_fetches_all_modules_of_the_map_at_once(house: House) -> None:
    """The browser need not read a script to learn which others it imports."""
    imported, unread = set[str](), ["map.js"]
    while unread:
        script = (STATIC / "js" / unread.pop()).read_text()
        names = re.findall(r'^import .*?"(?:/static/js|\.)/(.+?)"', script, re.MULTILINE)
        new = set(names) - imported
        imported |= new
        unread += new
    page = house.somebody("ds.hale").get("/map").text
    preloaded = re.findall(r'<link rel="modulepreload" href="/static/js/(.+?)">', page)
    assert sorted(preloaded) == sorted(imported)


def test_what_leaves_is_masked_and_written_down_first(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    answer = sergeant.send(f"/map/{people['baz']}/export", form="svg", recipient="the CPS")
    assert answer.status_code == 200, answer.text
    assert "Kayleigh" not in answer.text
    assert "Child 1" in answer.text
    assert "attachment" in answer.headers["content-disposition"]
    made = [f.event for f in house.office.facts("access") if isinstance(f.event, ExportMade)]
    assert [one.form for one in made] == ["svg"]


def test_picture_and_screen_draw_a_tie_with_the_same_line(house: House) -> None:
    """An exported picture of the map draws each link with the same kind of line as the screen does.
    (A bug had drawn different lines.)"""
    people, sergeant = world(house), house.somebody("ds.hale")
    told = data(sergeant, people["baz"], min_grade="any")
    looks = {one["grade"]: one["look"] for one in told["links"]}
    assert looks == {"2C": "less sure", None: "tentative"}
    page = sergeant.get(f"/map/{people['baz']}").text
    for line in LOOKS.values():
        assert f"{line.style}/></svg> {line.words}</li>" in page


def test_on_paper_children_bear_no_name_and_ties_among_them_are_not_there(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    desk, reader = house.office.desk, house.office.reader
    other = house.office.person("Amber", under_18=True, categories=(("victim", "told"),))
    basis = house.office.words("both of them")
    links.assert_link(desk, reader, basis, str(people["kay"]), str(other), "associate")
    told = data(sergeant, people["kay"], min_grade="any")
    names = {one["label"]: one["on_paper"] for one in told["nodes"]}
    assert names == {"Kayleigh": "Child 1", "Baz": "Baz", "Amber": None}
    assert {one["kind"]: one["on_paper"] for one in told["links"]} == {
        "association": True,
        "associate": False,
    }


def test_beyond_the_team_a_picture_says_what_is_not_in_it_and_offers_to_ask(house: House) -> None:
    """A picture of the map for another organisation leaves out links that need consent. A message
    names them and offers to ask the teams that recorded them. (A bug had refused the export with
    a raw id.)"""
    people, sergeant = world(house), house.somebody("ds.hale")
    desk, reader = house.office.desk, house.office.reader
    told = house.office.words("words under conditions")
    held = Handling("C", "A1", "S2", "Ask the originator first.")
    report = intelligence_report.assess(desk, reader, told, Grade("A", "2"), held).id
    links.assert_link(desk, reader, report, str(people["baz"]), str(people["gaz"]), "associate")
    around = f"/map/{people['baz']}/export?hops=2"
    page = sergeant.send(around, form="svg", recipient="the CPS")
    assert page.status_code == 200, page.text
    assert "Ready: 1 link withheld until the originator consents" in page.text
    assert "Baz associate Gaz" in page.text
    assert f'href="/map/{people["baz"]}?hops=2"' in page.text
    content = page.text.partition("data:application/octet-stream;base64,")[2].partition('"')[0]
    picture = b64decode(unescape(content)).decode()
    assert "Gaz" not in picture
    assert "Child 1" in picture
    assert str(report) not in picture
    asked = sergeant.tell("consent ask", item=str(report), use="A map for the CPS")
    assert asked.status_code == 200
    page = sergeant.send(around, form="svg", recipient="the CPS")
    assert "Asked, not answered yet" in page.text
    assert "Ask for consent" not in page.text


def test_who_looked_at_the_map_is_written_down_with_their_reason(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    page = sergeant.get(f"/map/{people['baz']}").text
    assert "Purpose of access" in page
    back = unescape(page.partition('name="back" value="')[2].partition('"')[0])
    assert back == f"/map/{people['baz']}"
    page = sergeant.send("/why", reason="the brief of Monday", back=back).text
    assert "Purpose of access" not in page
    by = {fact.by for fact in house.office.facts("access") if fact.by != "ds.hart"}
    assert by == {"ds.hale"}
    events = [fact.event for fact in house.office.facts("access")]
    looks = [
        event for event in events if isinstance(event, RecordConsulted) and event.query != "due"
    ]
    assert len(looks) == 2
    assert [look.query for look in looks] == ["network ego"] * 2
    assert all(people["kay"].bytes in look.ids for look in looks)
    assert [look.why is not None for look in looks] == [False, True]


@pytest.mark.parametrize(
    "asked",
    [
        "/map/{baz}?hops=2&min_grade=any&kind=uses&as_known=2030-01-01&stage=evidence&also={car}",
        "/map?most=5000&min_grade=1A",
        "/map?a=Baz&b=Kayleigh&min_grade=any",
        "/map?q=",
    ],
)
def test_saying_why_keeps_the_question(house: House, asked: str) -> None:
    """When a user enters the purpose of looking at the map, the map keeps all other settings. (A
    bug had lost distance, filters, dates, layer and ends.)"""
    people, sergeant = world(house), house.somebody("ds.hale")
    wanted = asked.format(**people)
    page = sergeant.get(wanted)
    assert page.status_code == 200
    back = unescape(page.text.partition('name="back" value="')[2].partition('"')[0])
    answer = sergeant.send("/why", reason="the brief of Monday", back=back)
    assert str(answer.url).removeprefix("http://127.0.0.1") == wanted
    assert answer.status_code == 200
    assert "Purpose of access" not in answer.text


def words_of(page: Any) -> str:
    """Return the text of the answer beside the map, without its markup."""
    answer = page.text.partition('id="answer"')[2].partition("</section>")[0]
    return " ".join(re.sub("<[^>]+>", " ", answer).split()).replace(" :", ":")


def test_the_map_answers_what_connects_two_people(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    assert "Baz" in sergeant.get("/map").text
    assert sergeant.get("/map", params={"q": "Baz"}).url.path == f"/map/{people['baz']}"
    found = words_of(sergeant.ask("/map", a="Kayleigh", b="PK95ABC"))
    assert "Kayleigh to PK95ABC: 2 links; the weakest link is graded 2C" in found
    none = words_of(sergeant.ask("/map", a="Gaz", b="PK95ABC"))
    assert "No graded links connect" in none
    ungraded = words_of(sergeant.ask("/map", a="Gaz", b="PK95ABC", min_grade="any"))
    assert "2 links; the weakest link is ungraded" in ungraded
    by_id = sergeant.ask("/map", a=str(people["kay"]), b="PK95ABC")
    assert "Kayleigh to PK95ABC" in words_of(by_id)
    assert f'value="{people["kay"]}"' not in by_id.text


def test_a_name_that_is_not_known_is_an_error_at_its_field(house: House) -> None:
    world(house)
    answer = house.somebody("ds.hale").ask("/map", a="Baz", b="Nobody such")
    assert answer.status_code == 422
    assert re.search(r'id="b-fault"[^>]*>\s*<bdi>Nobody such: no such person', answer.text)
    assert 'id="a-fault"' not in answer.text
    assert 'value="Baz"' in answer.text, "what was typed stays"


def test_the_car_that_links_two_towns_is_found_by_their_names(house: House) -> None:
    office = house.office
    report = office.assessed(office.words("one car in both"), "2B").id
    for place in ("place:hotel, Town A", "place:park, Town B"):
        links.assert_link(office.desk, office.reader, report, "vehicle:AB91 ABC", place, "seen-at")
    sergeant = house.somebody("ds.hale")
    page = sergeant.ask("/map", a="town a", b="Town B")
    assert "Town" not in str(page.url), "no name is in the address"
    words = words_of(page)
    assert "1 connection between town a and Town B" in words
    assert "AB91ABC intelligence 2B Vehicle, seen in both; sources not known" in words
    assert "town a: hotel, Town A (2B) Town B: park, Town B (2B)" in words
    old = sergeant.ask("/path", a="town a", b="Town B")
    assert old.url.path == "/map", "the old address leads here"
    assert "1 connection between" in words_of(old)
    assert "Town" not in str(old.url)
    assert office.events(RecordConsulted, "access")[-1].query == "network path"


def test_bridges_and_the_days_of_the_map_come_with_it(house: House) -> None:
    people, office = world(house), house.office
    report = office.assessed(office.words("more"), "2C").id
    for a, b in (
        ("vehicle:PK95ABC", "place:Unit 4, Town A"),
        (str(people["kay"]), "phone:07700900312"),
    ):
        links.assert_link(
            office.desk, office.reader, report, a, b, "seen-at" if "vehicle" in a else "uses"
        )
    office.later(1)
    sergeant = house.somebody("ds.hale")
    found = data(sergeant, "whole", as_known="")
    joins = {one["label"]: one["joins"] for one in found["nodes"] if one["joins"]}
    assert joins == {"Baz": [2, 2]}, "Kayleigh and the car join a part of one alone"
    assert found["stated"] == {"as_known": "", "as_at": "", "since": "", "until": ""}
    day = data(sergeant, "whole", as_known="18/3/2011", since="2011-03-02")
    assert day["stated"] | {"as_at": ""} == day["stated"]
    assert (day["stated"]["as_known"], day["stated"]["since"]) == ("18 Mar 2011", "2 Mar 2011")
    assert f"known as at {day['stated']['as_known']}" in day["as_of"]
    again = data(sergeant, "whole", **day["stated"])
    assert again["stated"] == day["stated"], "what a field holds is understood again"


@pytest.mark.parametrize("field", ["as_known", "as_at", "since", "until"])
def test_a_day_that_is_not_understood_is_an_error_at_its_field(house: House, field: str) -> None:
    world(house)
    sergeant = house.somebody("ds.hale")
    answer = sergeant.get(
        "/map/whole/data", params={field: "31/31/2011"}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_a_later_page_of_places_draws_what_joins_its_areas(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    office = house.office
    words = office.words()
    for car, towns in (("AB91 ABC", "ABCD"), ("AB92 ABC", "CD")):
        for town in towns:
            where = f"place:hotel, Town {town}"
            links.assert_link(office.desk, office.reader, words, f"vehicle:{car}", where, "seen-at")
    sergeant = house.somebody("ds.hale")
    pages = [sergeant.get(f"/map/areas?min_grade=any&page={n}").text for n in (1, 2)]
    boxes = [re.findall('c-area__town">(?:<bdi>)?([^<]+)', page) for page in pages]
    assert [sorted(towns) for towns in boxes] == [["Town C", "Town D"], ["Town A", "Town B"]]
    for page, of, other, cars in (
        (pages[0], "Town C", "Town D", "AB91ABC, AB92ABC"),
        (pages[1], "Town A", "Town B", "AB91ABC"),
    ):
        boxes_of_page = re.sub("</?bdi>", "", page).split("c-area__town")[1:]
        (joins,) = (box for box in boxes_of_page if box.startswith(f'">{of} '))
        assert f'name="a" value="{of}"' in joins
        assert f"<span>{other}: {cars}</span>" in joins
    looked = office.events(RecordConsulted, "access")[-1]
    one = entity.find(office.desk, office.reader, "vehicle:AB91ABC")[0]
    assert one.bytes in looked.ids, "what the picture names is written down"
    assert f">{one}<" not in sergeant.get("/list/network-areas?min_grade=any").text
    assert one.bytes in office.events(RecordConsulted, "access")[-1].ids, "the table alone, too"
