"""Groups: who hangs together through direct ties, identified or not.

Two or more people are a network, "whether identified or not" (IICSA 2022, the definition of child
sexual exploitation by organised networks): people known only by a description count like others.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import networkx as nx

from domain.codes import Layer
from domain.values import Reader
from network.evidence import DEFAULT, Policy
from network.gathering import GRADED
from network.layers import between_people, is_offender, is_victim
from network.pairs import best_grade
from network.view import Picture, narrowed, whole
from projections.columns import Column
from projections.links import Asked
from projections.schema import Db


@dataclass(frozen=True)
class Group:
    """People tied to each other, directly or through each other. `id` is the oldest of them."""

    id: UUID
    people: tuple[UUID, ...]
    offenders: int
    victims: int
    children: int
    cleared: int
    ties: int
    grade: str | None


@dataclass(frozen=True)
class Line:
    """A group as it is read: by its number, and what its people are called."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("number", "number"),
        Column("people", "people"),
        Column("offenders", "suspected"),
        Column("victims", "victims"),
        Column("ties", "ties"),
        Column("grade", "best"),
        Column("who", "who"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    people: int
    offenders: int
    victims: int
    ties: int
    grade: str | None
    who: str
    id: UUID


@dataclass(frozen=True)
class Groups:
    """The groups, largest first, and the picture of people that they were read from."""

    groups: tuple[Group, ...]
    picture: Picture

    @property
    def lines(self) -> tuple[Line, ...]:
        """The groups as they are read."""
        return tuple(
            Line(
                number,
                len(one.people),
                one.offenders,
                one.victims,
                one.ties,
                one.grade,
                _some([self.picture.entity(each).label for each in one.people]),
                one.id,
            )
            for number, one in enumerate(self.groups, start=1)
        )


def _some(names: list[str], most: int = 6) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def groups(
    db: Db,
    reader: Reader,
    *,
    asked: Asked = GRADED,
    layer: Layer = "all",
    policy: Policy = DEFAULT,
) -> Groups:
    """Every group of two or more people with a direct tie in the layer."""
    seen = whole(db, reader, asked=between_people(asked), layer=layer, policy=policy)
    people = narrowed(
        seen,
        lambda pair: all(seen.entity(end).kind == "person" for end in (pair.source, pair.target)),
    )
    found = [_group(people, set(inside)) for inside in nx.connected_components(people.graph)]
    found.sort(key=lambda group: (-len(group.people), group.id))
    return Groups(tuple(found), people)


def _group(seen: Picture, inside: set[UUID]) -> Group:
    people = tuple(sorted(inside))
    who = [seen.entity(one) for one in people]
    pairs = [pair for one in people for pair in seen.at[one] if pair.source == one]
    return Group(
        id=people[0],
        people=people,
        offenders=sum(map(is_offender, who)),
        victims=sum(map(is_victim, who)),
        children=sum(one.is_child for one in who),
        cleared=sum(one.cleared for one in who),
        ties=len({frozenset((pair.source, pair.target)) for pair in pairs}),
        grade=best_grade(pairs),
    )
