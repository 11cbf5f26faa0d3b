"""The map of areas shows places by town, with the number of accounts about each place, and vehicles
that were seen in two towns. It shows suspects' addresses, but no home of a child or a family."""

from itertools import combinations
from random import Random
from typing import cast
from uuid import UUID

import pytest

from domain.kernel.values import EntityKind, LinkKind, PoleCategory
from network.picture.area_map import LARGEST, area_boxes
from network.picture.areas import NO_NEARER, NO_TOWN, AreaPlace, Areas, Joined, areas
from network.picture.connecting import connections
from network.query.child_protection import is_protected
from network.query.layers import is_offender
from network.query.link_pairs import best_grade, independent, last_true
from network.query.view import whole_layer
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day

AUNT, NEIGHBOUR = UUID(int=7), UUID(int=8)


def asked_of(world: World, **asked: object) -> Areas:
    with world.db() as db:
        return areas(db, READER, link_filter=LinkFilter(**asked))  # type: ignore[arg-type]


def put(world: World, kind: EntityKind, *names: str) -> None:
    for name in names:
        world.put(name, kind=kind)


@pytest.fixture
def towns(world: World) -> World:
    """Record two suspects and a child at four places in two towns, and a car that was seen in both
    towns.
    """
    world.suspects("Ash", "Birch")
    world.child("Clover")
    put(world, "place", "hotel, Town A", "park, Town B", "Town B", "the arches")
    put(world, "vehicle", "AB91ABC", "AB92ABC")
    world.link("Ash", "hotel, Town A", "seen-at", root=AUNT, valid=(1, 4))
    world.link("Birch", "hotel, Town A", "frequents", root=AUNT)
    world.link("Clover", "hotel, Town A", "seen-at", root=NEIGHBOUR)
    world.link("AB91ABC", "hotel, Town A", "seen-at", root=AUNT)
    world.link("AB91ABC", "park, Town B", "seen-at", root=AUNT)
    world.link("AB92ABC", "park, Town B", "seen-at", root=AUNT)
    world.link("Ash", "Town B", "seen-at")
    world.link("Birch", "the arches", "seen-at", grade=None)
    return world


def test_places_stand_in_their_towns_by_how_many_told_of_them(towns: World) -> None:
    found = asked_of(towns)
    hotel, *others = found.places
    assert (hotel.area, hotel.name) == ("Town A", "hotel")
    assert (hotel.sources, hotel.ties, hotel.people, hotel.vehicles) == (2, 4, 3, 1)
    assert (hotel.hotspot, hotel.grade, hotel.last_seen) == (True, "2B", day(4))
    assert {(one.area, one.name) for one in others} == {("Town B", "park"), ("Town B", NO_NEARER)}
    assert (found.ungraded, found.weaker) == (1, 0)
    every = asked_of(towns, min_rank=None)
    assert (NO_TOWN, "the arches") in {(place.area, place.name) for place in every.places}


def test_a_vehicle_that_was_seen_in_both_joins_two_towns(towns: World) -> None:
    (found,) = asked_of(towns).joined
    assert (found.one, found.other, found.vehicles) == ("Town A", "Town B", ("AB91ABC",))
    assert len(found.shown) == 1
    assert asked_of(towns, kinds=frozenset({"frequents"})).joined == ()


def test_where_a_place_is_said_to_lie_comes_before_its_name(towns: World) -> None:
    put(towns, "place", "Town C")
    towns.link("the arches", "Town C", "lies-in", grade=None)
    found = asked_of(towns, min_rank=None)
    assert {place.area for place in found.places if place.label == "the arches"} == {"Town C"}


def test_no_home_of_a_child_is_drawn_also_of_a_time_before_it_was_known(towns: World) -> None:
    put(towns, "place", "1 Mill Lane, Town A", "2 Mill Lane, Town A", "12 Canal Road, Town A")
    towns.link("Ash", "1 Mill Lane, Town A", "lives-at", known=1)
    towns.link("Birch", "2 Mill Lane, Town A", "lives-at", known=1)
    towns.link("Clover", "2 Mill Lane, Town A", "lives-at", grade=None, known=9)
    towns.link("Birch", "12 Canal Road, Town A", "seen-at", known=1)
    towns.link("Clover", "12 Canal Road, Town A", "placed-at", known=9)
    for found in (asked_of(towns), asked_of(towns, as_known=day(5))):
        homes = {place.label: place for place in found.places if place.label[0].isdigit()}
        assert homes.keys() == {"1 Mill Lane, Town A"}
        assert (homes.popitem()[1].home, found.places[0].home) == (True, False)


def test_what_is_known_of_a_home_is_neither_counted_nor_an_area(towns: World) -> None:
    """The address of a home is not counted and is in no area, because even a count of zero would
    reveal that it is there."""
    put(towns, "phone", "07700900111")
    towns.link("Ash", "07700900111", "uses", grade=None)
    put(towns, "place", "1 Mill Lane, Town A", "the garage, Town C")
    towns.link("Clover", "1 Mill Lane, Town A", "lives-at", grade=None)
    towns.link("Ash", "1 Mill Lane, Town A", "seen-at", grade="3E")
    towns.link("Ash", "the garage, Town C", "seen-at")
    towns.link("the garage, Town C", "1 Mill Lane, Town A", "lies-in", grade=None)
    found = asked_of(towns, min_rank=5)
    assert (found.ungraded, found.weaker) == (1, 0)
    assert {place.area for place in found.places if place.name == "the garage"} == {"Town C"}


def test_what_was_judged_the_same_as_a_home_then_is_hidden_then(towns: World) -> None:
    put(towns, "place", "1 Mill Lane, Town A")
    towns.link("Clover", "1 Mill Lane, Town A", "lives-at", known=9)
    towns.judge("hotel, Town A", "1 Mill Lane, Town A")
    for found in (asked_of(towns), asked_of(towns, as_known=day(5))):
        assert {place.label for place in found.places} == {"park, Town B", "Town B"}


def test_what_was_known_as_a_childs_home_then_is_hidden_then(towns: World) -> None:
    put(towns, "place", "1 Mill Lane, Town A")
    towns.link("Clover", "1 Mill Lane, Town A", "lives-at", known=1, until=9)
    towns.link("Ash", "1 Mill Lane, Town A", "seen-at", known=1)
    assert [place.home for place in asked_of(towns).places if place.name == "1 Mill Lane"] == [
        False
    ]
    assert "1 Mill Lane" not in {place.name for place in asked_of(towns, as_known=day(5)).places}


def test_the_home_of_a_man_who_was_cleared_is_no_suspects_address(towns: World) -> None:
    towns.put("Dale", "suspect", "eliminated")
    put(towns, "place", "1 Mill Lane, Town A")
    towns.link("Dale", "1 Mill Lane, Town A", "lives-at")
    assert "1 Mill Lane, Town A" not in {place.label for place in asked_of(towns).places}


@pytest.mark.parametrize("asked", [{}, {"kinds": frozenset({"seen-at"}), "min_rank": None}])
def test_an_address_is_no_hotspot_however_weakly_it_is_known(
    towns: World, asked: dict[str, object]
) -> None:
    put(towns, "place", "1 Mill Lane, Town A")
    towns.link("Ash", "1 Mill Lane, Town A", "lives-at", grade=None)
    for one in ("Ash", "Birch"):
        towns.link(one, "1 Mill Lane, Town A", "seen-at")
    (home,) = [place for place in asked_of(towns, **asked).places if place.name == "1 Mill Lane"]
    assert (home.people, home.hotspot) == (2, False)


def test_the_last_time_is_that_of_each_account(towns: World) -> None:
    """A place was last seen at the latest time that an account of it states. An account without a
    time changes nothing, and of an account without an end, the beginning counts."""
    towns.link("Ash", "hotel, Town A", "seen-at", valid=(7, None))
    towns.link("Ash", "hotel, Town A", "seen-at")
    assert asked_of(towns).places[0].last_seen == day(7)


def spot(number: int, area: str, sources: int = 1) -> AreaPlace:
    name = f"place {number}"
    return AreaPlace(
        id=UUID(int=number),
        label=f"{name}, {area}",
        area=area,
        name=name,
        sources=sources,
        ties=sources,
        people=1,
        vehicles=0,
        grade=None,
        last_seen=None,
        hotspot=False,
        home=False,
    )


def test_an_area_has_its_first_places_and_the_areas_that_most_vehicles_join_to_it() -> None:
    """An area lists its first places and the areas with which it shares the most vehicles. It names
    these vehicles only if they are few. Places without a town are in the last area.
    """
    places = [spot(1, NO_TOWN, 30), *(spot(n, "A", 20 - n) for n in range(2, 12)), spot(12, "B", 1)]
    cars = ("AB91ABC", "AB92ABC", "AB93ABC")
    ids = tuple(UUID(int=number) for number in (91, 92, 93))
    joined = [Joined("A", "B", cars[:1], ids[:1]), Joined("A", "C", cars, ids)]
    joined += [Joined("A", other, cars[:2], ids[:2]) for other in "DEFG"]
    a, b, none = area_boxes(places, joined)
    assert (a.name, b.name, none.name) == ("A", "B", NO_TOWN)
    assert ([place.id.int for place, _ in a.places], a.number) == ([2, 3, 4, 5, 6, 7], 10)
    assert [(join.area, join.number) for join in a.joined] == [
        ("C", 3),
        ("D", 2),
        ("E", 2),
        ("F", 2),
    ]
    assert (a.joined[0].vehicles, a.joined[0].ids) == ((), ())
    assert [(join.area, join.vehicles, join.ids) for join in b.joined] == [("A", cars[:1], ids[:1])]


def test_a_place_with_more_sources_is_larger() -> None:
    sources = (30, 16, 4, 1, 0)
    (area,) = area_boxes([spot(n, "A", many) for n, many in enumerate(sources)], [])
    sizes = [size for _, size in area.places]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (LARGEST, 0)
    assert [size for _, size in area_boxes([spot(1, "A", 0)], [])[0].places] == [0]


def _drawn(world: World, seed: int) -> None:
    """Record random links of people, cars and phones with places in three towns. Some people,
    places and sources are judged the same, and some items are restricted.
    """
    draw = Random(seed)
    people = [f"Person {number}" for number in range(20)]
    sorts: tuple[tuple[PoleCategory, ...], ...] = (
        ("suspect",), ("victim",), ("suspect", "eliminated"), (), ("convicted", "victim"),
    )  # fmt: skip
    for number, name in enumerate(people):
        world.put(name, *sorts[number % 5], child=draw.choice((None, True, False)))
    cars, phones = [f"Car {number}" for number in range(4)], ["Phone 1", "Phone 2"]
    places = [f"{number} Mill Lane, Town {town}" for number in range(3) for town in "ABC"]
    put(world, "vehicle", *cars)
    put(world, "phone", *phones)
    put(world, "place", *places)
    roots = [world[name] for name in people[:4]]
    for _ in range(100):
        a, b, kind = draw.choice([*people, *cars]), draw.choice(places), "seen-at"
        if draw.random() < 0.5:
            a, b, kind = draw.choice(people), draw.choice([*cars, *phones]), "uses"
        world.link(
            a, b, cast("LinkKind", kind), draw.choice(("1A", "2B", "2E", None)),
            root=draw.choice([*roots, None]), known=draw.randrange(8),
            valid=draw.choice(((None, None), (12, 31), (9, None), (None, 25))),
            stage=draw.choice((None, None, "evidence")), undermined=draw.random() < 0.3,
        )  # fmt: skip
    for place in (places[0], places[4]):
        world.link("Car 2", place, "seen-at", "1A")
    for name, place in (("Ash", places[0]), ("Birch", places[4])):
        world.suspects(name)
        world.link(name, place, "seen-at", "1A")
        world.link(name, "Phone 1", "uses", "1A")
    for one, other in (people[:2], people[5:7], cars[:2], places[:2], phones[:2]):
        world.judge(one, other, known=draw.randrange(6))
    world.same_root(roots[0], roots[2])
    for name in (people[3], cars[3], places[7]):
        world.restrict(name)


DRAWN = (
    LinkFilter(),
    LinkFilter(min_rank=None),
    LinkFilter(as_known=day(5)),
    LinkFilter(as_at=day(10), min_rank=6),
)


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_of_a_place_are_those_of_its_links(world: World, seed: int) -> None:
    _drawn(world, seed)
    for asked in DRAWN:
        with world.db() as db:
            found, whole = (
                areas(db, READER, link_filter=asked),
                whole_layer(db, READER, link_filter=asked),
            )
            joined = people.clusters(db, READER, kind="roots", as_known=asked.as_known)
        here = {item for item in whole.graph if whole.entity(item).kind == "place"}
        assert {place.id for place in found.places} == here
        assert here
        for place in found.places:
            pairs = whole.at[place.id]
            rows = [held["row"] for *_, held in whole.graph.edges(place.id, data=True)]
            there = [whole.entity(item) for item in {pair.other(place.id) for pair in pairs}]
            guarded = [is_protected(one) or is_offender(one) for one in there if not one.cleared]
            assert (place.sources, place.ties, place.people, place.vehicles) == (
                len(independent(rows, joined)), len(rows), sum(guarded),
                sum(one.kind == "vehicle" for one in there),
            )  # fmt: skip
            assert (place.grade, place.last_seen) == (best_grade(pairs), last_true(rows))
        area = {place.id: place.area for place in found.places}
        for one, other in combinations(sorted({*area.values()}), 2):
            cars = {
                item
                for item in whole.graph
                if whole.entity(item).kind == "vehicle"
                and {one, other} <= {area.get(pair.target) for pair in whole.at[item]}
            }
            shown = [set(row.shown) for row in found.joined if (row.one, row.other) == (one, other)]
            assert shown == ([cars] if cars else [])


@pytest.mark.parametrize("seed", range(3))
def test_connections_are_those_of_the_links(world: World, seed: int) -> None:
    _drawn(world, seed)
    hows = set[str]()
    for asked in DRAWN:
        with world.db() as db:
            whole = whole_layer(db, READER, link_filter=asked)
            found = connections(db, READER, "Town A", "Town B", link_filter=asked)
            area = {place.id: place.area for place in areas(db, READER, link_filter=asked).places}
        towns: dict[UUID, set[str]] = {}
        for item in whole.graph:
            if not is_protected(whole.entity(item)) and not whole.entity(item).cleared:
                ends = {pair.target for pair in whole.at[item]} & area.keys()
                towns[item] = {area[end] for end in ends} & {"Town A", "Town B"}
        both = {item for item, some in towns.items() if len(some) == 2}
        users: dict[UUID, list[set[str]]] = {}
        for pair in whole.pairs:
            if pair.kind == "uses":
                users.setdefault(pair.target, []).append(towns.get(pair.source, set()))
        shared = {
            thing for thing, some in users.items() if {"Town A"} in some and {"Town B"} in some
        }
        assert {row.id for row in found.rows if row.how == "seen in both"} == both
        assert {row.id for row in found.rows} == both | shared
        hows |= {row.how for row in found.rows}
    assert len(hows) == 2
