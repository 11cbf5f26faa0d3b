"""A picture as plain values: the output of `--json`.

The keys are stable, because programs rely on them: `{"nodes": [{"id", "kind", "label", …}],
"links": [{"source", "target", "kind", "stage", "grade", "weight", "evidence", "valid_from",
"valid_to", "known_from", …}]}`. Each element of `links` is a pair of ends and a kind of link; the
permanent ids of all its links are in its field `ids`. Labels are not masked: this output is for a
reader who may see them. For other recipients there are exports.
"""

from datetime import UTC, datetime
from typing import Any, TypedDict

from msgspec.structs import asdict

from domain.kernel.codes import IncidentSort, Layer
from domain.kernel.values import EntityKind, HandlingCode, LinkKind, PoleCategory, Stage
from network.query.link_pairs import LinkPair
from network.query.paths import Path
from network.query.view import NetworkAnswer
from projections.intelligence.people import Entity


class Node(TypedDict):
    """A person or thing in the document of a picture."""

    id: str
    kind: EntityKind
    label: str
    names: list[str]
    categories: list[PoleCategory]
    is_child: bool
    identified: bool
    cleared: bool
    sort: IncidentSort | None
    since: str | None
    until: str | None


class Link(TypedDict):
    """The links of one kind between two ends, with their evidence."""

    source: str
    target: str
    kind: LinkKind
    ids: list[str]
    stage: Stage
    grade: str | None
    handling: str | None
    roots: int
    strength: float
    weight: float
    count: int
    undermined: bool
    evidence: list[str]
    observations: int
    circular: bool
    one_root: list[str]
    valid_from: str | None
    valid_to: str | None
    known_from: str | None


class Hub(TypedDict):
    """An item that was shown without its further links, and how many more are linked to it."""

    id: str
    more: int


class Document(TypedDict):
    """The picture, with its omissions and the policy behind its strengths."""

    nodes: list[Node]
    links: list[Link]
    focus: list[str]
    layer: Layer
    as_at: str | None
    since: str | None
    until: str | None
    as_known: str | None
    ungraded_not_shown: int
    weaker_not_shown: int
    hubs_not_followed: list[Hub]
    policy: dict[str, Any]


class PathDocument(Document):
    """A path: its picture, its nodes in order, and the links of each step."""

    path: list[str]
    steps: list[list[Link]]
    hops: int
    grade: str | None
    handling: HandlingCode | None


def document(picture: NetworkAnswer) -> Document:
    """Return the picture with its omissions and the policy behind its strengths."""
    return {
        "nodes": [node(picture.entity(item)) for item in picture.graph],
        "links": [link(pair) for pair in picture.pairs],
        "focus": [str(item) for item in picture.focus],
        "layer": picture.layer,
        "as_at": moment(picture.link_filter.as_at),
        "since": moment(picture.link_filter.since),
        "until": moment(picture.link_filter.until),
        "as_known": moment(picture.link_filter.as_known),
        "ungraded_not_shown": picture.ungraded,
        "weaker_not_shown": picture.weaker,
        "hubs_not_followed": [{"id": str(hub), "more": more} for hub, more in picture.hubs],
        "policy": asdict(picture.policy),
    }


def path_document(path: Path) -> PathDocument:
    """Return a path: its picture, its nodes in order, and the links of each step."""
    return {
        **document(path.picture),
        "path": [str(item) for item in path.nodes],
        "steps": [[link(pair) for pair in step] for step in path.steps],
        "hops": len(path.steps),
        "grade": path.grade,
        "handling": path.handling,
    }


def node(entity: Entity) -> Node:
    """Return a person or thing as a node of the document."""
    return {
        "id": str(entity.id),
        "kind": entity.kind,
        "label": entity.label,
        "names": list(entity.names),
        "categories": sorted(entity.categories),
        "is_child": entity.is_child,
        "identified": entity.identified,
        "cleared": entity.cleared,
        "sort": entity.sort,
        "since": moment(entity.since),
        "until": moment(entity.until),
    }


def link(pair: LinkPair) -> Link:
    """Return the links of one kind between two ends, with their evidence."""
    return {
        "source": str(pair.source),
        "target": str(pair.target),
        "kind": pair.kind,
        "ids": [str(item) for item in pair.links],
        "stage": pair.stage,
        "grade": pair.grade,
        "handling": pair.handling,
        "roots": pair.roots,
        "strength": round(pair.strength, 6),
        "weight": pair.weight,
        "count": len(pair.links),
        "undermined": pair.undermined,
        "evidence": [str(item) for item in pair.evidence],
        "observations": pair.observations,
        "circular": pair.circular,
        "one_root": list(pair.one_root),
        "valid_from": moment(pair.valid_from),
        "valid_to": moment(pair.valid_to),
        "known_from": moment(pair.known_from),
    }


def moment(at: datetime | None) -> str | None:
    """Return a time as text in UTC (ISO 8601); None if there is no time."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
