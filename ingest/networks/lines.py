"""Read FollowTheMoney entities, one JSON object a line (followthemoney.tech).

A link is an entity of a schema with two ends. From this program's own exports, facts for which the
schema has no property are restored from the text in other properties. Statements that two entities
are the same are not read, because people judge that in this program.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from domain.forms.patterns import lazy_regex
from domain.kernel.codes import IncidentSort
from domain.kernel.values import LINK_KINDS, LinkKind
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Book, RowFault
from ingest.networks.found import KIND, At, FileLink, FileNode, NetworkFile, as_columns, kind_of

#: Largest number of bytes in a line; a longer line contains a document and not a person.
_LONGEST = 4 << 20
_KINDS = {"Person": "person", "Vehicle": "vehicle", "Address": "place", "Event": "incident"}
#: For each schema that is a link: the properties with its two ends, and the kind of link that it
#: means, if any.
_TIES: dict[str, tuple[str, str, LinkKind | None]] = {
    "UnknownLink": ("subject", "object", None),
    "Family": ("person", "relative", "family"),
    "Associate": ("person", "associate", "associate"),
    "Ownership": ("owner", "asset", "owns"),
    "Membership": ("member", "organization", None),
    "Employment": ("employer", "employee", None),
    "Directorship": ("director", "organization", None),
    "Representation": ("agent", "client", None),
    "Payment": ("payer", "beneficiary", None),
}
_SAME = "Similar"
_CALLED = ("full", "registrationNumber", "username", "phone", "number", "name")
_WORTH = lazy_regex(r"(?:information|intelligence|evidence), (ungraded|\d[A-E])(?:, (.*))?")
_DAY = lazy_regex(r"(\d{4})(?:-(\d{2}))?")
_SHOWN = 200
Held = Mapping[str, list[str]]


class _NotAnEntity(Exception):
    """Raised for a line that is not an entity; has the reason and the name of the wrong
    property.
    """

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


def read(path: Path, place: FilePosition) -> Book:
    """Return the links in a file of FollowTheMoney entities. Raises BadFile if the file is not
    UTF-8, has a line that is too long, has an id twice, or has no entity."""
    network, same = NetworkFile(place), 0
    ties: list[tuple[At, str, str, str, Held]] = []
    for number, line in _lines(path, place):
        at = At(number)
        try:
            which, schema, properties = _entity(line)
            if schema == _SAME:
                same += 1
            elif schema in _TIES:
                source, target, _ = _TIES[schema]
                ties.append(
                    (
                        at,
                        _single_end(properties, source),
                        _single_end(properties, target),
                        schema,
                        properties,
                    )
                )
                network.bounded(len(ties))
            else:
                network.node(which, _node(which, schema, properties, at))
                same += bool(properties.get("sameAs"))
        except _NotAnEntity as odd:
            network.bad(at, RowFault(odd.reason, odd.column, line[:_SHOWN]))
    if network.wrong and not (network.nodes or ties):
        at, wrong = next(iter(network.wrong.items()))
        why = f"none of its lines is an entity of FollowTheMoney; here {wrong.reason}"
        raise BadFile(
            network.where(at), why, "export the network again with one JSON object on each line"
        )
    for at, source, target, schema, properties in ties:
        ends = [
            network.nodes[end_id].kind for end_id in (source, target) if end_id in network.nodes
        ]
        network.tie(
            FileLink(source, target, as_columns(_link_attributes(schema, properties, ends)), at)
        )
    if same:
        network.notes.append(
            f"{same} statements that entities are the same were not read: that is judged here"
        )
    return network.book()


def _lines(path: Path, place: FilePosition) -> Iterator[tuple[int, str]]:
    """Yield the lines of the file that are not empty, each with its number."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST + 1):
            number += 1
            if len(line) > _LONGEST:
                why = f"the line is longer than {_LONGEST >> 20} MiB"
                raise BadFile(
                    place.at(row=number),
                    why,
                    "remove this document, or export the network without documents",
                )
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeError as broken:
                why = "the bytes there are not UTF-8 text"
                raise BadFile(place.at(row=number), why, "save the file as UTF-8") from broken
            if text:
                yield number, text


def _entity(line: str) -> tuple[str, str, Held]:
    """Return the id, the schema and the properties of the entity on a line. Raises _NotAnEntity if
    the line is not an entity.
    """
    try:
        entity = json.loads(line)
    except (ValueError, RecursionError) as broken:
        where = f" ({broken})" if isinstance(broken, json.JSONDecodeError) else ""
        raise _NotAnEntity(f"the line is not JSON{where}: write one object on the line") from broken
    if not isinstance(entity, dict):
        raise _NotAnEntity(
            "the line is not an object: write an entity with its id, schema and properties"
        )
    for name in ("id", "schema"):
        if not isinstance(entity.get(name), str) or not entity[name].strip():
            raise _NotAnEntity(f"the entity has no {name}: write the {name} as text", name)
    properties = entity.get("properties", {})
    if not isinstance(properties, dict):
        raise _NotAnEntity(
            "the properties of the entity are not an object: write each property with a "
            "list of texts",
            "properties",
        )
    return entity["id"], entity["schema"], {name: _texts(properties[name]) for name in properties}


def _texts(value: Any) -> list[str]:
    """Return the texts of a property of an entity; of another entity that is embedded in the
    property, return the id."""
    texts = []
    for element in value if isinstance(value, list) else [value]:
        text = element.get("id") if isinstance(element, dict) else element
        if isinstance(text, str | int | float) and str(text).strip():
            texts.append(str(text))
    return texts


def _single_end(properties: Held, name: str) -> str:
    ends = properties.get(name, [])
    if len(ends) > 1:
        raise _NotAnEntity("the link has several entities at one end: write a link for each", name)
    return ends[0] if ends else ""


def _node(which: str, schema: str, properties: Held, at: At) -> FileNode:
    kind = _KINDS.get(schema, schema.casefold())
    if schema == "UserAccount":
        # until version 3.8 of FollowTheMoney, the property `phone` was called `number`
        numbered = properties.get("phone") or properties.get("number")
        is_phone = "telephone" in properties.get("service", []) or (
            numbered and not properties.get("username")
        )
        kind = "phone" if is_phone else "handle"
    noted = properties.get("notes", [])
    roles = [text for text in noted if text in _ROLES]
    names = [name for title in _CALLED for name in properties.get(title, [])] or properties.get(
        "alias", []
    )
    also = [*names[1:], *properties.get("alias", []), *properties.get("weakAlias", [])]
    marks = {"cleared": "cleared" in noted, "suspect": "suspect" in noted}
    return FileNode(
        names[0] if names else which,
        kind_of(kind, roles[0] if roles else "", **marks),
        at,
        tuple(dict.fromkeys(text for text in also if text != names[0])) if names else (),
        "unnamed" in noted,
        next((text for text in properties.get("keywords", []) if text in _SORTS), ""),
        _day(properties, "startDate", last=False),
        _day(properties, "endDate", last=True),
    )


_SORTS = get_args(IncidentSort)
_ROLES = ("suspect", "convicted", "person-of-interest", "child", "victim", "person")


def _link_attributes(schema: str, properties: Held, ends: list[str]) -> dict[str, str]:
    """Return the attributes of a link: its kind, its dates and, from this program's own exports,
    its grade.

    The kind comes from the text of the link's own property if that is a kind of the links form.
    Otherwise it is the usual kind for the link's schema, if that kind fits the entities at both
    ends.
    """
    kind_property = "relationship" if schema in ("Family", "Associate") else "role"
    kind = next(iter(properties.get(kind_property, [])), "")
    usual = _TIES[schema][2]
    if kind not in LINK_KINDS and usual is not None and _fits(usual, ends):
        kind = usual
    attributes = {
        KIND: kind,
        "valid_from": _day(properties, "startDate", last=False),
        "valid_to": _day(properties, "endDate", last=True),
    }
    if worth := _WORTH.fullmatch(next(iter(properties.get("summary", [])), "")):
        attributes["grade"] = worth[1]
        for part in (worth[2] or "").split(", "):
            title, _, value = part.partition(" ")
            if title in ("handling", "weight", "undermined"):
                attributes[title] = value or "yes"
    return attributes


def _fits(kind: LinkKind, ends: list[str]) -> bool:
    shape, bases = LINK_KINDS[kind], [end.partition("/")[0] for end in ends]
    return len(bases) == 2 and bases[0] in shape.source and bases[1] in shape.target


def _day(properties: Held, name: str, *, last: bool) -> str:
    """Return the time in a property, as text. A time without a zone is in UTC. For a year or a
    month, return its first day or, with `last`, its last day. With `last`, a time in the last
    second of a day becomes the last microsecond of that day.
    """
    date_text = next(iter(properties.get(name, [])), "")
    if rough := _DAY.fullmatch(date_text):
        year, month = int(rough[1]), int(rough[2] or (12 if last else 1))
        return _edge(year, month, last=last) or date_text
    if last and date_text.endswith("T23:59:59"):
        date_text += ".999999"
    zoned = date_text.endswith("Z") or re.search(r"[+-]\d{2}:?\d{2}$", date_text)
    return f"{date_text}+00:00" if "T" in date_text and not zoned else date_text


def _edge(year: int, month: int, *, last: bool) -> str:
    """Return the first or the last day of a month; "" if there is no such month."""
    if not (1 <= month <= 12 and year):
        return ""
    return f"{year:04}-{month:02}-{monthrange(year, month)[1] if last else 1:02}"
