"""Two areas of the map are connected by things that were seen in both, and by things that a person
of each area uses. No child and no child's home connects two areas."""

import pytest

from domain.kernel.values import Refused
from network.picture.connecting import Connection, Connections, connections
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day


def find_connections(
    world: World, one: str = "Town A", other: str = "town  b", **asked: object
) -> Connections:
    with world.db() as db:
        return connections(db, READER, one, other, link_filter=LinkFilter(**asked))  # type: ignore[arg-type]


def by_label(answer: Connections) -> dict[str, Connection]:
    return {row.label: row for row in answer.rows}


@pytest.fixture
def towns(world: World) -> World:
    """Record Ash in one town and Birch in another town, a car that was seen in both towns, and a
    phone that both people use.
    """
    world.suspects("Ash", "Birch")
    world.child("Clover")
    for name in ("hotel, Town A", "park, Town B"):
        world.put(name, kind="place")
    world.put("AB91ABC", kind="vehicle")
    world.put("07700900111", kind="phone")
    world.link("Ash", "hotel, Town A", "seen-at", "2C")
    world.link("Birch", "park, Town B", "seen-at", "1B", valid=(1, 4))
    world.link("AB91ABC", "hotel, Town A", "seen-at", "2B")
    world.link("AB91ABC", "park, Town B", "seen-at", "1A", valid=(2, 3))
    world.link("Ash", "07700900111", "uses", "3D")
    world.link("Birch", "07700900111", "uses", "2B")
    return world


def test_the_car_seen_in_both_comes_before_the_shared_phone(towns: World) -> None:
    car, phone = find_connections(towns).rows
    assert (car.label, car.kind, car.how, car.grade) == (
        "AB91ABC", "vehicle", "seen in both", "2B",
    )  # fmt: skip
    assert (car.in_one, car.in_other) == (("hotel, Town A (2B)",), ("park, Town B (1A)",))
    assert car.last_seen == day(3)
    assert len(car.links) == 2
    assert (phone.kind, phone.how, phone.grade) == ("phone", "shared by people seen in each", "3D")
    assert (phone.in_one, phone.in_other) == (("Ash (3D)",), ("Birch (2B)",))


def test_either_order_finds_the_same(towns: World) -> None:
    back = find_connections(towns, "Town B", "Town A")
    assert [row.id for row in back.rows] == [row.id for row in find_connections(towns).rows]
    assert back.rows[0].in_one == find_connections(towns).rows[0].in_other


def test_a_person_seen_in_both_connects_and_does_not_share_with_themselves(towns: World) -> None:
    towns.link("Ash", "park, Town B", "frequents", "2C")
    rows = by_label(find_connections(towns))
    assert rows["Ash"].how == "seen in both"
    assert "07700900111" not in rows, "Ash is not seen in one town alone"


def test_ungraded_links_connect_where_they_are_requested(towns: World) -> None:
    towns.put("AB92ABC", kind="vehicle")
    towns.link("AB92ABC", "hotel, Town A", "seen-at", None)
    towns.link("AB92ABC", "park, Town B", "seen-at", "2B")
    assert "AB92ABC" not in by_label(find_connections(towns))
    assert find_connections(towns).ungraded == 1
    every = find_connections(towns, min_rank=None)
    assert by_label(every)["AB92ABC"].grade is None
    assert [row.label for row in every.rows][-2:] == ["AB92ABC", "07700900111"]


def test_a_child_connects_nothing_and_is_not_named(towns: World) -> None:
    towns.link("Clover", "hotel, Town A", "seen-at")
    towns.link("Clover", "park, Town B", "seen-at")
    towns.put("07700900222", kind="phone")
    towns.link("Clover", "07700900222", "uses")
    towns.link("Birch", "07700900222", "uses")
    answer = find_connections(towns)
    assert by_label(answer).keys() == {"AB91ABC", "07700900111"}
    assert "Clover" not in repr(answer)


def test_a_home_of_a_child_is_in_no_area(towns: World) -> None:
    towns.put("1 Mill Lane, Town C", kind="place")
    towns.link("Clover", "1 Mill Lane, Town C", "lives-at", None)
    towns.link("AB91ABC", "1 Mill Lane, Town C", "seen-at")
    answer = find_connections(towns, "Town A", "Town C")
    assert (answer.rows, answer.unknown, answer.areas) == ((), ("Town C",), ("Town A", "Town B"))


def test_one_area_twice_is_refused(towns: World) -> None:
    with pytest.raises(Refused, match="name two areas"):
        find_connections(towns, "Town A", "TOWN A")
