"""Each export of the demo's network is read back and compared with the exported network. If
possible, another program's library reads it. The exports cover each layer, with and without a
person in the centre, and each filter."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pytest
import rustworkx
from defusedxml import ElementTree
from PIL import Image
from pypdf import PdfReader

from cli import captured
from console.running.demo_store import DemoStore
from domain.kernel.values import LINK_KINDS
from network.export import export
from network.export.export import FORMATS, Format
from network.picture import layout, picture
from network.picture.footer import title
from network.picture.line_styles import facts
from network.query.layers import LAYERS
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport
from network.query.safe_text import single_line
from tests import told
from tests.fuzz import TIMES
from tests.support.network.round_trips import comes_back

MIDDLE = "Darren Pike"
CLOCK = "2012-12-31T12:00"
#: The schemata that an export may use, copied from FollowTheMoney's own library.
FTM = json.loads((Path(__file__).parents[1] / "data" / "followthemoney.json").read_text("utf-8"))
Row = dict[str, Any]
Found = tuple[list[Row], list[Row]]


@dataclass
class Exporting:
    """The demo's store, and the network that each export must contain."""

    store: DemoStore
    folder: Path
    networks: list[MaskedExport] = field(default_factory=list)

    def __call__(self, form: Format, *flags: str) -> tuple[bytes, MaskedExport]:
        file = self.folder / f"network.{form}"
        command = ["--user", "ds.hart", "--clock", CLOCK, "network", "export", "--format", form]
        command += ["--conditions-met", "by hand", "--out", str(file), *flags]
        answer = self.store.command(command)
        assert answer.code == 0, f"{form} {flags}: {answer.err}"
        return file.read_bytes(), self.networks.pop()


@pytest.fixture(scope="module")
def exporting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exporting]:
    home = tmp_path_factory.mktemp("exports")
    shutil.copytree(told.plain(told.run_of(tmp_path_factory)) / "store", home / "store")
    made = Exporting(DemoStore(str(home / "store"), None, captured), home)

    def spied(out: MaskedExport, *given: Any) -> export.Export:
        made.networks.append(out)
        return written(out, *given)

    written = export.export
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "export", spied)
        patch.setattr(picture, "place", laid_out_once(layout.place))
        yield made
    made.store.kept.close()


def laid_out_once(place: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that caches the layout of a picture. Computing it takes most of a picture's
    time, and it is the same in all three picture formats.
    """
    found: dict[str, Any] = {}

    def once(*given: Any) -> Any:
        graph, *rest = given
        key = repr((sorted(graph.edges), rest))
        if key not in found:
            found[key] = place(*given)
        return found[key]

    return once


def expected_node(node: ExportedNode) -> Row:
    return {
        "id": node.id,
        "label": node.label,
        "kind": node.kind,
        "role": node.role,
        "masked": node.masked,
        "cleared": node.cleared,
        "suspect": node.suspect,
        "sort": node.sort,
        "since": node.since.isoformat() if node.since else None,
        "until": node.until.isoformat() if node.until else None,
    }


def expected_tie(tie: ExportedLink, out: MaskedExport) -> Row:
    pair = tie.pair
    return {
        "source": tie.source.id,
        "target": tie.target.id,
        "kind": pair.kind,
        "directed": LINK_KINDS[pair.kind].directed,
        "stage": pair.stage,
        "grade": pair.grade or "ungraded",
        "handling": pair.handling,
        "undermined": pair.undermined,
        "valid_from": pair.valid_from.isoformat() if pair.valid_from else None,
        "valid_to": pair.valid_to.isoformat() if pair.valid_to else None,
        "known_from": pair.known_from.isoformat(),
        "weight": pair.weight if out.inside else None,
        "roots": pair.roots if out.inside else None,
    }


def assert_same(found: Found, out: MaskedExport) -> None:
    """Assert that the data that a program read from an export are equal to the exported data.
    Fields that the program does not read are skipped."""
    nodes, ties = found
    by_id = {node.id: expected_node(node) for node in out.nodes}
    assert {row["id"]: row for row in nodes} == {
        row["id"]: {name: by_id[row["id"]][name] for name in row} for row in nodes
    }
    assert len(nodes) == len(by_id)
    names = ties[0].keys() if ties else ()
    left = [expected_tie(tie, out) for tie in out.ties]
    assert sorted(ties, key=repr) == sorted(({n: row[n] for n in names} for row in left), key=repr)


# --- functions that read an export back ----------------------------------------------------------

NODE = "label kind role masked cleared suspect sort since until"
TIE = "kind directed stage grade handling undermined valid_from valid_to known_from weight roots"


def of_graph(graph: nx.Graph[str]) -> Found:
    nodes = [
        {"id": one, **{name: held.get(name) for name in NODE.split()}}
        for one, held in graph.nodes.data()
    ]
    ties = [
        {"source": a, "target": b, **{name: held.get(name) for name in TIE.split()}}
        for a, b, held in graph.edges(data=True)
    ]
    return nodes, ties


def with_networkx(content: bytes, out: MaskedExport) -> None:
    assert_same(of_graph(nx.read_graphml(io.BytesIO(content))), out)


def with_rustworkx(content: bytes, out: MaskedExport, folder: Path) -> None:
    """Assert that rustworkx reads the same network from GraphML. (It is a second reader, which is
    stricter than the first.)"""
    file = folder / "network.rustworkx.graphml"
    file.write_bytes(content)
    (graph,) = rustworkx.read_graphml(str(file))
    nodes = [{name: node.get(name) for name in ("id", *NODE.split())} for node in graph.nodes()]
    ids = [node["id"] for node in graph.nodes()]
    ties = [
        {"source": ids[a], "target": ids[b], **{name: held.get(name) for name in TIE.split()}}
        for a, b, held in graph.weighted_edge_list()
    ]
    assert_same((nodes, ties), out)


def gexf(content: bytes, out: MaskedExport) -> None:
    graph = nx.read_gexf(io.BytesIO(content))
    assert_same(of_graph(graph), out)
    moments = {"start": "valid_from", "end": "valid_to"}
    for _, _, held in graph.edges(data=True):
        assert _no_zone(held, moments) == _no_zone(held, moments.values())
    for _, held in graph.nodes.data():
        assert _no_zone(held, ("start", "end")) == _no_zone(held, ("since", "until"))


def _no_zone(held: Mapping[str, Any], names: Iterable[str]) -> list[str | None]:
    return [held[name][:19] if name in held else None for name in names]


def of_rows(rows: Iterable[Mapping[str, Any]]) -> Found:
    """Return the network that the rows of a links file describe."""
    nodes, ties = dict[str, Row](), []
    for row in rows:
        for end in ("source", "target"):
            if one := row[f"{end}_id"]:
                label = row[f"{end}_name"] or row[end]
                kind = row[f"{end}_kind"].partition("/")[0]
                nodes[one] = {"id": one, "label": _without_apostrophe(label), "kind": kind}
                nodes[one] |= {
                    name: row[f"{end}_{name}"] or None for name in ("sort", "since", "until")
                }
        if row["alone"]:
            continue
        tie = {"source": row["source_id"], "target": row["target_id"], "kind": row["link"]}
        tie |= {"grade": (row["source_grade"] or "") + (row["information"] or "") or "ungraded"}
        tie |= {name: row[name] or None for name in ("stage", "handling", "valid_from", "valid_to")}
        tie |= {"undermined": row["undermined"] == "yes", "known_from": row["known_from"]}
        tie |= {"weight": float(row["weight"]) if row["weight"] else None}
        ties.append(tie)
    return list(nodes.values()), ties


def _without_apostrophe(cell: str) -> str:
    """Return a cell without the apostrophe that prevents a spreadsheet from reading the cell as a
    formula.
    """
    return cell[1:] if cell.startswith(("'=", "'+", "'-", "'@")) else cell


def links_form(content: bytes, out: MaskedExport) -> None:
    assert_same(of_rows(csv.DictReader(io.StringIO(content.decode(), newline=""))), out)


def workbook(content: bytes, out: MaskedExport) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    head, *rows = book["links"].values
    assert not any(cell.data_type == "f" for row in book["links"] for cell in row)
    cells: list[Row] = [
        dict(zip(map(str, head), [one or "" for one in row], strict=True)) for row in rows
    ]
    assert_same(of_rows(cells), out)
    assert "OFFICIAL-SENSITIVE" in str(book["about"]["A1"].value)


def follow_the_money(content: bytes, out: MaskedExport) -> None:
    comes_back("ftm", content, out)
    rows = [json.loads(line) for line in content.splitlines()]
    schemata = {row["id"]: FTM["schemata"][row["schema"]] for row in rows}
    for row in rows:
        schema, held = schemata[row["id"]], row["properties"]
        assert held.keys() <= schema["properties"].keys(), row
        assert held.keys() >= {*schema["required"], *schema["edge"]}, row
        assert set(held.get("topics", ())) <= set(FTM["topics"])
        for name, values in held.items():
            sort, _, range_ = schema["properties"][name].partition(":")
            assert all(isinstance(value, str) and value for value in values), row
            if sort == "entity":
                assert all(range_ in schemata[value]["is"] for value in values), (row, name)
            if sort == "phone":
                assert all(value.startswith("+") and value[1:].isdigit() for value in values), row


def svg(content: bytes, out: MaskedExport) -> None:
    root = ElementTree.fromstring(content)
    said = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert f"{len(out.nodes)} people and things, {len(out.ties)} links" in said
    assert [tie for tie in out.ties if single_line(facts(tie)) not in said] == []


def png(content: bytes, out: MaskedExport) -> None:
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("PNG", (3200, 1800))
        drawn = image.reduce(4).convert("L")
        assert sum(drawn.histogram()[:100]), "something dark is drawn on it"


def pdf(content: bytes, out: MaskedExport) -> None:
    """Assert that the PDF has one page, with tags, and that its picture has a description of each
    link.
    """
    read = PdfReader(io.BytesIO(content))
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert read.metadata
    assert read.metadata.title == single_line(title(out))
    assert len(read.pages) == 1
    (said,) = descriptions(root["/StructTreeRoot"])
    assert "OFFICIAL-SENSITIVE" in said
    assert [tie for tie in out.ties if single_line(facts(tie)) not in said] == []


def descriptions(element: Any) -> list[str]:
    """Return the texts that describe the figures inside a tag of a PDF."""
    held = element.get_object()
    if isinstance(held, list):
        return [description for one in held for description in descriptions(one)]
    if not isinstance(held, dict):
        return []
    own = [str(held["/Alt"])] if held.get("/S") == "/Figure" else []
    return own + (descriptions(held["/K"]) if "/K" in held else [])


READERS: dict[Format, Callable[[bytes, MaskedExport], None]] = {
    "graphml": with_networkx,
    "gexf": gexf,
    "csv": links_form,
    "xlsx": workbook,
    "i2": lambda content, out: comes_back("i2", content, out),
    "anx": lambda content, out: comes_back("anx", content, out),
    "ftm": follow_the_money,
    "pole": lambda content, out: comes_back("pole", content, out),
    "svg": svg,
    "png": png,
    "pdf": pdf,
}


def read_back(exporting: Exporting, *flags: str, forms: Iterable[Format] = FORMATS) -> int:
    """Write the network in each of these formats and read each file back; return the number of
    exported links.
    """
    ties = 0
    for form in forms:
        content, out = exporting(form, *flags)
        ties = len(out.ties)
        READERS[form](content, out)
        if form == "graphml":
            with_rustworkx(content, out, exporting.folder)
    return ties


def in_turn(number: int) -> Iterable[Format]:
    """Return every second format of export: the even ones or the odd ones, by `number`. In `make
    changed`, return all formats."""
    return FORMATS[number % 2 :: 2] if TIMES == 1 else FORMATS


@pytest.mark.in_turn
@pytest.mark.parametrize("around", [(), ("--around", MIDDLE)], ids=["whole", "around"])
@pytest.mark.parametrize("layer", LAYERS)
def test_every_form_of_every_layer_is_read_back(
    exporting: Exporting, layer: str, around: tuple[str, ...]
) -> None:
    forms = in_turn(LAYERS.index(layer)) if around else FORMATS
    ties = read_back(exporting, "--layer", layer, *around, forms=forms)
    assert bool(ties) == (layer != "victim-victim"), "no tie between children leaves"


LESS: list[tuple[str, ...]] = [
    ("--as-at", "2011-03-01"),
    ("--as-known", "2011-06-10", "--layer", "through"),
    ("--from", "2010-10-01", "--to", "2011-03-31T18:00"),
    ("--min-grade", "any"),
    ("--min-grade", "2B", "--layer", "through"),
    ("--stage", "evidence"),
    ("--kind", "associate", "--kind", "uses"),
    ("--around", MIDDLE, "--hops", "3", "--layer", "through"),
    ("--for", "Another force", "--purpose", "a joint operation"),
]


@pytest.mark.in_turn
@pytest.mark.parametrize("flags", LESS, ids=" ".join)
def test_every_form_is_read_back_however_less_is_requested(
    exporting: Exporting, flags: tuple[str, ...]
) -> None:
    assert read_back(exporting, *flags, forms=in_turn(LESS.index(flags)))
