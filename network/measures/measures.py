"""Key people: centrality measures, in one layer of the network at a time.

Values are as networkx defines them, normalised, on a graph of the people with a direct link in the
layer; several links of a pair are one edge. A single measure can mislead, and networks of this kind
were found to lack ringleaders and brokers (Cockbain 2018). So a value is a lead for an officer and
never a finding, and no rank has a title such as "leader".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

import networkx as nx
import numpy as np
from msgspec import Struct

from domain.kernel.codes import Layer, Measure
from domain.kernel.values import Reader, Refused
from network.measures import distances
from network.measures.adjacency import LinkedPeople, read_adjacency
from network.measures.key_player_sets import fragmentation
from network.query.graph_builder import GRADED, Gathering
from projections.intelligence.links import LinkFilter
from projections.kernel.columns import Column
from projections.kernel.database import Db

CAUTION = (
    "A measure is a lead, not a finding: compare several measures, and offenders with offenders. "
    "The person named most is often the person watched most."
)
#: Up to this many people, measures that need paths are computed by default.
SMALL = 300
#: If a layer has more people than this, exact values take too long or too much memory, and values
#: from a sample would give wrong ranks.
MOST_FOR_PATHS = 10_000
MOST_FOR_FRAGMENTATION = 2_000
MOST_FOR_WEIGHTS = 1_000


class KeyPerson(Struct, frozen=True):
    """One person's measures. A measure is None if it was not computed, because the layer is too
    large for an exact value, or so large that it is computed only on request.

    `fragmentation` is how fragmented the network would be without this person (Borgatti's
    distance-weighted form, by links): a higher value means that more depends on them. `ties` is the
    number of people linked with them.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "person"),
        Column("id", "id", "id"),
        Column("ties", "links"),
        Column("degree", "degree", "figure"),
        Column("betweenness", "betweenness", "figure"),
        Column("closeness", "closeness", "figure"),
        Column("eigenvector", "eigenvector", "figure"),
        Column("fragmentation", "fragmentation", "figure"),
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


class KeyPeople(Struct, frozen=True):
    """The most central people, and the basis of the measures: how many people and links were
    measured, and how many cleared people and ungraded links were left out.
    """

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
    link_filter: LinkFilter = GRADED,
    by: Measure = "degree",
    limit: int | None = 20,
    layer: Layer = "offender-offender",
    weighted: bool = False,
) -> KeyPeople:
    """Return the people of a layer, most central first.

    People who were eliminated or acquitted are left out of the computation; how many they are is
    returned. With `weighted`, a link counts by its weight: degree and eigenvector centrality add
    the weights, and paths use 1/weight as a distance (strength is not distance); fragmentation
    always counts links. Raises Refused if the requested measure cannot be computed exactly for this
    many people.
    """
    ties, cleared = measured(db, reader, link_filter=link_filter, layer=layer)
    values = _values(ties, weighted, by)
    everybody = np.arange(len(ties))
    if by == "fragmentation":
        lost = _fragmentation(ties, everybody.tolist())
        places = _ranked(len(ties), lost, by)[:limit]
    else:
        places = _ranked(len(ties), values[by], by)[:limit]
        lost = _fragmentation(ties, places)
    degree = np.bincount(ties.a, minlength=len(ties)) + np.bincount(ties.b, minlength=len(ties))
    names = ties.ids_at(places)
    who = Gathering(db, reader, link_filter, layer)
    who.meet(names)

    def row(item: UUID, place: int) -> KeyPerson:
        return KeyPerson(
            id=item,
            label=who.entities[item].label,
            degree=values["degree"][place],
            betweenness=values["betweenness"].get(place),
            closeness=values["closeness"].get(place),
            eigenvector=values["eigenvector"][place],
            fragmentation=lost.get(place),
            ties=int(degree[place]),
            is_child=who.entities[item].is_child,
        )

    return KeyPeople(
        rows=tuple(row(item, place) for item, place in zip(names, places, strict=True)),
        by=by,
        layer=layer,
        people=len(ties),
        ties=len(ties.a),
        cleared=cleared,
        ungraded=ties.ungraded,
        weaker=ties.weaker,
    )


def measured(
    db: Db, reader: Reader, *, link_filter: LinkFilter = GRADED, layer: Layer = "offender-offender"
) -> tuple[LinkedPeople, int]:
    """Return the people and direct links that are measured, and the number of cleared people who
    are left out.

    With all layers together, links between two children or victims are left out. In the layer
    `through`, the links are between offenders who share things.
    """
    people = read_adjacency(db, reader, link_filter=link_filter, layer=layer)
    protected = people.child | people.victim
    apart = (
        protected[people.a] & protected[people.b]
        if layer == "all"
        else np.zeros(len(people.a), bool)
    )
    cleared = int(np.count_nonzero(people.cleared)) + people.left_out
    return people.remove(people.cleared, apart), cleared


#: The value of each person, by the person's position; empty if values cannot be computed exactly.
Values = dict[int, float]


def _values(ties: LinkedPeople, weighted: bool, by: Measure) -> dict[Measure, Values]:
    people = len(ties)
    matrix = ties.matrix(ties.weight if weighted else None)
    between, close = _by_paths(ties, weighted, by)
    degrees = np.asarray(matrix.sum(axis=1)) / max(people - 1, 1)
    leading = distances.eigenvector(matrix).tolist() if people else []
    return {
        "degree": dict(enumerate(degrees.tolist())),
        "betweenness": dict(enumerate(between)),
        "closeness": dict(enumerate(close)),
        "eigenvector": dict(enumerate(leading)),
    }


def _by_paths(
    ties: LinkedPeople, weighted: bool, by: Measure
) -> tuple[Iterable[float], Iterable[float]]:
    """Return the betweenness and the closeness of each person. With more than `SMALL` people, each
    of the two is computed only if it is the requested measure `by`, because it takes longer than
    all other measures. A measure that was not computed is empty.
    """
    people = len(ties)
    if people > (MOST_FOR_WEIGHTS if weighted else MOST_FOR_PATHS):
        return (), ()
    between, close = (people <= SMALL or by == measure for measure in ("betweenness", "closeness"))
    if not weighted:
        matrix = ties.matrix()
        return (
            distances.betweenness(matrix) if between else (),
            distances.closeness(matrix) if close else (),
        )
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_edges_from(
        (a, b, {"distance": 1.0 / weight if weight > 0 else float("inf")})
        for a, b, weight in zip(ties.a.tolist(), ties.b.tolist(), ties.weight.tolist(), strict=True)
    )
    return (
        nx.betweenness_centrality(graph, weight="distance").values() if between else (),
        nx.closeness_centrality(graph, distance="distance").values() if close else (),
    )


def _fragmentation(ties: LinkedPeople, places: list[int]) -> Values:
    if not places or len(ties) > MOST_FOR_FRAGMENTATION:
        return {}
    matrix = ties.matrix()
    return {place: fragmentation(matrix, [place]) for place in places}


def _ranked(people: int, values: Values, by: Measure) -> list[int]:
    """Return the positions of people, the highest value first, equal values in the order of
    recording. Raises Refused if the measure was not computed for all people.
    """
    if len(values) < people:
        raise Refused(
            f"{by} cannot be computed exactly for {people:,} people: choose degree, "
            "or narrow the question by date, grade, stage or kind"
        )
    return sorted(range(people), key=lambda place: (-round(values[place], 12), place))
