"""The measures of key people are equal to those of networkx, and each value belongs to the right
person.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from domain.kernel.values import Refused
from network.measures import distances, measures
from network.measures.bridges import blocks
from network.measures.groups import groups
from network.measures.key_player_sets import fragmentation
from network.measures.measures import key_people
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day
from tests.support.network.measures import graphs


def matrix(graph: nx.Graph[int]) -> Any:
    return nx.to_scipy_sparse_array(graph, weight=None, dtype=np.dtype(float))


def values(world: World, **asked: object) -> dict[str, measures.KeyPerson]:
    with world.db() as db:
        found = key_people(db, READER, limit=None, **asked)  # type: ignore[arg-type]
    return {row.label: row for row in found.rows}


def test_cleared_people_are_left_out_before_anything_is_reckoned_and_counted(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar")
    world.put("Damson", "suspect", "eliminated")
    for a, b in [("Ash", "Birch"), ("Birch", "Cedar"), ("Ash", "Damson"), ("Cedar", "Damson")]:
        world.link(a, b)
    with world.db() as db:
        found = key_people(db, READER, by="betweenness")
    assert [row.label for row in found.rows] == ["Birch", "Ash", "Cedar"]
    assert found.cleared == 1
    assert found.rows[0].betweenness == 1.0


def test_several_links_of_a_pair_are_one_tie_unless_weights_are_requested(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson")
    world.link("Ash", "Birch", weight=3.0)
    world.link("Birch", "Ash", "co-offender", weight=2.0)
    world.link("Birch", "Cedar")
    world.link("Ash", "Damson")
    plain = values(world)
    weighted = values(world, weighted=True)
    assert plain["Ash"].degree == pytest.approx(2 / 3)
    assert plain["Ash"].ties == 2
    assert weighted["Ash"].degree == pytest.approx(6 / 3)
    raw: nx.Graph[str] = nx.Graph()
    raw.add_edge("Ash", "Birch", weight=5.0, distance=1 / 5)
    raw.add_edge("Birch", "Cedar", weight=1.0, distance=1.0)
    raw.add_edge("Ash", "Damson", weight=1.0, distance=1.0)
    close = nx.closeness_centrality(raw, distance="distance")
    leading = nx.eigenvector_centrality_numpy(raw, weight="weight")
    for name, row in weighted.items():
        assert row.closeness == pytest.approx(close[name])
        assert row.eigenvector == pytest.approx(leading[name])


def test_only_direct_ties_of_people_in_the_layer_count(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.put("the tall one with the scar", "person-of-interest")
    world.child("Clover")
    world.child("Daisy")
    world.put("AB91 ABC", kind="vehicle")
    world.link("Clover", "Daisy")
    world.link("Ash", "the tall one with the scar")
    world.link("Ash", "Clover")
    world.link("Birch", "Clover")
    world.link("Birch", "AB91 ABC", "uses")
    world.link("Ash", "AB91 ABC", "uses")
    assert values(world).keys() == {"Ash", "the tall one with the scar"}
    assert values(world, layer="offender-victim").keys() == {"Ash", "Birch", "Clover"}
    assert values(world, layer="victim-victim").keys() == {"Clover", "Daisy"}


def test_children_are_not_tied_to_each_other_where_all_layers_are_requested(world: World) -> None:
    world.suspects("Ash")
    world.child("Clover")
    world.child("Daisy")
    world.link("Ash", "Clover")
    world.link("Clover", "Daisy")
    assert values(world, layer="all").keys() == {"Ash", "Clover"}


def test_fragmentation_is_borgattis_by_distances(world: World) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson")
    for other in ("Birch", "Cedar", "Damson"):
        world.link("Ash", other)
    found = values(world, by="fragmentation")
    assert next(iter(found)) == "Ash"
    assert found["Ash"].fragmentation == 1.0
    assert found["Birch"].fragmentation == pytest.approx(1 - (2 * 1 + 1 / 2) / 3)


def test_too_many_people_are_refused_with_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "MOST_FOR_PATHS", 1)
    monkeypatch.setattr(measures, "MOST_FOR_FRAGMENTATION", 1)
    world.suspects("Ash", "Birch")
    world.link("Ash", "Birch")
    with world.db() as db:
        (row, _) = key_people(db, READER).rows
        assert (row.degree, row.betweenness, row.fragmentation) == (1.0, None, None)
        for by in ("betweenness", "closeness", "fragmentation"):
            with pytest.raises(Refused, match="choose degree"):
                key_people(db, READER, by=by)


def test_nobody_to_measure_is_an_empty_answer(world: World) -> None:
    with world.db() as db:
        assert key_people(db, READER, by="fragmentation").rows == ()


@given(graphs())
def test_arrays_give_networkxs_values(graph: nx.Graph[int]) -> None:
    between, close = distances.betweenness(matrix(graph)), distances.closeness(matrix(graph))
    assert between == pytest.approx(list(nx.betweenness_centrality(graph).values()), abs=1e-12)
    assert close == pytest.approx(list(nx.closeness_centrality(graph).values()), abs=1e-12)


@given(graphs())
def test_betweenness_block_by_block_is_networkxs(graph: nx.Graph[int]) -> None:
    # two copies of the graph, which one link joins
    more = nx.disjoint_union(graph, graph)
    more.add_edge(1, len(graph) + 1)
    graph = more
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distances, "WEIGHED", 0.0)
        between = distances.betweenness(matrix(graph))
    assert between == pytest.approx(list(nx.betweenness_centrality(graph).values()), abs=1e-12)


@given(graphs())
def test_blocks_say_what_falls_apart_without_whom(graph: nx.Graph[int]) -> None:
    found = blocks(matrix(graph))
    assert set(found.cut) == set(nx.articulation_points(graph))
    pairs = {frozenset(block) for block in found.blocks if len(block) == 2}
    bridges: Any = nx.bridges(graph)
    assert pairs == {frozenset(tie) for tie in bridges}
    for one in found.cut:
        rest = graph.subgraph(nx.node_connected_component(graph, one) - {one})
        assert found.parts(one) == sorted(map(len, nx.connected_components(rest)), reverse=True)


@given(graphs())
def test_fragmentation_is_that_of_the_rest(graph: nx.Graph[int]) -> None:
    for one in graph:
        rest = graph.subgraph(set(graph) - {one})
        near = sum(
            1 / steps
            for start, reached in nx.all_pairs_shortest_path_length(rest)
            for end, steps in reached.items()
            if start != end
        )
        assert fragmentation(matrix(graph), [one]) == pytest.approx(
            1 - near / (len(rest) * (len(rest) - 1))
        )


@given(graphs())
def test_eigenvector_is_the_limit_of_networkxs_power_iteration(graph: nx.Graph[int]) -> None:
    if not graph.edges:
        return
    try:
        expected = nx.eigenvector_centrality(graph, max_iter=20_000, tol=1e-10)
    except nx.PowerIterationFailedConvergence:
        return
    found = distances.eigenvector(matrix(graph))
    assert found == pytest.approx([expected[one] for one in graph], abs=1e-4)


def test_a_large_component_takes_the_sparse_way_to_the_same_eigenvector() -> None:
    graph = nx.barabasi_albert_graph(distances.DENSE + 50, 2, seed=4)
    expected = nx.eigenvector_centrality_numpy(graph)
    assert distances.eigenvector(matrix(graph)) == pytest.approx(list(expected.values()), abs=1e-9)


def test_a_large_layer_gets_networkxs_values_from_arrays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "SMALL", 5)
    graph = nx.barabasi_albert_graph(30, 2, seed=4)
    world.suspects(*map(str, graph))
    for a, b in graph.edges:
        world.link(str(a), str(b))
    assert {row.betweenness for row in values(world).values()} == {None}, "not unasked"
    found = values(world, by="betweenness")
    expected = nx.betweenness_centrality(graph)
    assert {int(k): r.betweenness for k, r in found.items()} == pytest.approx(expected)


def test_groups_hold_everybody_tied_known_by_name_or_not(world: World) -> None:
    world.suspects("Ash", "Birch", "Elder", "Fern")
    world.put("the tall one with the scar", "person-of-interest")
    world.child("Clover")
    world.put("AB91 ABC", kind="vehicle")
    world.link("Ash", "Birch", grade="3C")
    world.link("Birch", "the tall one with the scar", grade="2B")
    world.link("Clover", "Ash", known=9)
    world.link("Elder", "AB91 ABC", "uses")
    world.link("Fern", "AB91 ABC", "uses")
    world.link("Elder", "Fern", grade=None)
    with world.db() as db:
        found = groups(db, READER)
        earlier = groups(db, READER, link_filter=LinkFilter(as_known=day(5)))
        every = groups(db, READER, link_filter=LinkFilter(min_rank=None))
    (group,) = found.groups
    assert group.id == world["Ash"]
    assert (len(group.people), group.offenders, group.victims, group.children) == (4, 3, 1, 1)
    assert (group.ties, group.grade) == (3, "2B")
    assert found.ungraded == 1
    assert [len(one.people) for one in earlier.groups] == [3]
    assert [len(one.people) for one in every.groups] == [4, 2]
