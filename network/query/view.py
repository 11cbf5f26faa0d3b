"""The network as known at a time: around one person, or as a whole.

A picture is a small frozen `nx.MultiGraph`. Each node is a person or thing, merged from all records
judged the same, with the attribute `entity`. Each edge is a link under its permanent id, with the
attribute `row`. Filters are applied before links are followed, so that no answer depends on hidden
links.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from uuid import UUID

import networkx as nx
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import Layer
from domain.kernel.values import Reader, Refused
from network.index.index import read_index
from network.query.around import around, can_answer
from network.query.evidence import DEFAULT, StrengthPolicy
from network.query.graph_builder import GRADED, Gathering
from network.query.link_pairs import LinkPair, paired
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import Entity
from projections.kernel.database import Db


class NetworkAnswer(Struct, frozen=True, dict=True):
    """An answer about the network.

    `ungraded` and `weaker` count the links that the query's minimum grade excluded: links without a
    grade, and links with a lower grade. `hubs` are things that very many items share and beyond
    which links were not followed, each with the number of these links. If `team` is given, only
    links recorded by this team are included.
    """

    graph: nx.MultiGraph[UUID]
    pairs: tuple[LinkPair, ...]
    link_filter: LinkFilter
    layer: Layer
    policy: StrengthPolicy
    focus: tuple[UUID, ...]
    ungraded: int
    weaker: int
    hubs: tuple[tuple[UUID, int], ...] = ()
    team: str | None = None

    def entity(self, item: UUID) -> Entity:
        """Return the entity that a node of the picture shows."""
        entity: Entity = self.graph.nodes[item]["entity"]
        return entity

    @cached_property
    def at(self) -> dict[UUID, list[LinkPair]]:
        """Return for each node of the picture the pairs of links that have it as an end."""
        pairs: dict[UUID, list[LinkPair]] = {item: [] for item in self.graph}
        for pair in self.pairs:
            pairs[pair.source].append(pair)
            pairs[pair.target].append(pair)
        return pairs

    def simple(self) -> nx.Graph[str]:
        """Return the nodes and their neighbours by id, for a layout."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(str(item) for item in self.graph)
        graph.add_edges_from((str(pair.source), str(pair.target)) for pair in self.pairs)
        return graph


class Extent(Struct, frozen=True):
    """A part of the network: its centre, or None for the whole network (`who`); how many links deep
    the part reaches from the centre (`hops`); further centres among the nodes shown (`also`); a
    team, if only links recorded by this team are included; and links to leave out (`without`).
    """

    who: UUID | None = None
    hops: int = 1
    also: tuple[UUID, ...] = ()
    team: str | None = None
    without: frozenset[UUID] = frozenset()


def extent(
    db: Db, reader: Reader, part: Extent, *, link_filter: LinkFilter = GRADED, layer: Layer = "all"
) -> NetworkAnswer:
    """Return the part of the network that `part` describes. Raises Refused if its centre was not
    known at the time of the query, or if `hops` is below 1.
    """
    if part.who is None:
        answer = whole_layer(db, reader, link_filter=link_filter, layer=layer, without=part.without)
    else:
        answer = ego(
            db,
            reader,
            part.who,
            part.hops,
            link_filter=link_filter,
            layer=layer,
            also=part.also,
            without=part.without,
        )
    return by_team(answer, part.team) if part.team else answer


def ego(
    db: Db,
    reader: Reader,
    who: UUID,
    hops: int = 1,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "all",
    policy: StrengthPolicy = DEFAULT,
    also: Collection[UUID] = (),
    without: Collection[UUID] = (),
) -> NetworkAnswer:
    """Return all people and things within `hops` links of `who`, and within one link of each of
    these that is in `also`; with the links between all of them.

    `who` may be the id of any of the merged records of a person or thing. A thing that more than
    `HUB` items share is shown, but its further links are not followed, unless it is a centre.
    Raises Refused if no person or thing of that id was known at the time of the query, or if `hops`
    is below 1.
    """
    if hops < 1:
        raise Refused("an ego network needs at least 1 hop: give 1 or more")
    gathering = Gathering(db, reader, link_filter, layer, without=without)
    return picture(gathering, _around(gathering, [who], hops, also), policy)


def egos(
    db: Db,
    reader: Reader,
    several: Collection[UUID],
    hops: int,
    *,
    link_filter: LinkFilter = GRADED,
) -> NetworkAnswer:
    """Return a picture of all people and things within `hops` links of at least one item of
    `several`. Raises Refused if one of the items was not known at the time of the query.
    """
    gathering = Gathering(db, reader, link_filter, "all")
    return picture(gathering, _around(gathering, several, hops), DEFAULT)


def _around(
    gathering: Gathering, several: Collection[UUID], hops: int, also: Collection[UUID] = ()
) -> list[UUID]:
    """Read the links around these people and things into `gathering`; return the ids of `several`
    after merges, each id once.
    """
    db, link_filter = gathering.db, gathering.link_filter
    index = read_index(db) if can_answer(link_filter, gathering.layer, gathering.without) else None
    if index is not None:
        shown = around(db, gathering.reader, index, several, hops, link_filter, also)
        gathering.adopt(shown, several)
        return resolve_clusters(gathering, several)
    start = resolve_clusters(gathering, several)
    further = {gathering.lead(item) for item in also}
    gathering.centres = further.union(start)
    reached = frontier = set(start)
    for _ in range(hops):
        if not frontier:
            break
        frontier = gathering.around(frontier, reached) - reached
        reached = reached | frontier
    while asked_for := further & reached:
        found_items = gathering.around(asked_for, reached)
        frontier, reached, further = (
            frontier | found_items,
            reached | found_items,
            further - asked_for,
        )
    gathering.between(frontier)
    return start


def whole_layer(
    db: Db,
    reader: Reader,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "all",
    policy: StrengthPolicy = DEFAULT,
    without: Collection[UUID] = (),
) -> NetworkAnswer:
    """Return a picture of every link of a layer, with the ends of these links.

    A layer is the links between two kinds of people, such as offenders and victims.
    """
    gathering = Gathering(db, reader, link_filter, layer, without=without)
    gathering.everything()
    return picture(gathering, [], policy)


def shared(
    db: Db, reader: Reader, *, link_filter: LinkFilter = GRADED, also: Collection[UUID] = ()
) -> NetworkAnswer:
    """Return a picture of the network with only the links to items that have more than one link.
    Items in `also` are included with all their links, however many these are.
    """
    gathering = Gathering(db, reader, link_filter, "all")
    gathering.shared()
    if also:
        gathering.around(also)
    return picture(gathering, [], DEFAULT)


def resolve_clusters(gathering: Gathering, several: Collection[UUID]) -> list[UUID]:
    """Return the ids that represent these items after merges, each id once.

    Raises Refused if one of the items was not known at the time of the query.
    """
    gathering.know(several)
    gathering.meet({gathering.lead(item) for item in several})
    for item in several:
        if not gathering.was_recorded(gathering.lead(item)):
            when = gathering.link_filter.as_known
            then = f" as known at {when:%Y-%m-%d %H:%M}" if when else ""
            raise Refused(f"there is no person or thing {item} in this network{then}")
    return list(dict.fromkeys(map(gathering.lead, several)))


def picture(gathering: Gathering, focus: Iterable[UUID], policy: StrengthPolicy) -> NetworkAnswer:
    """Return the links read so far as a picture; `focus` is shown even without any link."""
    graph: nx.MultiGraph[UUID] = nx.MultiGraph()
    centre = tuple(focus)
    edges = gathering.edges()
    for item in [*centre, *(end for a, b, _ in edges for end in (a, b))]:
        graph.add_node(item, entity=gathering.entities[item])
    for a, b, row in edges:
        graph.add_edge(a, b, key=row.link, row=row)
    roots = gathering.roots([row for *_, row in edges])
    moment = (
        gathering.link_filter.as_at or gathering.link_filter.until or gathering.link_filter.as_known
    )
    return NetworkAnswer(
        graph=nx.freeze(graph),
        pairs=paired(edges, roots, policy, moment, gathering.hidden()),
        link_filter=gathering.link_filter,
        layer=gathering.layer,
        policy=policy,
        focus=centre,
        ungraded=len(gathering.ungraded),
        weaker=len(gathering.weaker),
        hubs=tuple(sorted(gathering.hubs.items())),
    )


def by_team(full: NetworkAnswer, team: str) -> NetworkAnswer:
    """Return the picture with only the links that this team recorded."""
    links = {
        link
        for _, _, link, attributes in full.graph.edges(keys=True, data=True)
        if attributes["row"].team == team
    }
    return replace(narrowed(full, lambda pair: not links.isdisjoint(pair.links)), team=team)


def narrowed(full: NetworkAnswer, keep: Callable[[LinkPair], bool]) -> NetworkAnswer:
    """Return the picture with only those pairs of linked items for which the function `keep`
    returns true, and with the items that the query is about.
    """
    pairs = tuple(pair for pair in full.pairs if keep(pair))
    if len(pairs) == len(full.pairs):
        return full
    ends = [end for pair in pairs for end in (pair.source, pair.target)]
    graph: nx.MultiGraph[UUID] = nx.MultiGraph()
    for item in dict.fromkeys([*full.focus, *ends]):
        graph.add_node(item, entity=full.entity(item))
    links = {link for pair in pairs for link in pair.links}
    for a, b, link, attributes in full.graph.edges(keys=True, data=True):
        if link in links:
            graph.add_edge(a, b, key=link, row=attributes["row"])
    hubs = tuple(hub for hub in full.hubs if hub[0] in graph)
    return replace(full, graph=nx.freeze(graph), pairs=pairs, hubs=hubs)
