"""Link offenders through the victims, places, vehicles, phones and incidents that they share.

Seventeen men and two girls may be a network although no man is linked to another: each connection
runs through a girl, a car or a hotel. A thing that few offenders share has more weight than a thing
that many share: each pair of the k offenders who share a thing gets 1 / (k - 1) (Newman 2001),
times the strength of both links to the thing. A thing that more than `cap` offenders share is a
hub: it is listed, but connects no offenders. A connection stands out if it is stronger than
expected when an offender's strength is spread over their connections by chance (the disparity
filter: Serrano, Boguñá & Vespignani 2009), or if it is an offender's strongest connection. Other
connections are only counted.

Everything is computed from links that the reader sees, so that hidden people cannot be inferred
from counts. A child or victim is given by an id only, and a home has no name. A child who is also a
suspect is not treated as an offender, and is left out. The file is long because it is one
computation, from shared things to connections.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import ClassVar
from uuid import UUID

import networkx as nx
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.values import HOME_LINKS, EntityKind, Reader
from network.query.child_protection import is_protected
from network.query.evidence import DEFAULT, FLOOR, StrengthPolicy
from network.query.graph_builder import GRADED, HUB
from network.query.homes import homes
from network.query.layers import is_offender
from network.query.link_pairs import LinkPair, derived_grade
from network.query.view import NetworkAnswer, whole_layer
from projections.intelligence.links import LinkFilter
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: A connection stands out if its share of an offender's strength would be that large by chance with
#: a probability below this value.
SURPRISING = 0.05
#: Two connections whose strengths differ by less are equally strong.
ALIKE = 1e-9


class Via(Struct, frozen=True):
    """A thing that two offenders share.

    `label` is None if it may not be named. `shared_by` is the number of offenders who share the
    thing. Each of the two offenders has a best grade of links to the thing; `grade` is the weaker
    of these two. `circular` means that all accounts of one offender's links go back to the same
    first source.
    """

    id: UUID
    kind: EntityKind
    label: str | None
    shared_by: int
    weight: float
    grade: str | None
    circular: bool
    links: tuple[UUID, ...]

    def __str__(self) -> str:
        name = self.label or ("a child or victim" if self.kind == "person" else "a home")
        doubt = ", one root" if self.circular else ""
        return f"{name} (shared by {self.shared_by}; {self.grade or 'ungraded'}{doubt})"


class Through(Struct, frozen=True):
    """Two offenders and their connection, which consists of direct links and shared things.
    `weight` is used only to sort the connections. `stands_out` means that the connection is
    stronger than expected by chance, or is the strongest of one of the two offenders.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("label", "first person"),
        Column("other_label", "second person"),
        Column("direct", "direct", "mark"),
        Column("shared", "number of shared items"),
        Column("via", "shared items"),
        Column("against", "factors against"),
        Column("stands_out", "stands out", "mark"),
        Column("id", "id", "id"),
        Column("other", "other id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    id: UUID
    label: str
    other: UUID
    other_label: str
    direct: bool
    weight: float
    via: tuple[Via, ...]
    against: tuple[str, ...]
    stands_out: bool
    links: tuple[UUID, ...]

    @property
    def shared(self) -> int:
        """Return the number of things that the two offenders share."""
        return len(self.via)


class Hub(Struct, frozen=True):
    """A thing that makes no connection, because too many offenders share it."""

    id: UUID
    label: str
    shared_by: int


class OffenderMap(Struct, frozen=True):
    """The connections between offenders, strongest first (`ties`). A connection stands out if it is
    stronger than expected by chance, or the strongest of an offender; `more` is the number of
    connections that were left out because they do not.
    """

    ties: tuple[Through, ...]
    more: int
    hubs: tuple[Hub, ...]
    ungraded: int
    weaker: int


@dataclass
class _Tie:
    """The connections of two offenders, while they are being collected."""

    weight: float
    direct: list[LinkPair]
    via: list[Via]


def map_of_men(
    db: Db,
    reader: Reader,
    *,
    link_filter: LinkFilter = GRADED,
    cap: int = HUB,
    include_all: bool = False,
    policy: StrengthPolicy = DEFAULT,
    now: datetime | None = None,
) -> OffenderMap:
    """Return the connections between offenders who are not cleared: with `include_all` all
    connections, otherwise those that stand out. If the policy lets accounts lose value with age (a
    half-life) and the query names no moment, the age of accounts is counted up to `now`.
    """
    if policy.half_life_days and link_filter.as_at is None and link_filter.as_known is None:
        link_filter = replace(link_filter, as_known=now)
    answer = whole_layer(db, reader, link_filter=link_filter, layer="through", policy=policy)
    places = [item for item in answer.graph if answer.entity(item).kind == "place"]
    lived_in = homes(db, reader, link_filter, None if len(places) > HUB else places)
    ties, hubs = _ties(answer, lived_in, cap)
    unusual = find_unusual({ends: tie.weight for ends, tie in ties.items()})
    shown = [ends for ends in ties if include_all or ends in unusual]
    shown.sort(key=lambda ends: (-round(ties[ends].weight, 9), ends))
    return OffenderMap(
        tuple(
            _row(number, answer, ends, ties[ends], ends in unusual)
            for number, ends in enumerate(shown, start=1)
        ),
        len(ties) - len(shown),
        hubs,
        answer.ungraded,
        answer.weaker,
    )


def fading(half_life_days: float | None) -> StrengthPolicy:
    """Return the default policy with this half-life of an account."""
    return replace(DEFAULT, half_life_days=half_life_days)


def projected(answer: NetworkAnswer, cap: int = HUB) -> nx.Graph[UUID]:
    """Return a graph of the offenders in a picture of the layer `through`, linked by things that
    they share; connections that do not stand out are left out."""
    ties, _ = _ties(answer, set(), cap)
    graph: nx.Graph[UUID] = nx.Graph()
    unusual = find_unusual({ends: tie.weight for ends, tie in ties.items()})
    graph.add_nodes_from(sorted({end for ends in unusual for end in ends}))
    graph.add_weighted_edges_from((a, b, ties[a, b].weight) for a, b in sorted(unusual))
    return graph


def _ties(
    answer: NetworkAnswer, lived_in: set[UUID], cap: int
) -> tuple[dict[tuple[UUID, UUID], _Tie], tuple[Hub, ...]]:
    ties: dict[tuple[UUID, UUID], _Tie] = defaultdict(lambda: _Tie(0.0, [], []))
    sharing: dict[UUID, dict[UUID, list[LinkPair]]] = defaultdict(lambda: defaultdict(list))
    for pair in answer.pairs:
        ends = answer.entity(pair.source), answer.entity(pair.target)
        shared = [end.id for end in ends if end.kind != "person" or is_protected(end)]
        men = [
            end.id for end in ends if is_offender(end) and not end.cleared and end.id not in shared
        ]
        if len(men) == len(ends):
            tie = ties[min(men), max(men)]
            tie.direct.append(pair)
            tie.weight += max(pair.strength, FLOOR)
        elif men and shared:
            sharing[shared[0]][men[0]].append(pair)
    hubs = []
    for shared_item in sorted(sharing):
        men_here = sharing[shared_item]
        if len(men_here) > cap:
            hubs.append(Hub(shared_item, answer.entity(shared_item).label, len(men_here)))
            continue
        for a, b in combinations(sorted(men_here), 2):
            via = _via(
                answer,
                shared_item,
                men_here[a],
                men_here[b],
                len(men_here),
                shared_item in lived_in,
            )
            ties[a, b].via.append(via)
            ties[a, b].weight += via.weight
    return dict(ties), tuple(hubs)


def _via(
    answer: NetworkAnswer,
    thing: UUID,
    first_pairs: list[LinkPair],
    second_pairs: list[LinkPair],
    shared_by: int,
    home: bool,
) -> Via:
    met, pairs = answer.entity(thing), (*first_pairs, *second_pairs)
    home = home or any(pair.kind in HOME_LINKS for pair in pairs)
    unnamed = met.kind == "person" or home
    sure = math.prod(max(_together(side), FLOOR) for side in (first_pairs, second_pairs))
    return Via(
        id=thing,
        kind=met.kind,
        label=None if unnamed else met.label,
        shared_by=shared_by,
        weight=sure / (shared_by - 1),
        grade=derived_grade((first_pairs, second_pairs)),
        circular=any(pair.circular for pair in pairs),
        links=tuple(link for pair in pairs for link in pair.links),
    )


def _together(pairs: list[LinkPair]) -> float:
    return 1.0 - math.prod(1.0 - pair.strength for pair in pairs)


def _row(
    number: int, answer: NetworkAnswer, ends: tuple[UUID, UUID], tie: _Tie, stands_out: bool
) -> Through:
    first_entity, second_entity = (answer.entity(end) for end in ends)
    via = tuple(sorted(tie.via, key=lambda each: (-each.weight, each.id)))
    of_via = (link for connection in via for link in connection.links)
    links = dict.fromkeys((*(link for pair in tie.direct for link in pair.links), *of_via))
    pairs = [
        pair
        for pair in answer.at[first_entity.id] + answer.at[second_entity.id]
        if set(pair.links) & set(links)
    ]
    return Through(
        number=number,
        id=first_entity.id,
        label=first_entity.label,
        other=second_entity.id,
        other_label=second_entity.label,
        direct=bool(tie.direct),
        weight=round(tie.weight, 6),
        via=via,
        against=describe_weaknesses(pairs),
        stands_out=stands_out,
        links=tuple(links),
    )


def describe_weaknesses(pairs: list[LinkPair]) -> tuple[str, ...]:
    """Return in words the facts that lower the value of a connection between two offenders, such as
    undermined evidence for one of its links.
    """
    weakness_flags = {
        "an account is suspected to be false": any(
            pair.grade and pair.grade.endswith("E") for pair in pairs
        ),
        "evidence was undermined": any(pair.undermined for pair in pairs),
        "several accounts go back to one root": any(pair.circular for pair in pairs),
        "corroborated on one root": any(pair.one_root for pair in pairs),
    }
    return tuple(words for words, so in weakness_flags.items() if so)


def find_unusual(weights: Mapping[tuple[UUID, UUID], float]) -> set[tuple[UUID, UUID]]:
    """Return the connections that are stronger than expected by chance for one of the two offenders
    whom they connect, and also the strongest connection of each offender. If all connections are
    equally strong, all are returned.
    """
    strength: dict[UUID, float] = defaultdict(float)
    ties: dict[UUID, int] = defaultdict(int)
    best: dict[UUID, float] = defaultdict(float)
    for ends, weight in weights.items():
        for end in ends:
            strength[end] += weight
            ties[end] += 1
            best[end] = max(best[end], weight)
    return {
        ends
        for ends, weight in weights.items()
        if any(
            weight >= best[end] - ALIKE
            or (1.0 - weight / strength[end]) ** (ties[end] - 1) < SURPRISING
            for end in ends
        )
    }
