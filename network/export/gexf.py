"""Write the network in GEXF 1.3 with its times: a dynamic graph whose links and incidents have a
start and an end (gexf.net/schema.html).

The graph declares the time format `date`, although its times have hours: the schema accepts a date
or a time for both formats, Gephi reads both alike, and networkx does not accept `dateTime`.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from network.picture.footer import Stamp, sentences
from network.query.masked_export import MaskedExport

_TYPES = {bool: "boolean", int: "integer", float: "double", str: "string"}
Values = Mapping[str, Any]


def graph(
    out: MaskedExport, stamp: Stamp, nodes: Mapping[str, Values], ties: Mapping[str, Values]
) -> bytes:
    """Return the graph as a GEXF file. `nodes` and `ties` map the id of each node and of each link
    to its attributes.
    """
    note = escape("\n".join(sentences(out, stamp)))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
        f"<meta><creator>Continuum</creator><description>{note}</description></meta>",
        '<graph defaultedgetype="directed" mode="dynamic" timeformat="date">',
    ]
    named = {"node": _titles(nodes.values()), "edge": _titles(ties.values())}
    for which, titles in named.items():
        lines.append(f'<attributes class="{which}" mode="static">')
        lines += [
            f'<attribute id="{which}-{title}" title="{title}" type="{kind}"/>'
            for title, kind in titles.items()
        ]
        lines.append("</attributes>")
    lines.append("<nodes>")
    for node in out.nodes:
        times = _times(node.since, node.until)
        lines.append(f"<node{_attribute_text({'id': node.id, 'label': node.label} | times)}>")
        lines += [*_values("node", nodes[node.id]), "</node>"]
    lines += ["</nodes>", "<edges>"]
    for (edge_id, values), tie in zip(ties.items(), out.ties, strict=True):
        edge = {"id": edge_id, "source": tie.source.id, "target": tie.target.id}
        edge |= {"label": tie.pair.kind} | _times(tie.pair.valid_from, tie.pair.valid_to)
        lines.append(f"<edge{_attribute_text(edge)}>")
        lines += [*_values("edge", values), "</edge>"]
    lines += ["</edges>", "</graph>", "</gexf>", ""]
    return "\n".join(lines).encode()


def _titles(all_values: Any) -> dict[str, str]:
    return {title: _TYPES[type(value)] for values in all_values for title, value in values.items()}


def _times(start: datetime | None, end: datetime | None) -> dict[str, str]:
    """Return the GEXF attributes `start` and `end` with these times in UTC. If one of the times is
    None, its attribute is left out.
    """
    times = {"start": start, "end": end}
    return {
        name: at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        for name, at in times.items()
        if at
    }


def _attribute_text(attributes: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _values(which: str, values: Values) -> Iterator[str]:
    yield "<attvalues>"
    for title, value in values.items():
        value_text = str(value).lower() if isinstance(value, bool) else str(value)
        yield f'<attvalue for="{which}-{title}" value={quoteattr(value_text)}/>'
    yield "</attvalues>"
