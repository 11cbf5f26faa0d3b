"""The path between two people has as few links as possible. Of several such paths, the strongest is
shown, and each step shows its basis."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel.values import Refused
from network.picture.picture_data import path_document
from network.picture.terminal_map import path_lines
from network.query.paths import Path, path
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, new_world


def names(found: Path) -> list[str]:
    return [found.picture.entity(node).label for node in found.nodes]


def test_of_equally_short_ways_the_strongest_is_taken(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson")
    world.link("Ash", "Birch", grade="3D")
    world.link("Birch", "Damson", grade="3D")
    first = world.link("Ash", "Cedar", grade="1B")
    world.link("Cedar", "Damson", grade="2C", handling="C")
    with world.db() as db:
        found = path(db, READER, world["Ash"], world["Damson"])
        assert found
        told = path_document(found)
    assert names(found) == ["Ash", "Cedar", "Damson"]
    assert found.steps[0][0].links == (first,)
    assert found.grade == "2C", "no better than its weakest step"
    assert found.handling == "C"
    assert told["hops"] == 2
    assert len(told["nodes"]) == 3
    assert told["steps"][0][0]["evidence"]
    assert any(str(first) in line for line in path_lines(found))


def test_a_shorter_way_beats_a_stronger_one(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.link("Ash", "Birch", grade="1A")
    world.link("Birch", "Cedar", grade="1A")
    world.link("Ash", "Cedar", grade="3E")
    with world.db() as db:
        found = path(db, READER, world["Ash"], world["Cedar"])
    assert found
    assert names(found) == ["Ash", "Cedar"]


def test_a_way_never_leads_through_what_was_not_requested(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.child("Clover")
    world.link("Ash", "Birch", grade=None)
    world.link("Birch", "Cedar")
    world.link("Ash", "Clover")
    world.link("Clover", "Cedar")
    with world.db() as db:
        assert path(db, READER, world["Ash"], world["Birch"], layer="offender-offender") is None
        graded = path(db, READER, world["Ash"], world["Birch"])
        every = path(
            db, READER, world["Ash"], world["Birch"], link_filter=LinkFilter(min_rank=None)
        )
        assert path(db, READER, world["Ash"], world["Birch"], max_hops=2) is None
    assert graded
    assert every
    assert names(graded) == ["Ash", "Clover", "Cedar", "Birch"]
    assert names(every) == ["Ash", "Birch"]
    assert every.grade is None


def test_two_judged_the_same_have_no_way_between_them(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.judge("Ash", "Birch")
    with world.db() as db, pytest.raises(Refused, match="judged the same"):
        path(db, READER, world["Ash"], world["Birch"])


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_a_way_is_as_short_as_networkx_says(
    tmp_path_factory: pytest.TempPathFactory, ties: list[tuple[int, int]]
) -> None:
    raw = nx.empty_graph(10)
    with new_world(tmp_path_factory.mktemp("path")) as world:
        world.suspects(*(f"P{number}" for number in range(10)))
        for a, b in ties:
            if a != b:
                world.link(f"P{a}", f"P{b}")
                raw.add_edge(a, b)
        with world.db() as db:
            found = path(db, READER, world["P0"], world["P9"], max_hops=9)
    shortest = nx.shortest_path_length(raw, 0, 9) if nx.has_path(raw, 0, 9) else None
    assert (len(found.steps) if found else None) == shortest
