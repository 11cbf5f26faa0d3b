"""What may leave the house in a picture or an export: the network with its children masked.

Every child, suspects under 18 included, is "Child n", without name, alias, birth date or id; the
numbers run in the order in which this export's children were first recorded and mean nothing
outside it. A victim of full age is "Victim n" (anonymity is for life: Sexual Offences (Amendment)
Act 1992 [verify]), unless they are an offender too. Ties between children or victims, homes and
placements are left out. A phone or account that a child holds is not named, nor does a child's
name pass where it stands in somebody else's description. An incident is called by its sort and day.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from domain.codes import IncidentSort
from domain.values import HOME_LINKS, NOT_KNOWN, EntityKind, Reader, Refused
from network.homes import childrens_own, homes
from network.layers import is_offender, is_victim
from network.masks import is_tie_of_protected
from network.pairs import Pair
from network.view import Picture, narrowed
from network.words import plain
from projections.people import Entity
from projections.schema import Db

Role = Literal["suspect", "convicted", "person-of-interest", "child", "victim", "person"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Node:
    """A person or thing as others may see it. `id` is the permanent one, or the mask's own. An
    incident has its sort and when it was; `aliases` are what else somebody goes by, and `unnamed`
    is a person who is only called something, or described."""

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


@dataclass(frozen=True)
class Tie:
    """A pair as others may see it: where an end is masked, no id leads back to the record."""

    source: Node
    target: Node
    pair: Pair
    ids: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Outgoing:
    """What leaves, and what the record of the export needs: `exported` are the real ids of every
    entity and link in it. `protected` counts the ties left out between children or victims;
    `at_home` those to homes and placements. `inside`: for the team itself; beyond it nothing
    counts tellers or words (network/release.py)."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    focus: tuple[Node, ...]
    picture: Picture
    protected: int
    at_home: int
    exported: tuple[UUID, ...]
    inside: bool = True


def outgoing(db: Db, reader: Reader, picture: Picture) -> Outgoing:
    """The picture as it may leave. Raises Refused where its very focus is a home or placement."""
    places = [one for one in picture.graph if picture.entity(one).kind == "place"]
    lived_in = homes(db, reader, picture.asked, places)
    if lived_in.intersection(picture.focus):
        raise Refused("a home or a placement never leaves in a picture or an export")

    def at_home(pair: Pair) -> bool:
        return pair.kind in HOME_LINKS or pair.source in lived_in or pair.target in lived_in

    def protected(pair: Pair) -> bool:
        return is_tie_of_protected(picture.entity(pair.source), picture.entity(pair.target))

    seen = narrowed(picture, lambda pair: not at_home(pair) and not protected(pair))
    things = [one for one in seen.graph if seen.entity(one).kind != "person"]
    own = childrens_own(db, reader, picture.asked, things)
    hidden = [picture.entity(one) for one in picture.graph if _mask(picture.entity(one), own)]
    nodes = _nodes(seen, own, _naming(hidden))
    ties = tuple(_tie(pair, nodes) for pair in seen.pairs)
    return Outgoing(
        nodes=tuple(nodes.values()),
        ties=ties,
        focus=tuple(nodes[one] for one in seen.focus),
        picture=seen,
        protected=sum(map(protected, picture.pairs)),
        at_home=sum(map(at_home, picture.pairs)),
        exported=(*nodes, *(link for pair in seen.pairs for link in pair.links)),
    )


def _naming(hidden: Iterable[Entity]) -> re.Pattern[str] | None:
    """What finds the masked people's names where they stand in somebody else's description."""
    names = {name for one in hidden for name in one.names if len(name) > 2}
    any_of = "|".join(re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE) if names else None


def _nodes(seen: Picture, own: set[UUID], naming: re.Pattern[str] | None) -> Mapping[UUID, Node]:
    called: dict[UUID, str] = {}
    counts: dict[str, int] = {}
    for one in sorted(map(seen.entity, seen.graph), key=lambda one: (one.known_from, one.id)):
        if mask := _mask(one, own):
            counts[mask] = counts.get(mask, 0) + 1
            called[one.id] = f"{mask} {counts[mask]}"
    return {one: _node(seen.entity(one), called.get(one), naming) for one in seen.graph}


def _mask(one: Entity, own: set[UUID]) -> str | None:
    if one.id in own:
        return f"Child's {one.kind}"
    if one.is_child:
        return "Child"
    return "Victim" if is_victim(one) and not is_offender(one) else None


def _node(one: Entity, mask: str | None, naming: re.Pattern[str] | None) -> Node:
    label = _called(one)
    label = naming.sub("(name masked)", label) if naming else label
    person = one.kind == "person" and mask is None
    return Node(
        id=mask.lower().replace("'s", "s").replace(" ", "-") if mask else str(one.id),
        label=mask or plain(label) or NOT_KNOWN,
        kind=one.kind,
        role=role(one) if one.kind == "person" else None,
        masked=mask is not None,
        cleared=one.cleared,
        suspect=is_offender(one) and not one.cleared,
        sort=one.sort,
        since=one.since,
        until=one.until,
        aliases=tuple(_aliases(one, naming)) if person else (),
        unnamed=person and not one.identified,
    )


def _aliases(one: Entity, naming: re.Pattern[str] | None) -> Iterator[str]:
    """What else somebody goes by, but for what names somebody who is masked."""
    for name in one.names:
        said = plain(name)
        if said and name != one.label and not (naming and naming.search(name)):
            yield said


def _called(one: Entity) -> str:
    """What is written of it: of an incident its sort and day, for its words are somebody's own."""
    if one.kind != "incident":
        return one.label
    return f"{one.sort or 'incident'} {one.since:%Y-%m-%d}" if one.since else one.sort or "incident"


def role(one: Entity) -> Role:
    """As what a person stands in a picture: a child is a child first, whatever else they are."""
    if one.is_child:
        return "child"
    if one.cleared:
        return "person"
    for role in ("convicted", "suspect", "person-of-interest"):
        if role in one.categories:
            return role
    return "victim" if is_victim(one) else "person"


def _tie(pair: Pair, nodes: Mapping[UUID, Node]) -> Tie:
    source, target = nodes[pair.source], nodes[pair.target]
    hidden = source.masked or target.masked
    return Tie(
        source=source,
        target=target,
        pair=pair,
        ids=() if hidden else tuple(map(str, pair.links)),
        evidence=() if hidden else tuple(map(str, pair.evidence)),
    )
