"""Indexes of things: every one that is seen stands once, with the accounts it rests on; no home of
a child or a family stands among the places."""

from uuid import UUID

import pytest

from domain.values import EntityKind
from network import indexes
from network.homes import never_listed
from projections.compartments import HolderRow, PlacementRow
from tests.network.world import READER, World, day

AUNT, NEIGHBOUR = UUID(int=7), UUID(int=8)


def listed(world: World, kind: EntityKind, words: str = "") -> list[indexes.Indexed]:
    with world.db() as db:
        return indexes.rows(db, READER, kind, indexes.standing(db, READER, kind, words))


def test_the_newest_stand_first_with_the_accounts_they_rest_on(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("AB91ABC", kind="vehicle")
    world.put("ZZ99XYZ", kind="vehicle", known=5)
    world.put("07700900111", kind="phone")
    world.link("Ash", "AB91ABC", "driver-of", root=AUNT, valid=(1, 2))
    world.link("Birch", "AB91ABC", "driver-of", grade=None, root=AUNT, valid=(3, None))
    world.link("Birch", "AB91ABC", "passenger-of", root=NEIGHBOUR)
    world.link("Birch", "AB91ABC", "uses")
    newest, older = listed(world, "vehicle")
    assert (newest.label, newest.ties, newest.sources, newest.last_seen) == ("ZZ99XYZ", 0, 0, None)
    assert (older.label, older.ties, older.sources) == ("AB91ABC", 4, 2)
    assert older.last_seen == day(3)
    world.same_root(AUNT, NEIGHBOUR)
    assert listed(world, "vehicle")[1].sources == 1, "one told the other"


def test_what_was_judged_the_same_is_one_row_under_either_name(world: World) -> None:
    for place in ("hotel, Town A", "Station Hotel, Town A", "park, Town B"):
        world.put(place, kind="place")
    world.judge("hotel, Town A", "Station Hotel, Town A")
    found = listed(world, "place", "station hot")
    assert [row.id for row in found] == [world["hotel, Town A"]]
    assert len(listed(world, "place")) == 2


@pytest.mark.parametrize(
    ("kind", "words", "fits"),
    [
        ("vehicle", "ab91 a", True),
        ("vehicle", "91ab", True),
        ("vehicle", "ba91", False),
        ("phone", "07700 900", True),
        ("phone", "900111", True),
        ("phone", "...", False),
    ],
)
def test_words_fit_as_they_are_typed(
    world: World, kind: EntityKind, words: str, fits: bool
) -> None:
    world.put("AB91ABC", kind="vehicle")
    world.put("+447700900111", kind="phone")
    assert bool(listed(world, kind, words)) is fits


def test_no_home_of_a_child_or_a_family_stands_among_the_places(world: World) -> None:
    """A suspect's address does, unless a child lives there, or somebody of a child's family."""
    world.suspects("Ash", "Birch", "Cedar")
    world.put("Dawn")
    world.put("Elm", "suspect", "acquitted")
    world.put("Young", "suspect", child=True)
    world.child("Clover")
    homes = {
        "1 Mill Lane": ("Ash",),
        "2 Mill Lane": ("Birch", "Clover"),
        "3 Mill Lane": ("Cedar",),
        "4 Mill Lane": ("Dawn",),
        "5 Mill Lane": ("Young",),
        "7 Mill Lane": ("Elm",),
    }
    for home, people in homes.items():
        world.put(home, kind="place")
        for one in people:
            world.link(one, home, "lives-at", grade=None, until=None, valid=(1, 2))
    world.put("6 Mill Lane", kind="place")
    world.link("Ash", "6 Mill Lane", "placed-at")
    world.put("hotel", kind="place")
    world.link("Clover", "hotel", "seen-at")
    world.link("Cedar", "Clover", "family")
    assert [row.label for row in listed(world, "place")] == ["hotel", "1 Mill Lane"]


def test_a_placement_counts_for_those_alone_who_hold_it(world: World) -> None:
    """A list tells nobody else that a child is placed at an address."""
    case = UUID(int=77)
    world.put("12 canal road", kind="place")
    where = "12 Canal Road", "12 canal road"
    home = PlacementRow(1, case, "residential", *where, None, None, True, day(1), "manager")
    world.rows += [home]
    with world.db() as db:
        assert never_listed(db, READER) == set()
    world.rows += [HolderRow(case, "placement", READER.name, day(2))]
    with world.db() as db:
        assert never_listed(db, READER) == {world["12 canal road"]}
