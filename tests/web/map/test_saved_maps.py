"""Colleagues can open a map that was saved under a name, and each sees the contents that they may
see.
"""

import json
import re
from typing import Any
from uuid import UUID

from commands.erasure import retention
from commands.intelligence import identity, saved_maps
from domain.intelligence.saved_map import Shows
from tests.support.web.map import world
from tests.web.conftest import House


def arranged(page: str) -> dict[str, Any]:
    """Return the positions of the nodes of the saved map that this page shows."""
    found = re.search(r'id="arranged"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_a_map_is_saved_and_a_colleague_opens_the_same(house: House) -> None:
    people, sergeant = world(house), house.somebody("ds.hale")
    baz = str(people["baz"])
    answer = sergeant.tell(
        "chart save", name="The arcade", around=baz, hops="2", min_grade="any", pins=f"{baz} 12 -3"
    )
    assert answer.status_code == 200
    assert answer.url.path == f"/map/{baz}"
    colleague = house.somebody("dc.rowe")
    assert "The arcade" in colleague.get("/map").text
    chart = re.search(r"/charts/([0-9a-f-]{36})", colleague.get("/map").text)
    assert chart
    opened = colleague.get(f"/charts/{chart[1]}")
    assert dict(opened.url.params) == {
        "hops": "2",
        "most": "300",
        "min_grade": "any",
        "layer": "all",
        "chart": chart[1],
    }
    told = arranged(opened.text)
    assert told["pins"] == {baz: [12.0, -3.0]}
    assert "Replace the saved map" in opened.text

    sergeant.tell("chart note", chart=chart[1], of=baz, words="Ask <b>her</b> mother")
    (note,) = arranged(colleague.get(f"/charts/{chart[1]}").text)["notes"]
    assert (note["of"], note["words"], note["by"]) == (baz, "Ask <b>her</b> mother", "ds.hale")

    sergeant.tell("chart withdraw", chart=chart[1])
    assert colleague.get(f"/charts/{chart[1]}").status_code == 404
    assert "The arcade" not in colleague.get("/map").text


def test_an_earlier_version_opens_as_it_was_saved_and_as_known_then(house: House) -> None:
    """An earlier version of a saved map opens as it was saved and as known then. (An operation may
    refer to this version: requirement W14.)"""
    people, told = world(house), (house.office.desk, house.office.reader)
    baz, kay = str(people["baz"]), str(people["kay"])
    made = str(saved_maps.save(*told, "Baz", Shows(), around=baz).id)
    saved_maps.save(*told, "Kay", Shows(), around=kay, again=made)
    sergeant = house.somebody("ds.hale")
    assert sergeant.get(f"/charts/{made}").url.path == f"/map/{kay}"
    known = "as_known=2011-03-18T08%3A00%3A00%2B00%3A00"
    then = sergeant.get(f"/charts/{made}?version=1&{known}")
    assert then.url.path == f"/map/{baz}"
    assert then.url.params["as_known"] == "2011-03-18T08:00:00+00:00"
    assert sergeant.get(f"/charts/{made}?version=3").status_code == 404
    assert sergeant.get(f"/charts/{made}?version=0").status_code == 404


def test_a_note_comes_whole_and_line_by_line_so_that_it_can_be_changed(house: House) -> None:
    baz, told = str(world(house)["baz"]), (house.office.desk, house.office.reader)
    made = saved_maps.save(*told, "The gate", Shows()).id
    long = "He waits\nat the gate\n" + "and rings " * 300 + "her"
    saved_maps.note(*told, str(made), baz, long + "\u202e")
    (note,) = arranged(house.somebody("ds.hale").get(f"/charts/{made}").text)["notes"]
    assert note["words"] == long + "\ufffd"


def test_a_pin_and_a_note_follow_those_who_are_judged_the_same(house: House) -> None:
    people, office = world(house), house.office
    baz = people["baz"]
    other = office.person("Bazza")
    told = (office.desk, office.reader)
    made = saved_maps.save(*told, "Who is who", Shows(), around=str(baz), pins=[f"{other} 5 5"]).id
    saved_maps.note(*told, str(made), str(other), "seen twice")
    identity.judge(*told, str(baz), str(other), "same", "one laugh")
    sergeant = house.somebody("ds.hale")
    brought = arranged(sergeant.get(f"/charts/{made}").text)
    first = str(min(UUID(str(baz)), other))
    assert brought["pins"] == {first: [5.0, 5.0]}
    assert [note["of"] for note in brought["notes"]] == [first]


def test_what_is_restricted_stays_closed_on_a_chart(house: House) -> None:
    people, office = world(house), house.office
    baz, kay, tie = (str(people[name]) for name in ("baz", "kay", "tie"))
    told = (office.desk, office.reader)
    made = saved_maps.save(*told, "Everybody", Shows(), pins=[f"{baz} 1 1", f"{kay} 2 2"]).id
    around = saved_maps.save(*told, "Around Kay", Shows(), around=kay).id
    for one in (baz, kay, tie):
        saved_maps.note(*told, str(made), one, f"on {one}")
    sergeant = house.somebody("ds.hale")
    whole = arranged(sergeant.get(f"/charts/{made}").text)
    assert len(whole["pins"]) == 2
    assert {note["on"] for note in whole["notes"]} == {baz, kay, tie}
    retention.restrict(*told, [people["kay"]], "she asks for it", ground="part-3-s47-2")
    left = arranged(sergeant.get(f"/charts/{made}").text)
    assert set(left["pins"]) == {baz}
    assert [note["on"] for note in left["notes"]] == [baz]
    assert sergeant.get(f"/charts/{around}").status_code == 404
    assert "Around Kay" not in sergeant.get("/map").text
