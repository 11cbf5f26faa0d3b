"""The list of news about suspects has one row for each suspect, with the suspect's newest graded
link."""

import pytest

from domain.kernel.values import PoleCategory
from network.query.new_ties import new_ties
from tests.network.world import READER, World, day

NOW = day(30)


def newest_links(world: World, most: int = 5) -> list[tuple[str, str, str]]:
    """Return for each suspect in the list the suspect's name, the kind of the newest link, and the
    link's other end.
    """
    with world.db() as db:
        found = new_ties(db, READER, day(2), NOW, most)
    return [(one.person.label, one.tie.kind, one.other.label) for one in found]


def test_each_suspect_once_by_the_newest_link(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("PK95ABX", kind="vehicle")
    world.link("Ash", "PK95ABX", "driver-of", known=3)
    world.link("Ash", "Birch", known=5)
    world.link("Birch", "PK95ABX", "driver-of", known=4)
    assert newest_links(world) == [("Ash", "associate", "Birch"), ("Birch", "associate", "Ash")]
    assert newest_links(world, most=1) == [("Ash", "associate", "Birch")]


def test_what_is_left_out(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson", "Elder", "Fir")
    world.put("Gorse", "suspect", "eliminated")
    world.put("Hazel", "suspect", child=True)
    world.put("Ivy", "witness")
    world.child("Leah")
    for place in ("Town A", "Town B"):
        world.put(place, kind="place")
    world.link("Ash", "Town A", "seen-at", known=1)
    world.link("Birch", "Town A", "seen-at", grade=None, known=9)
    world.link("Cedar", "Town A", "lives-at", known=9)
    world.link("Damson", "Leah", "contact", known=9)
    world.link("Elder", "Town A", "seen-at", known=9, until=10)
    for who in ("Gorse", "Hazel", "Ivy"):
        world.link(who, "Town B", "seen-at", known=9)
    world.link("Fir", "Town A", "seen-at", known=9, stage="evidence", undermined=True)
    assert newest_links(world) == []


def test_homes_and_what_is_a_childs_own_and_victims_are_left_out(world: World) -> None:
    world.suspects("Ash")
    world.child("Leah")
    world.put("Jo", "victim", child=False)
    world.put("5 Mill Lane", kind="place")
    world.put("07700 900123", kind="phone")
    world.link("Leah", "5 Mill Lane", "lives-at", None)
    world.link("Leah", "07700 900123", "uses", None)
    world.link("Ash", "5 Mill Lane", "seen-at", known=9)
    world.link("Ash", "07700 900123", "uses", known=9)
    world.link("Ash", "Jo", "contact", known=9)
    assert newest_links(world) == []


def test_two_records_of_one_man_are_reported_as_one(world: World) -> None:
    world.suspects("Ash", "Ashley")
    for place in ("Town A", "Town B"):
        world.put(place, kind="place")
    world.link("Ash", "Town A", "seen-at", known=3)
    world.link("Ashley", "Town B", "seen-at", known=4)
    world.link("Ash", "Ashley", known=6)
    assert {who for who, *_ in newest_links(world)} == {"Ash", "Ashley"}
    world.judge("Ash", "Ashley", known=7)
    assert newest_links(world) == [("Ash", "seen-at", "Town B")], "he has no tie to himself"


@pytest.mark.parametrize(
    ("other", "child", "is_told"),
    [("suspect", None, True), ("eliminated", None, False), ("victim", True, False)],
)
def test_what_is_known_under_another_record_counts(
    world: World, other: PoleCategory, child: bool | None, is_told: bool
) -> None:
    world.put("A man called Ash", *(() if other == "suspect" else ("suspect",)))
    world.put("Ash", other, child=child)
    world.put("Town A", kind="place")
    world.link("A man called Ash", "Town A", "seen-at", known=4)
    world.judge("A man called Ash", "Ash", known=5)
    assert newest_links(world) == ([("A man called Ash", "seen-at", "Town A")] if is_told else [])


def test_many_links_of_others_hide_nobody(world: World) -> None:
    world.suspects("Ash")
    world.put("Ivy", "witness")
    for number in range(130):
        world.put(f"Place {number}", kind="place")
        world.link("Ivy", f"Place {number}", "seen-at", known=9)
    world.link("Ash", "Place 1", "seen-at", known=8)
    assert newest_links(world) == [("Ash", "seen-at", "Place 1")]
