"""Key players, bridges, brokers and groups are the same as networkx computes on random graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import signature
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import shortest_path

from domain.kernel.values import Refused
from network.measures import key_player_sets, partition
from network.measures import key_players as players
from network.measures.groups import groups, members
from network.measures.key_player_sets import best_set
from network.measures.key_players import key_players, threads
from projections.intelligence.links import LinkFilter
from tests.network.world import READER, World, day
from tests.support.network.measures import graphs


def matrix(graph: nx.Graph[Any]) -> Any:
    return nx.to_scipy_sparse_array(graph, weight=None, dtype=np.dtype(float))


@settings(max_examples=25)
@given(graphs())
def test_cores_components_and_modularity_are_networkxs(graph: nx.Graph[int]) -> None:
    ties = matrix(graph)
    assert dict(enumerate(partition.core_numbers(ties))) == nx.core_number(graph)
    found = {frozenset(one) for one in partition.components(ties).groups}
    assert found == {
        frozenset(connected_component)
        for connected_component in nx.connected_components(graph)
        if len(connected_component) > 1
    }
    kept = {frozenset(one) for one in partition.cores(ties, 2).groups}
    assert kept == {
        frozenset(connected_component)
        for connected_component in nx.connected_components(nx.k_core(graph, 2))
    }
    divided = partition.leiden(ties)
    inside = [one for group in divided.groups for one in group]
    assert len(inside) == len(set(inside))
    assert all(0 < one <= 1 for one in divided.stability if one is not None)
    if graph.edges:
        alone = [{one} for one in graph if one not in inside]
        ours = nx.community.modularity(graph, [*map(set, divided.groups), *alone])
        theirs = nx.community.louvain_communities(graph, seed=1)
        assert ours >= nx.community.modularity(graph, theirs) - 0.1


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(0, 6), min_size=12, max_size=12), min_size=1, max_size=5))
def test_a_group_is_as_stable_as_other_divisions_know_it(divisions: list[list[int]]) -> None:
    """The stability of a group says how well other divisions of the network confirm it. It is the
    average, over these divisions, of the similarity of the group to its most similar group
    there."""
    first, *others = divisions
    groups = [[n for n, each in enumerate(first) if each == one] for one in sorted({*first})]

    def most_like(group: list[int], other: list[int]) -> float:
        there = ({n for n, each in enumerate(other) if each == one} for one in {*other})
        return max(len(one & {*group}) / len(one | {*group}) for one in there)

    expected: list[float | None] = [
        sum(most_like(group, other) for other in others) / len(others) if others else None
        for group in groups
    ]
    found = partition._stability(groups, [np.array(other) for other in others])
    assert list(found) == (expected if not others else pytest.approx(expected))


@settings(max_examples=20)
@given(graphs(), st.integers(1, 3))
def test_a_small_network_is_searched_whole(graph: nx.Graph[int], size: int) -> None:
    best = best_set(matrix(graph), size, "fragmentation")
    assert best.exact
    assert len(best.places) == size
    most = max(parted(graph, combination) for combination in combinations(graph, size))
    assert best.values[-1] == pytest.approx(most)


def known_networks() -> Iterator[tuple[nx.Graph[Any], int]]:
    """Yield networks of networkx with up to 80 people. For each, also yield a number: the test
    compares all sets of at most this many people."""
    for module in (nx.generators.small, nx.generators.social):
        for name in module.__all__:
            draw = getattr(module, name)
            told = [one for one in signature(draw).parameters.values() if one.default is one.empty]
            found = (
                None if [one for one in told if one.kind is one.POSITIONAL_OR_KEYWORD] else draw()
            )
            if type(found) is nx.Graph and 3 < len(found) <= 80:
                yield from ((found, size) for size in ((1, 2) if len(found) <= 20 else (1,)))


#: Networks that are also tested with larger sets of people.
KNOWN = [
    *known_networks(),
    (nx.karate_club_graph(), 2),
    (nx.les_miserables_graph(), 2),
    (nx.florentine_families_graph(), 3),
    *((nx.krackhardt_kite_graph(), size) for size in (3, 4)),
    (nx.petersen_graph(), 3),
    (nx.tutte_graph(), 2),
    (nx.disjoint_union(nx.house_graph(), nx.star_graph(5)), 4),
]


@pytest.mark.in_turn
@pytest.mark.parametrize(("network", "size"), KNOWN)
def test_no_other_set_is_better(network: nx.Graph[Any], size: int) -> None:
    graph: nx.Graph[int] = nx.convert_node_labels_to_integers(network)
    ties = matrix(graph)
    best, reach = best_set(ties, size, "fragmentation"), best_set(ties, size, "reach", 1)
    assert best.exact
    assert reach.exact
    every = [*combinations(graph, size)]
    assert best.values[-1] == pytest.approx(
        max(fragmentation_by_scipy(ties, some) for some in every)
    )
    beside = [{*graph[one]} for one in graph]
    most = max(len(set().union(*(beside[one] for one in some)) - {*some}) for some in every)
    assert reach.values[-1] == pytest.approx(most / (len(graph) - size))


def test_of_the_karate_club_the_best_three_are_named() -> None:
    best = best_set(matrix(nx.karate_club_graph()), 3, "fragmentation")
    assert (best.places, round(best.values[-1], 3)) == ([0, 32, 33], 0.797)


def fragmentation_by_scipy(ties: Any, without: Iterable[int]) -> float:
    """Return how fragmented the network is without these people, computed with scipy's
    distances.
    """
    rest = np.setdiff1d(np.arange(ties.shape[0]), [*without])
    far = shortest_path(ties[rest][:, rest], unweighted=True)
    np.fill_diagonal(far, np.inf)
    return float(1 - (1 / far).sum() / max(len(rest) * (len(rest) - 1), 1))


@settings(max_examples=20)
@given(graphs(), st.integers(1, 3))
def test_a_set_chosen_one_by_one_is_worth_what_is_said_and_none_exceeds_the_bound(
    graph: nx.Graph[int], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(key_player_sets, "TRIED", 0)
        best = best_set(matrix(graph), size, "fragmentation")
    assert not best.exact
    assert best.drawn is None
    assert best.values[-1] == pytest.approx(parted(graph, best.places))
    most = max(parted(graph, combination) for combination in combinations(graph, size))
    assert best.values[-1] - 1e-9 <= most <= best.bound + 1e-9


def test_every_set_is_tried_only_where_each_is_soon_reckoned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search for the best set of key players tries every set of people if there are only few
    sets. In a larger network it estimates the best set, and the result says that it is not exact.
    """
    graph = nx.cycle_graph(40)
    assert best_set(matrix(graph), 1, "fragmentation").exact
    monkeypatch.setattr(key_player_sets, "EVERY", 39)
    best = best_set(matrix(graph), 1, "fragmentation")
    assert not best.exact
    assert best.values[-1] == pytest.approx(parted(graph, [0]))
    assert best.values[-1] <= best.bound
    assert best_set(matrix(graph), 1, "reach").exact


@pytest.mark.parametrize(
    ("graph", "size", "alone"),
    [
        (nx.star_graph(600), 1, {0}),
        (nx.balanced_tree(20, 2), 1, {0}),
        (nx.disjoint_union(nx.star_graph(300), nx.star_graph(200)), 2, {0, 301}),
    ],
)
def test_who_holds_together_what_hangs_by_them_is_found_first_among_hundreds(
    graph: nx.Graph[int], size: int, alone: set[int]
) -> None:
    best = best_set(matrix(graph), size, "fragmentation")
    assert set(best.places) == alone
    assert best.values[-1] == pytest.approx(parted(graph, alone))
    assert best.values[-1] <= best.bound + 1e-9


def test_among_many_the_set_is_chosen_by_ways_from_some_who_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = nx.disjoint_union(nx.barabasi_albert_graph(120, 1, 1), nx.barabasi_albert_graph(60, 1))
    every = best_set(matrix(graph), 3, "fragmentation")
    monkeypatch.setattr(key_player_sets, "STARTS", 64)
    monkeypatch.setattr(key_player_sets, "EVERY", 10)
    some = best_set(matrix(graph), 3, "fragmentation")
    assert (every.drawn, some.drawn) == (None, 64)
    assert some.values[-1] == pytest.approx(parted(graph, some.places)), "exact all the same"
    assert some.values[-1] > 0.9 * every.values[-1]
    monkeypatch.setattr(key_player_sets, "EXACT", 10)
    assert best_set(matrix(graph), 3, "fragmentation").values[-1] == pytest.approx(
        every.values[-1], rel=0.1
    )


def parted(graph: nx.Graph[int], without: Iterable[int]) -> float:
    """Return how fragmented the network is without these people, computed with networkx."""
    rest = graph.subgraph(set(graph) - set(without))
    people = len(rest)
    if people < 2:
        return 1.0
    ways = dict(nx.all_pairs_shortest_path_length(rest))
    near: float = sum(1 / far for reached in ways.values() for far in reached.values() if far)
    return 1 - near / (people * (people - 1))


@settings(max_examples=20)
@given(graphs())
def test_no_set_reaches_more_than_the_bound(graph: nx.Graph[int]) -> None:
    near = {one: set(nx.single_source_shortest_path_length(graph, one, cutoff=2)) for one in graph}
    most = max(
        len((near[a] | near[b]) - {a, b}) / max(len(graph) - 2, 1)
        for a, b in combinations(graph, 2)
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(key_player_sets, "TRIED", 0)
        best = best_set(matrix(graph), 2, "reach")
    assert not best.exact
    assert best.values[-1] <= most + 1e-12 <= best.bound + 2e-12
    assert best_set(matrix(graph), 2, "reach").values[-1] == pytest.approx(most)


def test_bridges_and_brokers_part_what_they_say(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.suspects("Ash", "Birch", "Cedar", "Damson", "Elder", "Fern", "Gorse")
    for a, b in (("Ash", "Birch"), ("Birch", "Cedar"), ("Cedar", "Ash"), ("Cedar", "Damson")):
        world.link(a, b)
    for a, b in (("Damson", "Elder"), ("Elder", "Fern"), ("Fern", "Damson"), ("Fern", "Gorse")):
        world.link(a, b, grade="2E" if b == "Gorse" else "2B")
    with world.db() as db:
        found = threads(db, READER)
        alone = key_players(db, READER, size=1)
        monkeypatch.setitem(players.MOST, "fragmentation", 3)
        with pytest.raises(Refused, match="choose reach"):
            key_players(db, READER, size=1)
    assert [(bridge.label, bridge.other_label, bridge.fewer) for bridge in found.bridges] == [
        ("Cedar", "Damson", 3),
        ("Fern", "Gorse", 1),
    ]
    assert found.bridges[1].against == ("an account is suspected to be false",)
    assert [(broker.label, broker.parts, broker.cut_off) for broker in found.brokers] == [
        ("Damson", 2, 3),
        ("Cedar", 2, 2),
        ("Fern", 2, 1),
    ]
    assert [row.label for row in alone.rows] == ["Damson"]


def test_groups_by_close_ties_are_stable_and_go_on_under_their_name(world: World) -> None:
    world.suspects(*"ABCDEFGH")
    for four in ("ABCD", "EFGH"):
        for a, b in combinations(four, 2):
            world.link(a, b, known=1)
    world.link("D", "E", known=1)
    world.put("I", "suspect")
    world.link("I", "A", known=20)
    world.link("I", "B", known=20)
    with world.db() as db:
        (whole,) = groups(db, READER).groups
        close = groups(db, READER, method="leiden", since=day(5)).groups
        tight = groups(db, READER, method="k-core", k=3).groups
        assert members(db, READER, link_filter=LinkFilter(), limit=9) == [
            list(one.people) for one in close
        ]
        assert len(members(db, READER, link_filter=LinkFilter(), limit=1)) == 1
    assert len(whole.people) == 9
    assert [len(one.people) for one in close] == [5, 4]
    assert [one.stability for one in close] == [1.0, 1.0]
    assert [one.was for one in close] == [world["A"], world["E"]]
    assert [(len(one.people), one.core) for one in tight] == [(8, 3)]
    assert close[0].ties == 8


def test_what_offenders_share_makes_groups_of_them(world: World) -> None:
    world.suspects("Ash", "Birch")
    world.child("Clover")
    for man in ("Ash", "Birch"):
        world.link(man, "Clover", "association")
    with world.db() as db:
        assert groups(db, READER, layer="offender-offender").groups == ()
        (group,) = groups(db, READER, layer="through", link_filter=LinkFilter()).groups
    assert group.people == (world["Ash"], world["Birch"])
    assert (group.offenders, group.children, group.ties) == (2, 0, 1)
