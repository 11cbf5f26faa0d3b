"""Gather the links of a picture: filters first, identities as known then, all omissions counted."""

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

#: From this many links on, reading all judgements of roots is faster than those of each link.
MANY = 5_000
#: The filter for graded links, at all times of the world, as known now.
GRADED = LinkFilter()
#: A thing shared by more than this is a hub: too common to mean anything by itself.
HUB = 100
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Gathering:
    """The records read so far for one query. Ids are those of merged records, as known then.

    Links too weak for the query are never followed; those in the layer are counted, so that a
    picture can list its omissions. The same applies to nodes that would only be reached through one
    of the `hubs`, unless it is one of the `centres`. Links in `without` are treated as if they had
    never been recorded.
    """

    db: Db
    reader: Reader
    asked: LinkFilter
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
        """Read the people with whom these were merged, unless they are read already."""
        new = () if self._knows_all else {one for one in ones if one not in self._leader}
        if new:
            known = self.asked.as_known
            self._join(people.leaders(self.db, self.reader, new, as_known=known))

    def know_all(self) -> None:
        """Read the merged records of all people, in one query."""
        if not self._knows_all:
            self._leader.clear()
            self._members.clear()
            self._join(people.clusters(self.db, self.reader, as_known=self.asked.as_known))
            self._knows_all = True

    def _join(self, leader: Mapping[UUID, UUID]) -> None:
        self._leader |= leader
        for one in sorted(leader):
            self._members[leader[one]].append(one)

    def lead(self, one: UUID) -> UUID:
        """Return the id under which an entity is shown after merges."""
        if one not in self._leader:
            self.know([one])
        return self._leader.get(one, one)

    def members(self, ones: Collection[UUID]) -> list[UUID]:
        """Return every recorded id of these merged records."""
        self.know(ones)
        return [member for one in ones for member in self._members.get(one, (one,))]

    def roots(self, rows: Collection[LinkRow]) -> dict[UUID, UUID]:
        """Return for each root of these links the one that represents all roots joined with it."""
        known = self.asked.as_known
        if len(rows) >= MANY:
            return people.clusters(self.db, self.reader, what="roots", as_known=known)
        root_tokens = {row.root for row in rows if row.root}
        return people.leaders(self.db, self.reader, root_tokens, what="roots", as_known=known)

    @property
    def unfiltered(self) -> LinkFilter:
        """Return the same query without its minimum grade, to count the links that it excludes."""
        return replace(self.asked, min_rank=None)

    def around(self, ones: Collection[UUID], reached: Collection[UUID] = ()) -> set[UUID]:
        """Read every link of these merged records; return the records at the other ends. No
        cluster outside `reached` is reached through a thing shared by very many."""
        rows = link_rows.touching(self.db, self.reader, self.members(ones), self.unfiltered)
        return self.take(rows, reached)

    def between(self, ones: Collection[UUID]) -> None:
        """Read the links that these merged records have among themselves."""
        ids = self.members(ones)
        self.take(link_rows.among(self.db, self.reader, ids, self.unfiltered))

    def everything(self) -> None:
        """Read all links of the network."""
        self.know_all()
        self.take(link_rows.links(self.db, self.reader, self.unfiltered))

    def shared(self) -> None:
        """Read the links to items that have had more than one link, under any of their ids."""
        self.know_all()
        self.take(link_rows.at_shared(self.db, self.reader, self.unfiltered, self._leader))

    def adopt(self, found: ShownLinks, several: Collection[UUID] = ()) -> None:
        """Take over the links found in the cached index, with its counts. Their ends are read
        together with `several`, so that the number of queries does not depend on the links."""
        self._join(found.leader)
        rows = link_rows.these(self.db, self.reader, found.links, self.asked)
        ends = [end for row in rows for end in (row.a, row.b)]
        self.know(ends)
        self.meet({self.lead(one) for one in (*ends, *several)})
        self.take(rows)
        self.ungraded, self.weaker, self.hubs = found.ungraded, found.weaker, found.hubs

    def take(self, rows: Iterable[LinkRow], reached: Collection[UUID] = ()) -> set[UUID]:
        """Sort rows into shown and left out; return the ends of those now shown."""
        heard = [row for row in rows if row.link not in self.without]
        self.know(end for row in heard for end in (row.a, row.b))
        found = [(self.lead(row.a), self.lead(row.b), row) for row in heard]
        found = [one for one in found if one[0] != one[1]]
        if self.layer == "all" and not reached:  # what is left out does not depend on its ends
            found = [one for one in found if not self._left_out(one[2])]
        self.meet({end for a, b, _ in found for end in (a, b)})
        admitted = [
            (a, b, row)
            for a, b, row in found
            if admits(self.layer, self.entities[a], self.entities[b])
        ]
        met: set[UUID] = set()
        for a, b, row in self._not_through_hubs(admitted, reached):
            if not self._left_out(row):
                self.shown[row.link] = (a, b, row)
                met |= {a, b}
        return met

    def _left_out(self, row: LinkRow) -> bool:
        """Return whether the link is too weak for the query; if so, count it."""
        if row.passes(self.asked.min_rank):
            return False
        (self.ungraded if row.rank is None else self.weaker).add(row.link)
        return True

    def _not_through_hubs(
        self, found: list[tuple[UUID, UUID, LinkRow]], reached: Collection[UUID]
    ) -> list[tuple[UUID, UUID, LinkRow]]:
        """Return the links without those that lead on from a hub, graded or not."""
        sharing: dict[UUID, set[UUID]] = defaultdict(set)
        for a, b, _ in found:
            for thing, other in ((a, b), (b, a)):
                if thing in reached:
                    sharing[thing].add(other)
        hubs = {
            one: len(others.difference(reached))
            for one, others in sharing.items()
            if len(others) > HUB and one not in self.centres and self.entities[one].kind != "person"
        }
        self.hubs |= {one: more for one, more in hubs.items() if more}
        return [
            (a, b, row)
            for a, b, row in found
            if not ((a in hubs and b not in reached) or (b in hubs and a not in reached))
        ]

    def meet(self, ones: Collection[UUID]) -> None:
        """Read the entities of these merged records, unless they have been read already."""
        new = {one for one in ones if one not in self.entities}
        if not new:
            return
        found = people.entities(
            self.db,
            self.reader,
            self.members(new),
            as_known=self.asked.as_known,
            as_at=self.asked.as_at,
            restricted=self.asked.restricted,
        )
        for one in new:
            met = [found[member] for member in self._members.get(one, (one,)) if member in found]
            if met:
                self.entities[one] = _together(one, met)
            else:
                self.entities[one] = _nobody(one)

    def was_recorded(self, one: UUID) -> bool:
        """Return whether the record was made by the time of the query."""
        self.meet([one])
        return self.entities[one].known_from != NEVER

    def hidden(self) -> set[UUID]:
        """Return the sources of the links shown that the reader may not see: an id shared by two
        links would reveal that they come from the same log entry."""
        if not self.reader.closed:
            return set()
        rows = (row for *_, row in self.shown.values())
        named = {one for row in rows for one in (row.observation, row.report, row.exhibit) if one}
        return named - scope.visible_items(self.db, self.reader, named)

    def edges(self) -> list[tuple[UUID, UUID, LinkRow]]:
        """Return the links shown, in the order in which they became known."""
        return sorted(self.shown.values(), key=lambda edge: (edge[2].known_from, edge[2].link))


def _together(one: UUID, members: list[Entity]) -> Entity:
    """Return merged records as one entity, under the oldest id and its label."""
    first = next((member for member in members if member.id == one), members[0])
    if first.id == one and len(members) == 1:
        return first
    born = first.born or next((member.born for member in members if member.born), None)
    return replace(
        first,
        id=one,
        names=tuple(dict.fromkeys(name for member in members for name in member.names)),
        categories=frozenset().union(*(member.categories for member in members)),
        is_child=any(member.is_child for member in members),
        identified=any(member.identified for member in members),
        born=born,
        flags=tuple(dict.fromkeys(flag for member in members for flag in member.flags)),
        known_from=min(member.known_from for member in members),
    )


def _nobody(one: UUID) -> Entity:
    """Return an entity for an end whose record cannot be read: the link still counts, and the end
    is protected, because it may be a child."""
    return Entity(one, "person", NOT_KNOWN, (), frozenset(), True, False, None, None, (), NEVER)
