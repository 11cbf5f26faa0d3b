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
    names = {"phone": "username", "handle": "username", "vehicle": "registrationNumber"}
    named = "full" if node.kind == "place" else names.get(node.kind, "name")
    held = {named: [node.label]}
    if node.role:
        held["topics" if node.suspect else "notes"] = ["crime" if node.suspect else node.role]
    if node.cleared:
        held["notes"] = ["eliminated or acquitted"]
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
    if pair.valid_from:
        held["startDate"] = [f"{pair.valid_from:%Y-%m-%d}"]
    if pair.valid_to:
        held["endDate"] = [f"{pair.valid_to:%Y-%m-%d}"]
    return {"id": one, "schema": schema, "properties": held}
