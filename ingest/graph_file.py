"""A network as another program wrote it, in GraphML or GEXF: a row for each of its ties.

Its columns are `source` and `target`, the ids of both, their kinds where nodes have them, and what
each tie carries, by its title. A node is told by its label or name, with its id behind it where
another is called the same: two people of one name stay two. One who is tied to nobody stands in a
row without a target, so that it is said who was left out. What this product wrote comes back as it
was: the role of a person, the kind of a tie, its grade.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from domain import forms
from domain.values import CATEGORIES, LINK_KINDS, Grade
from ingest.cells import TEXT_CELL
from ingest.problems import BadFile, Place
from ingest.tables import MOST_COLUMNS, MOST_ROWS, Book, Rows, Sheet

#: What begins such a file, after its declaration and comments.
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:graphml|gexf)[\s/>]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CALLED = ("label", "name")
_KIND = "kind"
_ENDS = ("source", "target")


@dataclass
class _Read:
    """What stands in a file: titles of what is carried, by its key there, and what stands for what
    is not carried, by its title; nodes; ties, and the titles of all that they carry."""

    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    defaults: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    ties: list[dict[str, str]] = field(default_factory=list)
    carried: dict[str, None] = field(default_factory=dict)


def begins(head: bytes) -> bool:
    """Whether a network begins with these bytes, as another program writes it."""
    if head.startswith(_UTF16):
        head = head.decode("utf-16", "ignore").encode()
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and bool(_ROOT.search(head))


def read(path: Path, place: Place) -> Book:
    """The ties of a network as the one sheet of a book. Raises BadFile where the file is broken or
    cut short, declares a document type or an unknown encoding, has more ties than a sheet has rows
    or carries more by them than it has columns, gives two nodes one id, or ties more than two by
    one."""
    try:
        found = _read(path, place)
    except DefusedXmlException as broken:
        why = "it declares a document type, which is not read"
        raise BadFile(place, why, "take its DOCTYPE out, or export it without one") from broken
    except ParseError as broken:
        why = f"it is no network that can be read ({broken})"
        raise BadFile(place.at(row=broken.position[0]), why, "export it again") from broken
    except (LookupError, ValueError) as broken:  # so the parser says that it knows no such encoding
        why = f"its encoding is not read ({broken})"
        raise BadFile(place.at(row=1), why, "save it as utf-8") from broken
    told = list(_rows(found))
    if len(told) > MOST_ROWS:
        raise _too_many(place)

    def rows() -> Rows:
        for number, cells in enumerate(told, start=1):
            yield number, list(cells)

    return Book("csv", (Sheet(place, rows, TEXT_CELL, count=len(told)),))


def _too_many(place: Place) -> BadFile:
    return BadFile(place, f"it has {MOST_ROWS:,} ties or more, which is too many", "split it")


def _read(path: Path, place: Place) -> _Read:
    found = _Read()
    with path.open("rb") as file:
        for _, one in iterparse(file, events=("end",), forbid_dtd=True):
            match _tag(one):
                case "key":
                    _key(found, one.get("for", "all"), one, one.get("attr.name"))
                case "attributes":
                    for each in one:
                        _key(found, one.get("class", ""), each, each.get("title"))
                case "node":
                    if (which := one.get("id", "")) in found.names:
                        why = f"two of its nodes have the id {which!r}"
                        raise BadFile(place, why, "give each an id of its own")
                    _node(found, one)
                case "edge":
                    ends = {end: one.get(end, "") for end in _ENDS}
                    tie = _as_columns(_carried(found, one, "edge"))
                    found.carried |= dict.fromkeys(tie)
                    found.ties.append(tie | ends)
                case "hyperedge":
                    raise BadFile(
                        place, "it has a hyperedge, which ties more than two", "write it as pairs"
                    )
                case _:
                    continue
            one.clear()
            # a tie leaves at most two nodes that need no row of their own
            if len(found.ties) > MOST_ROWS or len(found.names) > 2 * MOST_ROWS:
                raise _too_many(place)
            if len(found.carried) > MOST_COLUMNS:
                why = f"its ties carry more than {MOST_COLUMNS:,} different things"
                raise BadFile(place, why, "leave out what is no part of the network")
    return found


def _tag(one: Any) -> str:
    return str(one.tag).rpartition("}")[2]


def _key(found: _Read, sort: str, one: Any, title: str | None) -> None:
    which = one.get("id", "")
    found.titles[sort, which] = title or which
    for each in one:
        if _tag(each) == "default" and each.text:
            found.defaults[sort][title or which] = each.text


def _node(found: _Read, one: Any) -> None:
    which = one.get("id", "")
    told = {title.casefold(): value for title, value in _carried(found, one, "node").items()}
    names = [told.get(each, "").strip() for each in _CALLED]
    found.names[which] = next((name for name in names if name not in ("", which)), which)
    if kind := told.get(_KIND):
        found.kinds[which] = _kind(kind, told)


def _kind(kind: str, told: dict[str, str]) -> str:
    """The form's kind of a node: a child is a child, whatever else they are."""
    marked = {title for title, value in told.items() if value.casefold() == "true"}
    also = "eliminated" if "cleared" in marked else "suspect" if "suspect" in marked else ""
    role = told.get("role", "")
    if role == "child":
        role = f"vulnerable-child/{also}" if also else "vulnerable-child"
    elif also == "eliminated":
        role = also
    else:
        role = "involved-party" if role == "person" else role
    return f"{kind}/{role}" if kind == "person" and role.partition("/")[0] in CATEGORIES else kind


def _carried(found: _Read, one: Any, sort: str) -> dict[str, str]:
    """What a node or a tie carries, by its title: in GEXF also what stands in its own marks."""
    told = found.defaults["all"] | found.defaults[sort]
    told |= {name: value for name, value in one.attrib.items() if name not in ("id", *_ENDS)}
    for each in one.iter():
        key = each.get("key") if _tag(each) == "data" else each.get("for")
        if key is not None and _tag(each) in ("data", "attvalue"):
            title = found.titles.get((sort, key)) or found.titles.get(("all", key)) or key
            told[title] = (each.text if _tag(each) == "data" else each.get("value")) or ""
    return told


def _as_columns(told: dict[str, str]) -> dict[str, str]:
    """What a tie carries, by the headings of the links form where its kind is one of the form's."""
    if told.get(_KIND) not in LINK_KINDS:
        return told
    told["link"] = told.pop(_KIND)
    with suppress(ValueError):
        worth = Grade.parse(told.pop("grade", ""))
        told |= {"source_grade": worth.source, "information": worth.information}
    return told


def _called(found: _Read) -> dict[str, str]:
    """What each node is called: its name, with its id behind it where another of its kind is called
    the same."""
    ends = {tie[end]: tie[end] for tie in found.ties for end in _ENDS}
    return forms.told_apart(
        {
            which: (found.kinds.get(which, "person").partition("/")[0], name)
            for which, name in (ends | found.names).items()
        }
    )


def _rows(found: _Read) -> Iterator[tuple[str, ...]]:
    called = _called(found)
    kinds = [f"{end}_kind" for end in _ENDS] if found.kinds else []
    own = (*_ENDS, *(f"{end}_id" for end in _ENDS), *kinds)
    carried = [title for title in found.carried if title.strip().casefold() not in own]
    yield (*own, *carried)
    tied = set[str]()
    for tie in found.ties:
        ends = [tie[end] for end in _ENDS]
        tied.update(ends)
        of_kinds = [found.kinds.get(end, "") for end in ends] if kinds else []
        yield (
            *(called[end] for end in ends),
            *ends,
            *of_kinds,
            *(tie.get(title, "") for title in carried),
        )
    for which in found.names:
        if which not in tied:
            yield (called[which], "", which, *("" for _ in (*own[3:], *carried)))
