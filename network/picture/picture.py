"""The network as a picture for a briefing slide: an SVG file, from which a PNG or PDF file can be
made.

The picture has 1600 by 900 pixels, the protective marking at the top and the bottom, the period
that it covers, a legend, and a list of what was left out. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
from msgspec import Struct

from domain.kernel.values import Refused
from network.picture import typesetting
from network.picture.footer import Stamp, as_of, describe_left_out, marking, title
from network.picture.layout import Bounds, Box, place
from network.picture.lettering import broken, safe, stacked, text
from network.picture.line_styles import LOOKS, Point, Rectangle, cross, facts, labels, line, strokes
from network.picture.symbols import GREY, INK, NAMES, PAPER, RED, SAND, draw, symbol_of
from network.picture.typeface import FONT, embed_fonts, width
from network.query.masked_export import ExportedNode, MaskedExport
from network.query.safe_text import single_line

WIDE, HIGH = 1600, 900
#: The template with which a picture is typeset; number of pixels in an inch.
PAGE, PIXELS = Path(__file__).with_suffix(".typ"), 96.0
FRAME = Bounds(left=36, top=116, width=1224, height=708)
LEGEND = 1290
#: A slide with more nodes than this is not readable.
MOST = 400
#: Size of the ring around the focus, relative to a symbol.
RING = 1.36
#: In a picture with more nodes than this, a link is labelled only with its grade.
BRIEF = 30


class Scale(Struct, frozen=True):
    """The sizes, in pixels, for a picture with at most `nodes` nodes.

    `named` is the number of nodes that get a label; links get labels if there are at most `ties`
    links.
    """

    nodes: int
    radius: float
    letters: float
    tie_letters: float
    named: int
    ties: int


_SCALES = (
    Scale(14, 28, 17, 13.5, 14, 24),
    Scale(30, 22, 14.5, 12, 30, 40),
    Scale(60, 16, 12, 10.5, 60, 90),
    Scale(150, 10, 9.5, 9, 150, 0),
    Scale(MOST, 6, 9, 9, 40, 0),
)


def svg(out: MaskedExport, stamp: Stamp) -> str:
    """Return the picture as SVG. Raises Refused if it does not fit on a slide."""
    if len(out.nodes) > MOST:
        raise Refused(
            f"{len(out.nodes):,} people and items do not fit on a slide (at most {MOST}): "
            "draw an ego network, fewer hops, one layer, or a higher minimum grade; or "
            "export graphml"
        )
    scale = next(scale for scale in _SCALES if len(out.nodes) <= scale.nodes)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node.id for node in out.nodes)
    graph.add_edges_from((tie.source.id, tie.target.id) for tie in out.ties)
    lettered = _lettered(out, graph, scale)
    focus = {node.id for node in out.focus}
    boxes = {
        node.id: _box(lettered.get(node.id, []), scale, focus=node.id in focus)
        for node in out.nodes
    }
    called = {node.id: f"{node.label} ({symbol_of(node)})" for node in out.nodes}
    centres = place(graph, called, boxes, FRAME)
    found_strokes = list(strokes(out.ties, centres, scale.radius))
    taken = [_rectangle(centres[node_id], box) for node_id, box in boxes.items()]
    brief = scale.nodes > BRIEF
    named = (
        labels(found_strokes, taken, scale.tie_letters, brief=brief)
        if len(found_strokes) <= scale.ties
        else ()
    )
    return "\n".join(
        [
            *_opening(out, stamp),
            *_watermark(stamp),
            *map(line, found_strokes),
            *named,
            *(_node(node, centres[node.id], scale, node.id in focus) for node in out.nodes),
            *_names(out, lettered, centres, scale, focus),
            *_heading(out, stamp),
            *_legend(out),
            "</svg>\n",
        ]
    )


def png(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return the picture as PNG, with twice the SVG's pixels."""
    return typesetting.png(PAGE, _page(out, stamp), 2 * PIXELS)


def pdf(out: MaskedExport, stamp: Stamp) -> bytes:
    """Return the picture as one page that prints sharp at any size. It is tagged: its text can be
    searched, and a screen reader reads its description."""
    made = out.picture.link_filter.as_known or stamp.made
    return typesetting.pdf(PAGE, _page(out, stamp), made)


def _page(out: MaskedExport, stamp: Stamp) -> dict[str, Any]:
    """Return the values for the template with which the picture is typeset."""
    return {
        "title": single_line(title(out)),
        "alt": f"{single_line(title(out))}. {single_line(_description(out, stamp))}",
        "svg": svg(out, stamp),
        "width": WIDE,
        "height": HIGH,
    }


def _lettered(out: MaskedExport, graph: nx.Graph[str], scale: Scale) -> dict[str, list[str]]:
    """Return the nodes that get a label, broken into lines: the focus, then the best connected."""
    focus = {node.id for node in out.focus}
    order = sorted(
        out.nodes,
        key=lambda node: (node.id not in focus, -graph.degree[node.id], node.label, node.id),
    )
    return {node.id: broken(node.label) for node in order[: scale.named]}


def _box(lines: list[str], scale: Scale, *, focus: bool) -> Box:
    """Return the size of a symbol with its name; the node in focus has a ring and bold letters."""
    radius = scale.radius * RING if focus else scale.radius + 3
    aside = max([radius, *(width(text_line, scale.letters, bold=focus) / 2 for text_line in lines)])
    below = radius + 4 + len(lines) * scale.letters * 1.18
    return Box(aside, radius + 3, below)


def _rectangle(centre: Point, box: Box) -> Rectangle:
    x, y = centre
    return x - box.aside, y - box.above, x + box.aside, y + box.below


def _description(out: MaskedExport, stamp: Stamp) -> str:
    """Return a description of the picture, for readers who cannot see it."""
    parts = [marking(out, stamp)]
    parts += ["SYNTHETIC: no real person or place"] if stamp.synthetic else []
    parts += [
        f"{len(out.nodes)} people and things, {len(out.ties)} links. {as_of(out.picture, stamp)}"
    ]
    parts += [*map(facts, out.ties), *describe_left_out(out)]
    return f"{'. '.join(parts)}."


def _opening(out: MaskedExport, stamp: Stamp) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" '
        f'height="{HIGH}" role="img" aria-labelledby="title desc" font-family="{FONT}">'
    )
    yield f'<title id="title">{safe(title(out))}</title>'
    yield f'<desc id="desc">{safe(_description(out, stamp))}</desc>'
    yield f"<style>{embed_fonts()}</style>"
    yield (
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="3" refY="5" markerWidth="9" '
        f'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5 0 10z" '
        f'fill="{INK}"/></marker></defs>'
    )
    yield f'<rect width="{WIDE}" height="{HIGH}" fill="{PAPER}"/>'


def _watermark(stamp: Stamp) -> Iterator[str]:
    if stamp.synthetic:
        yield (
            '<text x="648" y="520" font-size="170" font-weight="bold" text-anchor="middle" '
            f'fill="{INK}" fill-opacity="0.055" transform="rotate(-24 648 480)">SYNTHETIC</text>'
        )


def _node(node: ExportedNode, centre: Point, scale: Scale, focus: bool) -> str:
    x, y = centre
    symbol = symbol_of(node)
    ring = (
        f'<circle r="{scale.radius * RING:.1f}" fill="{SAND}" stroke="#c9b27a"/>' if focus else ""
    )
    title_text = f"{node.label}: {NAMES[symbol]}"
    return (
        f'<g transform="translate({x:.1f} {y:.1f})"><title>{safe(title_text)}</title>{ring}'
        f"{draw(symbol, scale.radius)}</g>"
    )


def _names(
    out: MaskedExport,
    lettered: dict[str, list[str]],
    centres: dict[str, Point],
    scale: Scale,
    focus: set[str],
) -> Iterator[str]:
    for node in out.nodes:
        x, y = centres[node.id]
        top = (
            y
            + scale.radius
            + 4
            + scale.letters * 0.85
            + (scale.radius * 0.3 if node.id in focus else 0)
        )
        yield stacked(x, top, lettered.get(node.id, []), scale.letters, bold=node.id in focus)


def _heading(out: MaskedExport, stamp: Stamp) -> Iterator[str]:
    for y in (24, HIGH - 10):
        yield text(WIDE / 2, y, marking(out, stamp), 17, anchor="middle", colour=RED, bold=True)
    yield text(36, 66, single_line(title(out), 70), 29, bold=True)
    layer = "all layers" if out.picture.layer == "all" else f"layer {out.picture.layer}"
    yield text(36, 94, f"{as_of(out.picture, stamp)} · {layer}", 15.5, colour=GREY)
    if stamp.synthetic:
        yield text(
            WIDE - 36, 66, "SYNTHETIC: no real person or place", 15.5, anchor="end", bold=True
        )
    yield f'<path d="M36 106H{WIDE - 36}" stroke="{GREY}" stroke-width="0.8"/>'
    if not out.ties:
        yield text(648, 460, "No links to show.", 20, anchor="middle", colour=GREY)
    yield text(36, HIGH - 44, " · ".join(describe_left_out(out)), 15.5)
    if len(out.nodes) > _SCALES[-2].nodes:
        yield text(36, 128, f"The {_SCALES[-1].named} best connected are named.", 13, colour=GREY)


def _legend(out: MaskedExport) -> Iterator[str]:
    yield f'<path d="M{LEGEND - 20} 124V826" stroke="#ccd2d8"/>'
    y = 140.0
    present = {symbol_of(node) for node in out.nodes}
    for symbol, words in NAMES.items():
        if symbol in present:
            yield f'<g transform="translate({LEGEND + 14} {y:.0f})">{draw(symbol, 13)}</g>'
            yield text(LEGEND + 40, y + 5, words, 14)
            y += 37
    y += 12
    for look in LOOKS.values():
        yield f'<path d="M{LEGEND} {y:.0f}h34" fill="none" {look.stroke}/>'
        yield text(LEGEND + 46, y + 4.5, look.words, 12.5)
        y += 28
    yield cross(LEGEND + 17, y)
    yield text(LEGEND + 46, y + 4.5, "Undermined evidence", 12.5)
    notes = [
        "Every child is shown as “Child n”.",
        "Grades: source 1–3, information A–E",
        "(3x5x2). A link is a lead, not a finding.",
    ]
    for number, words in enumerate(notes):
        yield text(LEGEND, y + 44 + number * 19, words, 12.5, colour=GREY)
