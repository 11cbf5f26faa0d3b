"""Measure groups, key people and the map of all people as a network grows, and compare them with
networkx.

Half of the people are linked as in `bench.network`: a few of them have very many links. `python -m
bench.groups` runs this module alone. Each line of its output is one run, so that the ratios in a
line are right even on a busy machine.
"""

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from time import process_time
from typing import Any

import networkx as nx
import numpy as np
from scipy import sparse

from network.measures import distances, key_player_sets, partition

#: The largest number of people for which networkx computes the same measures.
BESIDE = 10_000


def network(people: int, ties: int, seed: int = 1) -> Any:
    """Return the links of a network as a symmetric array; a few people have very many links."""
    draw = np.random.default_rng(seed)
    skewed = np.where(draw.random(ties) < 0.5, draw.random(ties) ** 2, draw.random(ties))
    a = (skewed * people).astype(np.int64)
    b = draw.integers(0, people, ties)
    apart = a != b
    weights = np.ones(apart.sum())
    half = sparse.coo_array((weights, (a[apart], b[apart])), shape=(people, people))
    both = (half + half.T).tocsr()
    both.data[:] = 1.0
    return both


def cpu_seconds(ask: Callable[[], object]) -> float:
    """Call the function `ask`; return the CPU seconds that the call took."""
    start = process_time()
    ask()
    return process_time() - start


def report(people: int, ties: int) -> Iterator[str]:
    """Yield the measured lines for a network of this size, each as soon as its figure is
    measured.
    """
    matrix = network(people, ties)
    beside = people <= BESIDE
    graph: Any = nx.from_scipy_sparse_array(matrix) if beside else None
    measures: dict[str, tuple[Callable[[], object], Callable[[], object] | None]] = {
        "components": (
            lambda: partition.components(matrix),
            lambda: list(nx.connected_components(graph)),
        ),
        "k-core": (lambda: partition.core_numbers(matrix), lambda: nx.core_number(graph)),
        "Leiden, one seed (networkx: Louvain)": (
            lambda: partition.leiden(matrix, 1),
            lambda: nx.community.louvain_communities(graph, seed=1),
        ),
        "Leiden, ten seeds with stability": (lambda: partition.leiden(matrix), None),
        "eigenvector": (
            lambda: distances.eigenvector(matrix),
            lambda: nx.eigenvector_centrality(graph, max_iter=1_000),
        ),
        "key players, reach": (lambda: key_player_sets.best_set(matrix, 3, "reach"), None),
    }
    if beside:
        parted = partial(key_player_sets.best_set, matrix, 3, "fragmentation")
        measures["key players, fragmentation"] = (parted, None)
        measures["betweenness, exact"] = (lambda: distances.betweenness(matrix), None)
        measures["closeness, exact"] = (lambda: distances.closeness(matrix), None)
    yield f"groups and key people, {people:,} people, {matrix.nnz // 2:,} ties, CPU seconds"
    for name, (ours, theirs) in measures.items():
        own = cpu_seconds(ours)
        line = f"  {name:<38} {own:8.2f}"
        if beside and theirs:
            other = cpu_seconds(theirs)
            line += f"   networkx {other:8.2f}   ratio {other / max(own, 1e-9):6.1f}"
        yield line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    for people in parser.parse_args().people:
        for line in report(people, 3 * people):
            print(line, flush=True)


if __name__ == "__main__":
    main()
