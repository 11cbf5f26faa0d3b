"""Every item that a reader may see is listed once, with the number of independent accounts of it.
No home of a child or a family is in the list of places."""

from itertools import product
from random import Random
from typing import Literal
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.kernel.values import EntityKind
from network.query import object_lists
from network.query.homes import unlisted_places
from projections.families.compartments import HolderRow, PlacementRow
from projections.intelligence import people
from projections.intelligence.people import EntityRow
from tests.network.world import READER, World, day

AUNT, NEIGHBOUR = UUID(int=7), UUID(int=8)


def listed(world: World, kind: EntityKind, words: str = "") -> list[object_lists.Indexed]:
    with world.db() as db:
        return object_lists.rows(
            db, READER, kind, object_lists.list_sort_keys(db, READER, kind, words)
        )


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


def test_pages_are_all_of_them_cut(world: World) -> None:
    """The pages of a list together are the whole list. Its order is from the item that was recorded
    last to the first; merged items stand where the oldest of their records would, and restricted
    items are left out."""
    draw = Random(3)
    names = [f"AB9{number}" for number in range(24)]
    for name in draw.sample(names, k=len(names)):
        world.put(name, kind="vehicle", known=draw.randrange(6))
    world.put("07700900111", kind="phone", known=3)
    for a, b in (("AB93", "AB95"), ("AB95", "AB97"), ("AB910", "AB911"), ("AB912", "AB913")):
        world.judge(a, b)
    world.judge("AB914", "AB915", "different")
    for row in world.rows:
        if isinstance(row, EntityRow) and row.entity in (world["AB97"], world["AB912"]):
            world.rows[world.rows.index(row)] = replace(row, restricted=True)
    with world.db() as db:
        kind: Literal["vehicle"] = "vehicle"
        told = db, READER, kind
        every = object_lists.list_sort_keys(*told)
        assert len(every) == 20
        things = people.pages_of_kind(*told)
        assert things.count(100) == 20
        assert things.count(7) == 8, "more than seven"
        for skip, most in product((0, 1, 3, 7, 19, 20, 30), (1, 2, 5, 100)):
            assert things.page(skip, most) == every[skip : skip + most]
            rows, total = object_lists.page(*told, "", skip, most)
            assert [row.id for row in rows] == [one for _, one in every[skip : skip + most]]
            assert total == 20
        for at, most in product(range(20), (1, 4, 19)):
            rows, last = object_lists.page_after(*told, "", every[at], most)
            assert [row.id for row in rows] == [one for _, one in every[at + 1 :][:most]]
            assert last == (every[at + most] if at + 1 + most < 20 else None)


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


def test_no_home_of_a_child_or_a_family_is_among_the_places(world: World) -> None:
    """No home of a child or of a child's relative is in the list of places. A suspect's own address
    is listed."""
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
    for home, living in homes.items():
        world.put(home, kind="place")
        for one in living:
            world.link(one, home, "lives-at", grade=None, until=None, valid=(1, 2))
    world.put("6 Mill Lane", kind="place")
    world.link("Ash", "6 Mill Lane", "placed-at")
    world.put("hotel", kind="place")
    world.link("Clover", "hotel", "seen-at")
    world.link("Cedar", "Clover", "family")
    assert [row.label for row in listed(world, "place")] == ["hotel", "1 Mill Lane"]


def test_a_placement_counts_for_those_alone_who_hold_it(world: World) -> None:
    """The list of places does not reveal that a child is placed at an address, except to readers
    who may see the placement.
    """
    case = UUID(int=77)
    world.put("12 canal road", kind="place")
    where = "12 Canal Road", "12 canal road"
    home = PlacementRow(1, case, "residential", *where, None, None, True, day(1), "manager")
    world.rows += [home]
    with world.db() as db:
        assert unlisted_places(db, READER) == set()
    world.rows += [HolderRow(case, "placement", READER.name, day(2))]
    with world.db() as db:
        assert unlisted_places(db, READER) == {world["12 canal road"]}
