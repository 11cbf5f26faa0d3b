"""Places in a picture: inside the frame, apart from each other, the same every time."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest

from network.layout import Box, Frame, place

FRAME = Frame(0, 100, 1200, 700)
BOX = Box(45, 20, 40)


def named(graph: nx.Graph[int]) -> nx.Graph[str]:
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
    ones = named(graph)
    found = place(ones, dict.fromkeys(ones, BOX), FRAME)
    assert found.keys() == set(ones)
    for x, y in found.values():
        assert FRAME.left + BOX.aside - 1 <= x <= FRAME.left + FRAME.width - BOX.aside + 1
        assert FRAME.top + BOX.above - 1 <= y <= FRAME.top + FRAME.height - BOX.below + 1
    for (ax, ay), (bx, by) in combinations(found.values(), 2):
        apart_x = abs(ax - bx) - 2 * BOX.aside
        apart_y = abs(ay - by) - (BOX.above + BOX.below)
        assert max(apart_x, apart_y) > -3


def test_the_order_in_which_things_come_does_not_move_them() -> None:
    graph = named(nx.barabasi_albert_graph(25, 2, seed=3))
    other: nx.Graph[str] = nx.Graph()
    other.add_nodes_from(reversed(list(graph)))
    other.add_edges_from((b, a) for a, b in reversed(list(graph.edges)))
    assert place(graph, dict.fromkeys(graph, BOX), FRAME) == place(
        other, dict.fromkeys(graph, BOX), FRAME
    )


def test_nothing_to_place_is_no_error() -> None:
    assert place(nx.Graph(), {}, FRAME) == {}


def test_many_are_placed_in_reasonable_time_inside_the_frame() -> None:
    graph = named(nx.barabasi_albert_graph(300, 1, seed=3))
    small = Box(8, 8, 8)
    found = place(graph, dict.fromkeys(graph, small), FRAME)
    assert all(FRAME.left <= x <= FRAME.left + FRAME.width for x, _ in found.values())
