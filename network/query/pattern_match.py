"""Check whether a saved pattern of links now exists in the network that its owner sees, and which
links form it.

Only graded links count, with people merged by the judgements of today.
`commands/intelligence/standing_watch.py` informs the owner.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from domain.intelligence.standing_watch import CHILDREN, MET, STEPS
from domain.kernel.values import PARTS, Reader, Refused
from network.query.graph_builder import GRADED, Gathering
from network.query.paths import path
from projections.due.standing_watches import PatternMatch, PatternRow
from projections.intelligence.links import LinkFilter, LinkRow
from projections.kernel.database import Db

#: Number of levels of areas that are followed upwards, from a town to its county.
_DEPTH = 4
_AT = frozenset({"seen-at", "frequents", *PARTS}) - {"dealt-with"}


def find_match(db: Db, reader: Reader, row: PatternRow) -> PatternMatch | None:
    """Return the links by which a pattern matches, as this reader sees the network now; None if it
    does not match.
    """
    match row.shape:
        case "connected":
            return _connected(db, reader, *row.about)
        case "third-child":
            return _children(db, reader, *row.about)
        case "new-town":
            return _new_town(db, reader, row.about, row.since)


def _connected(db: Db, reader: Reader, a: UUID, b: UUID) -> PatternMatch | None:
    try:
        found_path = path(db, reader, a, b, max_hops=STEPS)
    except Refused:
        # the reader does not see one of the two people, or they were judged the same person
        return None
    if found_path is None:
        return None
    strongest = (max(step, key=lambda pair: pair.strength) for step in found_path.steps)
    return PatternMatch(tuple(link for pair in strongest for link in pair.links))


def _children(db: Db, reader: Reader, thing: UUID) -> PatternMatch | None:
    gathering = Gathering(db, reader, GRADED, "all")
    centre = gathering.lead(thing)
    gathering.centres = [centre]
    gathering.around([centre])
    tied: dict[UUID, list[UUID]] = defaultdict(list)
    for a, b, row in gathering.edges():
        item = b if a == centre else a
        if gathering.entities[item].kind == "person" and gathering.entities[item].is_child:
            tied[item].append(row.link)
    if len(tied) < CHILDREN:
        return None
    return PatternMatch(tuple(link for links in tied.values() for link in links), tuple(tied))


def _new_town(
    db: Db, reader: Reader, group: Collection[UUID], since: datetime
) -> PatternMatch | None:
    """Return the links that show a new town of the group; None if there is no such town. In a new
    town, two of the group's people are linked to the same place or incident now, and no two of them
    were at the moment `since`.
    """
    before = _common_towns(Gathering(db, reader, LinkFilter(as_known=since), "all"), group)
    now = _common_towns(Gathering(db, reader, GRADED, "all"), group)
    for town in sorted(now.keys() - before.keys()):
        return PatternMatch(tuple(row.link for row in now[town]), (town,))
    return None


def _common_towns(gathering: Gathering, group: Collection[UUID]) -> dict[UUID, list[LinkRow]]:
    """Return the towns in which at least two people of a group are linked to the same place or
    incident, each town with the links that show this.
    """
    people = {gathering.lead(item) for item in group}
    gathering.centres = people
    gathering.around(people)
    at: dict[UUID, list[tuple[UUID, LinkRow]]] = defaultdict(list)
    for a, b, row in gathering.edges():
        for first_item, second_item in ((a, b), (b, a)):
            if first_item in people and row.kind in _AT:
                at[second_item].append((first_item, row))
    met = {
        where: person_rows
        for where, person_rows in at.items()
        if len({item for item, _ in person_rows}) >= MET
    }
    towns: dict[UUID, dict[UUID, LinkRow]] = defaultdict(dict)
    for where, place, rows in _places(gathering, met):
        for town, way in _towns(gathering, place):
            held_rows = [row for _, row in met[where]]
            towns[town] |= {row.link: row for row in (*held_rows, *rows, *way)}
    return {town: list(rows.values()) for town, rows in towns.items()}


def _places(gathering: Gathering, met: Collection[UUID]) -> list[tuple[UUID, UUID, list[LinkRow]]]:
    """Return for each of the items `met` that is a place or an incident: the item, its place (for
    an incident, where it happened), and the links that show this place.
    """
    incidents = {item for item in met if gathering.entities[item].kind == "incident"}
    if incidents:
        gathering.around(incidents, incidents)
    placed_items: list[tuple[UUID, UUID, list[LinkRow]]] = [
        (item, item, []) for item in met if gathering.entities[item].kind == "place"
    ]
    for a, b, row in gathering.edges():
        if row.kind == "happened-at" and a in incidents:
            placed_items.append((a, b, [row]))
    return placed_items


def _towns(gathering: Gathering, place: UUID) -> list[tuple[UUID, list[LinkRow]]]:
    """Return the areas that contain a place, each with the links that show this; without any area,
    return the place itself.
    """
    linked_areas: list[tuple[UUID, list[LinkRow]]] = []
    layer: dict[UUID, list[LinkRow]] = {place: []}
    for _ in range(_DEPTH):
        gathering.around(layer, set(layer))
        above = {
            b: [*layer[a], row]
            for a, b, row in gathering.edges()
            if row.kind == "lies-in" and a in layer and b not in layer
        }
        if not above:
            break
        linked_areas += above.items()
        layer = above
    return linked_areas or [(place, [])]
