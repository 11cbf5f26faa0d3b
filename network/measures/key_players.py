"""Sets of key players, and the links and people that hold a network together (Borgatti 2006).

There are two measures, each of a set of people and not of single people: how fragmented the network
is without the set (distance-weighted fragmentation, from 0 to 1), and which share of the other
people the set reaches within some steps. Small networks are searched completely. In larger networks
the set is built person by person and its people are exchanged for others, and the answer gives a
bound on how much better another set could be (`network.measures.key_player_sets`). For reach, that
bound is the sum of what the next best people would add (Nemhauser, Wolsey & Fisher 1978).

A bridge is a link without which two parts are not connected; a broker is a person without whom the
network falls into more parts. Both are only leads: in networks of this kind no brokers were found
(Cockbain 2018), and the person named most is often the one who was watched most. No person is
called a leader.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from domain.kernel.codes import Layer, SetMeasure
from domain.kernel.values import Reader, Refused
from network.measures.bridges import blocks
from network.measures.key_player_sets import EXACT, best_set
from network.measures.measures import measured
from network.query.evidence import DEFAULT
from network.query.graph_builder import GRADED, Gathering
from network.query.layers import between_people
from network.query.link_pairs import best_grade
from network.query.through import describe_weaknesses
from network.query.view import NetworkAnswer, picture
from projections.intelligence.links import LinkFilter
from projections.kernel.columns import Column
from projections.kernel.database import Db

#: Largest number of people for each measure; with more, it takes too long.
MOST: dict[SetMeasure, int] = {"fragmentation": 100_000, "reach": 1_000_000}


class Player(Struct, frozen=True):
    """A member of a set of key players. Members are in the order in which they were chosen; `value`
    is the value of the set after this person was added.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("place", "no."),
        Column("label", "person"),
        Column("value", "value of the set", "figure"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("place",)
    place: int
    id: UUID
    label: str
    value: float


class Players(Struct, frozen=True):
    """The best set of people that the search found.

    `exact` means that every set was compared. If it is false, no set has a better value than
    `bound`; if `drawn` is a number, this bound is only an estimate from a sample of that many
    people.
    """

    rows: tuple[Player, ...]
    value: float
    exact: bool
    bound: float
    drawn: int | None
    people: int
    cleared: int
    ungraded: int
    weaker: int


def key_players(
    db: Db,
    reader: Reader,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "offender-offender",
    size: int = 3,
    by: SetMeasure = "fragmentation",
    steps: int = 2,
) -> Players:
    """Return the best set of `size` key players. Raises Refused for too many people."""
    ties, cleared = measured(db, reader, link_filter=link_filter, layer=layer)
    if len(ties) > MOST[by]:
        raise Refused(
            f"{by} of a set cannot be computed for {len(ties):,} people: choose reach, or narrow "
            "the question by date, grade, stage or kind",
            field="by",
        )
    best = best_set(ties.matrix(), size, by, steps)
    chosen = ties.ids_at(best.places)
    who = Gathering(db, reader, link_filter, layer)
    who.meet(chosen)
    rows = tuple(
        Player(place, item, who.entities[item].label, value)
        for place, (item, value) in enumerate(zip(chosen, best.values, strict=True), start=1)
    )
    best_result = (best.values[-1] if best.values else 0.0, best.exact, best.bound, best.drawn)
    return Players(rows, *best_result, len(ties), cleared, ties.ungraded, ties.weaker)


def describe_set(players: Players) -> str:
    """Return a sentence that says how much the set of people fragments the network, or how many
    people it reaches.
    """
    if players.exact:
        return f"Value of the set: {players.value:.3f}. Every set of this size was compared."
    bound = f"no other set exceeds {players.bound:.3f}"
    if players.drawn:
        bound = (
            f"estimated from a sample of {players.drawn:,} people, no other set exceeds about "
            f"{players.bound:.3f}"
        )
    about = "about " if players.drawn and players.people > EXACT else ""
    return (
        f"Value of the set: {about}{players.value:.3f}. The people were chosen one by one and "
        f"exchanged; {bound}."
    )


# --- bridges and brokers ------------------------------------------------------------------------


class Bridge(Struct, frozen=True):
    """A link without which two parts of the network are not connected; the smaller part has `fewer`
    people."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("fewer", "people on the smaller side"),
        Column("label", "first end"),
        Column("other_label", "second end"),
        Column("grade", "grade"),
        Column("against", "factors against"),
        Column("id", "id", "id"),
        Column("other", "other id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    id: UUID
    label: str
    other: UUID
    other_label: str
    fewer: int
    grade: str | None
    against: tuple[str, ...]
    links: tuple[UUID, ...]


class Broker(Struct, frozen=True):
    """A person whose removal divides their component into `parts` parts. The largest part has
    `largest` people; the others have `cut_off` people together.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("parts", "parts without them"),
        Column("label", "person"),
        Column("largest", "people in the largest part"),
        Column("cut_off", "people cut off from it"),
        Column("id", "id", "id"),
    )
    order: ClassVar[tuple[str, ...]] = ("number",)
    number: int
    id: UUID
    label: str
    parts: int
    largest: int
    cut_off: int


class BridgesAndBrokers(Struct, frozen=True):
    """Bridges and brokers, sorted by the number of people whom their removal separates, the largest
    number first.
    """

    bridges: tuple[Bridge, ...]
    brokers: tuple[Broker, ...]
    cleared: int
    ungraded: int
    weaker: int


def threads(
    db: Db,
    reader: Reader,
    *,
    link_filter: LinkFilter = GRADED,
    layer: Layer = "offender-offender",
    limit: int = 20,
) -> BridgesAndBrokers:
    """Return the bridges and brokers of a layer (the links between two kinds of people).

    They are the links and the people whose removal splits a connected part of the network.
    """
    ties, cleared = measured(db, reader, link_filter=link_filter, layer=layer)
    parted = blocks(ties.matrix())
    cut = []
    for block in parted.blocks:
        if len(block) == 2:
            fewer = min(parted.weights(block))
            cut.append((-fewer, min(block), max(block)))
    parts = [
        (sum(sizes[1:]), place, sizes) for place in parted.cut for sizes in [parted.parts(place)]
    ]
    cut_links = sorted(cut)[:limit]
    parted_most = sorted(parts, key=lambda part: (-part[0], part[1]))[:limit]
    ends = ties.ids_at([end for _, a, b in cut_links for end in (a, b)])
    brokers = ties.ids_at([place for _, place, _ in parted_most])
    gathering = Gathering(db, reader, between_people(link_filter, layer), layer)
    gathering.between(ends)
    gathering.meet({*ends, *brokers})
    answer = picture(gathering, ends, DEFAULT)
    return BridgesAndBrokers(
        tuple(
            _bridge(answer, number, a, b, -fewer)
            for number, ((fewer, _, _), a, b) in enumerate(
                zip(cut_links, ends[::2], ends[1::2], strict=True), start=1
            )
        ),
        tuple(
            Broker(number, item, gathering.entities[item].label, len(sizes), sizes[0], cut_off)
            for number, ((cut_off, _, sizes), item) in enumerate(
                zip(parted_most, brokers, strict=True), start=1
            )
        ),
        cleared,
        ties.ungraded,
        ties.weaker,
    )


def _bridge(answer: NetworkAnswer, number: int, a: UUID, b: UUID, fewer: int) -> Bridge:
    pairs = [pair for pair in answer.at[a] if b in (pair.source, pair.target)]
    return Bridge(
        number=number,
        id=a,
        label=answer.entity(a).label,
        other=b,
        other_label=answer.entity(b).label,
        fewer=fewer,
        grade=best_grade(pairs),
        against=describe_weaknesses(pairs),
        links=tuple(link for pair in pairs for link in pair.links),
    )
