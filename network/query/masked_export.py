"""Mask a picture of the network for export, so that it contains no names of children.

Every child, also a suspect under 18, is "Child n", without name, alias, birth date or id; the
numbers follow the order in which this export's children were first recorded and mean nothing
outside the export. An adult victim is "Victim n" (anonymity is for life: Sexual Offences
(Amendment) Act 1992 [verify]), unless the victim is also an offender. Links between children or
victims, homes and placements are left out. A child's phone or account gets no name, and a child's
name is masked in descriptions of other people. An incident is named by its sort and day.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import networkx as nx
from msgspec import Struct
from msgspec.structs import replace

from domain.kernel.codes import IncidentSort
from domain.kernel.values import (
    HOME_LINKS,
    NOT_KNOWN,
    VICTIM_CATEGORIES,
    EntityKind,
    PoleCategory,
    Reader,
    Refused,
)
from network.query.child_protection import is_tie_of_protected
from network.query.graph_builder import Gathering
from network.query.homes import childrens_own, homes
from network.query.layers import is_offender, is_victim
from network.query.link_pairs import LinkPair
from network.query.masked_names import Naming, full_names
from network.query.safe_text import single_line
from network.query.view import NetworkAnswer, narrowed
from projections.intelligence import people
from projections.intelligence.people import Entity
from projections.kernel.database import Db

Role = Literal["suspect", "convicted", "person-of-interest", "child", "victim", "person"]
ROLES: tuple[Role, ...] = get_args(Role)


class ExportedNode(Struct, frozen=True):
    """A person or thing as it is shown in an export.

    `id` is its permanent id, or an id made for the masked export. An incident has its sort and its
    times. `aliases` are a person's other names; `unnamed` means that only a nickname or a
    description of the person is known.
    """

    id: str
    label: str
    kind: EntityKind
    role: Role | None
    masked: bool
    cleared: bool
    suspect: bool
    sort: IncidentSort | None = None
    since: datetime | None = None
    until: datetime | None = None
    aliases: tuple[str, ...] = ()
    unnamed: bool = False


class ExportedLink(Struct, frozen=True):
    """A pair of linked items as it is shown in an export. If one of the two items is masked, the
    pair has no id that leads back to the item's record.
    """

    source: ExportedNode
    target: ExportedNode
    pair: LinkPair
    ids: tuple[str, ...]
    evidence: tuple[str, ...]


class MaskedExport(Struct, frozen=True):
    """A masked picture, and what the log will record about its export: `exported` are the real ids
    of every person, thing and link in it.

    `protected` is the number of omitted links between children or victims, `at_home` the number of
    omitted links to homes and placements. `inside` means that the export is for the team itself;
    for other recipients, numbers from which sources or log entries could be counted are left out
    (network/export/export_rules.py).
    """

    nodes: tuple[ExportedNode, ...]
    ties: tuple[ExportedLink, ...]
    focus: tuple[ExportedNode, ...]
    picture: NetworkAnswer
    protected: int
    at_home: int
    exported: tuple[UUID, ...]
    inside: bool = True


def outgoing(db: Db, reader: Reader, picture: NetworkAnswer) -> MaskedExport:
    """Return the picture masked for export. Raises Refused if its focus is a home or placement."""
    picture = _protected_today(db, reader, picture)
    places = [item for item in picture.graph if picture.entity(item).kind == "place"]
    lived_in = homes(db, reader, picture.link_filter, places)
    if lived_in.intersection(picture.focus):
        raise Refused("a child's home or placement is never exported: choose another centre")

    def at_home(pair: LinkPair) -> bool:
        return pair.kind in HOME_LINKS or pair.source in lived_in or pair.target in lived_in

    def protected(pair: LinkPair) -> bool:
        return is_tie_of_protected(picture.entity(pair.source), picture.entity(pair.target))

    answer = narrowed(picture, lambda pair: not at_home(pair) and not protected(pair))
    things = [item for item in answer.graph if answer.entity(item).kind != "person"]
    own = childrens_own(db, reader, picture.link_filter, things)
    hidden = [picture.entity(item) for item in picture.graph if _mask(picture.entity(item), own)]
    naming = Naming(hidden, _masked_elsewhere(db, reader, picture))
    nodes = _nodes(answer, own, naming)
    ties = tuple(_tie(pair, nodes) for pair in answer.pairs)
    return MaskedExport(
        nodes=tuple(nodes.values()),
        ties=ties,
        focus=tuple(nodes[item] for item in answer.focus),
        picture=answer,
        protected=sum(map(protected, picture.pairs)),
        at_home=sum(map(at_home, picture.pairs)),
        exported=(*nodes, *(link for pair in answer.pairs for link in pair.links)),
    )


def _protected_today(db: Db, reader: Reader, picture: NetworkAnswer) -> NetworkAnswer:
    """Return the picture in which all people are marked as protected who are known today to be
    children or victims: a picture of an earlier time is also masked by what is known now.
    """
    link_filter = picture.link_filter
    if link_filter.as_known is None:
        return picture
    then = Gathering(db, reader, link_filter, "all")
    now = Gathering(db, reader, replace(link_filter, as_known=None), "all")
    then.know(picture.graph)
    behind = {node: then.members([node]) for node in picture.graph}
    now.know(member for members in behind.values() for member in members)
    leaders = {node: {now.lead(member) for member in members} for node, members in behind.items()}
    now.meet({leader for current_leaders in leaders.values() for leader in current_leaders})
    graph = picture.graph.copy()
    for item, current_leaders in leaders.items():
        known_entity, today = (
            picture.entity(item),
            [now.entities[leader] for leader in current_leaders],
        )
        if any(entity.is_child or is_victim(entity) for entity in today):
            categories = frozenset[PoleCategory]().union(*(entity.categories for entity in today))
            names = (name for entity in (known_entity, *today) for name in entity.names)
            graph.nodes[item]["entity"] = replace(
                known_entity,
                names=tuple(dict.fromkeys(names)),
                categories=known_entity.categories | (categories & VICTIM_CATEGORIES),
                is_child=known_entity.is_child or any(entity.is_child for entity in today),
            )
    return replace(picture, graph=nx.freeze(graph))


def _masked_elsewhere(db: Db, reader: Reader, picture: NetworkAnswer) -> list[Entity]:
    """Return people outside the picture who would be masked and whose full names may occur in the
    picture's labels. The first name alone is searched for only if the person is in the picture,
    because many people share a first name.
    """
    names_in_labels = {
        name
        for entity in map(picture.entity, picture.graph)
        for text in _naming_texts(entity)
        for name in full_names(text)
    }
    entities = people.entities(db, reader, people.bearing(db, reader, names_in_labels))
    return [entity for entity in entities.values() if _mask(entity, ())]


def _naming_texts(entity: Entity) -> tuple[str, ...]:
    """Return the texts of an entity in which another person may be named: the names of a person, or
    the label of a place.
    """
    if entity.kind == "person":
        return entity.names
    return (entity.label,) if entity.kind == "place" else ()


def _nodes(
    answer: NetworkAnswer, own: Collection[UUID], naming: Naming
) -> Mapping[UUID, ExportedNode]:
    called: dict[UUID, str] = {}
    counts: dict[str, int] = {}
    for entity in sorted(
        map(answer.entity, answer.graph), key=lambda one: (one.known_from, one.id)
    ):
        if mask := _mask(entity, own):
            counts[mask] = counts.get(mask, 0) + 1
            called[entity.id] = f"{mask} {counts[mask]}"
    return {item: _node(answer.entity(item), called.get(item), naming) for item in answer.graph}


def _mask(entity: Entity, own: Collection[UUID]) -> str | None:
    if entity.id in own:
        return f"Child's {entity.kind}"
    if entity.is_child:
        return "Child"
    return "Victim" if is_victim(entity) and not is_offender(entity) else None


def _node(entity: Entity, mask: str | None, naming: Naming) -> ExportedNode:
    described = entity.kind == "person" and not entity.identified
    label = naming.masked(_called(entity), entity.kind, described=described)
    person = entity.kind == "person" and mask is None
    return ExportedNode(
        id=mask.lower().replace("'s", "s").replace(" ", "-") if mask else str(entity.id),
        label=mask or single_line(label) or NOT_KNOWN,
        kind=entity.kind,
        role=role(entity) if entity.kind == "person" else None,
        masked=mask is not None,
        cleared=entity.cleared,
        suspect=is_offender(entity) and not entity.cleared,
        sort=entity.sort,
        since=entity.since,
        until=entity.until,
        aliases=tuple(_aliases(entity, naming)) if person else (),
        unnamed=person and not entity.identified,
    )


def _aliases(entity: Entity, naming: Naming) -> Iterator[str]:
    """Yield a person's aliases, except those that name a masked person."""
    for name in entity.names:
        alias = single_line(name)
        if alias and name != entity.label and not naming.is_in(name):
            yield alias


def _called(entity: Entity) -> str:
    """Return the label of an entity; for an incident its sort and day, because the label of an
    incident is the text of a source.
    """
    if entity.kind != "incident":
        return entity.label
    return (
        f"{entity.sort or 'incident'} {entity.since:%Y-%m-%d}"
        if entity.since
        else entity.sort or "incident"
    )


def role(entity: Entity) -> Role:
    """Return a person's role in a picture; a child is always shown as a child, whatever other
    categories they have.
    """
    if entity.is_child:
        return "child"
    if entity.cleared:
        return "person"
    for role in ("convicted", "suspect", "person-of-interest"):
        if role in entity.categories:
            return role
    return "victim" if is_victim(entity) else "person"


def _tie(pair: LinkPair, nodes: Mapping[UUID, ExportedNode]) -> ExportedLink:
    source, target = nodes[pair.source], nodes[pair.target]
    hidden = source.masked or target.masked
    return ExportedLink(
        source=source,
        target=target,
        pair=pair,
        ids=() if hidden else tuple(map(str, pair.links)),
        evidence=() if hidden else tuple(map(str, pair.evidence)),
    )
