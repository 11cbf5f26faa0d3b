"""The shortest path from one person or thing to another, with the evidence of each step."""

from collections.abc import Iterator
from itertools import pairwise
from uuid import UUID

import networkx as nx
from msgspec import Struct

from domain.kernel.codes import Layer
from domain.kernel.values import HandlingCode, Reader, Refused
from network.index.index import Index, read_index
from network.query import around
from network.query.around import can_answer
from network.query.evidence import DEFAULT, StrengthPolicy, cost
from network.query.graph_builder import GRADED, Gathering
from network.query.link_pairs import LinkPair, derived_grade
from network.query.view import NetworkAnswer, narrowed, picture, resolve_clusters
from projections.intelligence.links import LinkFilter
from projections.kernel.database import Db

#: The length that each further link adds to a path, so that it outweighs any difference in
#: strength: the length of a link is below 7, and a path has fewer than 100 links.
HOP = 1_000.0


class Path(Struct, frozen=True):
    """A path through the network: its two ends and the nodes between them, in order.

    `steps[i]` has the links between `nodes[i]` and `nodes[i + 1]`. `grade` is the weakest of the
    steps' best grades, because a conclusion is never better than its sources; it is None if a step
    is ungraded. `handling` is the strictest handling code of all links.
    """

    picture: NetworkAnswer
    nodes: tuple[UUID, ...]
    steps: tuple[tuple[LinkPair, ...], ...]
    grade: str | None
    handling: HandlingCode


def path(
    db: Db,
    reader: Reader,
    a: UUID,
    b: UUID,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "all",
    max_hops: int = 8,
    policy: StrengthPolicy = DEFAULT,
) -> Path | None:
    """Return the path with the fewest links from `a` to `b`, and among equally short paths the
    strongest; None if no path has at most `max_hops` links.

    Raises Refused if an end was not known at the time of the query, or if both ends were judged the
    same.
    """
    index = read_index(db) if can_answer(link_filter, layer, ()) else None
    try:
        return _path(Gathering(db, reader, link_filter, layer), index, a, b, max_hops, policy)
    except nx.NetworkXNoPath:
        # the views are at another position of the log than the index, and lack a link of the path
        # that the index gave
        return _path(Gathering(db, reader, link_filter, layer), None, a, b, max_hops, policy)


def _path(
    gathering: Gathering,
    index: Index | None,
    a: UUID,
    b: UUID,
    max_hops: int,
    policy: StrengthPolicy,
) -> Path | None:
    ends = resolve_clusters(gathering, (a, b))
    if len(ends) < 2:
        raise Refused(f"{a} and {b} are judged the same: there is no path between them")
    start, goal = ends
    if index is not None:
        ways = around.between(
            gathering.db, gathering.reader, index, start, goal, max_hops, gathering.link_filter
        )
        if ways is None:
            return None
        gathering.adopt(ways)
    elif not _search_from_both_ends(gathering, start, goal, max_hops):
        return None
    answer = picture(gathering, [start, goal], policy)
    between: dict[frozenset[UUID], list[LinkPair]] = {}
    for pair in answer.pairs:
        between.setdefault(frozenset((pair.source, pair.target)), []).append(pair)

    def length(first_item: UUID, second_item: UUID, _: object) -> float:
        strongest = max(pair.strength for pair in between[frozenset((first_item, second_item))])
        return HOP + cost(strongest)

    _, nodes = nx.bidirectional_dijkstra(nx.Graph(answer.graph), start, goal, weight=length)
    steps = tuple(tuple(between[frozenset(step)]) for step in pairwise(nodes))
    taken = {frozenset(step) for step in pairwise(nodes)}
    return Path(
        picture=narrowed(answer, lambda pair: frozenset((pair.source, pair.target)) in taken),
        nodes=tuple(nodes),
        steps=steps,
        grade=derived_grade(steps),
        handling="C" if any(pair.handling == "C" for step in steps for pair in step) else "P",
    )


def _search_from_both_ends(gathering: Gathering, start: UUID, goal: UUID, max_hops: int) -> bool:
    """Read links from both ends of a path, always continuing from the end where fewer items are
    new, until both searches reach a common item. Return whether this happens. If it does, only the
    links of the shortest paths remain among the links to show.
    """
    sides = [{start}], [{goal}]
    reached = {start}, {goal}
    for _ in range(max_hops):
        here = min((0, 1), key=lambda side: len(sides[side][-1]))
        frontier = gathering.around(sides[here][-1]) - reached[here]
        sides[here].append(frontier)
        reached[here].update(frontier)
        if met := frontier & reached[1 - here]:
            ways = {link for side in sides for link in _back(gathering, side, met)}
            gathering.shown = {link: gathering.shown[link] for link in ways}
            return True
        if not frontier:
            return False
    return False


def _back(gathering: Gathering, layers: list[set[UUID]], ends: set[UUID]) -> Iterator[UUID]:
    """Yield the links over which a search reached the items `ends`, one step after another, back to
    the start of the search.
    """
    for before in layers[-2::-1]:
        way = {
            link: a if a in before else b
            for link, (a, b, _) in gathering.shown.items()
            if (a in before and b in ends) or (b in before and a in ends)
        }
        yield from way
        ends = set(way.values())
