"""The nodes of a picture are inside its frame and apart from each other, and have the same
positions every time.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.picture import layout
from network.picture.layout import Bounds, Box, place, place_nodes

FRAME = Bounds(0, 100, 1200, 700)
BOX = Box(45, 20, 40)
CALLED = ("Baz", "a man", "a silver Corsa")


def with_names(graph: nx.Graph[int]) -> nx.Graph[str]:
    named_graph: nx.Graph[str] = nx.Graph()
    named_graph.add_nodes_from(map(str, graph))
    named_graph.add_edges_from((str(a), str(b)) for a, b in graph.edges)
    return named_graph


@pytest.mark.parametrize(
    "graph",
    [
        nx.empty_graph(1),
        nx.path_graph(2),
        nx.path_graph(9),
        nx.star_graph(20),
        nx.complete_graph(6),
        nx.disjoint_union_all([nx.cycle_graph(5), nx.path_graph(2), nx.empty_graph(3)]),
        nx.barabasi_albert_graph(40, 1, seed=3),
        nx.barabasi_albert_graph(60, 2, seed=5),
    ],
)
def test_no_two_boxes_overlap_and_none_leaves_the_frame(graph: nx.Graph[int]) -> None:
    ones = with_names(graph)
    found = place(ones, alike(ones), dict.fromkeys(ones, BOX), FRAME)
    assert found.keys() == set(ones)
    for x, y in found.values():
        assert FRAME.left + BOX.aside - 1 <= x <= FRAME.left + FRAME.width - BOX.aside + 1
        assert FRAME.top + BOX.above - 1 <= y <= FRAME.top + FRAME.height - BOX.below + 1
    for (ax, ay), (bx, by) in combinations(found.values(), 2):
        apart_x = abs(ax - bx) - 2 * BOX.aside
        apart_y = abs(ay - by) - (BOX.above + BOX.below)
        assert max(apart_x, apart_y) > -3


def alike(graph: nx.Graph[str]) -> dict[str, str]:
    return dict.fromkeys(graph, "a man")


def picture(
    graph: nx.Graph[int], called: Mapping[int, str], ids: Sequence[int]
) -> tuple[object, object]:
    """Return the layout of a network whose nodes have these ids: the position of each node, and the
    two ends of each line."""
    named: nx.Graph[str] = nx.Graph()
    nodes = sorted(graph, key=lambda one: ids[one])
    named.add_nodes_from(f"{ids[node]:032x}" for node in nodes)
    named.add_edges_from((f"{ids[b]:032x}", f"{ids[a]:032x}") for a, b in graph.edges)
    looks = {f"{ids[one]:032x}": called[one] for one in graph}
    boxes = {one: Box(20 + len(look), 20, 40) for one, look in looks.items()}
    layout._placed.cache_clear()  # without cached results, each picture is computed again
    at = place(named, looks, boxes, FRAME)
    return (
        Counter((looks[one], at[one]) for one in named),
        Counter(frozenset((at[a], at[b])) for a, b in named.edges),
    )


@st.composite
def networks(draw: st.DrawFn) -> tuple[nx.Graph[int], dict[int, str]]:
    """Return a random small network of people and things, many of which have the same name, with
    the names."""
    count = draw(st.integers(1, 9))
    graph: nx.Graph[int] = nx.empty_graph(count)
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    graph.add_edges_from((a, b) for a, b in draw(st.lists(pairs, max_size=14)) if a != b)
    labels = draw(st.lists(st.sampled_from(CALLED), min_size=count, max_size=count))
    return graph, dict(enumerate(labels))


@settings(max_examples=60)
@given(networks(), st.integers(0, 2**32))
def test_where_things_stand_follows_names_and_ties_and_never_ids(
    network: tuple[nx.Graph[int], dict[int, str]], seed: int
) -> None:
    (graph, called), dice = network, random.Random(seed)
    first, second = (dice.sample(range(2**60), len(graph)) for _ in range(2))
    assert picture(graph, called, first) == picture(graph, called, second)


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "graph",
    [
        nx.star_graph(30),
        nx.cycle_graph(9),
        nx.petersen_graph(),
        nx.disjoint_union_all([nx.cycle_graph(6), nx.cycle_graph(3), nx.cycle_graph(3)]),
        nx.disjoint_union_all([nx.path_graph(2)] * 12),
        # in this graph, each node has three links, and exchanging two nodes changes the graph
        nx.frucht_graph(),
        nx.balanced_tree(3, 2),
        nx.barabasi_albert_graph(200, 1, seed=3),
    ],
)
def test_not_even_where_all_are_called_the_same(graph: nx.Graph[int]) -> None:
    dice, called = random.Random(7), dict.fromkeys(graph, "a man")
    one, *others = (picture(graph, called, dice.sample(range(10**6), len(graph))) for _ in range(4))
    assert [other == one for other in others] == [True] * 3


@pytest.mark.in_turn
@pytest.mark.parametrize("count", [2, 20, 79, 300])
def test_a_frame_that_may_grow_keeps_long_names_apart(count: int) -> None:
    """A picture whose frame may grow has room for long names without overlap, even with the largest
    number of people that a map shows.
    """
    dice = random.Random(count)
    graph = with_names(nx.barabasi_albert_graph(count, 1 if count < 3 else 2, seed=3))
    boxes = {one: Box(dice.uniform(20, 120), 27, dice.choice((54, 78))) for one in graph}
    found = place(graph, alike(graph), boxes, FRAME, grows=True)
    for one, other in combinations(graph, 2):
        (ax, ay), (bx, by) = found[one], found[other]
        aside = abs(ax - bx) - boxes[one].aside - boxes[other].aside
        upper, lower = (one, other) if ay < by else (other, one)
        above = abs(ay - by) - boxes[upper].below - boxes[lower].above
        assert max(aside, above) > 0


def test_a_picture_that_is_opened_again_is_not_placed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A layout is computed once for all pictures with the same links, lengths of names and frame,
    even if the people have changed. Any other picture gets a layout of its own."""
    placed: list[int] = []
    spread = layout._into

    def into(points: layout.Points, *others: Any) -> layout.Points:
        placed.append(len(points))
        return spread(points, *others)

    monkeypatch.setattr(layout, "_into", into)
    layout._placed.cache_clear()
    frame, box = Bounds(0, 0, 301, 203), Box(20, 14, 20)

    def at(names: str, frame: Bounds = frame, box: Box = box, links: int = 2) -> list[object]:
        graph: nx.Graph[str] = nx.path_graph(names)
        graph.remove_edges_from(list(graph.edges)[links:])
        looks = dict(zip(names, ["one", "two", "three"], strict=True))
        found = place(graph, looks, dict.fromkeys(names, box), frame)
        return [found[name] for name in names]

    assert at("abc") == at("abc") == at("xyz")
    assert len(placed) == 1
    others = [at("abc", Bounds(0, 0, 302, 203)), at("abc", box=Box(30, 14, 20)), at("abc", links=1)]
    assert at("abc") not in others
    assert len(placed) == 4


def test_nothing_to_place_is_no_error() -> None:
    assert place(nx.Graph(), {}, {}, FRAME) == {}


def test_many_are_placed_in_reasonable_time_inside_the_frame() -> None:
    graph = with_names(nx.barabasi_albert_graph(300, 1, seed=3))
    small = Box(8, 8, 8)
    found = place(graph, alike(graph), dict.fromkeys(graph, small), FRAME)
    assert all(FRAME.left <= x <= FRAME.left + FRAME.width for x, _ in found.values())


def test_newcomers_come_beside_those_who_stand_and_move_none() -> None:
    """Nodes that are added to a picture appear beside the present nodes, move none of them and
    cover none. Their positions depend on names and links, not on ids."""
    graph: nx.Graph[str] = nx.star_graph(5)
    graph = nx.relabel_nodes(graph, str)
    looks = {one: f"number {one}" for one in graph}
    boxes = dict.fromkeys(graph, BOX)
    stands = place(graph, looks, boxes, FRAME)
    more = nx.Graph(graph)
    more.add_edges_from([("3", f"new {letter}") for letter in "abcd"] + [("new a", "new e")])
    looks |= {one: one for one in more if one not in looks}
    boxes = dict.fromkeys(more, BOX)
    found = place_nodes(stands, more, looks, boxes)
    assert {one: found[one] for one in stands} == stands
    assert found.keys() == set(more)
    for (ax, ay), (bx, by) in combinations([found[one] for one in more if one not in stands], 2):
        assert abs(ax - bx) >= 2 * BOX.aside or abs(ay - by) >= BOX.above + BOX.below
    called = {one: f"id {number}" for number, one in enumerate(sorted(more, reverse=True))}
    other = place_nodes(
        {called[one]: spot for one, spot in stands.items()},
        nx.relabel_nodes(more, called),
        {called[one]: look for one, look in looks.items()},
        dict.fromkeys(called.values(), BOX),
    )
    assert {called[one]: spot for one, spot in found.items()} == other
