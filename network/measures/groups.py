"""Groups of linked people, identified or not, by one of three methods; and, for each group, the
earlier group that it continues.

Two or more people are a network, "whether identified or not" (IICSA 2022, the definition of child
sexual exploitation by organised networks): so groups include people of whom only a description is
known. A group is a lead for an officer: it names no leader and proves no conspiracy.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import ClassVar
from uuid import UUID

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy import sparse

from domain.kernel.codes import Grouping, Layer
from domain.kernel.values import Reader
from network.index.identities import RANKED, UNGRADED
from network.measures import partition
from network.measures.adjacency import LinkedPeople, read_adjacency
from network.query.evidence import DEFAULT, StrengthPolicy
from network.query.graph_builder import GRADED, Gathering
from network.query.layers import between_people
from network.query.view import NetworkAnswer, picture, whole_layer
from projections.intelligence.links import LinkFilter
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: If a picture has fewer nodes than this, no groups are shown in it.
FEWEST = 12
#: A group with fewer nodes than this is not marked in the picture of a network.
FEW = 5
#: The number of pictures whose groups are cached.
DIVIDED = 128
#: The number of groups returned by default, and the number of people named for each group.
MOST, NAMED = 200, 6
#: The links of a group with more people than this are not drawn one by one.
DRAWN = 1_000


class Group(Struct, frozen=True):
    """People linked with each other, directly or indirectly.

    `id` is the id of the person in the group who was recorded first. `stability` says how similar
    the groups are that other random seeds give, if the method uses seeds. `core` is the largest
    number k such that some members each have k links among themselves. `was` is the earlier group
    that this group continues, if the caller requested it.
    """

    id: UUID
    people: tuple[UUID, ...]
    offenders: int
    victims: int
    children: int
    cleared: int
    ties: int
    grade: str | None
    stability: float | None = None
    core: int = 1
    was: UUID | None = None


class GroupLine(Struct, frozen=True):
    """A group as a row of a list: its number, and the names of its people."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "number"),
        Column("people", "people"),
        Column("offenders", "suspected"),
        Column("victims", "victims"),
        Column("ties", "ties"),
        Column("core", "core"),
        Column("grade", "best grade"),
        Column("stability", "stable", "figure"),
        Column("who", "members"),
        Column("was", "continues group", "id"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    people: int
    offenders: int
    victims: int
    ties: int
    core: int
    grade: str | None
    stability: float | None
    who: str
    was: UUID | None
    id: UUID


class Groups(Struct, frozen=True):
    """The groups of linked people, largest first; how many groups were left out (`more`); for each
    group the names of some of its people; and how many links the minimum grade excluded, because
    they have no grade (`ungraded`) or a weaker one (`weaker`).
    """

    groups: tuple[Group, ...]
    names: dict[UUID, str]
    more: int
    ungraded: int
    weaker: int

    @property
    def lines(self) -> tuple[GroupLine, ...]:
        """Return the groups as rows of a list."""
        return tuple(
            GroupLine(
                number,
                len(group.people),
                group.offenders,
                group.victims,
                group.ties,
                group.core,
                group.grade,
                group.stability,
                self._some(group.people),
                group.was,
                group.id,
            )
            for number, group in enumerate(self.groups, start=1)
        )

    def _some(self, people: tuple[UUID, ...]) -> str:
        more = f" and {len(people) - NAMED} more" if len(people) > NAMED else ""
        return ", ".join(self.names[person] for person in people[:NAMED]) + more


def groups(
    db: Db,
    reader: Reader,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "all",
    policy: StrengthPolicy = DEFAULT,
    method: Grouping = "components",
    k: int = 2,
    since: datetime | None = None,
    limit: int = MOST,
) -> Groups:
    """Return the largest groups of two or more people in the layer. With `since`, the field `was`
    of each group is the group of that time which it continues. `k` is the smallest number of links
    inside the group that each member of a k-core has.
    """
    ties = read_adjacency(db, reader, link_filter=link_filter, layer=layer, policy=policy)
    divided = _divided(ties, method, k)
    was: list[UUID | None] = [None] * len(divided.groups)
    if since is not None:
        then = read_adjacency(
            db, reader, link_filter=replace(link_filter, as_known=since), layer=layer, policy=policy
        )
        before = _divided(then, method, k).groups
        came = partition.continued(
            [then.ids[list(places)] for places in before],
            [ties.ids[list(places)] for places in divided.groups],
        )
        was = [None if which is None else then.ids_at(list(before[which][:1]))[0] for which in came]
    found_groups = tuple(
        replace(group, was=which)
        for group, which in zip(_make_groups(ties, divided, limit), was, strict=False)
    )
    named = [person for group in found_groups for person in group.people[:NAMED]]
    who = Gathering(db, reader, link_filter, layer)
    who.meet(named)
    return Groups(
        found_groups,
        {item: who.entities[item].label for item in named},
        len(divided.groups) - len(found_groups),
        ties.ungraded,
        ties.weaker,
    )


def members(db: Db, reader: Reader, *, link_filter: LinkFilter, limit: int) -> list[list[UUID]]:
    """Return the ids of the people in each of the largest groups. The groups are made by the Leiden
    method, and nothing else about them is computed.
    """
    ties = read_adjacency(db, reader, link_filter=link_filter)
    place_groups = partition.once(ties.matrix(ties.sure)).groups if len(ties) else ()
    return [ties.ids_at(list(places)) for places in place_groups[:limit]]


def draw_groups(
    db: Db,
    reader: Reader,
    found_groups: Groups,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "all",
) -> NetworkAnswer:
    """Return the links of the groups as a picture. The picture is empty if the groups have more
    than `DRAWN` people together: for so many, a map around one person is better. In the layer
    `through` (offenders and what they share) it is a picture of the whole layer.
    """
    if layer == "through":
        return whole_layer(db, reader, link_filter=link_filter, layer=layer)
    people = [person for group in found_groups.groups for person in group.people]
    gathering = Gathering(db, reader, between_people(link_filter), layer)
    gathering.between(people if len(people) <= DRAWN else [])
    answer = picture(gathering, [], DEFAULT)
    return replace(answer, ungraded=found_groups.ungraded, weaker=found_groups.weaker)


def _divided(ties: LinkedPeople, method: Grouping, k: int) -> partition.Division:
    if not len(ties):
        return partition.Division((), ())
    match method:
        case "components":
            return partition.components(ties.matrix())
        case "leiden":
            return partition.leiden(ties.matrix(ties.sure))
        case "k-core":
            return partition.cores(ties.matrix(), k)


def _make_groups(ties: LinkedPeople, divided: partition.Division, limit: int) -> list[Group]:
    """Return the groups with their figures, computed for all groups at once."""
    many = len(divided.groups)
    group = np.full(len(ties), many)
    for number, places in enumerate(divided.groups):
        group[list(places)] = number
    offenders, victims, children, cleared = (
        np.bincount(group, mask, many + 1).astype(int)
        for mask in (ties.offender, ties.victim, ties.child, ties.cleared)
    )
    first_array, second_array = group[ties.a], group[ties.b]
    within = first_array == second_array
    inside = np.bincount(first_array[within], minlength=many + 1)
    best = np.full(many + 1, UNGRADED)
    np.minimum.at(best, first_array[within], ties.rank[within])
    core = np.zeros(many + 1, np.int64)
    if many:
        np.maximum.at(core, group, partition.core_numbers(ties.matrix()))
    return [
        Group(
            id=who[0],
            people=tuple(who),
            offenders=int(offenders[number]),
            victims=int(victims[number]),
            children=int(children[number]),
            cleared=int(cleared[number]),
            ties=int(inside[number]),
            grade=None if best[number] == UNGRADED else RANKED[best[number]],
            stability=divided.stability[number],
            core=int(core[number]),
        )
        for number, places in enumerate(divided.groups[:limit])
        for who in [ties.ids_at(list(places))]
    ]


def closely(answer: NetworkAnswer) -> list[list[UUID]]:
    """Return groups of five or more nodes of a picture that are linked more closely with each other
    than with other nodes, largest first; none for a small picture.
    """
    names = sorted({end for pair in answer.pairs for end in (pair.source, pair.target)})
    if len(names) < FEWEST:
        return []
    numbers = {name: number for number, name in enumerate(names)}
    ends = {(numbers[pair.source], numbers[pair.target]) for pair in answer.pairs}
    ties = tuple(sorted({(min(a, b), max(a, b)) for a, b in ends if a != b}))
    return [[names[place] for place in group] for group in _close_groups(len(names), ties)]


@lru_cache(maxsize=DIVIDED)
def _close_groups(count: int, ties: tuple[tuple[int, int], ...]) -> tuple[tuple[int, ...], ...]:
    """Return the groups of five or more among `count` linked nodes. The ids of the nodes are not a
    parameter, so all users can share the cached result, like the cached positions of the nodes.
    Without the cache, dividing the nodes takes a third of the server's time for a map that was
    drawn before.
    """
    ends = np.array(ties, dtype=np.intp).reshape(-1, 2)
    rows, columns = np.concatenate([ends, ends[:, ::-1]]).T
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(count, count))
    return tuple(group for group in partition.coarsest(matrix).groups if len(group) >= FEW)
