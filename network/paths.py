"""The shortest way from one person or thing to another, with the evidence of each step."""

from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import networkx as nx

from domain.codes import Layer
from domain.values import HandlingCode, Reader, Refused
from network.evidence import DEFAULT, Policy, cost
from network.gathering import GRADED, Gathering
from network.pairs import Pair, derived_grade
from network.view import Picture, known, narrowed, picture
from projections.links import Asked
from projections.schema import Db

#: One hop outweighs any difference in strength: a cost is below 7, and a path below 100 hops.
HOP = 1_000.0


@dataclass(frozen=True)
class Path:
    """A way through the network: its ends and what lies between, step by step.

    `steps[i]` holds all pairs between `nodes[i]` and `nodes[i + 1]`. `grade` is the weakest of the
    steps' best grades: what is derived is never better than what it rests on (None where a step is
    ungraded). `handling` is the strictest of all.
    """

    picture: Picture
    nodes: tuple[UUID, ...]
    steps: tuple[tuple[Pair, ...], ...]
    grade: str | None
    handling: HandlingCode


def path(
    db: Db,
    reader: Reader,
    a: UUID,
    b: UUID,
    *,
    asked: Asked = GRADED,
    layer: Layer = "all",
    max_hops: int = 8,
    policy: Policy = DEFAULT,
) -> Path | None:
    """The fewest links from `a` to `b`, the strongest of equally short ways; None if there is none
    within `max_hops`.

    Raises Refused if either end was not known then, or both are judged the same.
    """
    gathering = Gathering(db, reader, asked, layer)
    start, goal = known(gathering, a), known(gathering, b)
    if start == goal:
        raise Refused(f"{a} and {b} are judged the same: there is no way between them")
    if not _meet(gathering, start, goal, max_hops):
        return None
    found = picture(gathering, [start, goal], policy)
    between: dict[frozenset[UUID], list[Pair]] = {}
    for pair in found.pairs:
        between.setdefault(frozenset((pair.source, pair.target)), []).append(pair)

    def length(one: UUID, other: UUID, _: object) -> float:
        strongest = max(pair.strength for pair in between[frozenset((one, other))])
        return HOP + cost(strongest)

    _, nodes = nx.bidirectional_dijkstra(nx.Graph(found.graph), start, goal, weight=length)
    steps = tuple(tuple(between[frozenset(step)]) for step in pairwise(nodes))
    taken = {frozenset(step) for step in pairwise(nodes)}
    return Path(
        picture=narrowed(found, lambda pair: frozenset((pair.source, pair.target)) in taken),
        nodes=tuple(nodes),
        steps=steps,
        grade=derived_grade(steps),
        handling="C" if any(pair.handling == "C" for step in steps for pair in step) else "P",
    )


def _meet(gathering: Gathering, start: UUID, goal: UUID, max_hops: int) -> bool:
    """Read links from both ends, the smaller side first, until the sides meet."""
    sides = [({start}, {start}), ({goal}, {goal})]
    for _ in range(max_hops):
        here = min((0, 1), key=lambda side: len(sides[side][1]))
        reached, frontier = sides[here]
        other = sides[1 - here][0]
        frontier = gathering.around(frontier) - reached
        if not frontier:
            return False
        reached |= frontier
        sides[here] = (reached, frontier)
        if frontier & other:
            return True
    return False
