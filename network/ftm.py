"""The network as FollowTheMoney entities, one JSON object a line (followthemoney.tech)."""

import json
from collections.abc import Iterator
from typing import Any

from domain.values import EntityKind, LinkKind
from network.outgoing import Node, Outgoing, Tie
from network.stamp import Stamp, sentences

SCHEMATA: dict[EntityKind, str] = {
    "person": "Person",
    "vehicle": "Vehicle",
    "phone": "UserAccount",
    "place": "Address",
    "handle": "UserAccount",
    "incident": "Event",
}
#: The property that says what something is called: a phone is a phone by its number.
_NAMED: dict[EntityKind, str] = {
    "phone": "number",
    "handle": "username",
    "vehicle": "registrationNumber",
    "place": "full",
}
#: Links that have a schema of their own: its name, its two ends, the property that says which.
_OWN: dict[LinkKind, tuple[str, str, str, str]] = {
    "family": ("Family", "person", "relative", "relationship"),
    "associate": ("Associate", "person", "associate", "relationship"),
    "co-offender": ("Associate", "person", "associate", "relationship"),
    "association": ("Associate", "person", "associate", "relationship"),
}


def lines(out: Outgoing, stamp: Stamp) -> bytes:
    """Entities first, then links; each link carries the export's note."""
    note = "; ".join(sentences(out, stamp))
    rows = [*map(_entity, out.nodes), *_links(out, note)]
    return "".join(f"{json.dumps(row, sort_keys=True)}\n" for row in rows).encode()


def _entity(node: Node) -> dict[str, Any]:
    held = {_NAMED.get(node.kind, "name"): [node.label]}
    if node.kind == "phone":
        held["service"] = ["telephone"]
    if node.role:
        held["topics" if node.suspect else "notes"] = ["crime" if node.suspect else node.role]
    if node.cleared:
        held["notes"] = ["eliminated or acquitted"]
    for name, at in (("startDate", node.since), ("endDate", node.until)):
        if at:
            held[name] = [at.isoformat(timespec="seconds")[:19]]
    return {"id": node.id, "schema": SCHEMATA[node.kind], "properties": held}


def _links(out: Outgoing, note: str) -> Iterator[dict[str, Any]]:
    for number, tie in enumerate(out.ties, 1):
        yield _link(tie, f"tie-{number}", note, out.inside)


def _link(tie: Tie, one: str, note: str, inside: bool) -> dict[str, Any]:
    pair = tie.pair
    schema, source, target, says = _OWN.get(pair.kind, ("UnknownLink", "subject", "object", "role"))
    roots = f", {pair.roots} independent roots" if inside else ""
    held = {
        source: [tie.source.id],
        target: [tie.target.id],
        says: [pair.kind],
        "summary": [f"{pair.stage}, {pair.grade or 'ungraded'}{roots}"],
        "description": [note],
    }
    for name, at in (("startDate", pair.valid_from), ("endDate", pair.valid_to)):
        if at:
            held[name] = [at.isoformat(timespec="seconds")[:19]]
    return {"id": one, "schema": schema, "properties": held}
