"""Exports for other programs: GraphML, GEXF, the form for links as CSV and as a workbook, i2's two
sheets, FollowTheMoney, an i2 chart and tables of the POLE data standard.

Each format writes the `MaskedExport` (a picture in which children have no names) that the function
`outgoing` made. The same input gives the same bytes. Each export describes itself: it states its
protective marking, the times that it is about, what was left out, and the policy by which the
strength of links was computed.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args
from uuid import UUID

import networkx as nx
from msgspec import Struct
from networkx.readwrite.graphml import GraphMLWriter

from domain.intelligence.intelligence_report import Consent
from domain.kernel.values import LINK_KINDS, Refused
from network.export import anx, ftm, gexf, pole, sheets
from network.picture.footer import Stamp, sentences
from network.picture.picture import pdf, png, svg
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport

Format = Literal["graphml", "gexf", "csv", "xlsx", "i2", "anx", "ftm", "pole", "svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: dict[Format, str] = {
    "graphml": ".graphml",
    "gexf": ".gexf",
    "csv": ".csv",
    "xlsx": ".xlsx",
    "i2": ".zip",
    "anx": ".anx",
    "ftm": ".ftm.json",
    "pole": ".pole.zip",
    "svg": ".svg",
    "png": ".png",
    "pdf": ".pdf",
}


#: Words for the states of an originator's consent.
CONSENTS: dict[Consent, str] = {
    "none": "not asked yet",
    "asked": "asked, not answered yet",
    "refused": "the originator refused",
    "given": "the originator consents",
}


class Withheld(Struct, frozen=True):
    """A link that is left out until its originator consents: its text, and the state of the
    consent. `ask` is the id of the item for which consent has to be requested; None if the exporter
    may not see that item.
    """

    link: UUID
    says: str
    consent: Consent
    ask: UUID | None


class Export(Struct, frozen=True):
    """An export: its bytes, their SHA-256, and what the log records about it: the real ids of all
    items in it (`ids`) and the filters of the query (`filters`).

    `withheld` are the links that were left out for lack of consent; `not_shown` describes
    everything else that was left out. The exporter sees `withheld` and `not_shown`; the recipient
    does not. `ties` is the number of links in the export.
    """

    form: Format
    content: bytes
    sha256: str
    suffix: str
    ids: tuple[UUID, ...]
    filters: dict[str, str]
    ties: int = 0
    withheld: tuple[Withheld, ...] = ()
    not_shown: tuple[str, ...] = ()


def export(out: MaskedExport, form: Format, stamp: Stamp) -> Export:
    """Return the export of the network in the format `form`. Raises Refused if the format is
    unknown, or if a picture does not fit on a slide.
    """
    writers: dict[Format, Callable[[MaskedExport, Stamp], bytes]] = {
        "graphml": _graphml,
        "gexf": _gexf,
        "csv": sheets.links_form,
        "xlsx": sheets.workbook,
        "i2": _i2,
        "anx": anx.chart,
        "ftm": ftm.lines,
        "pole": pole.tables,
        "svg": lambda out, stamp: svg(out, stamp).encode(),
        "png": png,
        "pdf": pdf,
    }
    if form not in writers:
        raise Refused(f"{form!r} is not an export format. Formats: {', '.join(FORMATS)}")
    content = writers[form](out, stamp)
    return Export(
        form=form,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        suffix=SUFFIXES[form],
        ids=out.exported,
        filters=filters(out),
        ties=len(out.ties),
    )


def filters(out: MaskedExport) -> dict[str, str]:
    """Return the query of an export in words, for the record of the export."""
    link_filter = out.picture.link_filter
    values = {
        "layer": out.picture.layer,
        "focus": " ".join(str(entity_id) for entity_id in out.picture.focus),
        "as_at": link_filter.as_at.isoformat() if link_filter.as_at else "",
        "since": link_filter.since.isoformat() if link_filter.since else "",
        "until": link_filter.until.isoformat() if link_filter.until else "",
        "as_known": link_filter.as_known.isoformat() if link_filter.as_known else "",
        "min_rank": "any" if link_filter.min_rank is None else str(link_filter.min_rank),
        "stages": " ".join(sorted(link_filter.stages or ())),
        "kinds": " ".join(sorted(link_filter.kinds or ())),
    }
    return {name: value for name, value in values.items() if value}


def _graph(out: MaskedExport, stamp: Stamp) -> nx.MultiDiGraph[str]:
    """Return a networkx graph with an edge from each link's source to its target; `directed` says
    whether the direction means anything.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(note="\n".join(sentences(out, stamp)))
    for node in out.nodes:
        graph.add_node(node.id, label=node.label, **_node(node))
    for number, tie in enumerate(out.ties, 1):
        graph.add_edge(tie.source.id, tie.target.id, key=f"tie-{number}", **_tie(tie, out.inside))
    return graph


def _node(node: ExportedNode) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "kind": node.kind,
        "role": node.role,
        "masked": node.masked,
        "sort": node.sort,
    }
    attributes |= {"cleared": node.cleared, "suspect": node.suspect}
    attributes |= {"unnamed": node.unnamed or None, "aliases": sheets.aliases(node) or None}
    times = {"since": node.since, "until": node.until}
    return _without_none(
        attributes | {name: at.isoformat() if at else None for name, at in times.items()}
    )


def _tie(tie: ExportedLink, inside: bool) -> dict[str, Any]:
    pair = tie.pair
    times = {
        name: at.isoformat() if at else None
        for name, at in (
            ("valid_from", pair.valid_from),
            ("valid_to", pair.valid_to),
            ("known_from", pair.known_from),
        )
    }
    counted = {
        "roots": pair.roots,
        "strength": round(pair.strength, 6),
        "weight": pair.weight,
        "observations": pair.observations,
        "links": " ".join(tie.ids),
        "evidence": " ".join(tie.evidence),
    }
    return _without_none(
        {
            "label": pair.kind,
            "kind": pair.kind,
            "directed": LINK_KINDS[pair.kind].directed,
            "stage": pair.stage,
            "grade": pair.grade or "ungraded",
            "handling": pair.handling,
            "undermined": pair.undermined,
            **(counted if inside else {}),
            "from": tie.source.id,
            "to": tie.target.id,
            **times,
        }
    )


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _graphml(out: MaskedExport, stamp: Stamp) -> bytes:
    written = io.BytesIO()
    _GraphML(_graph(out, stamp), named_key_ids=True).dump(written)
    return written.getvalue()


class _GraphML(GraphMLWriter):
    """Writes GraphML like networkx's writer, but with `true` and `false` for booleans, as XML
    Schema requires: other programs refuse `True`. The bytes are the same whether or not lxml is
    installed.
    """

    def add_data(self, name: str, element_type: Any, value: Any, *rest: Any) -> Any:
        element = super().add_data(name, element_type, value, *rest)
        if element_type is bool:
            element.text = str(value).lower()
        return element


def _gexf(out: MaskedExport, stamp: Stamp) -> bytes:
    ties = {f"tie-{number}": _tie(tie, out.inside) for number, tie in enumerate(out.ties, 1)}
    return gexf.graph(out, stamp, {node.id: _node(node) for node in out.nodes}, ties)


def _i2(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return a zip of two sheets, a row for each entity and a row for each link, as i2 Analyst's
    Notebook imports them."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _i2_files(out, stamp):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return written.getvalue()


def _i2_files(out: MaskedExport, stamp: Stamp) -> Iterator[tuple[str, bytes]]:
    yield "entities.csv", sheets.i2_entities(out)
    yield "links.csv", sheets.i2_links(out)
    yield "readme.txt", "\n".join([*sentences(out, stamp), ""]).encode()
