"""Only graded links that the owner of a standing pattern may see can match the pattern. (The owner
is notified of new matches.)"""

from uuid import UUID

from domain.kernel.codes import Shape
from network.query.pattern_match import find_match
from projections.due.standing_watches import PatternMatch, PatternRow
from tests.network.world import READER, World, day

SET = day(10)


def row(world: World, shape: Shape, *about: str) -> PatternRow:
    ids = tuple(world[one] for one in about)
    who = (READER.name, READER.team, READER.controller, READER.regime)
    return PatternRow(UUID(int=1), UUID(int=2), shape, ids, *who, "seen", SET, day(38))


def match_of(world: World, shape: Shape, *about: str) -> PatternMatch | None:
    with world.db() as db:
        return find_match(db, READER, row(world, shape, *about))


def test_two_become_connected_by_graded_links_alone(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("PK95ABC", kind="vehicle")
    first = world.link("Ash", "PK95ABC", "driver-of", "1A")
    world.link("Birch", "PK95ABC", "uses", None)
    assert match_of(world, "connected", "Ash", "Birch") is None
    second = world.link("Birch", "PK95ABC", "uses", "3D")
    found = match_of(world, "connected", "Ash", "Birch")
    assert found is not None
    assert set(found.links) == {first, second}


def test_a_third_child_with_one_car_and_one_child_under_two_names_is_one(world: World) -> None:
    world.suspects("Ash")
    world.put("PK95ABC", kind="vehicle")
    for child in ("Clover", "Daisy", "Dee", "Elder"):
        world.child(child)
    world.link("Ash", "PK95ABC", "driver-of", "1A")
    links = [world.link(one, "PK95ABC", "passenger-of") for one in ("Clover", "Daisy", "Dee")]
    world.judge("Daisy", "Dee")
    assert match_of(world, "third-child", "PK95ABC") is None
    links.append(world.link("Elder", "PK95ABC", "passenger-of"))
    found = match_of(world, "third-child", "PK95ABC")
    assert found is not None
    assert (set(found.links), len(found.found)) == (set(links), 3)


def test_a_group_meets_in_a_town_where_it_never_met(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    for place in ("Mill Lane", "Quay Street", "Dock Road", "Town A", "Town B"):
        world.put(place, kind="place")
    world.link("Mill Lane", "Town A", "lies-in", "1A")
    world.link("Quay Street", "Town A", "lies-in", "1A")
    lies = world.link("Dock Road", "Town B", "lies-in", "1A")
    group = ("Ash", "Birch", "Cedar")
    for one in ("Ash", "Birch"):
        world.link(one, "Mill Lane", "seen-at", known=1)
        world.link(one, "Quay Street", "seen-at", known=12)
    alone = world.link("Cedar", "Dock Road", "seen-at", known=2)
    assert match_of(world, "new-town", *group) is None, "they met in Town A before it was set"
    other = world.link("Ash", "Dock Road", "seen-at", known=13)
    found = match_of(world, "new-town", *group)
    assert found is not None
    assert (set(found.links), found.found) == ({alone, other, lies}, (world["Town B"],))


def test_who_joins_a_group_where_it_met_before_makes_no_new_town(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.put("Mill Lane", kind="place")
    world.link("Ash", "Mill Lane", "seen-at", known=1)
    again = world.link("Birch", "Mill Lane", "seen-at", known=1, until=13)
    world.link("Cedar", "Mill Lane", "seen-at", known=12)
    group = ("Ash", "Birch", "Cedar")
    assert match_of(world, "new-town", *group) is None, "two of them met there before it was set"
    world.link("Birch", "Mill Lane", "seen-at", "1A", known=13, link=again)
    assert match_of(world, "new-town", "Ash", "Birch") is None, "an old one under another grade"


def test_a_party_in_a_new_town_is_a_meeting(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("party", kind="incident")
    world.put("Dock Road", kind="place")
    for one in ("Ash", "Birch"):
        world.link(one, "party", "involved-in", known=12)
    assert match_of(world, "new-town", "Ash", "Birch") is None
    world.link("party", "Dock Road", "happened-at", known=12)
    found = match_of(world, "new-town", "Ash", "Birch")
    assert found is not None
    assert (len(found.links), found.found) == (3, (world["Dock Road"],))
