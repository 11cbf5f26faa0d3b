"""FollowTheMoney entities, one object of JSON a line (followthemoney.tech).

A tie is an entity of a schema with two ends. What this product wrote comes back by the words that
it puts where the schema has no property. Who is the same as whom is no part of it: that is judged
here.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from domain.kernel.codes import IncidentSort
from domain.kernel.values import LINK_KINDS, LinkKind
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Book, Wrong
from ingest.networks.found import KIND, At, FileLink, FileNode, NetworkFile, as_columns, kind_of

#: The most bytes of one line; what is longer holds a document, not a person.
_LONGEST = 4 << 20
_KINDS = {"Person": "person", "Vehicle": "vehicle", "Address": "place", "Event": "incident"}
#: Schemata that tie two others: the properties that name both, the kind that they mean, if one.
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
_WORTH = re.compile(r"(?:information|intelligence|evidence), (ungraded|\d[A-E])(?:, (.*))?")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?")
_SHOWN = 200
Held = Mapping[str, list[str]]


class _Odd(Exception):
    """A line that is no entity: why, and of which property."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


def read(path: Path, place: FilePosition) -> Book:
    """The ties of a file. Raises BadFile where it is no UTF-8, has a line that is too long, one id
    twice, or no entity at all."""
    found, same = NetworkFile(place), 0
    ties: list[tuple[At, str, str, str, Held]] = []
    for number, line in _lines(path, place):
        at = At(number)
        try:
            which, schema, held = _entity(line)
            if schema == _SAME:
                same += 1
            elif schema in _TIES:
                source, target, _ = _TIES[schema]
                ties.append((at, _one(held, source), _one(held, target), schema, held))
                found.bounded(len(ties))
            else:
                found.node(which, _node(which, schema, held, at))
                same += bool(held.get("sameAs"))
        except _Odd as odd:
            found.bad(at, Wrong(odd.reason, odd.column, line[:_SHOWN]))
    if found.wrong and not (found.nodes or ties):
        at, wrong = next(iter(found.wrong.items()))
        why = f"none of its lines is an entity of FollowTheMoney; here {wrong.reason}"
        raise BadFile(found.where(at), why, "export it again with an object on each line")
    for at, source, target, schema, held in ties:
        ends = [found.nodes[one].kind for one in (source, target) if one in found.nodes]
        found.tie(FileLink(source, target, as_columns(_told(schema, held, ends)), at))
    if same:
        found.notes.append(
            f"{same} told which entities are the same: not read, who is who is judged here"
        )
    return found.book()


def _lines(path: Path, place: FilePosition) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, each with its number."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST + 1):
            number += 1
            if len(line) > _LONGEST:
                why = f"the line is longer than {_LONGEST >> 20} MiB"
                raise BadFile(place.at(row=number), why, "leave out what is no part of the network")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeError as broken:
                why = "the bytes there are no UTF-8 text"
                raise BadFile(place.at(row=number), why, "save it as utf-8") from broken
            if text:
                yield number, text


def _entity(line: str) -> tuple[str, str, Held]:
    """An entity's id, its schema and its properties. Raises _Odd where the line holds none."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as broken:
        where = f" ({broken})" if isinstance(broken, json.JSONDecodeError) else ""
        raise _Odd(f"the line is no JSON{where}: write one object on it") from broken
    if not isinstance(told, dict):
        raise _Odd("the line holds no object: write an entity with its id, schema and properties")
    for name in ("id", "schema"):
        if not isinstance(told.get(name), str) or not told[name].strip():
            raise _Odd(f"the entity has no {name}: write it as text", name)
    properties = told.get("properties", {})
    if not isinstance(properties, dict):
        raise _Odd("its properties are no object: write each with a list of texts", "properties")
    return told["id"], told["schema"], {name: _texts(properties[name]) for name in properties}


def _texts(value: Any) -> list[str]:
    """The values of a property; of an entity that stands in it whole, its id."""
    found = []
    for one in value if isinstance(value, list) else [value]:
        told = one.get("id") if isinstance(one, dict) else one
        if isinstance(told, str | int | float) and str(told).strip():
            found.append(str(told))
    return found


def _one(held: Held, name: str) -> str:
    ends = held.get(name, [])
    if len(ends) > 1:
        raise _Odd("it ties several at one end: write a tie for each", name)
    return ends[0] if ends else ""


def _node(which: str, schema: str, held: Held, at: At) -> FileNode:
    kind = _KINDS.get(schema, schema.casefold())
    if schema == "UserAccount":
        numbered = held.get("phone") or held.get("number")  # the schema's name of it until 3.8
        told = "telephone" in held.get("service", []) or (numbered and not held.get("username"))
        kind = "phone" if told else "handle"
    noted = held.get("notes", [])
    roles = [one for one in noted if one in _ROLES]
    names = [name for title in _CALLED for name in held.get(title, [])] or held.get("alias", [])
    also = [*names[1:], *held.get("alias", []), *held.get("weakAlias", [])]
    marks = {"cleared": "cleared" in noted, "suspect": "suspect" in noted}
    return FileNode(
        names[0] if names else which,
        kind_of(kind, roles[0] if roles else "", **marks),
        at,
        tuple(dict.fromkeys(one for one in also if one != names[0])) if names else (),
        "unnamed" in noted,
        next((one for one in held.get("keywords", []) if one in _SORTS), ""),
        _day(held, "startDate", last=False),
        _day(held, "endDate", last=True),
    )


_SORTS = get_args(IncidentSort)
_ROLES = ("suspect", "convicted", "person-of-interest", "child", "victim", "person")


def _told(schema: str, held: Held, ends: list[str]) -> dict[str, str]:
    """What a tie carries. Its own word for its kind outranks what the schema means, which holds
    where it fits both ends."""
    says = "relationship" if schema in ("Family", "Associate") else "role"
    kind = next(iter(held.get(says, [])), "")
    usual = _TIES[schema][2]
    if kind not in LINK_KINDS and usual is not None and _fits(usual, ends):
        kind = usual
    told = {
        KIND: kind,
        "valid_from": _day(held, "startDate", last=False),
        "valid_to": _day(held, "endDate", last=True),
    }
    if worth := _WORTH.fullmatch(next(iter(held.get("summary", [])), "")):
        told["grade"] = worth[1]
        for part in (worth[2] or "").split(", "):
            title, _, value = part.partition(" ")
            if title in ("handling", "weight", "undermined"):
                told[title] = value or "yes"
    return told


def _fits(kind: LinkKind, ends: list[str]) -> bool:
    shape, bases = LINK_KINDS[kind], [one.partition("/")[0] for one in ends]
    return len(bases) == 2 and bases[0] in shape.source and bases[1] in shape.target


def _day(held: Held, name: str, *, last: bool) -> str:
    """A time as the schema has it: in UTC; a year or a month alone begins or ends with its day.
    What lasts until the last second of a day lasts all of it."""
    told = next(iter(held.get(name, [])), "")
    if rough := _DAY.fullmatch(told):
        year, month = int(rough[1]), int(rough[2] or (12 if last else 1))
        return _edge(year, month, last=last) or told
    if last and told.endswith("T23:59:59"):
        told += ".999999"
    zoned = told.endswith("Z") or re.search(r"[+-]\d{2}:?\d{2}$", told)
    return f"{told}+00:00" if "T" in told and not zoned else told


def _edge(year: int, month: int, *, last: bool) -> str:
    """The first or the last day of a month; nothing of a month that there is not."""
    if not (1 <= month <= 12 and year):
        return ""
    return f"{year:04}-{month:02}-{monthrange(year, month)[1] if last else 1:02}"
