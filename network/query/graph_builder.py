"""Collect the links of a picture: filters are applied first, people are merged by the judgements
known at the time of the query, and all omissions are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec.structs import replace

from access.who_may import scope
from domain.kernel.codes import Layer
from domain.kernel.values import NOT_KNOWN, Reader
from network.query.layers import admits
from projections.intelligence import links as link_rows
from projections.intelligence import people
from projections.intelligence.links import LinkFilter, LinkRow
from projections.intelligence.people import Entity
from projections.kernel.database import Db

if TYPE_CHECKING:
    from network.query.frontier import ShownLinks

#: If a query has at least this many links, reading all judgements about sources is faster than
#: reading only the judgements about the sources of these links.
MANY = 5_000
#: The filter for graded links, at any time in the world, as known now.
GRADED = LinkFilter()
#: A thing with more links than this is a hub: it is too common to say anything about the people who
#: share it.
HUB = 100
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Gathering:
    """The records that one query has read so far. Each id represents a person after the merges that
    were known at the time of the query.

    Links too weak for the query are not followed; weak links in the layer are counted, so that the
    picture can list what was left out. If one of the `hubs` (things with very many links) is
    reached, the search does not go beyond it, unless it is one of the `centres`. Links in `without`
    are treated as if they had never been recorded.
    """

    db: Db
    reader: Reader
    link_filter: LinkFilter
    layer: Layer
    entities: dict[UUID, Entity] = field(default_factory=dict)
    shown: dict[UUID, tuple[UUID, UUID, LinkRow]] = field(default_factory=dict)
    ungraded: set[UUID] = field(default_factory=set)
    weaker: set[UUID] = field(default_factory=set)
    hubs: dict[UUID, int] = field(default_factory=dict)
    centres: Collection[UUID] = ()
    without: Collection[UUID] = ()

    def __post_init__(self) -> None:
        self._leader: dict[UUID, UUID] = {}
        self._members: dict[UUID, list[UUID]] = defaultdict(list)
        self._knows_all = False

    def know(self, ones: Iterable[UUID]) -> None:
        """Read which other records were judged to mean the same person or thing as the records
        `ones`, unless this was read before.
        """
        new = () if self._knows_all else {item for item in ones if item not in self._leader}
        if new:
            known_moment = self.link_filter.as_known
            self._join(people.leaders(self.db, self.reader, new, as_known=known_moment))

    def know_all(self) -> None:
        """Read the merges of all people with one query."""
        if not self._knows_all:
            self._leader.clear()
            self._members.clear()
            self._join(people.clusters(self.db, self.reader, as_known=self.link_filter.as_known))
            self._knows_all = True

    def _join(self, leader: Mapping[UUID, UUID]) -> None:
        self._leader |= leader
        for item in sorted(leader):
            self._members[leader[item]].append(item)

    def lead(self, item: UUID) -> UUID:
        """Return the id under which an entity is shown after merges."""
        if item not in self._leader:
            self.know([item])
        return self._leader.get(item, item)

    def members(self, ones: Collection[UUID]) -> list[UUID]:
        """Return the ids of all records that were merged into the people or things `ones`."""
        self.know(ones)
        return [member for item in ones for member in self._members.get(item, (item,))]

    def roots(self, rows: Collection[LinkRow]) -> dict[UUID, UUID]:
        """Return for each source of these links the token that represents it after merges."""
        known_moment = self.link_filter.as_known
        if len(rows) >= MANY:
            return people.clusters(self.db, self.reader, kind="roots", as_known=known_moment)
        root_tokens = {row.root for row in rows if row.root}
        return people.leaders(
            self.db, self.reader, root_tokens, kind="roots", as_known=known_moment
        )

    @property
    def unfiltered(self) -> LinkFilter:
        """Return the query without its minimum grade, to count the links that this grade
        excludes.
        """
        return replace(self.link_filter, min_rank=None)

    def around(self, ones: Collection[UUID], reached: Collection[UUID] = ()) -> set[UUID]:
        """Read every link of the people or things `ones`; return the ids at the other ends of these
        links. If `reached` lists the items that a search has reached, links that lead from a hub (a
        thing with very many links) to other items are left out.
        """
        return self.take(self._touching(ones), reached)

    def links_of(self, ones: Collection[UUID]) -> list[tuple[UUID, UUID, LinkRow]]:
        """Return every link of these people or things, of any grade, with the ids at its ends, in
        the order in which they became known. The entities at the ends are not read."""
        rows = self._touching(ones)
        self.know(end for row in rows for end in (row.a, row.b))
        ends = ((self.lead(row.a), self.lead(row.b), row) for row in rows)
        return _in_order(edge for edge in ends if edge[0] != edge[1])

    def _touching(self, ones: Collection[UUID]) -> list[LinkRow]:
        return link_rows.touching(self.db, self.reader, self.members(ones), self.unfiltered)

    def between(self, ones: Collection[UUID]) -> None:
        """Read all links between these people or things."""
        ids = self.members(ones)
        self.take(link_rows.among(self.db, self.reader, ids, self.unfiltered))

    def everything(self) -> None:
        """Read all links of the network."""
        self.know_all()
        self.take(link_rows.links(self.db, self.reader, self.unfiltered))

    def shared(self) -> None:
        """Read all links to items that ever had more than one link, and to items that were merged
        with others."""
        self.know_all()
        self.take(link_rows.at_shared(self.db, self.reader, self.unfiltered, self._leader))

    def adopt(self, links: ShownLinks, several: Collection[UUID] = ()) -> None:
        """Add the links in `links`, which were selected in the cached index, with the index's
        counts of links left out. The people and things at the ends are read together with
        `several`, so that the number of queries does not depend on the links.
        """
        self._join(links.leader)
        rows = link_rows.these(self.db, self.reader, links.links, self.link_filter)
        ends = [end for row in rows for end in (row.a, row.b)]
        self.know(ends)
        self.meet({self.lead(item) for item in (*ends, *several)})
        self.take(rows)
        self.ungraded, self.weaker, self.hubs = links.ungraded, links.weaker, links.hubs

    def take(self, rows: Iterable[LinkRow], reached: Collection[UUID] = ()) -> set[UUID]:
        """Add the links in these rows to the links to show, or count them as left out. Return the
        ends of the links that were added.
        """
        heard = [row for row in rows if row.link not in self.without]
        self.know(end for row in heard for end in (row.a, row.b))
        edges = [(self.lead(row.a), self.lead(row.b), row) for row in heard]
        edges = [edge for edge in edges if edge[0] != edge[1]]
        # here the ends of links need not be read to leave links out: only the links' grades matter
        if self.layer == "all" and not reached:
            edges = [edge for edge in edges if not self._left_out(edge[2])]
        self.meet({end for a, b, _ in edges for end in (a, b)})
        admitted = [
            (a, b, row)
            for a, b, row in edges
            if admits(self.layer, self.entities[a], self.entities[b])
        ]
        met: set[UUID] = set()
        for a, b, row in self._not_through_hubs(admitted, reached):
            if not self._left_out(row):
                self.shown[row.link] = (a, b, row)
                met |= {a, b}
        return met

    def _left_out(self, row: LinkRow) -> bool:
        """Return whether the link has no grade, or a grade below the minimum grade of the query;
        such a link is counted as left out.
        """
        if row.passes(self.link_filter.min_rank):
            return False
        (self.ungraded if row.rank is None else self.weaker).add(row.link)
        return True

    def _not_through_hubs(
        self, edges: list[tuple[UUID, UUID, LinkRow]], reached: Collection[UUID]
    ) -> list[tuple[UUID, UUID, LinkRow]]:
        """Return the links without those that lead on from a hub: a thing with more than `HUB`
        links that is not a centre of the query. The links by which the search reached the hub
        remain. Store in `hubs` how many further items are linked to each hub.
        """
        sharing: dict[UUID, set[UUID]] = defaultdict(set)
        for a, b, _ in edges:
            for end, item in ((a, b), (b, a)):
                if end in reached:
                    sharing[end].add(item)
        hubs = {
            hub: len(others.difference(reached))
            for hub, others in sharing.items()
            if len(others) > HUB and hub not in self.centres and self.entities[hub].kind != "person"
        }
        self.hubs |= {hub: more for hub, more in hubs.items() if more}
        return [
            (a, b, row)
            for a, b, row in edges
            if not ((a in hubs and b not in reached) or (b in hubs and a not in reached))
        ]

    def meet(self, ones: Collection[UUID]) -> None:
        """Read the entities with the ids `ones`, unless they were read before."""
        new = {item for item in ones if item not in self.entities}
        if not new:
            return
        entities = people.entities(
            self.db,
            self.reader,
            self.members(new),
            as_known=self.link_filter.as_known,
            as_at=self.link_filter.as_at,
            restricted=self.link_filter.restricted,
        )
        for entity_id in new:
            met = [
                entities[member]
                for member in self._members.get(entity_id, (entity_id,))
                if member in entities
            ]
            if met:
                self.entities[entity_id] = _together(entity_id, met)
            else:
                self.entities[entity_id] = _nobody(entity_id)

    def was_recorded(self, item: UUID) -> bool:
        """Return whether the record existed at the time of the query."""
        self.meet([item])
        return self.entities[item].known_from != NEVER

    def hidden(self) -> set[UUID]:
        """Return the ids of the log entries, reports and exhibits behind the links to show that the
        reader may not see. These ids are not shown to the reader: the same id at two links would
        reveal that both links come from the same log entry.
        """
        if not self.reader.closed:
            return set()
        rows = (row for *_, row in self.shown.values())
        named = {
            item for row in rows for item in (row.observation, row.report, row.exhibit) if item
        }
        return named - scope.visible_items(self.db, self.reader, named)

    def edges(self) -> list[tuple[UUID, UUID, LinkRow]]:
        """Return the links shown, in the order in which they became known."""
        return _in_order(self.shown.values())


def _in_order(
    edges: Iterable[tuple[UUID, UUID, LinkRow]],
) -> list[tuple[UUID, UUID, LinkRow]]:
    return sorted(edges, key=lambda edge: (edge[2].known_from, edge[2].link))


def _together(item: UUID, members: list[Entity]) -> Entity:
    """Return merged records as one entity, with the id and the label of the oldest record."""
    first = next((member for member in members if member.id == item), members[0])
    if first.id == item and len(members) == 1:
        return first
    born = first.born or next((member.born for member in members if member.born), None)
    return replace(
        first,
        id=item,
        names=tuple(dict.fromkeys(name for member in members for name in member.names)),
        categories=frozenset().union(*(member.categories for member in members)),
        is_child=any(member.is_child for member in members),
        identified=any(member.identified for member in members),
        born=born,
        flags=tuple(dict.fromkeys(flag for member in members for flag in member.flags)),
        known_from=min(member.known_from for member in members),
    )


def _nobody(item: UUID) -> Entity:
    """Return a placeholder for the end of a link whose record cannot be read. So the link is not
    left out, and the end is protected, because it may be a child.
    """
    return Entity(item, "person", NOT_KNOWN, (), frozenset(), True, False, None, None, (), NEVER)
