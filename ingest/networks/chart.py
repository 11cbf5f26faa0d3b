"""Read a chart of i2 Analyst's Notebook: an Exchange file (ANX).

A link names the entities at its ends by their numbers or by their chart items. Charts that this
program exported are restored from their attributes. In other charts the icon gives the kind of an
entity, and the type of a link gives the kind of link, if the links form has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from defusedxml.ElementTree import DefusedXMLParser

from domain import forms
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Book, RowFault
from ingest.networks.found import KIND, At, FileLink, FileNode, NetworkFile, as_columns, kind_of
from ingest.networks.graph import XML_FAULTS, describe_error, tag

_CHUNK = 1 << 16
#: The kind of item for each of i2's icons, by the icon's name in small letters.
_ICONS = {
    "person": ("person", "man", "woman", "male", "female", "anonymous", "unknown person"),
    "vehicle": ("vehicle", "car", "van", "lorry", "truck", "taxi", "motorcycle", "motorbike"),
    "phone": ("phone", "telephone", "mobile", "mobile phone", "cell phone", "cellphone"),
    "place": ("place", "house", "home", "address", "location", "building", "hotel", "flat"),
    "handle": ("account", "handle", "e-mail", "email", "internet account", "social media"),
    "incident": ("event", "incident", "meeting", "crime", "offence", "party"),
}
_BOTH = ("End1", "End2")
_KINDS = {icon: kind for kind, icons in _ICONS.items() for icon in icons}


@dataclass
class _Item:
    """An entity or link of an i2 chart while it is read: the attributes of its XML element, and its
    chart attributes."""

    at: At
    marks: Mapping[str, str]
    entity: Mapping[str, str] | None = None
    icon: str = ""
    link: Mapping[str, str] | None = None
    style: Mapping[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


def read(path: Path, place: FilePosition) -> Book:
    """Return the links of an i2 chart as a table.

    Raises BadFile if the file is damaged, declares a document type or an unknown encoding, has more
    links than a sheet has rows, or has an id twice.
    """
    chart = _Chart(NetworkFile(place))
    parser = DefusedXMLParser(target=chart, forbid_dtd=True)
    chart.line = lambda: parser.parser.CurrentLineNumber
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.feed(chunk)
        parser.close()
    except XML_FAULTS as broken:
        raise describe_error(broken, place) from broken
    return chart.book()


class _Chart:
    """Receives the XML elements of an i2 chart from the parser, and stores only its entities and
    links. `_named` has the names of attributes and types by their ids in the chart. `_ids` finds an
    entity by its number, and `_items` finds it by the id of its chart item."""

    def __init__(self, network: NetworkFile) -> None:
        self._found = network
        self._item: _Item | None = None
        self._row = 0
        self._named: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._items: dict[str, str] = {}
        self._links: list[_Item] = []
        self._left = 0
        self.line: Callable[[], int] = lambda: 0

    def start(self, name: str, marks: Mapping[str, str]) -> None:
        """Handle the beginning of an XML element of the chart."""
        name, item = tag(name), self._item
        if name == "ChartItem":
            # a file may be one single line, so each item gets a higher row number than the item
            # before
            self._row = max(self.line(), self._row + 1)
            self._item = _Item(At(self._row), dict(marks))
        elif name in ("AttributeClass", "EntityType", "LinkType"):
            self._named[marks.get("Id", "")] = marks.get("Name", "")
        elif item is None:
            return
        elif name == "Entity":
            item.entity = dict(marks)
        elif name == "IconStyle":
            item.icon = marks.get("Type") or self._name(marks, "EntityTypeReference")
        elif name == "Link":
            item.link = dict(marks)
        elif name == "LinkStyle":
            item.style = dict(marks)
        elif name == "Attribute":
            title = marks.get("AttributeClass") or self._name(marks, "AttributeClassReference")
            item.attributes[title] = marks.get("Value", "")

    def _name(self, marks: Mapping[str, str], reference: str) -> str:
        return self._named.get(marks.get(reference, ""), "")

    def end(self, name: str) -> None:
        """Handle the end of an XML element of the chart."""
        item = self._item
        if tag(name) != "ChartItem" or item is None:
            return
        self._item = None
        if item.entity is not None:
            self._entity(item, item.entity)
        elif item.link is not None:
            self._links.append(item)
            self._found.bounded(len(self._links))
        else:
            self._left += 1

    def _entity(self, item: _Item, entity: Mapping[str, str]) -> None:
        number = entity.get("EntityId") or item.marks.get("Id", "")
        which = entity.get("Identity") or number
        if number in self._ids:
            why = f"two of its entities have the EntityId {number[:100]!r}"
            where = self._found.where(item.at)
            raise BadFile(
                where, why, "give each entity an id of its own, or export the chart again"
            )
        self._ids[number] = which
        self._items |= {
            entity_id: which for entity_id in (item.marks.get("Id"), entity.get("Id")) if entity_id
        }
        attributes = item.attributes
        noted = attributes.get("Note", "").split(", ")
        icon = item.icon.strip().casefold()
        kind = attributes.get("Kind") or _KINDS.get(icon, icon or "person")
        role = attributes.get("Role", "")
        node = FileNode(
            item.marks.get("Label", "").strip() or which,
            kind_of(kind, role, cleared="cleared" in noted, suspect="suspect" in noted),
            item.at,
            forms.split_names(attributes.get("Also known as", "")),
            "unnamed" in noted,
            attributes.get("Sort", ""),
            _since(item),
            attributes.get("Until", ""),
        )
        self._found.node(which, node)

    def book(self) -> Book:
        """Return the chart as a table; called after the chart was read to its end."""
        network = self._found
        for item in self._links:
            assert item.link is not None  # noqa: S101 (chosen so)
            ends = [self._end(item.link, link_end) for link_end in _BOTH]
            if None in ends:
                end = _BOTH[ends.index(None)]
                missing = item.link.get(f"{end}Id") or item.link.get(f"{end}Reference", "")
                why = f"the link {item.marks.get('Id', '')[:50]!r} ends at {missing[:50]!r}"
                why += ", which is not an entity of the chart: add it, or remove the link"
                network.bad(item.at, RowFault(why, "Link", item.marks.get("Label", "")[:200]))
                continue
            kind = item.style.get("Type") or self._name(item.style, "LinkTypeReference")
            if item.style.get("ArrowStyle") == "ArrowOnTail":
                ends.reverse()
            carried = {
                KIND: kind,
                "valid_from": _since(item),
                "valid_to": item.attributes.get("Until", ""),
                "weight": item.attributes.get("Weight", ""),
                "grade": item.attributes.get("Grade", ""),
                "handling": item.attributes.get("Handling", ""),
                "undermined": item.attributes.get("Undermined", ""),
            }
            source, target = (link_end or "" for link_end in ends)
            network.tie(FileLink(source, target, as_columns(carried), item.at))
        if self._left:
            many = "1 item" if self._left == 1 else f"{self._left} items"
            network.notes.append(f"{many} of the chart, neither an entity nor a link, not read")
        return network.book()

    def _end(self, link: Mapping[str, str], which: str) -> str | None:
        """Return the entity at an end of a link; None if the chart does not have it."""
        number, item = link.get(f"{which}Id", ""), link.get(f"{which}Reference", "")
        return self._ids.get(number) or self._items.get(item)


def _since(item: _Item) -> str:
    """Return the start of an item: the exact time that this program's exports have, otherwise the
    item's time or day."""
    marks = item.marks
    if exact := item.attributes.get("From"):
        return exact
    at = marks.get("DateTime", "") if marks.get("DateSet", "true") == "true" else ""
    return at[:10] if marks.get("TimeSet") == "false" else at
