"""Test data for saved maps: a network to which people are added step by step, and the position of
each person on the map."""

from __future__ import annotations

import random
from uuid import UUID

import networkx as nx

from network.picture import layout
from network.picture.layout import Bounds, Box


def grown(count: int) -> nx.Graph[str]:
    """Return a network that grew as real ones do: new people mostly link to people who have many
    links.
    """
    drawn = random.Random(3)
    graph: nx.Graph[str] = nx.Graph()
    names = [str(UUID(int=number)) for number in range(count)]
    ends = [names[0]]
    for name in names[1:]:
        tied = {drawn.choice(ends), *([drawn.choice(ends)] if drawn.random() < 0.3 else [])}
        for one in sorted(tied):  # the ends are sorted, so that each run makes the same network
            graph.add_edge(one, name)
            ends += [one, name]
    return graph


def placed(graph: nx.Graph[str], roomy: float) -> dict[str, tuple[float, float]]:
    boxes = dict.fromkeys(graph, Box(50, 30, 44))
    side = (len(graph) * 110 * 84 * roomy) ** 0.5
    called = {one: f"number {UUID(one).int}" for one in graph}
    return layout.place(graph, called, boxes, Bounds(0, 0, side * 1.25, side * 0.8))
