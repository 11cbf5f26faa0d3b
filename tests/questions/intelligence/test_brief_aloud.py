"""The brief is shown in the form in which it is read aloud in a meeting: for each network and each
child, the news and then the decisions to make."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from commands.kernel.unit_of_work import Desk, ForcePolicy
from projections.intelligence import links
from questions.intelligence.brief_aloud import ELSEWHERE, ReadOut, read_out
from tests.network.world import READER, World, day

DESK = cast(Desk, SimpleNamespace(policy=ForcePolicy()))
NOW = day(30)


def read(world: World, since: int | None = 20, **asked: Any) -> ReadOut:
    with world.db() as db:
        start = None if since is None else day(since)
        return read_out(DESK, db, READER, start, NOW, **asked)


def sentences_of(found: ReadOut) -> list[tuple[str, str]]:
    return [(sentence.words, sentence.fresh.partition(" since")[0]) for sentence in found.sentences]


def test_each_network_says_what_became_of_its_ties(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.put("PK95ABC", kind="vehicle")
    world.link("Ash", "Birch", known=3)
    world.link("Ash", "PK95ABC", "driver-of", known=25, valid=(24, None))
    world.link("Birch", "Ash", known=26, grade="1A")
    world.link("Cedar", "PK95ABC", "owns", known=27)
    found = read(world)
    assert [part.title for part in found.parts] == ["Network of Ash, Birch", ELSEWHERE]
    assert sentences_of(found) == [
        ("Ash is an associate of Birch.", "surer"),
        ("Ash drives PK95ABC from Monday 25 January 2010 on.", "new"),
        ("Cedar owns PK95ABC.", "new"),
    ]
    first = found.sentences[0]
    assert (first.standing, first.fresh) == (
        "1A, source not known",
        "surer since Thursday 21 January 2010, was 2B",
    )
    assert [sentence.number for sentence in found.sentences] == [1, 2, 3]


def test_what_was_known_before_and_what_a_time_alone_weakens_is_not_news(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch", known=3)
    assert read(world).parts == ()
    assert [fresh for _, fresh in sentences_of(read(world, since=None))] == ["new"]


def test_a_tie_that_is_no_longer_so_is_reported(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.link("Ash", "Birch", known=3, until=25)
    world.link("Ash", "Cedar", known=3)
    assert sentences_of(read(world)) == [("Ash is an associate of Birch.", "no longer so")]


def test_homes_and_ties_between_children_are_read_on_their_own_pages(world: World) -> None:
    world.suspects("Ash")
    for child in ("Clover", "Daisy"):
        world.child(child)
    world.put("Mill Lane, Town B", kind="place")
    world.link("Ash", "Clover", "association", known=25)
    world.link("Clover", "Daisy", known=25)
    world.link("Clover", "Mill Lane, Town B", "lives-at", known=25)
    world.link("Ash", "Mill Lane, Town B", "seen-at", known=25)
    assert sentences_of(read(world)) == [("Ash associates with Clover.", "new")]


def test_a_home_that_is_known_under_another_record_since_is_not_reported(world: World) -> None:
    world.suspects("Ash")
    world.child("Clover")
    for place in ("Mill Lane, Town B", "a flat above a shop"):
        world.put(place, kind="place")
    world.link("Clover", "Mill Lane, Town B", "lives-at", known=3)
    world.link("Ash", "a flat above a shop", "seen-at", known=25)
    assert sentences_of(read(world)) == [("Ash was seen at a flat above a shop.", "new")]
    world.judge("Mill Lane, Town B", "a flat above a shop", known=31)
    assert sentences_of(read(world)) == []


def test_homes_of_which_nothing_is_reported_are_not_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[UUID] = []

    class Counted(links.LinkRow, frozen=True):
        def __post_init__(self) -> None:
            rows.append(self.link)

    world.suspects("Ash")
    world.child("Clover")
    for place in ("a bus station", "1 Mill Lane, Town B", "2 Mill Lane, Town B"):
        world.put(place, kind="place")
    told = world.link("Ash", "a bus station", "seen-at", known=25)
    for place in ("1 Mill Lane, Town B", "2 Mill Lane, Town B"):
        world.link("Clover", place, "lives-at", known=3)
    monkeypatch.setattr(links, "LinkRow", Counted)
    assert sentences_of(read(world)) == [("Ash was seen at a bus station.", "new")]
    assert set(rows) == {told}


def test_no_child_gives_a_network_its_name(world: World) -> None:
    world.child("Clover")
    world.suspects("Ash")
    world.link("Ash", "Clover", "association", known=25)
    (part,) = read(world).parts
    assert part.title == "Network of Ash and 1 more"


def test_who_is_to_be_decided_about_is_with_their_network(world: World) -> None:
    world.suspects("Ash")
    world.child("Clover")
    world.link("Ash", "Clover", "association", known=10)
    (part,) = read(world).parts
    (one,) = part.wanted
    assert one.words.startswith("Decide about Ash, linked to Clover. Factors against: ")
    assert "Gaps before action: " in one.words
    assert (one.owner, one.by) == ("no owner yet", day(17))
    assert {world["Ash"], world["Clover"]} <= set(one.names)
    assert part.sketch is None, "nothing of it changed"


def test_everything_that_a_part_names_is_among_its_items(world: World) -> None:
    """Each item that a part of a brief mentions is also in the part's list of items. By this list,
    an erasure finds copies of the brief, and a colleague gets only the parts that the colleague
    may see."""
    world.suspects("Ash", "Birch")
    world.child("Clover")
    world.put("07700 900123", kind="phone")
    world.link("Ash", "Birch", known=3)
    world.link("Ash", "Clover", "association", known=10)
    world.link("Ash", "07700 900123", "uses", known=10)
    (part,) = read(world).parts
    assert part.title == "Network of Ash, Birch and 1 more"
    (one,) = part.wanted
    assert "07700 900123" in one.words
    assert {world[name] for name in ("Ash", "Birch", "Clover", "07700 900123")} <= set(part.ids)


def test_the_maps_show_the_network_before_and_after_and_name_no_child(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.child("Clover")
    world.link("Ash", "Birch", known=3)
    world.link("Ash", "Clover", "association", known=25)
    world.link("Birch", "Cedar", known=26, grade=None)
    (part,) = read(world).parts
    drawn = part.sketch
    assert drawn
    assert drawn.before_said.startswith("Before: 2 people and things, 1 link.")
    assert drawn.after_said.startswith("Now: 4 people and things, 3 links.")
    assert "Clover" not in drawn.before + drawn.after + drawn.after_said
    assert "Child 1" in drawn.after
    assert "Child 1" not in drawn.before
    assert drawn.after.count('stroke-opacity="0.45"') == 2, "what is new lies on a band"
    for svg in (drawn.before, drawn.after):
        assert "<script" not in svg


def test_the_first_map_says_that_no_tie_was_known(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch", known=25)
    (part,) = read(world).parts
    assert part.sketch
    assert "No known link." in part.sketch.before


@pytest.mark.parametrize("name", ["<b>Ash</b>", 'Ash" onload="x', "Ash & Son"])
def test_a_name_cannot_turn_a_map_around(world: World, name: str) -> None:
    world.suspects(name, "Birch")
    world.link(name, "Birch", known=25)
    (part,) = read(world).parts
    assert part.sketch
    assert name not in part.sketch.after
    assert name in found_in(read(world))


def found_in(found: ReadOut) -> str:
    return " ".join(sentence.words for sentence in found.sentences)


def test_it_reads_out_no_more_than_a_meeting_hears(world: World) -> None:
    world.suspects(*"ABCDEF")
    for number, one in enumerate("BCDEF"):
        world.link("A", one, known=21 + number)
    found = read(world, most=3)
    assert len(found.sentences) == 3
    assert found.notes[-1].startswith("2 more links changed")
    assert len(read(world).sentences) == 5
