"""Write the network as FollowTheMoney entities, one JSON object a line (followthemoney.tech).

Properties that the schema lacks are written as text: a person's role and marks in `notes`, the sort
of an incident in `keywords`, stage, grade, handling and weight of a link in `summary`. Times are in
UTC, to the second.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from domain.kernel.values import EntityKind, LinkKind
from network.export import sheets
from network.picture.footer import Stamp, sentences
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport

SCHEMATA: dict[EntityKind, str] = {
    "person": "Person",
    "vehicle": "Vehicle",
    "phone": "UserAccount",
    "place": "Address",
    "handle": "UserAccount",
    "incident": "Event",
}
#: The property that contains the name, for each kind of entity whose schema has no `name`.
_NAMED: dict[EntityKind, str] = {
    "phone": "username",
    "handle": "username",
    "vehicle": "registrationNumber",
    "place": "full",
}
#: The kinds of links that have a schema of their own in FollowTheMoney: the schema's name, the
#: properties for the two ends, and the property for the kind of link.
_OWN: dict[LinkKind, tuple[str, str, str, str]] = {
    "family": ("Family", "person", "relative", "relationship"),
    "associate": ("Associate", "person", "associate", "relationship"),
    "co-offender": ("Associate", "person", "associate", "relationship"),
    "association": ("Associate", "person", "associate", "relationship"),
}


def lines(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return the entities of the network, then its links, one JSON object a line. The first entity
    and each link contain the export's note.
    """
    note = "; ".join(sentences(out, stamp))
    rows = [*map(_entity, out.nodes), *_links(out, note)]
    for first in rows[:1]:
        first["properties"]["description"] = [note]
    return "".join(f"{json.dumps(row, sort_keys=True)}\n" for row in rows).encode()


def _entity(node: ExportedNode) -> dict[str, Any]:
    properties = {_NAMED.get(node.kind, "name"): [node.label]}
    if node.kind == "phone":
        properties |= {"service": ["telephone"]} | ({} if node.masked else {"phone": [node.label]})
    if node.role:
        properties["notes"] = [node.role, *sheets.marks(node)]
    elif node.masked:
        properties["notes"] = ["masked"]
    if node.suspect:
        properties["topics"] = ["crime"]
    if node.aliases:
        properties["alias"] = list(node.aliases)
    if node.sort:
        properties["keywords"] = [node.sort]
    properties |= _times(node.since, node.until)
    return {"id": node.id, "schema": SCHEMATA[node.kind], "properties": properties}


def _links(out: MaskedExport, note: str) -> Iterator[dict[str, Any]]:
    for number, tie in enumerate(out.ties, 1):
        yield _link(tie, f"tie-{number}", note, out.inside)


def _link(tie: ExportedLink, link_id: str, note: str, inside: bool) -> dict[str, Any]:
    pair = tie.pair
    schema, source, target, kind_property = _OWN.get(
        pair.kind, ("UnknownLink", "subject", "object", "role")
    )
    worth = [pair.stage, pair.grade or "ungraded"]
    worth += [f"handling {pair.handling}"] if pair.handling else []
    worth += ["undermined"] if pair.undermined else []
    if inside:
        worth += [f"weight {sheets.number_of(pair.weight)}", f"{pair.roots} independent roots"]
    properties = {
        source: [tie.source.id],
        target: [tie.target.id],
        kind_property: [pair.kind],
        "summary": [", ".join(worth)],
        "description": [note],
    }
    properties |= _times(pair.valid_from, pair.valid_to)
    return {"id": link_id, "schema": schema, "properties": properties}


def _times(start: datetime | None, end: datetime | None) -> dict[str, list[str]]:
    dates = {"startDate": start, "endDate": end}
    return {
        name: [at.astimezone(UTC).isoformat(timespec="seconds")[:19]]
        for name, at in dates.items()
        if at
    }
