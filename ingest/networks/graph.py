"""Read a network in GraphML or GEXF, as networkx, Gephi or this program writes it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from domain import forms
from ingest.files.problems import BadFile, FilePosition
from ingest.files.tables import Book
from ingest.networks.found import ENDS, KIND, FileLink, FileNode, NetworkFile, as_columns, kind_of

_CALLED = ("label", "name")


@dataclass
class _Titles:
    """The titles of attributes, by their key in the file; and the attributes' default values, by
    title.
    """

    known: dict[tuple[str, str], str] = field(default_factory=dict)
    defaults: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))


def read(path: Path, place: FilePosition) -> Book:
    """Return the links of a network as a book with one sheet.

    Raises BadFile if the file is damaged or incomplete, declares a document type or an unknown
    encoding, has more links than a sheet has rows or more attributes than it has columns, has an id
    twice, or has a link between more than two nodes.
    """
    try:
        return _read(path, place).book()
    except XML_FAULTS as broken:
        raise describe_error(broken, place) from broken


#: Errors that the parser raises for a file that is not readable XML.
XML_FAULTS = (DefusedXmlException, ParseError, LookupError, ValueError)


def describe_error(broken: Exception, place: FilePosition) -> BadFile:
    """Return the error for an XML file: what is wrong, where, and what to do."""
    if isinstance(broken, DefusedXmlException):
        why = "it declares a document type, which is not read"
        return BadFile(place, why, "remove its DOCTYPE, or export it without one")
    if isinstance(broken, ParseError):
        why = f"it is not a readable network ({broken})"
        return BadFile(place.at(row=broken.position[0]), why, "export it again")
    # all other errors of `XML_FAULTS` mean that the encoding is unknown
    why = f"its encoding is not supported ({broken})"
    return BadFile(place.at(row=1), why, "save it as utf-8")


def _read(path: Path, place: FilePosition) -> NetworkFile:
    network, titles = NetworkFile(place, strict=False), _Titles()
    with path.open("rb") as file:
        for _, element in iterparse(file, events=("end",), forbid_dtd=True):
            match tag(element.tag):
                case "key":
                    _key(titles, element.get("for", "all"), element, element.get("attr.name"))
                case "attributes":
                    for attribute in element:
                        _key(titles, element.get("class", ""), attribute, attribute.get("title"))
                case "node":
                    network.node(element.get("id", ""), _node(titles, element))
                case "edge":
                    attributes = as_columns(_carried(titles, element, "edge"))
                    network.tie(
                        FileLink(element.get("source", ""), element.get("target", ""), attributes)
                    )
                case "hyperedge":
                    raise BadFile(
                        place,
                        "the graph has a hyperedge, which links more than two nodes: "
                        "write a link for each pair",
                        "write it as pairs",
                    )
                case _:
                    continue
            element.clear()
    return network


def tag(name: str) -> str:
    """Return an element's name without its namespace."""
    return name.rpartition("}")[2]


def _key(titles: _Titles, sort: str, element: Any, title: str | None) -> None:
    which = element.get("id", "")
    titles.known[sort, which] = title or which
    for child in element:
        if tag(child.tag) == "default" and child.text:
            titles.defaults[sort][title or which] = child.text


def _node(titles: _Titles, element: Any) -> FileNode:
    which = element.get("id", "")
    attributes = {
        title.casefold(): value for title, value in _carried(titles, element, "node").items()
    }
    names = [attributes.get(heading, "").strip() for heading in _CALLED]
    name = next((name for name in names if name not in ("", which)), which)
    kind = attributes.get(KIND, "")
    marked = {title for title, value in attributes.items() if value.casefold() == "true"}
    if kind:
        marks = {"cleared": "cleared" in marked, "suspect": "suspect" in marked}
        kind = kind_of(kind, attributes.get("role", ""), **marks)
    return FileNode(
        name,
        kind,
        aliases=forms.split_names(attributes.get("aliases", "")),
        unnamed="unnamed" in marked,
        sort=attributes.get("sort", ""),
        since=attributes.get("since", ""),
        until=attributes.get("until", ""),
    )


def _carried(titles: _Titles, element: Any, sort: str) -> dict[str, str]:
    """Return the attributes of a node or a link (`element`) by title. They include the attributes
    of its XML element, and default values of the file for attributes that it lacks.
    """
    attributes = titles.defaults["all"] | titles.defaults[sort]
    attributes |= {
        name: value for name, value in element.attrib.items() if name not in ("id", *ENDS)
    }
    for child in element.iter():
        key = child.get("key") if tag(child.tag) == "data" else child.get("for")
        if key is not None and tag(child.tag) in ("data", "attvalue"):
            title = titles.known.get((sort, key)) or titles.known.get(("all", key)) or key
            attributes[title] = (
                child.text if tag(child.tag) == "data" else child.get("value")
            ) or ""
    return attributes
