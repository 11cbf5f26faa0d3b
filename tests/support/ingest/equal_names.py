"""A network with two people of the same name, who have links to each other and to a third person,
in each format.
"""

from __future__ import annotations

import io
import json
import zipfile

import networkx as nx
import xlsxwriter

PEOPLE = {"N1": "John Smith", "N2": "John Smith", "N3": "Barry Field"}
LINKS = (("N1", "N3"), ("N2", "N1"))


def _csv(*rows: tuple[str, ...]) -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode()


def _people() -> bytes:
    return _csv(("person id", "full name"), *PEOPLE.items())


def _link_rows(*headings: str) -> list[tuple[str, ...]]:
    return [headings, *((PEOPLE[a], a, PEOPLE[b], b) for a, b in LINKS)]


def _ids_only() -> bytes:
    return _csv(("source_id", "target_id"), *LINKS)


def _incidents() -> bytes:
    rows = ((f"I{number}", "Theft", "; ".join(pair)) for number, pair in enumerate(LINKS))
    return _csv(
        ("incident id", "what happened", "suspects", "place"), *((*r, "Town A") for r in rows)
    )


def _workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("links")
        for number, row in enumerate(_link_rows("source", "source_id", "target", "target_id")):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def _graph() -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((one, {"label": name}) for one, name in PEOPLE.items())
    graph.add_edges_from(LINKS)
    return graph


def _graphml() -> bytes:
    return "\n".join(nx.generate_graphml(_graph())).encode()


def _bare_graphml() -> bytes:
    return "\n".join(nx.generate_graphml(nx.Graph(LINKS))).encode()


def _gexf() -> bytes:
    return "\n".join(nx.generate_gexf(_graph())).encode()


def _chart() -> bytes:
    style = '<Icon><IconStyle Type="Person"/></Icon>'
    items = [
        f'<ChartItem Label="{name}"><End><Entity EntityId="{one}" Identity="{one}">{style}'
        "</Entity></End></ChartItem>"
        for one, name in PEOPLE.items()
    ]
    items += [
        f'<ChartItem Label="tie"><Link End1Id="{a}" End2Id="{b}"><LinkStyle/></Link></ChartItem>'
        for a, b in LINKS
    ]
    return f"<Chart><ChartItemCollection>{''.join(items)}</ChartItemCollection></Chart>".encode()


def _ftm() -> bytes:
    told = [
        {"id": one, "schema": "Person", "properties": {"name": [name]}}
        for one, name in PEOPLE.items()
    ]
    told += [
        {"id": f"L{a}{b}", "schema": "Associate", "properties": {"person": [a], "associate": [b]}}
        for a, b in LINKS
    ]
    return "\n".join(map(json.dumps, told)).encode()


def _zip(**tables: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in tables.items():
            archive.writestr(f"{name}.csv", content)
    return made.getvalue()


def _i2() -> bytes:
    entities = _csv(("Identity", "Label", "Type"), *((*one, "person") for one in PEOPLE.items()))
    return _zip(
        entities=entities,
        links=_csv(("From", "To", "Type"), *((*pair, "associate") for pair in LINKS)),
    )


def _pole() -> bytes:
    rows = ((one, name, "involved-party", "", "") for one, name in PEOPLE.items())
    heads = ("Person ID", "Full name", "Category", "Alias", "Description")
    ties = (("Source", "Source_id", "Target", "Target_id"), *_link_rows()[1:])
    return _zip(person=_csv(heads, *rows), association=_csv(*ties))


#: For each format, the name and the content of a file with this network.
FORMS: dict[str, bytes] = {
    "people.csv": _people(),
    "links.csv": _csv(*_link_rows("source", "source_id", "target", "target_id")),
    "links-from-to.csv": _csv(*_link_rows("from", "from_id", "to", "to_id")),
    "links-ids.csv": _ids_only(),
    "links.xlsx": _workbook(),
    "incidents.csv": _incidents(),
    "network.graphml": _graphml(),
    "bare.graphml": _bare_graphml(),
    "network.gexf": _gexf(),
    "chart.anx": _chart(),
    "entities.ftm.json": _ftm(),
    "i2.zip": _i2(),
    "pole.zip": _pole(),
}
