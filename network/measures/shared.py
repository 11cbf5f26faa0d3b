"""Find people, places or things that several items share; people and things that link two towns,
teams or groups; and paths between two items, with the weakest link of each path.

Everything is computed from links that the reader may see. Items shared by the most come first and,
among these, items whose least certain connection is most certain. Paths with few and strong links
come first. A home is shown only by its id.

The file is long because its searches share one structure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice, pairwise
from math import prod
from typing import ClassVar
from uuid import UUID

import msgspec
import networkx as nx
from msgspec import Struct
from msgspec.structs import replace

from domain import forms
from domain.kernel.values import (
    HOME_LINKS,
    LINK_KINDS,
    EntityKind,
    Grade,
    LinkKind,
    Reader,
    Refused,
)
from network.measures.groups import groups
from network.query.evidence import DEFAULT, FLOOR, cost
from network.query.graph_builder import GRADED, Gathering
from network.query.homes import homes
from network.query.link_pairs import LinkPair, derived_grade
from network.query.paths import HOP
from network.query.through import describe_weaknesses
from network.query.view import NetworkAnswer, picture, resolve_clusters, whole_layer
from projections.intelligence.links import LinkFilter, rank
from projections.kernel.columns import Column
from projections.kernel.database import Db

UNNAMED = "a home"
#: The steps of a path; each has all links between its two ends.
Over = tuple[Sequence[LinkPair], ...]


class Common(msgspec.Struct, frozen=True):
    """An item that several other items share, or a person who links two of those items; with the
    items linked to it, and the links.

    `grade` is the weakest of the best grades of its connections; None if a connection is ungraded.
    If a car was seen in only one of two towns, people who are linked to the car and to the other
    town may connect the car to that town: then `through_people` is true, and only the most certain
    of these people counts for `grade`.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "shared item"),
        Column("kind", "kind"),
        Column("names", "linked with"),
        Column("through_people", "through its people", "mark"),
        Column("grade", "weakest grade"),
        Column("against", "factors against"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    id: UUID
    label: str
    kind: EntityKind
    names: tuple[str, ...]
    through_people: bool
    grade: str | None
    against: tuple[str, ...]
    links: tuple[UUID, ...]
    with_: tuple[UUID, ...] = msgspec.field(name="with")


class Shares(Struct, frozen=True):
    """The shared items, the most certain and most shared first; and how many links were left
    out."""

    rows: tuple[Common, ...]
    more: int
    ungraded: int
    weaker: int


def shared(
    db: Db,
    reader: Reader,
    ends: Sequence[UUID],
    *,
    link_filter: LinkFilter = GRADED,
    limit: int = 20,
) -> Shares:
    """Return the items that are linked to at least two of the items `ends`, at most `limit` of
    them; items linked to the most of `ends` come first. Raises Refused if `ends` has fewer than two
    items.
    """
    gathering = Gathering(db, reader, link_filter, "all")
    wanted = resolve_clusters(gathering, ends)
    if len(wanted) < 2:
        raise Refused("name two or more people, teams or places to compare", field="others")
    gathering.centres = wanted
    gathering.around(wanted)
    answer = picture(gathering, wanted, DEFAULT)
    sides = {item: {item} for item in wanted}
    return _common(db, reader, answer, sides, limit, least=2)


def joining(
    db: Db,
    reader: Reader,
    first_name: str,
    second_name: str,
    *,
    link_filter: LinkFilter = GRADED,
    limit: int = 20,
) -> Shares:
    """Return every person and thing that is linked with both of two sides. A side is given by a
    name: of a town (its places), a team (the items that it recorded), or a person (the person's
    group). Raises Refused for any other name.
    """
    answer = whole_layer(db, reader, link_filter=link_filter)
    sides = [_side(db, reader, answer, link_filter, name) for name in (first_name, second_name)]
    both = {min(side): side for side in sides}
    if len(both) < 2:
        raise Refused(
            "these two are the same: name two different towns, teams or people", field="other"
        )
    return _common(
        db, reader, answer, both, limit, least=2, texts=(first_name.strip(), second_name.strip())
    )


def _side(
    db: Db, reader: Reader, answer: NetworkAnswer, link_filter: LinkFilter, text: str
) -> set[UUID]:
    words = forms.tokens(text)
    places = {
        item
        for item in answer.graph
        if answer.entity(item).kind == "place" and _names(answer.entity(item).names, words)
    }
    if places:
        return places
    team = {
        end
        for a, b, attributes in answer.graph.edges(data=True)
        if forms.same_person(attributes["row"].team, text)
        for end in (a, b)
    }
    if team:
        return team
    met = {item for item in answer.graph if text in map(str, (item, *answer.entity(item).names))}
    for group in groups(db, reader, link_filter=link_filter, method="leiden").groups:
        if met.intersection(group.people):
            return set(group.people)
    if met:
        return met
    raise Refused(
        f"there is no place, team or person {text!r} with a link in this network", named=text
    )


def _names(names: Sequence[str], words: Sequence[str]) -> bool:
    """Return whether one of these names contains these words in a row, as "Mill Lane, Town A"
    contains "Town A".
    """
    wanted = list(words)
    for name in names:
        name_words = list(forms.tokens(name))
        if any(name_words[at : at + len(wanted)] == wanted for at in range(len(name_words))):
            return bool(wanted)
    return False


def _common(
    db: Db,
    reader: Reader,
    answer: NetworkAnswer,
    sides: dict[UUID, set[UUID]],
    limit: int,
    *,
    least: int,
    texts: tuple[str, ...] = (),
) -> Shares:
    named = dict(zip(sides, texts, strict=False))
    lived_in = _homes(db, reader, answer)
    ranked: list[tuple[tuple[int, bool, float], UUID, dict[UUID, list[Over]]]] = []
    own = set().union(*sides.values())
    for item in sorted(set(answer.graph) - (own if texts else set(sides))):
        near = _by_side(answer, item, sides)
        by: dict[UUID, list[Over]] = {side: [(pairs,)] for side, pairs in near.items()}
        through = len(by) < least and bool(texts) and answer.entity(item).kind != "person"
        if through:
            met = _through_people(answer, item, sides) | by
            by = {side: met[side] for side in sides if side in met}
        if len(by) >= least:
            sure = min(max(_surely(over), FLOOR) for over in by.values())
            ranked.append(((-len(by), through, -round(sure, 9)), item, by))
    ranked.sort(key=lambda each: each[:2])
    rows = tuple(
        _row(number, answer, shared_item, by, shared_item in lived_in, named, through)
        for number, ((_, through, _), shared_item, by) in enumerate(ranked[:limit], start=1)
    )
    return Shares(rows, len(ranked) - len(rows), answer.ungraded, answer.weaker)


def _by_side(
    answer: NetworkAnswer, item: UUID, sides: dict[UUID, set[UUID]]
) -> dict[UUID, list[LinkPair]]:
    """Return, for each side (a town, a team or a person) with which an item is linked, the item's
    links to it.
    """
    by: dict[UUID, list[LinkPair]] = {}
    for pair in answer.at[item]:
        for side, inside in sides.items():
            if pair.other(item) in inside:
                by.setdefault(side, []).append(pair)
    return by


def _through_people(
    answer: NetworkAnswer, thing: UUID, sides: dict[UUID, set[UUID]]
) -> dict[UUID, list[Over]]:
    """Return, for each side (a town, a team or a person), the paths from a thing to this side
    through a person who is linked with both.
    """
    people: dict[UUID, list[LinkPair]] = {}
    for pair in answer.at[thing]:
        if answer.entity(pair.other(thing)).kind == "person":
            people.setdefault(pair.other(thing), []).append(pair)
    by: dict[UUID, list[Over]] = {}
    for person, ties in people.items():
        for side, pairs in _by_side(answer, person, sides).items():
            by.setdefault(side, []).append((ties, pairs))
    return by


def _homes(db: Db, reader: Reader, answer: NetworkAnswer) -> Collection[UUID]:
    places = [item for item in answer.graph if answer.entity(item).kind == "place"]
    return homes(db, reader, answer.link_filter, places) if places else ()


def _sure(pairs: Sequence[LinkPair]) -> float:
    return 1.0 - prod(1.0 - pair.strength for pair in pairs)


def _surely(ways: Sequence[Over]) -> float:
    """Return how certain it is that at least one of these paths is true; a path is as certain as
    all its steps together."""
    return 1.0 - prod(1.0 - prod(map(_sure, over)) for over in ways)


def _row(
    number: int,
    answer: NetworkAnswer,
    item: UUID,
    by: dict[UUID, list[Over]],
    home: bool,
    named: dict[UUID, str],
    through: bool,
) -> Common:
    met = answer.entity(item)
    pairs = [pair for side in by.values() for over in side for step in over for pair in step]
    surest = [min(side, key=lambda over: max(map(_doubtful, over))) for side in by.values()]
    home = home or any(met.kind == "place" and pair.kind in HOME_LINKS for pair in pairs)
    return Common(
        number=number,
        id=item,
        label=UNNAMED if home else met.label,
        kind=met.kind,
        names=tuple(
            _with(answer, item, named.get(side) or answer.entity(side).label, over)
            for side, over in by.items()
        ),
        through_people=through,
        grade=derived_grade(step for over in surest for step in over),
        against=describe_weaknesses(pairs),
        links=tuple(dict.fromkeys(link for pair in pairs for link in pair.links)),
        with_=tuple(by),
    )


def _with(answer: NetworkAnswer, item: UUID, name: str, ways: Sequence[Over]) -> str:
    """Return the name of a side (a town, a team or a person) that an item connects with another
    side. If the item is linked to this side through people, the text is "name through people".
    """
    people = [answer.entity(over[0][0].other(item)).label for over in ways if len(over) > 1]
    return f"{name} through {', '.join(dict.fromkeys(people))}" if people else name


# --- paths --------------------------------------------------------------------------------------


class Way(Struct, frozen=True):
    """A path between two items: the items on the path, the grade of the path, and its weakest step.
    `links` are the links of each step.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("steps", "steps"),
        Column("names", "path"),
        Column("grade", "grade"),
        Column("weakest", "weakest link"),
        Column("against", "factors against"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    steps: int
    nodes: tuple[UUID, ...]
    names: tuple[str, ...]
    grade: str | None
    weakest: str
    weakest_links: tuple[UUID, ...]
    against: tuple[str, ...]
    links: tuple[tuple[UUID, ...], ...]


class Ways(Struct, frozen=True):
    """The shortest paths; of equally short paths, the strongest first."""

    rows: tuple[Way, ...]
    ungraded: int
    weaker: int


def ways(
    db: Db,
    reader: Reader,
    a: UUID,
    b: UUID,
    *,
    link_filter: LinkFilter = GRADED,
    most: int = 3,
    avoid: Collection[LinkKind] = (),
    hops: int = 3,
) -> Ways:
    """Return at most `most` paths between two items. The paths contain no links of the kinds in
    `avoid`, and only items within `hops` links of both ends. Raises Refused if an item was not
    known at the time of the query, or if both items were judged the same.
    """
    kinds = frozenset(LINK_KINDS if link_filter.kinds is None else link_filter.kinds) - frozenset(
        avoid
    )
    gathering = Gathering(db, reader, replace(link_filter, kinds=kinds), "all")
    ends = resolve_clusters(gathering, (a, b))
    if len(ends) < 2:
        raise Refused("these two are judged the same, so there is no path between them")
    start, goal = gathering.centres = ends
    for end in (start, goal):
        reached, frontier = {end}, {end}
        for _ in range(hops):
            frontier = gathering.around(frontier, reached) - reached
            reached |= frontier
    answer = picture(gathering, [start, goal], DEFAULT)
    between: dict[frozenset[UUID], list[LinkPair]] = {}
    for pair in answer.pairs:
        between.setdefault(frozenset((pair.source, pair.target)), []).append(pair)
    graph: nx.Graph[UUID] = nx.Graph()
    graph.add_nodes_from((start, goal))
    for tie, pairs in between.items():
        graph.add_edge(*sorted(tie), weight=HOP + cost(_sure(pairs)))
    lived_in = _homes(db, reader, answer)
    rows = []
    if nx.has_path(graph, start, goal):
        paths = nx.shortest_simple_paths(graph, start, goal, weight="weight")
        rows = [
            _way(number, answer, nodes, between, lived_in)
            for number, nodes in enumerate(islice(paths, most), start=1)
        ]
    return Ways(tuple(rows), answer.ungraded, answer.weaker)


def _doubtful(step: Sequence[LinkPair]) -> tuple[bool, int, float]:
    """Return a sort key for how weak a step is: ungraded steps come before graded ones, which are
    sorted by the best grade, and steps with an exhibit come last; equal steps are sorted by
    certainty.
    """
    if any(pair.exhibited for pair in step):
        return False, -1, -_sure(step)
    best = min((Grade.parse(pair.grade) for pair in step if pair.grade), default=None)
    return best is None, rank(best) or 0, -_sure(step)


def _way(
    number: int,
    answer: NetworkAnswer,
    nodes: Sequence[UUID],
    between: dict[frozenset[UUID], list[LinkPair]],
    lived_in: Collection[UUID],
) -> Way:
    steps = [between[frozenset(step)] for step in pairwise(nodes)]
    names = [UNNAMED if node in lived_in else answer.entity(node).label for node in nodes]
    weakest = max(range(len(steps)), key=lambda at: (_doubtful(steps[at]), -at))
    kinds = " / ".join(dict.fromkeys(pair.kind for pair in steps[weakest]))
    grade = derived_grade([steps[weakest]]) or "ungraded"
    return Way(
        number=number,
        steps=len(steps),
        nodes=tuple(nodes),
        names=tuple(names),
        grade=derived_grade(steps),
        weakest=f"{names[weakest]} - {names[weakest + 1]}: {kinds} ({grade})",
        weakest_links=tuple(link for pair in steps[weakest] for link in pair.links),
        against=describe_weaknesses([pair for step in steps for pair in step]),
        links=tuple(tuple(link for pair in step for link in pair.links) for step in steps),
    )
