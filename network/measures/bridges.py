"""Find the links and the people whose removal splits a network.

A block is a part that stays connected whichever one person is removed. Blocks meet in cut people,
whose removal splits the network (Hopcroft & Tarjan 1973). Most of these networks are trees with a
few denser blocks, so computations over all pairs are made in each block separately; the people
attached to a member of a block count as that member's weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import networkx as nx
import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from network.query.view import NetworkAnswer

#: The smallest part of the network that a bridge may separate; with 1, the link of every person
#: with a single link would be a bridge.
LEAST = 2
#: The largest number of bridges that a picture marks.
RINGED = 12
Matrix = Any  # the type is scipy.sparse.csr_array; the matrix is symmetric, with an empty diagonal


class Blocks(Struct, frozen=True):
    """The blocks of a network: parts that no single person's removal disconnects.

    Each list in `blocks` begins with the person from whom the search reached the block (the top of
    the block). `below` is, for each person, the number of people who are connected with the start
    of the search only through that person. `branches` divides this number among the blocks of which
    the person is the top. `whole` is, for each person, the number of people in the person's
    component.
    """

    blocks: list[list[int]]
    below: list[int]
    branches: dict[int, list[int]]
    whole: list[int]

    def parts(self, person: int) -> list[int]:
        """Return the sizes of the separate parts into which the person's component falls without
        this person, largest first.
        """
        rest = self.whole[person] - 1 - self.below[person]
        return sorted([*self.branches.get(person, ()), *([rest] if rest else [])], reverse=True)

    def weights(self, block: list[int]) -> list[int]:
        """Return for each member of a block the number of people whom the member represents:
        themselves and the people attached to them.
        """
        behind = [1 + self.below[member] for member in block[1:]]
        return [self.whole[block[0]] - sum(behind), *behind]

    @property
    def cut(self) -> list[int]:
        """Return the people whose removal disconnects others from each other."""
        return [branch for branch in self.branches if len(self.parts(branch)) > 1]


def blocks(ties: Matrix) -> Blocks:
    """Return all blocks of the network with these links."""
    starts, beside = ties.indptr.tolist(), ties.indices.tolist()
    people = len(starts) - 1
    all_blocks: list[list[int]] = []
    met, low, size = [0] * people, [0] * people, [1] * people
    below, whole = [0] * people, [1] * people
    branches: dict[int, list[int]] = {}
    at = list(starts[:-1])
    clock = 0
    for start in range(people):
        if met[start]:
            continue
        clock += 1
        met[start] = low[start] = clock
        way, passed, members = [start], [-1], [start]
        stack: list[int] = []
        while way:
            here = way[-1]
            if at[here] < starts[here + 1]:
                other = beside[at[here]]
                at[here] += 1
                if not met[other]:
                    clock += 1
                    met[other] = low[other] = clock
                    way.append(other)
                    passed.append(here)
                    stack.append(other)
                    members.append(other)
                elif other != passed[-1]:
                    low[here] = min(low[here], met[other])
                continue
            way.pop()
            top = passed.pop()
            if top < 0:
                break
            size[top] += size[here]
            low[top] = min(low[top], low[here])
            if low[here] >= met[top]:
                block = [top]
                while block[-1] != here:
                    block.append(stack.pop())
                all_blocks.append(block)
                branches.setdefault(top, []).append(size[here])
                below[top] += size[here]
        for member in members:
            whole[member] = len(members)
    return Blocks(all_blocks, below, branches, whole)


def picture_bridges(picture: NetworkAnswer) -> dict[UUID, list[int]]:
    """Return the most important bridges of a picture, each with the sizes of the parts that it
    joins, the largest first. A bridge is a link without which two parts of the picture are not
    connected; outside the picture they may be.
    """
    graph: nx.Graph[UUID] = nx.Graph()
    graph.add_edges_from(
        (a, b) for pair in picture.pairs if (a := pair.source) != (b := pair.target)
    )
    if not graph:
        return {}
    names = sorted(graph)
    split = blocks(nx.to_scipy_sparse_array(graph, nodelist=names, dtype=np.dtype(float)))
    parts = {place: [size for size in split.parts(place) if size >= LEAST] for place in split.cut}
    bridges = [place for place, sizes in parts.items() if len(sizes) > 1]
    bridges.sort(key=lambda one: (-sum(parts[one][1:]), one))
    return {names[place]: parts[place] for place in bridges[:RINGED]}
