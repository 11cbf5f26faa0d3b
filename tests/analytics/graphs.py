"""Random networks, and comparisons of analyses with the results of networkx."""

import networkx as nx
import numpy as np

from analytics.engine import Array, Engine


def at_random(seed: int, people: int = 60, ties: int = 140) -> tuple[Array, Array]:
    """Return the links of a random network of this many people, some of whom have very many
    links.
    """
    draw = np.random.default_rng(seed)
    a = draw.integers(0, people, ties)
    b = np.where(draw.random(ties) < 0.3, draw.integers(0, 4, ties), draw.integers(0, people, ties))
    keep = a != b
    return np.minimum(a, b)[keep], np.maximum(a, b)[keep]


def graph(a: Array, b: Array) -> "nx.Graph[int]":
    made: nx.Graph[int] = nx.Graph()
    made.add_edges_from(zip(a.tolist(), b.tolist(), strict=True))
    return made


def holds(engine: Engine, a: Array, b: Array) -> None:
    """Assert that the engine's analyses of a network give the same results as networkx. Link number
    i of the network joins the people `a[i]` and `b[i]`."""
    known = graph(a, b)
    degrees, components, ranks = engine.degrees(), engine.components(), engine.ranks()
    triangles, cores = engine.triangles(), engine.cores()
    assert {one: int(degrees[one]) for one in known} == dict(known.degree())
    for group in nx.connected_components(known):
        assert {int(components[one]) for one in group} == {min(group)}
    expected = nx.pagerank(known, tol=1e-12, max_iter=500)
    assert max(abs(ranks[one] - expected[one]) for one in known) < 1e-6
    assert {one: int(triangles[one]) for one in known} == nx.triangles(known)
    assert {one: int(cores[one]) for one in known} == nx.core_number(known)
    alone = np.ones(len(degrees), bool)
    alone[list(known)] = False
    assert not degrees[alone].any()
    assert not ranks[alone].any()
    assert not triangles[alone].any()
    assert not cores[alone].any()
