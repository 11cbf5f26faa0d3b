"""A network file that networkx wrote is imported, whatever the network contains. If a part cannot
be imported, a message says which part and where it is in the file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import pytest

from ingest.files.problems import BadFile
from tests.ingest.conftest import FakeIntake, Importing

WRITE: dict[str, Callable[..., None]] = {"graphml": nx.write_graphml, "gexf": nx.write_gexf}
BOTH = pytest.mark.parametrize("form", sorted(WRITE))


@BOTH
def test_a_network_comes_in_tie_by_tie(
    imports: Importing, intake: FakeIntake, tmp_path: Path, form: str
) -> None:
    club = nx.karate_club_graph()
    path = tmp_path / f"club.{form}"
    WRITE[form](club, path)
    imports(path)
    found = {frozenset((link.source, link.target)): link.weight for link in intake.links}
    assert found == {
        frozenset((str(a), str(b))): weight for a, b, weight in club.edges(data="weight")
    }


@BOTH
def test_odd_names_stay_who_they_are_and_what_is_no_tie_is_reported_with_its_row(
    imports: Importing, intake: FakeIntake, tmp_path: Path, form: str
) -> None:
    odd: nx.MultiDiGraph[object] = nx.MultiDiGraph()
    odd.add_node(1, label="Łukasz")
    odd.add_node(2, label="")
    odd.add_node(3, name="Sam")
    odd.add_node(4, name="sam ")
    odd.add_node("x<&>", label="Ann & Bob")
    odd.add_node("alone")
    odd.add_edges_from([(1, 2, {"weight": 2.5, "note": 'a, "b"\n'}), (2, 1), (1, 1), (1, 2)])
    odd.add_edge(3, 4)
    odd.add_edge("x<&>", 3, since="2011-03-05")
    path = tmp_path / f"odd.{form}"
    WRITE[form](odd, path)
    report = imports(path)
    assert sorted((link.source, link.target) for link in intake.links) == [
        ("2", "Łukasz"),
        ("Ann & Bob", "Sam (3)"),
        ("Sam (3)", "sam (4)"),
        ("alone", ""),
        ("Łukasz", "2"),
        ("Łukasz", "2"),
    ]
    assert [link.source for link in intake.links if link.alone] == ["alone"]
    assert [link.valid_from.year for link in intake.links if link.valid_from] == [2011]
    assert [(one.place.row, one.place.column, one.reason) for one in report.rejected] == [
        (4, "target", "a link needs two different ends: correct one of them"),
    ]


@pytest.mark.parametrize(("write", "name"), [(nx.write_gml, "GML"), (nx.write_pajek, "Pajek")])
def test_a_format_that_is_not_read_is_named_with_those_to_use(
    imports: Importing, tmp_path: Path, write: Callable[..., None], name: str
) -> None:
    write(nx.path_graph(["Ash", "Baz"]), tmp_path / "net.txt")
    with pytest.raises(
        BadFile, match=f"a network in {name}.*Export the network as GraphML or GEXF"
    ):
        imports(tmp_path / "net.txt")


def test_kinds_of_nodes_are_those_of_the_ends(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("Baz", kind="person/suspect")
    graph.add_node("PK95ABC", kind="vehicle")
    graph.add_edge("Baz", "PK95ABC", link="driver-of")
    nx.write_graphml(graph, tmp_path / "car.graphml")
    imports(tmp_path / "car.graphml")
    (link,) = intake.links
    assert (link.source_kind, link.target_kind, link.link_kind) == (
        "person/suspect",
        "vehicle",
        "driver-of",
    )


def test_a_column_of_this_product_is_another_programs_where_it_says_more(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    """A column of another program's file that has the name of one of this product's columns, but
    different values, is read as a column of the other program."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("Ann", "Baz", kind="contact", start="2011-03-05", strength=7.0)
    nx.write_graphml(graph, tmp_path / "theirs.graphml")
    imports(tmp_path / "theirs.graphml")
    (link,) = intake.links
    assert (link.link_kind, link.weight) == ("contact", 7)
    assert link.valid_from == datetime(2011, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("<graphml><graph>\n<node id='1'/>", "row 2: it is not a readable network"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><graphml>&x;</graphml>", "Remove its DOCTYPE"),
        ("<!DOCTYPE a SYSTEM 'file:///a'><graphml/>", "declares a document type"),
        ("<graphml><graph><hyperedge/></graph></graphml>", "hyperedge"),
        ("<graphml><graph><node id='1'/><node id='1'/></graph></graphml>", "have the id '1'"),
        ("<?xml version='1.0' encoding='x'?><graphml/>", "row 1: its encoding is not supported"),
        ("<?xml version='1.0' encoding='shift_jis'?><gexf/>", "Save it as utf-8"),
    ],
)
def test_what_is_broken_says_where(
    imports: Importing, tmp_path: Path, text: str, wrong: str
) -> None:
    path = tmp_path / "broken.graphml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=wrong):
        imports(path)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<graphml>", "utf-8-sig"),
        ("<?xml version='1.0' encoding='utf-16'?>\n<graphml>", "utf-16"),
        ("<?xml version='1.0' encoding='windows-1252'?><graphml>", "cp1252"),
    ],
)
def test_a_network_is_known_in_each_encoding(
    imports: Importing, intake: FakeIntake, tmp_path: Path, head: str, encoding: str
) -> None:
    path = tmp_path / "saved.graphml"
    path.write_text(
        f"{head}<graph><edge source='Zo\u00eb' target='Ann'/></graph></graphml>", encoding=encoding
    )
    imports(path)
    assert [(link.source, link.target) for link in intake.links] == [("Zo\u00eb", "Ann")]


def test_a_prefix_and_defaults_are_read_as_the_schema_has_them(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = tmp_path / "default.graphml"
    path.write_text(
        "<g:graphml xmlns:g='http://graphml.graphdrawing.org/xmlns'>"
        "<g:key id='k' for='node' attr.name='kind'><g:default>vehicle</g:default></g:key>"
        "<g:key id='w' for='edge' attr.name='weight'><g:default>3</g:default></g:key>"
        "<g:graph><g:node id='Baz'><g:data key='k'>person</g:data></g:node><g:node id='PK95ABC'/>"
        "<g:edge source='Baz' target='PK95ABC'/>"
        "<g:edge source='Baz' target='PK95ABC'><g:data key='w'>2</g:data></g:edge>"
        "</g:graph></g:graphml>",
        encoding="utf-8",
    )
    imports(path)
    assert [(link.source_kind, link.target_kind, link.weight) for link in intake.links] == [
        ("person", "vehicle", 3),
        ("person", "vehicle", 2),
    ]


def test_a_name_that_looks_like_anothers_with_its_id_is_another(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    graph: nx.Graph[str] = nx.Graph()
    for which, name in (("1", "Sam"), ("2", "Sam"), ("3", "Sam (1)"), ("4", "Ann")):
        graph.add_node(which, label=name)
    graph.add_edges_from([("1", "4"), ("2", "4"), ("3", "4")])
    nx.write_graphml(graph, tmp_path / "sam.graphml")
    imports(tmp_path / "sam.graphml")
    assert len({link.source for link in intake.links}) == 3


def test_a_network_of_too_many_ties_is_refused_before_it_is_held(
    imports: Importing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.networks.found.MOST_ROWS", 20)
    nodes = "".join(f"<node id='{number}'/>" for number in range(41))
    for written in ("<edge source='a' target='b'/>" * 21, nodes):
        path = tmp_path / "large.graphml"
        path.write_text(f"<graphml><graph>{written}</graph><broken", encoding="utf-8")
        with pytest.raises(BadFile, match="too many"):
            imports(path)


def test_a_network_whose_every_tie_carries_something_else_is_refused_before_it_is_laid_out(
    imports: Importing, tmp_path: Path
) -> None:
    """A network in which each link has an attribute of its own is refused. Otherwise its table
    would have a column for each link and would grow with the square of the file's size."""
    path = tmp_path / "broad.graphml"
    ties = "".join(
        f"<edge source='a' target='b'><data key='k{number}'>1</data></edge>"
        for number in range(2_001)
    )
    path.write_text(f"<graphml><graph>{ties}</graph><broken", encoding="utf-8")
    with pytest.raises(BadFile, match="2,000 different attributes"):
        imports(path)
