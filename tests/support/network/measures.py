"""Random graphs for tests of the measures."""

from __future__ import annotations

import networkx as nx
from hypothesis import strategies as st


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[int]:
    people = draw(st.integers(3, 14))
    graph: nx.Graph[int] = nx.empty_graph(people)
    ends = st.integers(0, people - 1)
    graph.add_edges_from(
        (a, b) for a, b in draw(st.lists(st.tuples(ends, ends), max_size=28)) if a != b
    )
    return graph
