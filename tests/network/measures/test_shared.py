"""The network shows vehicles and places that people share, connections between two towns, and paths
between two people."""

import msgspec
import pytest

from domain.kernel.values import LinkKind, Refused
from network.measures.shared import joining, shared, ways
from network.query.masked_export import outgoing
from network.query.paths import path
from network.query.view import whole_layer
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day

EVERY = LinkFilter(min_rank=None)


def the_towns(world: World) -> None:
    """Record a car and a man that were seen in both towns, the man's home, and a plate that was
    seen in one town.
    """
    world.suspects("Ash", "Birch")
    world.child("Clover")
    for car in ("PK95ABC", "MA96XYZ"):
        world.put(car, kind="vehicle")
    for place in ("Mill Lane, Town A", "Station Hotel, Town B", "Town Acre"):
        world.put(place, kind="place")
    world.link("PK95ABC", "Mill Lane, Town A", "seen-at", "1A")
    world.link("PK95ABC", "Station Hotel, Town B", "seen-at", "2C")
    world.link("MA96XYZ", "Town Acre", "seen-at", "1A")
    world.link("MA96XYZ", "Station Hotel, Town B", "seen-at", "1A")
    world.link("Ash", "Mill Lane, Town A", "lives-at", "2D")
    world.link("Ash", "Station Hotel, Town B", "frequents", "2D")
    world.link("Ash", "PK95ABC", "driver-of", "1A")
    world.link("Birch", "PK95ABC", "driver-of", "3C")
    world.link("Birch", "Clover", "association", "2B")
    for car in ("YC94KXT", "YC95KXT"):
        world.put(car, kind="vehicle")
        world.link("Ash", car, "driver-of", "1A")
    world.link("YC95KXT", "Mill Lane, Town A", "seen-at", "1A")


def test_which_car_links_two_towns(world: World) -> None:
    the_towns(world)
    with world.db() as db:
        found = joining(db, READER, "Town A", "town b").rows
        with pytest.raises(Refused, match="no place, team or person"):
            joining(db, READER, "Town Z", "Town B")
        with pytest.raises(Refused, match="the same"):
            joining(db, READER, "Town B", "Town B")
    assert [(row.label, row.names, row.grade) for row in found] == [
        ("PK95ABC", ("Town A", "town b"), "2C"),
        ("Ash", ("Town A", "town b"), "2D"),
        ("YC94KXT", ("Town A through Ash", "town b through Ash"), "2D"),
        ("YC95KXT", ("Town A", "town b through Ash"), "2D"),
    ], "Town Acre is another town"
    assert [row.through_people for row in found] == [False, False, True, True]
    assert len(found[0].links) == 2
    assert "with" in msgspec.to_builtins(found[0])


def test_a_weaker_way_takes_nothing_from_a_join_through_people_and_the_surest_comes_first(
    world: World,
) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    for place in ("Mill Lane, Town A", "Station Hotel, Town B"):
        world.put(place, kind="place")
    for car, surely in (("MA96XYZ", "2D"), ("PK95ABC", "2B")):
        world.put(car, kind="vehicle")
        world.link(car, "Mill Lane, Town A", "seen-at", "1A")
        world.link("Ash" if surely == "2D" else "Birch", car, "driver-of", surely)
    for who in ("Ash", "Birch", "Cedar"):
        world.link(who, "Station Hotel, Town B", "frequents", "2B")
    world.link("Cedar", "PK95ABC", "passenger-of", "3D")
    with world.db() as db:
        found = joining(db, READER, "Town A", "Town B").rows
    assert [(row.label, row.names, row.grade, len(row.links)) for row in found] == [
        ("PK95ABC", ("Town A", "Town B through Birch, Cedar"), "2B", 5),
        ("MA96XYZ", ("Town A", "Town B through Ash"), "2D", 3),
    ]


def test_what_two_share_most_surely_first_and_a_home_without_its_name(world: World) -> None:
    the_towns(world)
    world.link("Birch", "Mill Lane, Town A", "seen-at", "3D")
    with world.db() as db:
        found = shared(db, READER, [world["Ash"], world["Birch"]])
        with pytest.raises(Refused, match="two or more"):
            shared(db, READER, [world["Ash"], world["Ash"]])
    assert [(row.label, row.kind, row.grade) for row in found.rows] == [
        ("PK95ABC", "vehicle", "3C"),
        ("a home", "place", "3D"),
    ]
    assert found.rows[0].with_ == (world["Ash"], world["Birch"])


def test_a_home_has_no_name_in_an_answer_as_known_before_it_was_known_for_one(world: World) -> None:
    """A query about what was recorded by an earlier day does not name an address that was recorded
    as a home only later."""
    world.suspects("Ash", "Birch")
    world.child("Clover")
    for place in ("Mill Lane, Town A", "Mill Ln, Town A", "Old Row, Town A"):
        world.put(place, kind="place")
        for man in ("Ash", "Birch"):
            world.link(man, place, "frequents", "2B")
    world.judge("Mill Lane, Town A", "Mill Ln, Town A", known=12)
    world.link("Clover", "Mill Ln, Town A", "lives-at", None, known=10)
    world.link("Clover", "Old Row, Town A", "lives-at", None, until=20)
    world.put("07700 900123", kind="phone")
    world.link("Birch", "07700 900123", "uses")
    world.link("Clover", "07700 900123", "uses", None, known=10)
    with world.db() as db:
        for known in (5, 15, 25, None):
            asked = LinkFilter(as_known=None if known is None else day(known))
            found = shared(db, READER, [world["Ash"], world["Birch"]], link_filter=asked)
            old = "Old Row, Town A" if known in (25, None) else "a home"
            assert {row.label for row in found.rows} == {"a home", old}, known
            whom = whole_layer(db, READER, link_filter=asked)
            left = {node.label for node in outgoing(db, READER, whom).nodes}
            assert not any(label.startswith("Mill") for label in left)
            assert "Child's phone 1" in left, known


def test_what_an_exhibit_carries_is_no_weakest_step(world: World) -> None:
    """A link that an exhibit proves, such as a film of two people, is never the weakest link of a
    path. If the exhibit is in doubt, the link can be the weakest."""
    world.suspects("Ash", "Birch", "Cedar")
    world.link("Ash", "Birch", grade=None, stage="evidence")
    world.link("Birch", "Cedar", grade="2C")
    with world.db() as db:
        ((way,),) = (ways(db, READER, world["Ash"], world["Cedar"]).rows,)
        found = path(db, READER, world["Ash"], world["Cedar"])
    assert (way.grade, way.weakest) == ("2C", "Birch - Cedar: associate (2C)")
    assert found
    assert found.grade == "2C"
    world.link("Ash", "Birch", grade=None, stage="evidence", undermined=True)
    with world.db() as db:
        ((way,),) = (ways(db, READER, world["Ash"], world["Cedar"], link_filter=EVERY).rows,)
    assert (way.grade, way.weakest) == (None, "Ash - Birch: associate (ungraded)")


def test_ways_say_on_which_step_they_rest_and_may_avoid_kinds(world: World) -> None:
    the_towns(world)
    world.link("Ash", "Clover", "association", "3D", undermined=True)
    with world.db() as db:
        one, other = ways(db, READER, world["Ash"], world["Clover"], most=2).rows
        without: tuple[LinkKind, ...] = ("association",)
        none = ways(db, READER, world["Ash"], world["Clover"], avoid=without).rows
    assert (one.steps, one.grade, one.against) == (1, "3D", ("evidence was undermined",))
    assert other.names == ("Ash", "PK95ABC", "Birch", "Clover")
    assert other.weakest == "PK95ABC - Birch: driver-of (3C)"
    assert none == ()
