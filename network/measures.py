"""Key people: who is how central, in one layer of the network at a time.

Values are as networkx defines them, normalised, on a graph of the people who have a direct tie in
the layer; several links of a pair are one tie. A single measure can mislead, and networks of this
kind were found to lack ringleaders and brokers (Cockbain 2018): a number is a lead for somebody to
look at, never a finding, and no rank gets a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import networkx as nx
import numpy as np

from domain.codes import Layer, Measure
from domain.values import Reader, Refused
from network import compact
from network.gathering import GRADED
from network.layers import between_people
from network.masks import is_tie_of_protected
from network.view import Picture, whole
from projections.columns import Column
from projections.links import Asked
from projections.schema import Db

CAUTION = (
    "A measure is a lead, not a finding: compare several, and offenders with offenders. "
    "Who is named most is often who was watched most."
)
#: Up to here networkx itself is quick enough; beyond, arrays give the same values.
SMALL = 300
#: Beyond these, exact values take too long or too much memory, and sampled ones misrank.
MOST_FOR_PATHS = 10_000
MOST_FOR_FRAGMENTATION = 2_000
MOST_FOR_WEIGHTS = 1_000


@dataclass(frozen=True)
class KeyPerson:
    """One person's measures. None: the layer holds too many people to reckon it exactly.

    `fragmentation` is how fragmented the rest would be without them (Borgatti's distance-weighted
    form, by hops): higher means that more hangs on this person. `ties` counts the people tied to.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "who"),
        Column("id", "id", "id"),
        Column("ties", "ties"),
        Column("degree", "degree", "figure"),
        Column("betweenness", "between", "figure"),
        Column("closeness", "close", "figure"),
        Column("eigenvector", "eigen", "figure"),
        Column("fragmentation", "fragments", "figure"),
    )
    order: ClassVar[tuple[str, ...]] = ("id",)
    id: UUID
    label: str
    degree: float
    betweenness: float | None
    closeness: float | None
    eigenvector: float
    fragmentation: float | None
    ties: int
    is_child: bool


@dataclass(frozen=True)
class KeyPeople:
    """The answer, and what it rests on: how many people and ties were reckoned with, how many
    people were left out because they are cleared, how many links for want of a grade."""

    rows: tuple[KeyPerson, ...]
    by: Measure
    layer: Layer
    people: int
    ties: int
    cleared: int
    ungraded: int
    weaker: int


def key_people(
    db: Db,
    reader: Reader,
    *,
    asked: Asked = GRADED,
    by: Measure = "degree",
    limit: int | None = 20,
    layer: Layer = "offender-offender",
    weighted: bool = False,
) -> KeyPeople:
    """The people of a layer, most central first.

    People eliminated or acquitted are left out before anything is reckoned, and counted. With
    `weighted` a tie counts by its weight: degree and eigenvector add it, paths take 1/weight for a
    distance (strength is not distance); fragmentation goes by hops. Raises Refused where the
    measure asked for cannot be reckoned exactly for so many people.
    """
    seen = whole(db, reader, asked=between_people(asked), layer=layer)
    graph, cleared = people_graph(seen)
    names = list(graph)
    values = _values(graph, weighted)
    everybody = list(range(len(names)))
    if by == "fragmentation":
        lost = _fragmentation(graph, everybody)
        places = _ranked(everybody, lost, by)[:limit]
    else:
        places = _ranked(everybody, values[by], by)[:limit]
        lost = _fragmentation(graph, places)

    def row(place: int) -> KeyPerson:
        who = seen.entity(names[place])
        return KeyPerson(
            id=who.id,
            label=who.label,
            degree=values["degree"][place],
            betweenness=values["betweenness"].get(place),
            closeness=values["closeness"].get(place),
            eigenvector=values["eigenvector"][place],
            fragmentation=lost.get(place),
            ties=graph.degree[who.id],
            is_child=who.is_child,
        )

    return KeyPeople(
        rows=tuple(row(place) for place in places),
        by=by,
        layer=layer,
        people=len(names),
        ties=graph.number_of_edges(),
        cleared=cleared,
        ungraded=seen.ungraded,
        weaker=seen.weaker,
    )


def people_graph(seen: Picture) -> tuple[nx.Graph[UUID], int]:
    """The direct ties between people as a simple graph, and how many cleared people it leaves out.

    Where all layers are taken together, ties between two children are no part of it.
    """
    graph: nx.Graph[UUID] = nx.Graph()
    cleared: set[UUID] = set()
    for pair in seen.pairs:
        ends = seen.entity(pair.source), seen.entity(pair.target)
        if any(end.kind != "person" for end in ends):
            continue
        cleared |= {end.id for end in ends if end.cleared}
        if any(end.cleared for end in ends):
            continue
        if seen.layer == "all" and is_tie_of_protected(*ends):
            continue
        held = graph.get_edge_data(pair.source, pair.target, default={"weight": 0.0})
        graph.add_edge(pair.source, pair.target, weight=held["weight"] + pair.weight)
    ordered: nx.Graph[UUID] = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_edges_from(graph.edges(data=True))
    return ordered, len(cleared)


#: Each person's value by their place in the graph; empty where it cannot be reckoned exactly.
Values = dict[int, float]


def _values(graph: nx.Graph[UUID], weighted: bool) -> dict[Measure, Values]:
    people = len(graph)
    weight = "weight" if weighted else None
    between, close = _by_paths(graph, weighted)
    degrees = [total / max(people - 1, 1) for _, total in graph.degree(weight=weight)]
    leading = compact.eigenvector(_matrix(graph, weight)).tolist() if people else []
    return {
        "degree": dict(enumerate(degrees)),
        "betweenness": dict(enumerate(between)),
        "closeness": dict(enumerate(close)),
        "eigenvector": dict(enumerate(leading)),
    }


def _by_paths(graph: nx.Graph[UUID], weighted: bool) -> tuple[Iterable[float], Iterable[float]]:
    people = len(graph)
    if people > (MOST_FOR_WEIGHTS if weighted else MOST_FOR_PATHS):
        return (), ()
    if people > SMALL and not weighted:
        between, close = compact.betweenness_and_closeness(_matrix(graph, None))
        return between.tolist(), close.tolist()
    distance = None
    if weighted:
        graph = nx.Graph(graph)
        for _, _, tie in graph.edges(data=True):
            tie["distance"] = 1.0 / tie["weight"] if tie["weight"] > 0 else float("inf")
        distance = "distance"
    return (
        nx.betweenness_centrality(graph, weight=distance).values(),
        nx.closeness_centrality(graph, distance=distance).values(),
    )


def _fragmentation(graph: nx.Graph[UUID], places: list[int]) -> Values:
    if not places or len(graph) > MOST_FOR_FRAGMENTATION:
        return {}
    found = compact.fragmentation_without(_matrix(graph, None), places)
    return dict(zip(places, found, strict=True))


def _matrix(graph: nx.Graph[UUID], weight: str | None) -> compact.Matrix:
    return nx.to_scipy_sparse_array(graph, weight=weight, dtype=np.dtype(float))


def _ranked(places: list[int], values: Values, by: Measure) -> list[int]:
    """Highest first; equals by who was recorded first. Raises Refused where there is no value."""
    if len(values) < len(places):
        raise Refused(
            f"{by} cannot be reckoned exactly for {len(places):,} people: choose degree, "
            "or narrow the question by date, grade, stage or kind"
        )
    return sorted(places, key=lambda place: (-round(values[place], 12), place))
