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
    # the parser raises the other errors of `XML_FAULTS` for an unknown encoding
    why = f"its encoding is not supported ({broken})"
    return BadFile(place.at(row=1), why, "save it as utf-8")


def _read(path: Path, place: FilePosition) -> NetworkFile:
    found, titles = NetworkFile(place, strict=False), _Titles()
    with path.open("rb") as file:
        for _, one in iterparse(file, events=("end",), forbid_dtd=True):
            match tag(one.tag):
                case "key":
                    _key(titles, one.get("for", "all"), one, one.get("attr.name"))
                case "attributes":
                    for each in one:
                        _key(titles, one.get("class", ""), each, each.get("title"))
                case "node":
                    found.node(one.get("id", ""), _node(titles, one))
                case "edge":
                    told = as_columns(_carried(titles, one, "edge"))
                    found.tie(FileLink(one.get("source", ""), one.get("target", ""), told))
                case "hyperedge":
                    raise BadFile(
                        place,
                        "the graph has a hyperedge, which links more than two nodes: "
                        "write a link for each pair",
                        "write it as pairs",
                    )
                case _:
                    continue
            one.clear()
    return found


def tag(name: str) -> str:
    """Return an element's name without its namespace."""
    return name.rpartition("}")[2]


def _key(titles: _Titles, sort: str, one: Any, title: str | None) -> None:
    which = one.get("id", "")
    titles.known[sort, which] = title or which
    for each in one:
        if tag(each.tag) == "default" and each.text:
            titles.defaults[sort][title or which] = each.text


def _node(titles: _Titles, one: Any) -> FileNode:
    which = one.get("id", "")
    told = {title.casefold(): value for title, value in _carried(titles, one, "node").items()}
    names = [told.get(each, "").strip() for each in _CALLED]
    name = next((name for name in names if name not in ("", which)), which)
    kind = told.get(KIND, "")
    marked = {title for title, value in told.items() if value.casefold() == "true"}
    if kind:
        marks = {"cleared": "cleared" in marked, "suspect": "suspect" in marked}
        kind = kind_of(kind, told.get("role", ""), **marks)
    return FileNode(
        name,
        kind,
        aliases=forms.split_names(told.get("aliases", "")),
        unnamed="unnamed" in marked,
        sort=told.get("sort", ""),
        since=told.get("since", ""),
        until=told.get("until", ""),
    )


def _carried(titles: _Titles, one: Any, sort: str) -> dict[str, str]:
    """Return the attributes of a node or a link (`one`) by title. They include the attributes of
    its XML element, and default values of the file for attributes that it lacks."""
    told = titles.defaults["all"] | titles.defaults[sort]
    told |= {name: value for name, value in one.attrib.items() if name not in ("id", *ENDS)}
    for each in one.iter():
        key = each.get("key") if tag(each.tag) == "data" else each.get("for")
        if key is not None and tag(each.tag) in ("data", "attvalue"):
            title = titles.known.get((sort, key)) or titles.known.get(("all", key)) or key
            told[title] = (each.text if tag(each.tag) == "data" else each.get("value")) or ""
    return told
