"""Offenders are linked through things or victims that they share: from seventeen men and two girls,
the program makes a map of the men.
"""

from domain.kernel.values import Reader
from network.query.through import find_unusual, map_of_men, projected
from network.query.view import whole_layer
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day

MEN = tuple(f"man {number}" for number in range(1, 18))


def the_case(world: World, *, hidden: bool = True) -> None:
    """Record seventeen men, two girls, a car that three of the men share and a hotel that two
    share, without other links. If `hidden`, record a third girl whose links are recorded only on
    day 50.
    """
    world.suspects(*MEN)
    for girl in ("Clover", "Daisy"):
        world.child(girl)
    world.put("PK95ABC", kind="vehicle")
    world.put("Station Hotel, Town B", kind="place")
    for number, man in enumerate(MEN):
        world.link(man, "Clover" if number < 9 else "Daisy", "association", known=1)
    world.link("man 3", "Daisy", "association", "3D")
    for man in MEN[:3]:
        world.link(man, "PK95ABC", "driver-of", "1A")
    for man in (MEN[3], MEN[12]):
        world.link(man, "Station Hotel, Town B", "seen-at", "1B")
    if hidden:
        world.child("Elder")
        for man in MEN[:2]:
            world.link(man, "Elder", "association", known=50)


def test_seventeen_men_and_two_girls_are_a_map_of_men(world: World) -> None:
    the_case(world, hidden=False)
    with world.db() as db:
        found, every = map_of_men(db, READER), map_of_men(db, READER, include_all=True)
    men = {one for tie in found.ties for one in (tie.label, tie.other_label)}
    assert men == set(MEN), "each is on it, and no girl"
    assert "Clover" not in repr(found)
    assert "Daisy" not in repr(every)
    top = [(tie.label, tie.other_label, tie.shared) for tie in found.ties[:4]]
    assert ("man 4", "man 13", 1) in top, "what two share alone weighs more than what all share"
    assert all(tie.shared == 2 for tie in found.ties[1:4]), "a girl and a car"
    assert found.more == len(every.ties) - len(found.ties) > 0
    assert not any(tie.direct for tie in every.ties)
    assert all(tie.stands_out for tie in found.ties)


def test_who_is_not_known_of_cannot_be_counted_from_it(world: World) -> None:
    """A map of what was known on an earlier day counts no child whose links were recorded later."""
    the_case(world)
    with world.db() as db:
        one = map_of_men(db, READER, link_filter=LinkFilter(as_known=day(10)), include_all=True)
        other = map_of_men(db, READER, link_filter=LinkFilter(as_known=day(60)), include_all=True)
    assert other.ties != one.ties
    assert {via.shared_by for tie in one.ties for via in tie.via if via.kind == "vehicle"} == {3}
    assert all(len(tie.via) <= 2 for tie in one.ties)


def test_a_hub_ties_nobody_and_is_reported(world: World) -> None:
    the_case(world, hidden=False)
    with world.db() as db:
        found = map_of_men(db, READER, cap=5, include_all=True)
    assert [hub.shared_by for hub in found.hubs] == [9, 9]
    assert len(found.ties) == 4


def test_a_home_has_no_name_and_a_cleared_man_no_tie(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("Cedar", "suspect", "eliminated")
    world.put("Mill Lane, Town B", kind="place")
    for man in ("Ash", "Birch", "Cedar"):
        world.link(man, "Mill Lane, Town B", "lives-at" if man == "Ash" else "seen-at")
    with world.db() as db:
        (tie,) = map_of_men(db, READER).ties
    assert (tie.label, tie.other_label) == ("Ash", "Birch")
    assert tie.via[0].label is None
    assert "Mill Lane" not in repr(tie)


def test_a_child_beside_a_suspect_is_on_no_map_of_men(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("Elm", "suspect", child=True)
    world.link("Ash", "Elm")
    world.link("Birch", "Elm")
    with world.db() as db:
        (tie,) = map_of_men(db, READER).ties
        graph = projected(whole_layer(db, READER, layer="through"))
    assert (tie.label, tie.other_label, str(tie.via[0])[:8]) == ("Ash", "Birch", "a child ")
    assert set(graph) == {world["Ash"], world["Birch"]}


def test_what_is_doubted_lowers_a_tie_and_is_shown(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.put("PK95ABC", kind="vehicle")
    world.link("Ash", "Birch", grade="1A")
    world.link("Birch", "Cedar", grade="2E", undermined=True)
    with world.db() as db:
        sure, doubted = map_of_men(db, READER, include_all=True).ties
    assert (sure.label, sure.against) == ("Ash", ())
    assert doubted.weight < sure.weight
    assert doubted.against == ("an account is suspected to be false", "evidence was undermined")


def test_ties_stand_out_against_their_ends_others(world: World) -> None:
    world.suspects(*MEN)
    one = [world[man] for man in MEN]
    alike = {(one[0], other): 1.0 for other in one[1:]}
    assert find_unusual(alike) == set(alike)
    strong = alike | {(one[0], one[5]): 40.0, (one[3], one[4]): 3.0}
    assert (one[0], one[5]) in find_unusual(strong)
    assert (one[0], one[3]) not in find_unusual(strong | {(one[3], one[8]): 3.0})
    assert isinstance(READER, Reader)
