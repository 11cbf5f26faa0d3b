"""Random networks, and a function for each format that reads an exported file. All these functions
return the same types, so that one test can check every format."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, get_args
from uuid import UUID

import networkx as nx
from defusedxml import ElementTree
from hypothesis import strategies as st
from msgspec.structs import replace

from domain import forms
from domain.kernel.codes import IncidentSort
from domain.kernel.values import ENTITY_KINDS, LINK_KINDS, EntityKind, LinkKind
from network.export.export import Format
from network.query.evidence import DEFAULT
from network.query.link_pairs import LinkPair
from network.query.masked_export import ROLES, ExportedLink, ExportedNode, MaskedExport, Role
from network.query.safe_text import single_line
from network.query.view import NetworkAnswer
from projections.intelligence.links import LinkFilter

AT = datetime(2011, 3, 5, 21, tzinfo=UTC)
#: A link that was read back from an export: the names of its ends, its kind, direction, times and
#: grade.
Read = tuple[Any, ...]
#: The name of each person or thing by its id.
Nodes = dict[Any, Any]
#: Names that a table or a spreadsheet could read as something else.
ODD = (
    "=1+1",
    "'=1",
    "''Ann'",
    "+44 7700",
    "-",
    "@ann; b",
    "a|b",
    "Child 1",
    '"q", r',
    "null",
    "017",
)
words = (
    st.sampled_from(ODD)
    | st.text(min_size=1, max_size=30)
    .map(single_line)
    .filter(lambda text: any(map(str.isalnum, text)))
).filter(lambda text: any(map(str.isalnum, text)))
times = st.none() | st.integers(0, 10**6).map(lambda minutes: AT + timedelta(minutes=minutes))


@st.composite
def networks(draw: st.DrawFn) -> MaskedExport:
    """Draw a random network in its exported form, with any text as names."""
    kinds = draw(st.lists(st.sampled_from(ENTITY_KINDS), min_size=2, max_size=6))
    nodes = [
        _besides(draw, _node(number, kind, draw(words), draw(times)))
        for number, kind in enumerate(kinds)
    ]
    ties = list[ExportedLink]()
    for kind in draw(st.lists(st.sampled_from(sorted(LINK_KINDS)), max_size=8)):
        shape = LINK_KINDS[kind]
        fitting = [
            (a, b)
            for a in nodes
            for b in nodes
            if a is not b and a.kind in shape.source and b.kind in shape.target
        ]
        if fitting:
            a, b = draw(st.sampled_from(fitting))
            tie = _make_link(len(ties), a, b, kind, draw(times), draw(st.sampled_from(GRADES)))
            pair = replace(tie.pair, weight=draw(weights), undermined=draw(st.booleans()))
            ties.append(replace(tie, pair=pair))
    graph: nx.MultiGraph[UUID] = nx.MultiGraph()
    seen = NetworkAnswer(graph, (), LinkFilter(), "all", DEFAULT, (), 0, 0)
    return MaskedExport(tuple(nodes), tuple(ties), (), seen, 0, 0, ())


def _besides(draw: st.DrawFn, node: ExportedNode) -> ExportedNode:
    """Return an exported node with random values in its optional fields: a person's role and other
    names."""
    if node.kind == "incident":
        return replace(node, sort=draw(st.none() | st.sampled_from(get_args(IncidentSort))))
    if node.kind != "person":
        return node
    role = draw(st.sampled_from(ROLES))
    cleared = draw(st.booleans()) and role in ("child", "person")
    suspect = role in ("suspect", "convicted", "person-of-interest")
    suspect = suspect or (role == "child" and not cleared and draw(st.booleans()))
    node = replace(node, role=role, cleared=cleared, suspect=suspect)
    if role in ("child", "victim"):
        masked = f"{role}-{node.id[-1]}"
        return replace(node, id=masked, label=masked.replace("-", " ").capitalize(), masked=True)
    aliases = (one for one in draw(st.lists(words, max_size=2, unique=True)) if one != node.label)
    return replace(node, aliases=tuple(aliases), unnamed=draw(st.booleans()))


def every_tie(roles: tuple[Role, ...]) -> MaskedExport:
    """Return a network with a link of each kind. Each link joins two people of its own; the people
    have these roles in turn."""
    turn = cycle(roles)
    nodes, ties = list[ExportedNode](), list[ExportedLink]()
    for number, (kind, shape) in enumerate(sorted(LINK_KINDS.items())):
        for sort in (min(shape.source), min(shape.target)):
            one = _node(len(nodes), sort, f"{sort} {len(nodes)}", None)
            one = replace(one, role=next(turn), cleared=number == 0) if one.role else one
            nodes.append(one)
        since = AT + timedelta(days=number) if number % 3 else None
        grade = GRADES[number % len(GRADES)]
        ties.append(_make_link(number, nodes[-2], nodes[-1], kind, since, grade))
    graph: nx.MultiGraph[UUID] = nx.MultiGraph()
    seen = NetworkAnswer(graph, (), LinkFilter(), "all", DEFAULT, (), 0, 0)
    return MaskedExport(tuple(nodes), tuple(ties), (), seen, 0, 0, ())


GRADES = (None, "2B", "1A", "3E")
weights = st.sampled_from((1.0, 12.0, 0.25, 1234567.0, 1e-7, 1 / 3))


def _node(number: int, kind: EntityKind, label: str, since: datetime | None) -> ExportedNode:
    role: Role | None = "person" if kind == "person" else None
    happened = since if kind == "incident" else None
    named = f"{UUID(int=number + 1)}", label, kind
    return ExportedNode(*named, role, False, False, False, None, happened)


def _make_link(
    number: int,
    a: ExportedNode,
    b: ExportedNode,
    kind: LinkKind,
    start: datetime | None,
    grade: str | None,
) -> ExportedLink:
    end = start + timedelta(hours=2) if start else None
    pair = LinkPair(
        source=UUID(int=1),
        target=UUID(int=2),
        kind=kind,
        links=(UUID(int=1000 + number),),
        stage="intelligence" if grade else "information",
        grade=grade,
        handling="P" if grade else None,
        roots=1,
        weight=1.0,
        strength=0.5,
        undermined=False,
        evidence=(),
        valid_from=start,
        valid_to=end,
        known_from=AT,
    )
    return ExportedLink(a, b, pair, (str(UUID(int=1000 + number)),), ())


def told(out: MaskedExport) -> list[Read]:
    """Return the links of an exported network in the form that every reader of a format must
    return.
    """
    return sorted(
        (
            (
                tie.source.id,
                tie.target.id,
                tie.pair.kind,
                _iso(tie.pair.valid_from),
                _iso(tie.pair.valid_to),
                tie.pair.grade,
            )
            for tie in out.ties
        ),
        key=str,
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat()[:19] if at else None


def read(
    a: str | None, b: str | None, kind: str | None, start: str | None, end: str | None, grade: Any
) -> Read:
    """Return a link in the form in which the tests compare links. An empty time means no limit, and
    an empty grade means ungraded."""
    told = None if grade in ("ungraded", "", None) else grade
    return a, b, kind, start[:19] if start else None, end[:19] if end else None, told


def is_directed(kind: str | None) -> bool:
    return next(shape for one, shape in LINK_KINDS.items() if one == kind).directed


def graphml(content: bytes) -> tuple[Nodes, list[Read]]:
    graph = nx.read_graphml(io.BytesIO(content), force_multigraph=True)
    assert graph.is_directed()
    ties = []
    for a, b, held in graph.edges(data=True):
        assert held["directed"] == is_directed(held["kind"])
        times = held.get("valid_from"), held.get("valid_to")
        ties.append(read(a, b, held["kind"], *times, held["grade"]))
    return {one: held["label"] for one, held in graph.nodes(data=True)}, ties


def gexf(content: bytes) -> tuple[Nodes, list[Read]]:
    space = {"g": "http://gexf.net/1.3"}
    root = ElementTree.fromstring(content)
    assert root.get("version") == "1.3"
    nodes = {one.get("id"): one.get("label") for one in root.iterfind(".//g:node", space)}
    ties = []
    for edge in root.iterfind(".//g:edge", space):
        held = {one.get("for"): one.get("value") for one in edge.iterfind(".//g:attvalue", space)}
        told = [edge.get(name) for name in ("source", "target", "label", "start", "end")]
        ties.append(read(*[*told, held["edge-grade"]]))
    return nodes, ties


def i2(content: bytes) -> tuple[Nodes, list[Read]]:
    entities, rows = _csv(content, "entities.csv"), _csv(content, "links.csv")
    assert all(row["Direction"] == ("->" if is_directed(row["Type"]) else "") for row in rows)
    names = ("From", "To", "Type", "Start", "End", "Grade")
    ties = [read(*(row[name] for name in names)) for row in rows]
    return {row["Identity"]: row["Label"] for row in entities}, ties


def anx(content: bytes) -> tuple[Nodes, list[Read]]:
    root = ElementTree.fromstring(content)
    names = ("Strength", "AttributeClass", "LinkType", "ChartItem")
    order = [child.tag for child in root]
    wanted = ["ApplicationVersion", *(f"{name}Collection" for name in names)]
    assert order == [one for one in wanted if one in order]
    by_number = {one.get("EntityId"): one.get("Identity") for one in root.iter("Entity")}
    ids = [one.get("Id") for one in root.iter() if one.get("Id")]
    assert len(ids) == len(set(ids))
    nodes, ties = Nodes(), []
    for item in root.iter("ChartItem"):
        held = {one.get("AttributeClass"): one.get("Value") for one in item.iter("Attribute")}
        for entity in item.iterfind("End/Entity"):
            nodes[entity.get("Identity")] = item.get("Label")
        for link in item.iterfind("Link"):
            (style,) = link
            kind = style.get("Type")
            assert (style.get("ArrowStyle") == "ArrowOnHead") == is_directed(kind)
            a, b = (by_number[link.get(end)] for end in ("End1Id", "End2Id"))
            times = item.get("DateTime"), held.get("Until")
            ties.append(read(a, b, kind, *times, held["Grade"]))
    return nodes, ties


def ftm(content: bytes) -> tuple[Nodes, list[Read]]:
    nodes, ties = Nodes(), []
    called = ("username", "registrationNumber", "full", "name")
    for line in content.splitlines():
        row = json.loads(line)
        held = {name: values[0] for name, values in row["properties"].items()}
        if row["id"].startswith("tie-"):
            a = held.get("subject") or held["person"]
            b = held.get("object") or held.get("relative") or held["associate"]
            kind = held.get("role") or held["relationship"]
            times = held.get("startDate"), held.get("endDate")
            ties.append(read(a, b, kind, *times, held["summary"].split(", ")[1]))
            continue
        nodes[row["id"]] = next(held[one] for one in called if one in held)
        assert "service" not in held or row["schema"] == "UserAccount"
        suspected = {"suspect", "convicted", "person-of-interest"}
        assert ("topics" in held) == bool(suspected & {*row["properties"].get("notes", [])})
    return nodes, ties


def pole(content: bytes) -> tuple[Nodes, list[Read]]:
    nodes = Nodes()
    for file, one, label in (
        ("person.csv", "person id", "full name"),
        ("object.csv", "object id", "identifier"),
        ("location.csv", "location id", "location"),
        ("event.csv", "incident id", "what happened"),
    ):
        nodes |= {row[one]: row[label] or row["description"] for row in _csv(content, file)}
    names = ("source", "target", "link", "valid_from", "valid_to")
    return nodes, [
        read(*[*(row[name] for name in names), row["source_grade"] + row["information"]])
        for row in _csv(content, "association.csv")
    ]


def links(content: bytes) -> tuple[Nodes, list[Read]]:
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    ends = ("source", "target")
    nodes = {
        row[f"{end}_id"]: _without_apostrophe(row[end]) for row in rows for end in ends if row[end]
    }
    names = ("source_id", "target_id", "link", "valid_from", "valid_to")
    return nodes, [
        read(*[*(row[name] for name in names), row["source_grade"] + row["information"]])
        for row in rows
        if not row["alone"]
    ]


def _csv(content: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = io.StringIO(archive.read(name).decode(), newline="")
    return [
        {key: _without_apostrophe(cell) for key, cell in row.items()}
        for row in csv.DictReader(told)
    ]


def _without_apostrophe(cell: str) -> str:
    """Return a cell without the apostrophe that prevents a spreadsheet from reading the cell as a
    formula.
    """
    guarded = cell.startswith("'") and cell[1:2] in ("=", "+", "-", "@", "'")
    return cell[1:] if guarded else cell


READERS: dict[Format, Callable[[bytes], tuple[Nodes, list[Read]]]] = {
    "graphml": graphml,
    "gexf": gexf,
    "i2": i2,
    "anx": anx,
    "ftm": ftm,
    "pole": pole,
    "csv": links,
}


def comes_back(form: Format, content: bytes, out: MaskedExport) -> None:
    """Assert that the content in this format, when read, gives the nodes and links of the
    network.
    """
    nodes, ties = READERS[form](content)
    expected = {node.id: node.label for node in out.nodes}
    if form == "csv":  # only CSV has ids, which distinguish people of the same name
        expected = forms.distinct_names({node.id: (node.kind, node.label) for node in out.nodes})
    assert nodes == expected
    if form == "pole":
        found = [(_id(out, a), _id(out, b), *rest) for a, b, *rest in ties]
        known = [
            (_id(out, _end_name(out, a)), _id(out, _end_name(out, b)), *r) for a, b, *r in told(out)
        ]
        assert sorted(found, key=str) == sorted(known, key=str)
        return
    assert sorted(ties, key=str) == told(out)


def _end_name(out: MaskedExport, one: str) -> str:
    node = next(node for node in out.nodes if node.id == one)
    return node.id if node.kind in ("person", "incident") else node.label


def _id(out: MaskedExport, named: str) -> str:
    """Return the id of the first node with this id or name, or `named` itself if no node has it.
    (Links name their ends by it.)"""
    return next((node.id for node in out.nodes if named in (node.id, node.label)), named)
