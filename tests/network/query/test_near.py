"""A user can find people near two others: at the same place, in the same town, in the same
incident, or two men with one car in one night."""

from network.query.near import near
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day


def record_world(world: World) -> World:
    world.suspects("Ash", "Birch", "Cedar")
    for town in ("Town A", "Town B"):
        world.put(town, kind="place")
    for place, town in (("Mill Lane", "Town A"), ("Pier Road", "Town B")):
        world.put(place, kind="place")
        world.link(place, town, "lies-in")
    world.put("PK95ABC", kind="vehicle")
    for at, (party, place) in enumerate((("a party", "Mill Lane"), ("a sighting", "Pier Road"))):
        world.put(party, kind="incident")
        world.link(party, place, "happened-at", valid=(at, at))
    world.link("Ash", "a party", "involved-in", valid=(0, 0))
    world.link("PK95ABC", "a party", "involved-in", valid=(0, 0))
    world.link("Birch", "a party", "involved-in", "3D", valid=(0, 0))
    world.link("Ash", "a sighting", "involved-in", valid=(1, 1))
    world.link("PK95ABC", "a sighting", "involved-in", valid=(1, 1))
    world.link("Cedar", "Pier Road", "seen-at", valid=(5, 5))
    return world


def names(found: object) -> set[str]:
    return {row.label for row in found.rows}  # type: ignore[attr-defined]


def test_who_was_near_both_towns_is_found_through_places_and_incidents(world: World) -> None:
    record_world(world)
    with world.db() as db:
        both = near(db, READER, [world["Town A"], world["Town B"]])
        one = near(db, READER, [world["Town B"]])
    assert names(both) == {"Ash", "PK95ABC"}
    assert {row.grade for row in both.rows} == {"2B"}
    assert both.rows[0].how == "Town A: involved-in a party; Town B: involved-in a sighting"
    assert names(one) == {"Ash", "PK95ABC", "Cedar", "a sighting"}


def test_two_men_one_car_one_night(world: World) -> None:
    record_world(world)
    with world.db() as db:
        night = near(
            db, READER, [world["Ash"], world["Birch"]], link_filter=LinkFilter(until=day(0))
        )
        other = near(
            db, READER, [world["Ash"], world["Birch"]], link_filter=LinkFilter(since=day(1))
        )
    assert names(night) == {"PK95ABC", "a party", "Mill Lane"}
    assert {row.grade for row in night.rows if row.label == "a party"} == {"3D"}
    assert names(other) == set()


def test_what_many_share_is_not_followed_unless_it_is_requested(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("a fair", kind="incident")
    for number in range(120):
        world.put(f"guest {number}", "involved-party")
        world.link(f"guest {number}", "a fair", "involved-in")
    for who in ("Ash", "Birch"):
        world.link(who, "a fair", "involved-in")
    with world.db() as db:
        two = near(db, READER, [world["Ash"], world["Birch"]])
        there = near(db, READER, [world["Ash"], world["a fair"]])
    assert names(two) == {"a fair"}
    assert [hub.label for hub in two.hubs] == ["a fair"]
    assert len(names(there)) == 121
