"""Sort a network's nodes by their labels and links.

Ids are random: sorted by ids, stores with the same contents would draw different pictures. Nodes
are distinguished by their looks, then by the looks of their neighbours, and so on (colour
refinement; Weisfeiler and Leman, 1968). If some nodes still look the same, one of them is singled
out, and the others are distinguished by how they are linked to it. The node that is singled out is
the one for which the result sorts first. Nodes that look the same even then can be exchanged
without a visible difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

Colours = npt.NDArray[np.intp]
Sums = npt.NDArray[np.uint64]
#: Number of links that are searched for the best node to single out; after that, the first node is
#: singled out.
PATIENCE = 3_000_000


def ordered(graph: nx.Graph[str], looks: Mapping[str, Any]) -> list[str]:
    """Return the nodes in an order that depends on `looks` (sortable values) and links."""
    if not graph:
        return []
    names = list(graph)
    index = {node: number for number, node in enumerate(names)}
    ends = np.array([(index[a], index[b]) for a, b in graph.edges], dtype=np.intp).reshape(-1, 2)
    both = np.concatenate([ends, ends[:, ::-1]])
    ranks = {look: rank for rank, look in enumerate(sorted({looks[name] for name in names}))}
    colours = np.array([ranks[looks[name]] for name in names], dtype=np.intp)
    colours = _separate_twins(_refined(colours, both), both)
    patience = PATIENCE
    while True:
        colours = _refined(colours, both)
        alike = np.flatnonzero(np.bincount(colours)[colours] > 1)
        if not len(alike):
            return [names[number] for number in np.argsort(colours)]
        alike = alike[colours[alike] == np.min(colours[alike])]
        chosen = int(alike[0])
        patience -= len(alike) * len(both)
        if patience > 0:
            chosen = min(map(int, alike), key=lambda one: _colouring_from(colours, both, one))
        colours = _singled_out(colours, chosen)


def _refined(colours: Colours, both: Colours) -> Colours:
    """Return finer colours (numbers for groups of nodes that look the same): nodes of one colour
    get different colours if they have different neighbours. The order of the given colours does not
    change.
    """
    while True:
        finer = _ranked(colours, _sums(colours, both))
        if np.max(finer) == np.max(colours):
            return finer
        colours = finer


def _sums(colours: Colours, both: Colours) -> Sums:
    """Return for each node one number that represents the colours of its neighbours. Each colour is
    first scattered over 64 bits, so that two different sets of colours are unlikely to have the
    same sum.
    """
    sums = np.zeros(len(colours), dtype=np.uint64)
    np.add.at(sums, both[:, 0], _scattered(colours)[both[:, 1]])
    return sums


def _scattered(numbers: Colours) -> Sums:
    """Return the numbers scattered by SplitMix64 (Steele, Lea and Flood, 2014)."""
    mixed = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _ranked(first: Colours, second: Sums) -> Colours:
    """Return ranks for pairs of numbers. The pair of each node is its number in `first` and its
    number in `second`; its rank is the place of this pair among the pairs of all nodes, and equal
    pairs have the same rank.
    """
    order = np.lexsort((second, first))
    steps = (np.diff(first[order]) != 0) | (np.diff(second[order]) != 0)
    ranks = np.empty(len(order), dtype=np.intp)
    ranks[order] = np.concatenate([[0], np.cumsum(steps)])
    return ranks


def _separate_twins(colours: Colours, both: Colours) -> Colours:
    """Return colours that distinguish the nodes that have the same look and the same neighbours
    (many such nodes are linked only to a hub). All of them are distinguished in one step.
    """
    groups = _ranked(colours, _sums(np.arange(len(colours), dtype=np.intp), both))
    order = np.argsort(groups, kind="stable")
    firsts = np.searchsorted(groups[order], groups[order])
    place = np.empty(len(order), dtype=np.uint64)
    place[order] = (np.arange(len(order)) - firsts).astype(np.uint64)
    return _ranked(colours, place)


def _singled_out(colours: Colours, node: int) -> Colours:
    """Return colours in which `node` comes before all others of its colour."""
    apart = np.ones(len(colours), dtype=np.uint64)
    apart[node] = 0
    return _ranked(colours, apart)


def _colouring_from(colours: Colours, both: Colours, node: int) -> bytes:
    """Return bytes that describe the colouring after the node `node` was singled out: how many
    nodes have each colour, and which colours their neighbours have.
    """
    array = _refined(_singled_out(colours, node), both)
    seen = np.column_stack([array.astype(np.uint64), _sums(array, both)])
    return seen[np.argsort(array, kind="stable")].tobytes()
